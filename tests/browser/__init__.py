"""The web doors in a real browser."""
