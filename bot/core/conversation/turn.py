"""A turn: one message with words, and everything the rules look at when they place it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.conversation import placement
from bot.core.conversation.cue import Cues, fold
from bot.core.conversation.state import CaseView, Conversation, Judge, Pending, Timing
from bot.core.message import Content
from bot.core.triage import Decision


@dataclass(frozen=True, slots=True)
class Rules:
    """What stays the same for every message of a town; `judge` may be slow."""

    judge: Judge
    cues: Cues
    timing: Timing
    prefix: str
    departments: tuple[tuple[str, str], ...]  # id, name
    front_office: str
    successors: Mapping[str, str] = field(default_factory=dict)  # a button may be older than the departments


@dataclass(frozen=True, slots=True)
class Turn:
    """One message with words. `at` is the channel's time."""

    text: str
    content: Content
    at: datetime
    conversation: Conversation
    rules: Rules

    @property
    def cues(self) -> Cues:
        """The town's phrases."""
        return self.rules.cues

    @property
    def words(self) -> int:
        """How many words the text has."""
        return len(fold(self.text).split())

    @property
    def own(self) -> Decision:
        """The text judged alone."""
        return self.rules.judge(self.text)

    @property
    def joined(self) -> Decision:
        """The text judged together with the fragments that wait."""
        return self.rules.judge(joined_text(self.conversation.pending, self.text))

    @property
    def takes(self) -> tuple[int, ...]:
        """The waiting messages, which go where this one goes."""
        return tuple(p.id for p in self.conversation.pending)

    @property
    def case(self) -> CaseView | None:
        """The case at hand; None while fragments of something new wait."""
        if any(p.text for p in self.conversation.pending):
            return None
        return placement.at_hand(self.conversation, self.at, self.rules.timing)

    @property
    def may_chat(self) -> bool:
        """Whether a short reply may go out: one an hour."""
        last = self.conversation.short_reply_at
        return last is None or self.at - last >= self.rules.timing.short_reply

    def is_new_concern(self, case: CaseView) -> bool:
        """Whether the text opens a case of its own although this one is at hand."""
        return placement.is_new_concern(self.text, self.own, case, self.at, self.cues, self.rules.timing)

    def with_case(self, case: CaseView) -> Decision:
        """The case's words and these, judged as one text; these alone where that makes nobody surer."""
        together = self.rules.judge(f"{case.text}\n{self.text}" if case.text else self.text)
        return self.own if self.own.sure and not together.sure and not self.own.chatter else together


def joined_text(pending: Iterable[Pending], text: str = "") -> str:
    """The words of fragments, one a line."""
    return "\n".join(t for t in (*(p.text for p in pending), text) if t)
