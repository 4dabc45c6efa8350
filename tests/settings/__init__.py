"""Tests of the settings: mistakes are told with file, line and column, all at once."""
