"""The house's time: the real one, or one that was set to start at another moment and runs on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

#: what the doors and the clock are handed instead of asking the system themselves
Now = Callable[[], datetime]


def running_from(start: datetime | None) -> Now:
    """A clock that starts at this aware instant and runs on; None: the real time."""
    shift = start - datetime.now(UTC) if start else timedelta(0)
    return lambda: datetime.now(UTC) + shift
