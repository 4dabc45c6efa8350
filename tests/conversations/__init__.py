"""Conversations as citizens lead them, and a classifier that knows just enough words to follow them."""
