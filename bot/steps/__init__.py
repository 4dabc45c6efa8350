"""The steps of the line, one verb a module; between two steps there is only the database."""
