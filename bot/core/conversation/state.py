"""What the rules know of a conversation, and what they decide; plain data, no rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.core.case import OPEN, Status, Urgency
from bot.core.message import Button, Content, Fate, ReplyKind
from bot.core.triage import Decision

#: one text judged by rules and model together; may be asked for joined fragments
Judge = Callable[[str], Decision]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long the house waits, and how long it remembers."""

    quiet: timedelta = timedelta(seconds=45)  #: fragments: this long nothing more came
    unread: timedelta = timedelta(minutes=15)  #: a picture waits this long for its words
    fragments: timedelta = timedelta(minutes=10)  #: what comes this soon usually belongs together
    join: timedelta = timedelta(hours=72)  #: follow-ups join an open case
    reopen: timedelta = timedelta(days=14)  #: a reply reopens an answered case
    short_reply: timedelta = timedelta(minutes=60)  #: at most one short reply in this time
    late: timedelta = timedelta(minutes=15)  #: older than this when read: apologise
    safety_again: timedelta = timedelta(minutes=10)  #: the same danger text is not repeated sooner


class Awaiting(StrEnum):
    """What the house has asked and not yet heard."""

    DELETION = "deletion"  #: shall everything be erased?
    DEPARTMENT = "department"  #: who is meant?


@dataclass(frozen=True, slots=True)
class Dialog:
    """The open question of a conversation."""

    awaiting: Awaiting
    asked_at: datetime
    case: int | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as the rules see it. `text` is all its citizen's words, joined by newlines."""

    id: int
    reference: str
    department: str
    urgency: Urgency
    status: Status
    opened_at: datetime
    touched_at: datetime
    due_at: datetime | None = None
    text: str = ""
    sure: bool = True
    by_person: bool = False  #: staff have confirmed or changed the labels
    dangers: Mapping[str, datetime] = field(default_factory=dict)  #: kind → when its text was last sent
    moved_at: datetime | None = None  #: when its status last changed

    @property
    def is_open(self) -> bool:
        """Whether a follow-up joins without reopening."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class Pending:
    """A message that waits for the rest of its concern."""

    id: int
    text: str
    content: Content
    at: datetime


@dataclass(frozen=True, slots=True)
class Said:
    """An earlier message of the citizen."""

    external_id: str
    text: str
    at: datetime
    message: int
    case: int | None = None
    fate: Fate = Fate.NO_CONCERN


@dataclass(frozen=True, slots=True)
class Conversation:
    """All the rules need to know; cases are newest first by last touch."""

    cases: tuple[CaseView, ...] = ()
    pending: tuple[Pending, ...] = ()
    said: tuple[Said, ...] = ()
    dialog: Dialog | None = None
    short_reply_at: datetime | None = None
    help_at: datetime | None = None
    unread_at: datetime | None = None

    def case(self, number: int | None) -> CaseView | None:
        """The case with this id, if it belongs to this conversation."""
        return next((c for c in self.cases if c.id == number), None)


class Wish(StrEnum):
    """What the citizen wants done with what the house holds."""

    ERASE = "erase"  #: erase everything of mine
    SETTLE = "settle"  #: this case is settled


@dataclass(frozen=True, slots=True)
class Say:
    """One message to send: `words` names the template in replies.*.yaml."""

    kind: ReplyKind
    words: str
    params: Mapping[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A share of the message that belongs to one case; `case` None opens a new one with `takes` and the message."""

    case: int | None
    decision: Decision | None = None
    takes: tuple[int, ...] = ()  #: pending messages that come along
    receipt: bool = False  #: this part's case gets its receipt now
    ask: bool = False  #: nobody was sure: ask who is meant
    update: bool = False  #: department, urgency or promise may change: tell it if they do
    reopen: bool = False  #: an answered case waits again
    safety: str | None = None  #: this danger's text goes first
    settle: bool = False  #: the citizen says it is settled
    person: bool = False  #: a person was asked for
    department: str | None = None  #: the citizen named the department


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one message (or of waiting fragments), before anything is written."""

    fate: Fate
    parts: tuple[Part, ...] = ()
    says: tuple[Say, ...] = ()
    dialog: Dialog | None = None  #: a new question; without one the old stays open
    ends_dialog: bool = False  #: the open question is answered
    wish: Wish | None = None
    short_reply: bool = False  #: counts as the one short reply of the hour
    help_told: bool = False
    unread_told: bool = False
    drops: tuple[int, ...] = ()  #: pending messages that turned out to be no concern
    replaces: int | None = None  #: the message whose text this edit replaces
