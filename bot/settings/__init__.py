"""Settings: the town's YAML and environment become one frozen Settings, or all mistakes at once."""
