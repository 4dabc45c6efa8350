"""Small talk: greetings, thanks, stickers and the same text again open nothing and get at most one reply an hour."""

from bot.core.case import Status
from bot.core.conversation.cue import Cue, fold
from bot.core.conversation.placement import looks_back
from bot.core.conversation.state import Outcome, Say
from bot.core.conversation.turn import Turn
from bot.core.message import Content, Fate, ReplyKind

_SHORT = 8  # words
_CONCERNS = (Fate.NEW_CASE, Fate.FOLLOW_UP, Fate.PENDING)


def repeated(turn: Turn) -> Outcome | None:
    """The same text again: it has arrived already."""
    words = fold(turn.text)
    lately = (s for s in turn.conversation.said if turn.at - s.at <= turn.rules.timing.join)
    same = next((s for s in lately if s.fate in _CONCERNS and fold(s.text) == words), None)
    if not words or same is None:
        return None
    if same.fate is Fate.PENDING:
        return Outcome(Fate.NO_CONCERN)
    case = turn.conversation.case(same.case)
    if case is None or not case.is_open or turn.cues.starts(Cue.THANKS, turn.text):
        return None
    says = (Say(ReplyKind.STATUS, "status.again", {"case": case}),) if turn.may_chat else ()
    return Outcome(Fate.NO_CONCERN, says=says, short_reply=True)


def small_talk(turn: Turn) -> Outcome | None:
    """Greetings and thanks, alone or with each other; what the model takes for chatter when no case is at hand."""
    if turn.content is not Content.TEXT:
        return None  # „Hallo“ under a picture: the picture is the message
    if is_courtesy(turn):
        # A bare „ja“ may be the answer to what a member of staff has asked.
        case = turn.case
        answers = case is not None and case.status in (Status.TAKEN, Status.ANSWERED) and not _spoken(turn)
        return None if answers else chatted(turn)
    # „Hier drüben“ looks like chatter to the model and is a fragment.
    alone = turn.case is None and not looks_back(turn.text, turn.cues)
    if turn.own.chatter and alone and (not turn.conversation.pending or turn.words <= _SHORT):
        return chatted(turn)
    return None


def is_courtesy(turn: Turn) -> bool:
    """Whether the text is nothing but greeting, thanks and what goes with them."""
    return turn.cues.only((Cue.GREETING, Cue.THANKS, Cue.FILLER), turn.text)


def chatted(turn: Turn) -> Outcome:
    """A short reply, unless one went out within the hour or somebody is still speaking."""
    if not turn.may_chat or turn.conversation.pending:
        return Outcome(Fate.NO_CONCERN)
    thanked = bool(turn.conversation.cases) and not turn.cues.found(Cue.GREETING, turn.text)
    says = (Say(ReplyKind.GREETING, "thanks" if thanked else "greeting"),)
    return Outcome(Fate.NO_CONCERN, says=says, short_reply=True)


def _spoken(turn: Turn) -> bool:
    return turn.cues.found(Cue.GREETING, turn.text) or turn.cues.found(Cue.THANKS, turn.text)
