"""Tests; they mirror the floors of the house."""
