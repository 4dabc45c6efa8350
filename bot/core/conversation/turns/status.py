"""Status: how do my cases stand? Asked with a command, with a reference, or with „und?“."""

import re
from datetime import timedelta

from bot.core.conversation.command import references
from bot.core.conversation.cue import Cue, fold
from bot.core.conversation.state import CaseView, Conversation, Outcome, Part, Say
from bot.core.conversation.turn import Turn
from bot.core.message import Fate, ReplyKind

_LIKE_A_REFERENCE = re.compile(r"[\w-]{4,12}", re.ASCII)
_WITH_REFERENCE, _REMINDER = 8, 30  # words
#: a reminder so soon after the last word is no reminder but part of the report
_SOON = timedelta(hours=1)
_MOST = 3


def inquired(turn: Turn) -> Outcome | None:
    """A question for the status in words."""
    named = references(turn.text, turn.rules.prefix)
    if named and turn.words <= _WITH_REFERENCE:
        return status(named[0], turn.conversation)
    said = fold(turn.text)
    if turn.cues.whole(Cue.STATUS, turn.text) or (not said and "?" in turn.text):
        # A bare „und?“ of somebody who has reported nothing is no question for a status.
        speaking = said in ("", "und") or any(p.text for p in turn.conversation.pending)
        return status("", turn.conversation) if turn.conversation.cases or not speaking else None
    return _reminded(turn)


def status(reference: str, conversation: Conversation) -> Outcome:
    """How the case with this reference stands, or all open ones; only inside their own conversation."""
    known = [c for c in conversation.cases if reference in ("", c.reference)]
    if not known:
        words = "status.unknown" if reference else "status.none"
        return Outcome(Fate.COMMAND, says=(Say(ReplyKind.STATUS, words, {"reference": reference}),))
    told = [c for c in known if c.is_open] or known[:1]
    says = (Say(ReplyKind.STATUS, "status.cases", {"cases": told[:_MOST]}),)
    return Outcome(Fate.COMMAND, (Part(told[0].id),), says)


def status_of_rest(rest: str, prefix: str, conversation: Conversation) -> Outcome:
    """`/status` with whatever stands behind it: a reference of anywhere, or words that name none."""
    named = references(rest, prefix)
    if named:
        return status(named[0], conversation)
    alike = _LIKE_A_REFERENCE.fullmatch(rest) and any(sign.isdigit() for sign in rest)
    return status(rest.upper() if alike else "", conversation)


def _reminded(turn: Turn) -> Outcome | None:
    """„Ich warte immer noch auf …“: joins its case, however old, and says how it stands."""
    if turn.words > _REMINDER or not turn.cues.found(Cue.REMINDER, turn.text):
        return None
    case = _meant(turn)
    if case is None or turn.at - case.touched_at < _SOON:
        return None
    says = (Say(ReplyKind.STATUS, "status.cases", {"cases": [case]}),)
    return Outcome(Fate.FOLLOW_UP, (Part(case.id, turn.with_case(case), turn.takes, update=True),), says)


def _meant(turn: Turn) -> CaseView | None:
    """The open case a reminder is about: one of its department, or the newest where it names no other."""
    if any(p.text for p in turn.conversation.pending):
        return None
    waiting = [c for c in turn.conversation.cases if c.is_open]
    same = [c for c in waiting if c.department == turn.own.department]
    other = turn.own.sure and not turn.own.chatter
    return next(iter(same if other else same or waiting), None)
