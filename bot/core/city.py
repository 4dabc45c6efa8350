"""The town as its files describe it: who it is, who works there, how long things take and are kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class OnCall:
    """The on-call service (Bereitschaft): one step of the list, called from the first to the last."""

    name: str
    phone: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class City:
    """What the town is called and where it can be found; people stand here as roles, never by name."""

    name: str
    state: str  # the federal state, as in ISO 3166-2:DE: NW
    timezone: ZoneInfo
    reference_prefix: str
    front_office: str  # department that takes what nobody is sure of
    other_offices: str  # department that stands for everyone else: police, district, courts
    languages: tuple[str, ...]  # the first is the default
    pilot: bool  # replies say that this is a trial
    address: str
    phone: str
    website: str
    imprint: str
    privacy: str
    responsible: str
    data_protection_officer: str
    rescue: str  # 112
    police: str  # 110
    utility: str  # the utility's fault line, staffed day and night
    on_call: tuple[OnCall, ...]  # told in this order
    escalate: timedelta  # nobody has taken it for so long: the next on-call is told


@dataclass(frozen=True, slots=True)
class Department:
    """A department that can be given a case; `greeting` follows „aus dem Bereich“."""

    id: str
    name: str
    greeting: str
    phone: str
    email: str | None
    topics: tuple[str, ...]
    formerly: tuple[str, ...] = ()  # ids of departments whose work it has taken over


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each thing is kept, counted from when the case was closed, or else from when it was made."""

    texts: timedelta
    addresses: timedelta
    attachments: timedelta
    inbox: timedelta
    outbox: timedelta
    dead_letters: timedelta
    sessions: timedelta
    audit: timedelta
    deletion_log: timedelta
    backups: timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of anything the house takes."""

    attachment_bytes: int
    attachment_types: tuple[str, ...]  # MIME types
    attachments: int  # per message
    text_characters: int
    messages_per_minute: int  # of one conversation


@dataclass(frozen=True, slots=True)
class DigestPolicy:
    """When the morning mail leaves and who gets it."""

    before_opening: timedelta
    recipients: Mapping[str, tuple[str, ...]]  # by department; empty: nobody
    sender: str
