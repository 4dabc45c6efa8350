"""Messages as the house knows them, whatever channel they came through."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Content(StrEnum):
    """What a citizen's message carries."""

    TEXT = "text"  #: words only
    PHOTO = "photo"  #: a picture, perhaps with a caption
    DOCUMENT = "document"  #: a file, perhaps with a caption
    VOICE = "voice"  #: a spoken message nobody listens to at night
    VIDEO = "video"  #: a film or round video note
    LOCATION = "location"  #: a place on the map
    STICKER = "sticker"  #: a sticker or a reaction; its emoji is the text
    BUTTON = "button"  #: a button or link of ours was pressed
    OTHER = "other"  #: contact, poll, dice and whatever comes next


class Fate(StrEnum):
    """What became of an inbound message; each has exactly one."""

    NEW_CASE = "new_case"  #: it opened a case
    FOLLOW_UP = "follow_up"  #: it joined a case
    NO_CONCERN = "no_concern"  #: greeting, thanks, the same again
    COMMAND = "command"  #: the bot itself was meant
    PENDING = "pending"  #: a fragment that waits for the rest
    UNREADABLE = "unreadable"  #: nobody could parse it; staff see it among the dead letters


class ReplyKind(StrEnum):
    """What a message of the house is for."""

    SAFETY = "safety"  #: danger: what to do now, and the number
    RECEIPT = "receipt"  #: it has arrived, who answers and until when
    QUESTION = "question"  #: who is meant? what does the picture show?
    UPDATE = "update"  #: department, urgency or promise have changed
    STATUS = "status"  #: how a case stands
    GREETING = "greeting"  #: a short answer to hello and thank you, /start, /hilfe
    PRIVACY = "privacy"  #: what is kept and for how long
    DELETION = "deletion"  #: asks before erasing, and says what was erased
    HANDOVER = "handover"  #: a person has taken the case
    ANSWER = "answer"  #: a member of staff answers
    CLOSING = "closing"  #: the case is closed
    ERROR = "error"  #: something could not be done


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message; `remote_id` is how its channel finds it again (None: already here)."""

    kind: Content
    remote_id: str | None
    name: str | None = None
    mime: str | None = None
    size: int | None = None  # bytes


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message of a citizen. `external_id` is unique in its conversation; an edit carries the id of what it edits.

    `address` is how the channel finds the citizen again (a chat id, a web chat's id); `sent_at` is the channel's time.
    """

    channel: str
    address: str
    external_id: str
    sent_at: datetime
    content: Content
    text: str = ""
    lang: str | None = None
    attachments: tuple[Attachment, ...] = ()
    location: tuple[float, float] | None = None  # latitude, longitude in degrees
    album: str | None = None
    edited: bool = False
    button: str | None = None  # data of the pressed button

    def __post_init__(self) -> None:
        if self.sent_at.utcoffset() is None:
            raise ValueError("sent_at needs a time zone")


@dataclass(frozen=True, slots=True)
class Button:
    """An answer the citizen can give with one touch; `data` is at most 64 bytes (Telegram's limit)."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """One message to a citizen; `key` is deterministic, so that a retry can never become a second message of ours."""

    key: str
    address: str
    kind: ReplyKind
    text: str
    buttons: tuple[Button, ...] = field(default=())
    silent: bool = False
