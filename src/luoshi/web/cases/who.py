ROLES = ("desk", "inspector", "leader", "handler")
"""Who has the list of all cases; each sees in it what he may open, a handler what is his units'."""
