"""Reports: what an admin reads about a model, on the terminal, as a page and as a file beside the model."""
