"""Rate: how many messages one conversation may send in a minute."""

from collections import OrderedDict, deque
from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)
_REMEMBERED = 10_000  # conversations; the longest silent is forgotten first


class Rate:
    """Counts per address, in memory: after a restart everybody may begin anew."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._sent: OrderedDict[str, deque[datetime]] = OrderedDict()

    def allows(self, address: str, now: datetime) -> bool:
        """Whether one more is taken now; if so, it counts."""
        sent = self._sent.setdefault(address, deque())
        self._sent.move_to_end(address)
        while len(self._sent) > _REMEMBERED:
            self._sent.popitem(last=False)
        while sent and now - sent[0] >= _MINUTE:
            sent.popleft()
        if len(sent) >= self._per_minute:
            return False
        sent.append(now)
        return True
