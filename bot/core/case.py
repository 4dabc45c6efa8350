"""A case (Anliegen): its urgency, its reference, and the moves its status may make."""

from collections.abc import Callable
from enum import StrEnum

from bot.core.errors import IllegalMove


class Urgency(StrEnum):
    """How soon a person should look; ordered from the most to the least pressing."""

    EMERGENCY = "emergency"  #: life, health or great damage in danger now
    URGENT = "urgent"  #: harm is likely if it waits a working day
    NORMAL = "normal"  #: an ordinary request
    LOW = "low"  #: nothing is lost if it takes weeks

    @property
    def rank(self) -> int:
        """0 for emergency … 3 for low: smaller comes first."""
        return list(Urgency).index(self)


class Status(StrEnum):
    """Where a case stands."""

    WAITING = "waiting"  #: nobody has taken it yet
    TAKEN = "taken"  #: a named person has it
    ANSWERED = "answered"  #: a person has answered the citizen
    CLOSED = "closed"  #: done
    WITHDRAWN = "withdrawn"  #: the citizen took it back or had it erased


#: the only moves there are; README's state diagram shows the same
NEXT: dict[Status, frozenset[Status]] = {
    Status.WAITING: frozenset({Status.TAKEN, Status.ANSWERED, Status.CLOSED, Status.WITHDRAWN}),
    Status.TAKEN: frozenset({Status.WAITING, Status.ANSWERED, Status.CLOSED, Status.WITHDRAWN}),
    Status.ANSWERED: frozenset({Status.WAITING, Status.TAKEN, Status.CLOSED, Status.WITHDRAWN}),
    Status.CLOSED: frozenset({Status.WAITING}),
    Status.WITHDRAWN: frozenset(),
}

#: a case a citizen's follow-up may still join without reopening it
OPEN = frozenset({Status.WAITING, Status.TAKEN})

# No 0/O and no 1/I: a reference is read out on the telephone. 32 signs and odd weights: one wrong sign is always found.
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_WEIGHTS = (3, 5, 7, 9)


def move(present: Status, wanted: Status) -> Status:
    """The wanted status if the table allows it; raises IllegalMove otherwise."""
    if wanted not in NEXT[present]:
        raise IllegalMove(f"{present.value} → {wanted.value}")
    return wanted


def new_reference(prefix: str, pick: Callable[[str], str]) -> str:
    """A random reference such as BOR-7K3M-Q; `pick` chooses one sign of a string at random (secrets.choice)."""
    body = "".join(pick(_SIGNS) for _ in _WEIGHTS)
    return f"{prefix}-{body}-{_check_sign(body)}"


def is_reference(text: str, prefix: str) -> bool:
    """Whether the text is a reference of this town with a right check sign."""
    head, _, rest = text.strip().upper().partition("-")
    body, _, sign = rest.partition("-")
    if head != prefix or len(body) != len(_WEIGHTS) or not set(body) <= set(_SIGNS):
        return False
    return _check_sign(body) == sign


def _check_sign(body: str) -> str:
    return _SIGNS[sum(w * _SIGNS.index(s) for w, s in zip(_WEIGHTS, body, strict=True)) % len(_SIGNS)]
