"""Nachtschalter: the desk a town keeps open after the town hall has closed."""
