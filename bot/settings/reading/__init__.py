"""Reading the town's files: YAML with positions, the shape of each file, and mistakes said in German."""
