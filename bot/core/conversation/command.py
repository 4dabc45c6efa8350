"""Commands: what a citizen types with a slash, also when it is mistyped."""

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum

from bot.core.case import is_reference


class Command(StrEnum):
    """What the bot itself can be told to do."""

    START = "start"  #: who is this, and what can it do?
    HELP = "hilfe"  #: the same, later
    STATUS = "status"  #: how do my cases stand?
    PRIVACY = "datenschutz"  #: what is kept and for how long
    DELETE = "loeschen"  #: erase everything of mine
    STOP = "stop"  #: the same, in Telegram's word


_ALIASES = {
    "help": Command.HELP,
    "info": Command.HELP,
    "privacy": Command.PRIVACY,
    "delete": Command.DELETE,
    "löschen": Command.DELETE,
    "ende": Command.STOP,
}
_WORDS = {**{c.value: c for c in Command}, **_ALIASES}

# Two letters swapped or one missing in a six-letter word is about 0.8; two different commands are below 0.5.
_SURELY_MEANT = 0.7
_PERHAPS_MEANT = 0.5

_REFERENCE = re.compile(r"\b[A-Za-z]{2,4}-[2-9A-Za-z]{4}-[2-9A-Za-z]\b")


@dataclass(frozen=True, slots=True)
class Typed:
    """A slash command: what is meant (None: nothing known), what it looked like, and the words behind it."""

    command: Command | None
    nearest: Command | None
    rest: str


def parse(text: str) -> Typed | None:
    """The command in a text that starts with a slash; None for any other text."""
    found = re.match(r"/(\s?)(\w+)(?:@\w+)?\s*(.*)", text.strip(), re.DOTALL)
    if not found:
        return None
    apart, name, rest = found.group(1), found.group(2).lower(), found.group(3).strip()
    if apart and name not in _WORDS:
        return None  # „/ die Laterne ist aus“
    close = difflib.get_close_matches(name, _WORDS, n=1, cutoff=_PERHAPS_MEANT)
    nearest = _WORDS[close[0]] if close else None
    meant = _WORDS.get(name)
    if meant is None and difflib.get_close_matches(name, _WORDS, n=1, cutoff=_SURELY_MEANT):
        meant = nearest
    return Typed(meant, nearest, rest)


def references(text: str, prefix: str) -> tuple[str, ...]:
    """All references of this town in the text, upper case, with a right check sign."""
    found = (match.group(0).upper() for match in _REFERENCE.finditer(text))
    return tuple(reference for reference in found if is_reference(reference, prefix))
