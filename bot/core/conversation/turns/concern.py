"""Concerns: a text joins the case it belongs to, opens one as soon as it is clear, or waits for the rest."""

from bot.core.case import Urgency
from bot.core.conversation import placement
from bot.core.conversation.command import references
from bot.core.conversation.cue import Cue
from bot.core.conversation.state import Awaiting, CaseView, Outcome, Part, Say
from bot.core.conversation.turn import Turn
from bot.core.conversation.turns.danger import due_text
from bot.core.message import Fate, ReplyKind
from bot.core.triage import Decision

_FEW_WORDS, _PLAIN = 6, 0.8


def concern(turn: Turn) -> Outcome:
    """A follow-up to the case at hand, or a concern of its own."""
    announced = turn.cues.found(Cue.NEW_CONCERN, turn.text)
    if announced and turn.cues.only((Cue.NEW_CONCERN, Cue.GREETING, Cue.FILLER), turn.text):
        return _waits(turn)  # „Noch was anderes:“ – what it is comes next
    case = _case(turn)
    halves = placement.concerns(turn.text, turn.rules.judge, turn.cues)
    if len(halves) > 1:
        return _two(turn, halves, case)
    if case and (_names(turn, case) or not turn.is_new_concern(case)):
        return _follow_up(turn, case)
    return _fresh(turn)


def _case(turn: Turn) -> CaseView | None:
    """The case whose reference is named, an earlier one of the same department, or the case at hand."""
    named = next((c for c in turn.conversation.cases if _names(turn, c) and c.is_open), None)
    case, rules = turn.case, turn.rules
    if named or case is None:
        return named
    before = placement.earlier(turn.conversation, turn.text, turn.own, case, turn.at, rules.cues, rules.timing)
    return before or case


def _names(turn: Turn, case: CaseView) -> bool:
    return case.reference in references(turn.text, turn.rules.prefix)


def _follow_up(turn: Turn, case: CaseView) -> Outcome:
    joined = turn.with_case(case)
    raised = joined.danger and case.urgency is not Urgency.EMERGENCY
    safety = due_text(joined, case, turn.at, turn.rules.timing) if raised else None
    part = Part(case.id, joined, turn.takes, update=True, reopen=not case.is_open, safety=safety)
    dialog = turn.conversation.dialog
    answered = dialog and dialog.awaiting is Awaiting.DEPARTMENT and dialog.case == case.id and joined.sure
    return Outcome(Fate.FOLLOW_UP, (part,), ends_dialog=bool(answered))


def _fresh(turn: Turn) -> Outcome:
    """A new case as soon as the concern is clear; until then the fragment waits."""
    clear = next((d for d in (turn.joined, turn.own) if _is_clear(d, turn)), None)
    if clear is None:
        return _waits(turn)
    return Outcome(Fate.NEW_CASE, (Part(None, clear, turn.takes, receipt=True),))


def _waits(turn: Turn) -> Outcome:
    """Words in a script the machine does not know get the danger line at once."""
    if placement.is_legible(turn.text) or turn.conversation.pending:
        return Outcome(Fate.PENDING)
    return Outcome(Fate.PENDING, says=(Say(ReplyKind.QUESTION, "unread.language"),), unread_told=True)


def _two(turn: Turn, halves: tuple[str, ...], case: CaseView | None) -> Outcome:
    """Both halves in order: the first may belong to the case at hand, the second opens its own."""
    first, second = (turn.rules.judge(half) for half in halves)
    joins = case is not None and not placement.is_new_concern(
        halves[0], first, case, turn.at, turn.cues, turn.rules.timing
    )
    head = Part(None, first, turn.takes, receipt=True, safety=first.danger)
    if case and joins:
        head = Part(case.id, first, turn.takes, update=True, reopen=not case.is_open)
    return Outcome(Fate.NEW_CASE, (head, Part(None, second, receipt=True, safety=second.danger)))


def _is_clear(decision: Decision, turn: Turn) -> bool:
    """Few words have to be plain: more will come, and a receipt cannot be taken back."""
    if decision.model_raised:
        return False  # too little for an alarm (else danger had taken it), too grave for a plain receipt
    few = turn.words < _FEW_WORDS and not decision.hit
    return decision.sure and not decision.chatter and (not few or decision.ranking[0][1] >= _PLAIN)
