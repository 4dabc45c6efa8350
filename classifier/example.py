"""A labelled message: what the classifier learns from and is measured with."""

from dataclasses import dataclass
from typing import Final

#: In place of a department: nobody can be told from this text, the citizen must be asked back.
UNCLEAR: Final = "unklar"

#: The source of messages that were written for the purpose: nobody sent them.
INVENTED: Final = "starter"

#: The most pressing first.
URGENCIES: Final = ("emergency", "urgent", "normal", "low")


@dataclass(frozen=True, slots=True)
class Example:
    """One message with the department and urgency a person gave it."""

    text: str
    department: str
    urgency: str
    topic: str | None = None
    lang: str = "de"
    source: str = INVENTED
