"""The page: a transcript as days and bubbles, with what is still awaited; then as HTML."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from bot.core.message import Button, Fate, ReplyKind
from bot.store.transcript import Answer, File, Said, Transcript

_NUMBER = r"\b(?:112|110|116 ?\d{3}|0\d{2,4}[ /-]\d[\d ]{2,}\d)\b"
_LINK = re.compile(rf"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)])|(?P<phone>{_NUMBER})")
#: seconds until a page without scripts looks again
_SOON, _SPARE = 4, 2


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as it is shown; `who` names a sentence of the page."""

    id: str
    own: bool
    who: str
    text: str
    at: datetime
    nonce: str = ""
    danger: bool = False
    pressed: bool = False
    lost: bool = False  # nobody could read it; a person will look
    files: tuple[File, ...] = ()
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """All a page shows of a conversation."""

    days: tuple[tuple[date, tuple[Bubble, ...]], ...]
    version: str
    sending: bool  # an answer is on its way
    listening: bool  # the house waits whether more is written
    refresh: int | None  # seconds
    ended: bool  # everything was erased
    begun: bool

    @property
    def busy(self) -> bool:
        """Whether something is about to change by itself."""
        return self.sending or self.listening


def view(transcript: Transcript, *, now: datetime, timezone: ZoneInfo, quiet: timedelta) -> View:
    """The conversation as it is now; `quiet` is how long fragments wait for more."""
    fragments = [s.at for s in transcript.said if s.fate is Fate.PENDING and s.text]
    sending = transcript.unsent or any(s.fate is None for s in transcript.said)
    listening = bool(fragments) and not sending
    left = max(int((max(fragments) + quiet - now).total_seconds()), 0) + _SPARE if listening else _SOON
    bubbles = sorted([*map(_own, transcript.said), *_answers(transcript)], key=_order)
    return View(
        days=_by_day(bubbles, timezone),
        version=hashlib.sha256(repr(transcript).encode()).hexdigest()[:16],
        sending=sending,
        listening=listening,
        refresh=left if sending or listening else None,
        ended=transcript.farewell is not None,
        begun=transcript.begun,
    )


def _own(said: Said) -> Bubble:
    return Bubble(
        id=f"in-{said.id}",
        own=True,
        who="you",
        text=said.text if said.pressed is None else said.pressed,
        at=said.at,
        nonce=said.nonce,
        pressed=said.pressed is not None,
        lost=said.fate is Fate.UNREADABLE,
        files=said.files,
    )


def _answers(transcript: Transcript) -> Iterable[Bubble]:
    told = (*transcript.answers, *([transcript.farewell] if transcript.farewell else []))
    asked = next((a for a in reversed(told) if a.buttons), None)
    for answer in told:
        open_question = answer is asked and _is_open(answer, transcript)
        yield Bubble(
            id=f"out-{answer.id}",
            own=False,
            who="person" if answer.kind is ReplyKind.ANSWER else "machine",
            text=answer.text,
            at=answer.at,
            danger=answer.kind is ReplyKind.SAFETY,
            buttons=answer.buttons if open_question else (),
        )


def _is_open(answer: Answer, transcript: Transcript) -> bool:
    """Whether a question can still be answered by a touch."""
    if answer.kind is ReplyKind.DELETION and not transcript.asks_deletion:
        return False
    return not any(s.pressed is not None and s.at >= answer.at for s in transcript.said)


def _order(bubble: Bubble) -> tuple[datetime, bool, bool, int]:
    return bubble.at, not bubble.own, not bubble.danger, int(bubble.id.partition("-")[2])


def _by_day(bubbles: list[Bubble], timezone: ZoneInfo) -> tuple[tuple[date, tuple[Bubble, ...]], ...]:
    days: dict[date, list[Bubble]] = {}
    for bubble in bubbles:
        days.setdefault(bubble.at.astimezone(timezone).date(), []).append(bubble)
    return tuple((day, tuple(found)) for day, found in days.items())


def linked(text: str) -> Markup:
    """The house's words with addresses and telephone numbers to touch."""
    pieces, end = [], 0
    for found in _LINK.finditer(text):
        target = found["url"] or f"tel:{re.sub(r'[ /-]', '', found['phone'])}"
        pieces += [escape(text[end : found.start()]), Markup('<a href="{}">{}</a>').format(target, found[0])]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])


def environment(timezone: ZoneInfo) -> Environment:
    """Where the templates live; everything in them is escaped."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["linked"] = linked
    made.filters["clock"] = lambda at: f"{at.astimezone(timezone):%H:%M}"
    made.filters["day"] = lambda day, lang: format_date(day, "EEEE, d. MMMM" if lang == "de" else "EEEE, d MMMM", lang)
    return made
