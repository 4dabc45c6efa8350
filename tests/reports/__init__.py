"""What an admin reads about a model."""
