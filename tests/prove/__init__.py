"""The crash proof: the real process is killed again and again, and nothing of what it had accepted may be missing."""
