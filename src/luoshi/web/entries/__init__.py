"""Entering what rules judge: reported figures, records, proofs; and correcting a check."""
