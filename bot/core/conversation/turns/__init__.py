"""Turns: what one message of the citizen means, each meaning in a module of its own; the flow asks them in order."""
