"""The desk: the staff's door, where the night lies sorted in the morning."""

from bot.desk.build import Desk, build

__all__ = ["Desk", "build"]
