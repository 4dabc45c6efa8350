"""A conversation is not a list of tickets: which message belongs to which case, and what is said when."""
