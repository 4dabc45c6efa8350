"""Throttle: who has guessed wrong too often has to wait, by name and by address. In memory: a restart forgives."""

from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime, timedelta

_WINDOW = timedelta(minutes=15)
_MOST_NAMED = 8  # wrong passwords for one name
_MOST_FROM = 30  # from one address: a town hall may share one
_REMEMBERED = 10_000  # keys; the oldest go first


class Throttle:
    """Counts failures in the last quarter of an hour."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, list[datetime]] = OrderedDict()

    def wait_until(self, name: str, address: str, now: datetime) -> datetime | None:
        """When this name may be tried again from this address; None: now."""
        ends = [self._ends(key, most, now) for key, most in _keys(name, address)]
        return max((end for end in ends if end), default=None)

    def failed(self, name: str, address: str, now: datetime) -> None:
        """A wrong name or password."""
        for key, _ in _keys(name, address):
            kept = [at for at in self._failures.pop(key, []) if now - at < _WINDOW]
            self._failures[key] = [*kept, now]
        while len(self._failures) > _REMEMBERED:
            self._failures.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """The right password: its name is forgiven. The address is not, or one's own login would reset the guesses."""
        self._failures.pop(next(iter(_keys(name, address)))[0], None)

    def _ends(self, key: str, most: int, now: datetime) -> datetime | None:
        recent = [at for at in self._failures.get(key, []) if now - at < _WINDOW]
        return recent[-most] + _WINDOW if len(recent) >= most else None


def _keys(name: str, address: str) -> Iterable[tuple[str, int]]:
    return ((f"name:{name.strip().lower()[:80]}", _MOST_NAMED), (f"from:{address}", _MOST_FROM))
