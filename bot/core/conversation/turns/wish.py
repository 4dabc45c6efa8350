"""Wishes: what the bot itself is asked for, by command or in plain words."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.case import Urgency
from bot.core.conversation.command import Command, Typed
from bot.core.conversation.cue import Cue
from bot.core.conversation.state import Awaiting, CaseView, Conversation, Dialog, Outcome, Part, Say, Wish
from bot.core.conversation.turn import Rules, Turn
from bot.core.conversation.turns.question import ERASE
from bot.core.conversation.turns.status import status_of_rest
from bot.core.message import Button, Fate, ReplyKind
from bot.core.triage import Decision

_HELP_AGAIN = timedelta(days=1)
_LONGEST_DELETION, _LONGEST_SETTLED, _SHORTEST_WISH = 40, 15, 8  # words
_POLITE_WISH = (Cue.HUMAN, Cue.GREETING, Cue.FILLER, Cue.THANKS)


def commanded(typed: Typed, conversation: Conversation, rules: Rules, at: datetime) -> Outcome:
    """A slash command; an unknown one is helped with once a day."""
    match typed.command:
        case Command.STATUS:
            return status_of_rest(typed.rest.strip(), rules.prefix, conversation)
        case Command.DELETE | Command.STOP:
            return _ask_deletion(conversation, at)
        case Command.PRIVACY:
            return Outcome(Fate.COMMAND, says=(Say(ReplyKind.PRIVACY, "privacy"),))
        case Command.START | Command.HELP:
            words = "start" if typed.command is Command.START else "help"
            # Who has just been welcomed needs no second welcome for the „Hallo“ that follows.
            return Outcome(Fate.COMMAND, says=(Say(ReplyKind.GREETING, words),), short_reply=True)
    if conversation.help_at and at - conversation.help_at < _HELP_AGAIN:
        return Outcome(Fate.COMMAND)
    says = (Say(ReplyKind.GREETING, "unknown_command", {"nearest": typed.nearest}),)
    return Outcome(Fate.COMMAND, says=says, help_told=True)


def wants_deletion(turn: Turn) -> Outcome | None:
    """The wish to be erased, in words."""
    if turn.words > _LONGEST_DELETION or not turn.cues.found(Cue.DELETION, turn.text):
        return None
    return _ask_deletion(turn.conversation, turn.at)


def is_settled(turn: Turn) -> Outcome | None:
    """The citizen says that the matter is settled."""
    cues, case = turn.cues, turn.case
    if case is None or turn.words > _LONGEST_SETTLED or "?" in turn.text:
        return None
    if not cues.found(Cue.SETTLED, turn.text) or cues.found(Cue.UNSETTLED, turn.text):
        return None
    if turn.own.sure and turn.is_new_concern(case) and cues.found(Cue.NEW_CONCERN, turn.text):
        return None
    return Outcome(Fate.FOLLOW_UP, (Part(case.id, takes=turn.takes, settle=True),), wish=Wish.SETTLE, ends_dialog=True)


def wants_a_person(turn: Turn) -> Outcome | None:
    """A person is asked for: within the case at hand, or in a case of its own."""
    if not turn.cues.found(Cue.HUMAN, turn.text):
        return None
    case = turn.case
    if case is None or turn.is_new_concern(case):
        wish_alone = turn.cues.only(_POLITE_WISH, turn.text) or (turn.words <= _SHORTEST_WISH and not turn.takes)
        decision = turn.rules.judge("") if wish_alone else turn.joined
        part = Part(None, _worth_a_person(decision), turn.takes, receipt=True, person=True, safety=decision.danger)
        return Outcome(Fate.NEW_CASE, (part,))
    return _within(turn, case)


def _within(turn: Turn, case: CaseView) -> Outcome:
    says = (Say(ReplyKind.HANDOVER, "handover.wished", {"case": case}),)
    part = Part(case.id, turn.with_case(case), turn.takes, update=True, person=True, reopen=not case.is_open)
    quiet = not turn.may_chat or part.reopen  # a reopened case tells its new promise anyway
    return Outcome(Fate.FOLLOW_UP, (part,), () if quiet else says, short_reply=True)


def _worth_a_person(decision: Decision) -> Decision:
    """Who wants a person has a concern, even if the words look like chatter."""
    if decision.urgency is not Urgency.LOW:
        return replace(decision, chatter=False)
    return replace(decision, chatter=False, urgency=Urgency.NORMAL)


def _ask_deletion(conversation: Conversation, at: datetime) -> Outcome:
    waiting = [c for c in conversation.cases if c.is_open]
    held = [c for c in waiting if c.dangers]
    buttons = (Button("yes", f"{ERASE}:yes"), Button("no", f"{ERASE}:no"))
    says = (Say(ReplyKind.DELETION, "deletion.ask", {"cases": waiting, "held": held}, buttons),)
    return Outcome(Fate.COMMAND, says=says, dialog=Dialog(Awaiting.DELETION, at))
