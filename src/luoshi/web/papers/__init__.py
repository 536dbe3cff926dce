"""Documents on paper: orders of a case, lists and ledgers, set by Typst as PDF."""
