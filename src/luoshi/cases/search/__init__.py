"""Finding cases by their words, and open cases that may be about the same problem."""
