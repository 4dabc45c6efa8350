"""Whether the town's files fit together: departments, days, words in every language."""
