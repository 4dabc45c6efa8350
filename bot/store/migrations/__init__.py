"""Migrations: how a town's database came to look as it does."""
