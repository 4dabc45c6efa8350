"""Danger: it is told first, whatever else is going on, and raises the case at hand or opens one."""

from datetime import datetime, timedelta

from bot.core.conversation import placement
from bot.core.conversation.cue import Cue, fold
from bot.core.conversation.state import CaseView, Outcome, Part, Say, Timing
from bot.core.conversation.turn import Turn, joined_text
from bot.core.message import Fate, ReplyKind
from bot.core.triage import Decision

#: so long a sentence may lean on what was said before it
_SCENE = timedelta(hours=1)

#: shorter than this and unclear is probably not all that will be said (words)
_FEW, _FRAGMENT = 8, 12
#: who is threatened may not be free to say so: an all-clear lowers nothing here
NEVER_TAKEN_BACK = frozenset({"suicide", "violence", "child_in_danger"})


def endangered(turn: Turn) -> Outcome | None:
    """Danger in this text, in the fragments before it, or in what it adds to the case at hand."""
    case = turn.case
    told = _told(turn, case)
    if told is None:
        return None
    rules = turn.rules
    if case and placement.is_same_scene(told, turn.text, case, turn.at, rules.judge, rules.cues, rules.timing):
        safety = due_text(told, case, turn.at, rules.timing)
        part = Part(case.id, told, turn.takes, update=True, reopen=not case.is_open, safety=safety)
        return Outcome(Fate.FOLLOW_UP, (part,))
    part = Part(None, told, turn.takes, receipt=True, safety=told.danger)
    return Outcome(Fate.NEW_CASE, (part, *_besides(turn)))


def due_text(decision: Decision, case: CaseView, at: datetime, timing: Timing) -> str | None:
    """The danger whose text goes out now: not the same one twice within minutes."""
    kind = decision.danger
    last = case.dangers.get(kind) if kind else None
    return None if last and at - last < timing.safety_again else kind


def cried(turn: Turn) -> Outcome | None:
    """A bare call for help: the numbers at once, and a person looks at it if nothing follows."""
    if not turn.cues.whole(Cue.CRY, turn.text):
        return None
    case = turn.case
    heard = any(turn.cues.whole(Cue.CRY, p.text) for p in turn.conversation.pending)
    says = () if heard else (Say(ReplyKind.SAFETY, "cry"),)
    if case and case.is_open:
        return Outcome(Fate.FOLLOW_UP, (Part(case.id, takes=turn.takes),), says)
    return Outcome(Fate.PENDING, says=says)


def _told(turn: Turn, case: CaseView | None) -> Decision | None:
    own = turn.own
    if _counts(own, turn.text) and not _is_calmed(turn, case):
        return own
    if turn.conversation.pending and _counts(turn.joined, joined_text(turn.conversation.pending, turn.text)):
        return turn.joined
    if case and turn.at - case.touched_at <= _SCENE:
        return _by_context(turn, case)
    return None


def _is_calmed(turn: Turn, case: CaseView | None) -> bool:
    """Whether the model alone sounds the alarm, and no longer does when it reads what was said just before."""
    if turn.own.hit or not case or not case.text or turn.at - case.touched_at > turn.rules.timing.fragments:
        return False
    return turn.rules.judge(f"{case.text}\n{turn.text}").danger is None


def _counts(decision: Decision, text: str) -> bool:
    """A rule always counts. The model alone does not alarm on a fragment: the rest will come within seconds."""
    clear = decision.sure and len(fold(text).split()) >= _FEW
    return bool(decision.hit) or (decision.model_raised and (clear or len(fold(text).split()) >= _FRAGMENT))


def _by_context(turn: Turn, case: CaseView) -> Decision | None:
    """Danger that only shows together with the words before, and did not show in those alone."""
    together = turn.rules.judge(f"{case.text}\n{turn.text}")
    new = together.hit and together.danger not in case.dangers
    return together if new and turn.rules.judge(case.text).danger != together.danger else None


def _besides(turn: Turn) -> tuple[Part, ...]:
    """A harmless second concern in the same message gets its own case."""
    halves = [turn.rules.judge(half) for half in placement.concerns(turn.text, turn.rules.judge, turn.cues)]
    if len(halves) < 2:
        return ()
    return tuple(Part(None, half, receipt=True) for half in halves if not half.danger)[:1]
