"""The flow of a conversation: one message in, one outcome out. Danger first, then wishes, then concerns."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.core.conversation import placement
from bot.core.conversation.command import Typed, parse
from bot.core.conversation.cue import Cue, fold
from bot.core.conversation.state import Conversation, Outcome, Part, Pending
from bot.core.conversation.turn import Rules, Turn, joined_text
from bot.core.conversation.turns.concern import concern
from bot.core.conversation.turns.danger import cried, endangered
from bot.core.conversation.turns.edit import edited_in_case, original_of, without
from bot.core.conversation.turns.question import CHOOSE, ERASE, asked, pressed
from bot.core.conversation.turns.small_talk import chatted, is_courtesy, repeated, small_talk
from bot.core.conversation.turns.status import inquired
from bot.core.conversation.turns.wish import commanded, is_settled, wants_a_person, wants_deletion
from bot.core.conversation.turns.wordless import wordless
from bot.core.message import Content, Fate, InboundMessage

__all__ = ["CHOOSE", "ERASE", "Rules", "converse", "flush", "wakes_at"]

#: what words can mean, asked in this order; the first that answers has it
_MEANINGS = (
    endangered,
    cried,
    asked,
    wants_deletion,
    inquired,
    is_settled,
    wants_a_person,
    repeated,
    small_talk,
)


def converse(message: InboundMessage, conversation: Conversation, rules: Rules) -> Outcome:
    """What becomes of this message. Pure, and fast but for `rules.judge`."""
    if message.button is not None:
        return pressed(message.button, conversation, rules)
    if message.edited:
        return _edited(message, conversation, rules)
    text = message.text.strip()
    typed = parse(text)
    if typed and (typed.command or not _is_concern_behind_slash(typed)):
        return commanded(typed, conversation, rules, message.sent_at)

    turn = Turn(text.removeprefix("/").strip(), message.content, message.sent_at, conversation, rules)
    if message.content is Content.STICKER or (text and _is_signs_only(turn)):
        return chatted(turn)
    if not text or (message.content is not Content.TEXT and is_courtesy(turn)):
        return wordless(message.content, conversation, rules, message.sent_at)
    return _worded(turn)


def flush(conversation: Conversation, rules: Rules, now: datetime) -> Outcome | None:
    """What becomes of waiting fragments once it has been quiet; None while they may still wait."""
    pending = conversation.pending
    if not pending or now < wakes_at(pending, rules):
        return None
    ids, text = tuple(p.id for p in pending), joined_text(pending)
    case = None if text else placement.at_hand(conversation, pending[-1].at, rules.timing)
    if case and case.is_open:
        return Outcome(Fate.FOLLOW_UP, (Part(case.id, takes=ids),))

    decision = rules.judge(text)
    if decision.chatter and _has_files(pending):
        text, decision = "", rules.judge("")  # the picture is the message, and nobody has seen it
    if decision.chatter and not any(rules.cues.whole(Cue.CRY, p.text) for p in pending):
        turn = Turn(text, Content.TEXT, pending[-1].at, replace(conversation, pending=()), rules)
        return replace(chatted(turn), drops=ids)
    ask = bool(text) and not decision.sure and not decision.danger
    part = Part(None, decision, ids, receipt=True, ask=ask, safety=decision.danger)
    return Outcome(Fate.NEW_CASE, (part,))


def wakes_at(pending: Iterable[Pending], rules: Rules) -> datetime:
    """When waiting fragments are judged at the latest: 45 quiet seconds, or 15 minutes for a lone picture."""
    pending = list(pending)
    if any(_says_something(p, rules) for p in pending):
        return max(p.at for p in pending) + rules.timing.quiet
    return min(p.at for p in pending) + rules.timing.unread


def _worded(turn: Turn) -> Outcome:
    meant = (meaning(turn) for meaning in _MEANINGS)
    return next((outcome for outcome in meant if outcome), None) or concern(turn)


def _edited(message: InboundMessage, conversation: Conversation, rules: Rules) -> Outcome:
    """An edit goes where its original is; one of a greeting or an unknown message is read as new."""
    original = original_of(message, conversation)
    anew = replace(message, edited=False)
    if original is None:
        return converse(anew, conversation, rules)
    case = conversation.case(original.case)
    if case and original.fate in (Fate.NEW_CASE, Fate.FOLLOW_UP):
        return edited_in_case(message, original, case, rules)
    return replace(converse(anew, without(original, conversation), rules), replaces=original.message)


def _is_signs_only(turn: Turn) -> bool:
    """Emoji and marks without a word; a question mark asks for the status where there is one."""
    return not fold(turn.text) and not ("?" in turn.text and turn.conversation.cases)


def _is_concern_behind_slash(typed: Typed) -> bool:
    return typed.nearest is None and len(typed.rest.split()) >= 2


def _says_something(pending: Pending, rules: Rules) -> bool:
    """„Hallo“ under a picture says nothing about it."""
    courtesy = (Cue.GREETING, Cue.THANKS, Cue.FILLER)
    return bool(pending.text) and (pending.content is Content.TEXT or not rules.cues.only(courtesy, pending.text))


def _has_files(pending: Iterable[Pending]) -> bool:
    return any(p.content not in (Content.TEXT, Content.STICKER) for p in pending)
