"""What is demanded or promised, how it is checked, and what was found unmet."""
