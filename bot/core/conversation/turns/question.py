"""The open question: answers to what the house has asked, in words or by a button."""

from datetime import timedelta

from bot.core.conversation import placement
from bot.core.conversation.cue import Cue, Cues, fold
from bot.core.conversation.state import Awaiting, CaseView, Conversation, Outcome, Part, Say, Wish
from bot.core.conversation.turn import Rules, Turn
from bot.core.message import Fate, ReplyKind

#: how a button's data begins: choose a department for a case · answer the question about erasing
CHOOSE, ERASE = "d", "x"

_STANDS = timedelta(days=1)
_SHORTEST_NAME = 4


def asked(turn: Turn) -> Outcome | None:
    """An answer in words; None for a message that is none."""
    dialog = turn.conversation.dialog
    if dialog is None or turn.at - dialog.asked_at > _STANDS:
        return None
    if dialog.awaiting is Awaiting.DELETION:
        return _about_deletion(turn)
    case = turn.conversation.case(dialog.case)
    return _about_department(turn, case) if case and case.is_open else None


def pressed(data: str, conversation: Conversation, rules: Rules) -> Outcome:
    """A button: what was asked may have been answered since."""
    verb, _, rest = data.partition(":")
    dialog = conversation.dialog
    if verb == ERASE and dialog and dialog.awaiting is Awaiting.DELETION:
        return _erase() if rest == "yes" else _keep()
    number, _, department = rest.partition(":")
    department = rules.successors.get(department, department)
    case = conversation.case(int(number)) if verb == CHOOSE and number.isdigit() else None
    if case and case.is_open and department == "?":
        return _never_mind(case)
    if case and case.is_open and department in dict(rules.departments):
        return _choose(case, department)
    return Outcome(Fate.COMMAND, says=(Say(ReplyKind.ERROR, "error.button"),))


def agrees(text: str, cues: Cues) -> bool:
    """Whether the text is a yes and nothing else."""
    return cues.found(Cue.YES, text) and cues.only((Cue.YES, Cue.FILLER), text)


def declines(text: str, cues: Cues) -> bool:
    """Whether the text is a no and nothing else."""
    return cues.found(Cue.NO, text) and cues.only((Cue.NO, Cue.FILLER, Cue.THANKS), text)


def _about_deletion(turn: Turn) -> Outcome | None:
    if declines(turn.text, turn.cues):
        return _keep()
    if agrees(turn.text, turn.cues):
        return _erase()
    wished = turn.cues.found(Cue.DELETION, turn.text) or placement.looks_back(turn.text, turn.cues)
    if wished or not turn.own.sure or turn.own.department == turn.rules.front_office:
        return Outcome(Fate.COMMAND)
    return None


def _about_department(turn: Turn, case: CaseView) -> Outcome | None:
    if turn.cues.whole(Cue.UNSURE, turn.text):
        return _never_mind(case)
    said = fold(turn.text)
    for number, name in turn.rules.departments:
        named = len(said) >= _SHORTEST_NAME and f" {said} " in f" {fold(name)} "
        if named or said == number:
            return _choose(case, number)
    return None


def _erase() -> Outcome:
    return Outcome(Fate.COMMAND, wish=Wish.ERASE, ends_dialog=True)


def _keep() -> Outcome:
    return Outcome(Fate.COMMAND, says=(Say(ReplyKind.DELETION, "deletion.kept"),), ends_dialog=True)


def _never_mind(case: CaseView) -> Outcome:
    says = (Say(ReplyKind.QUESTION, "question.never_mind", {"case": case}),)
    return Outcome(Fate.COMMAND, (Part(case.id),), says, ends_dialog=True)


def _choose(case: CaseView, department: str) -> Outcome:
    return Outcome(Fate.COMMAND, (Part(case.id, department=department, update=True),), ends_dialog=True)
