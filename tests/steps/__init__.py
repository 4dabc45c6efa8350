"""The steps, each on a real database file."""
