"""The only SQL of the house: rows in and out as core types."""
