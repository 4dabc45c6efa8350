"""Edits: an edit belongs where its original belongs, and takes its place in the text."""

from dataclasses import replace

from bot.core.conversation.cue import fold
from bot.core.conversation.state import CaseView, Conversation, Outcome, Part, Said
from bot.core.conversation.turn import Rules
from bot.core.conversation.turns.danger import due_text
from bot.core.message import Fate, InboundMessage
from bot.core.triage import Decision


def original_of(message: InboundMessage, conversation: Conversation) -> Said | None:
    """What is edited: the newest message with the same id."""
    return next((s for s in conversation.said if s.external_id == message.external_id), None)


def without(original: Said, conversation: Conversation) -> Conversation:
    """The conversation as if the original had said nothing; waiting, it still goes where the edit goes."""
    pending = tuple(replace(p, text="") if p.id == original.message else p for p in conversation.pending)
    said = tuple(s for s in conversation.said if s.message != original.message)
    return replace(conversation, pending=pending, said=said)


def edited_in_case(message: InboundMessage, original: Said, case: CaseView, rules: Rules) -> Outcome:
    """The case's words are judged again with the edit in place."""
    if fold(original.text) == fold(message.text):
        return Outcome(Fate.FOLLOW_UP, (Part(case.id),), replaces=original.message)
    joined = _judged(message.text, original.text, case, rules)
    new = joined.danger is not None and joined.danger not in case.dangers
    safety = due_text(joined, case, message.sent_at, rules.timing) if new else None
    reopen = new and not case.is_open
    part = Part(case.id, joined, update=case.is_open or reopen, reopen=reopen, safety=safety)
    return Outcome(Fate.FOLLOW_UP, (part,), replaces=original.message)


def _judged(text: str, before: str, case: CaseView, rules: Rules) -> Decision:
    """A danger in the edit itself counts before what the whole case looks like."""
    own = rules.judge(text)
    if own.hit and own.danger not in case.dangers:
        return own
    return rules.judge(case.text.replace(before, text) if before else f"{case.text}\n{text}")
