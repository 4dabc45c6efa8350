"""Placement: does this text belong to the case at hand, or is it a concern of its own?"""

import re
import unicodedata
from datetime import datetime, timedelta

from bot.core.case import Status, Urgency
from bot.core.conversation.cue import Cue, Cues, fold
from bot.core.conversation.state import CaseView, Conversation, Judge, Timing
from bot.core.triage import Decision

# Within minutes of the last message a change of subject must be plain; later, being sure is enough.
_PLAIN = 0.8
_HARDLY = 0.08
_FEW_WORDS = 3
#: a case nobody could place is still being explained for so long
_EXPLAINED = timedelta(days=1)
#: so many of a case's likeliest departments are its neighbourhood; more when the citizen says that it gets worse
_NEAR, _NEAR_WORSE = 3, 6
#: places where a text is tried for a second concern, so that pasted noise costs no time
_MOST_BREAKS = 4
_BREAK = re.compile(r"\n\s*\n|(?<=[.!?])\s+|\n|,\s+(?:und\s+)?|\s+und\s+|\s+and\s+")
_LEGIBLE = ("LATIN", "CYRILLIC", "ARABIC")
_OTHER = re.compile(r"\b(ander|neues|zweite|weitere|different|another|else)")


def at_hand(conversation: Conversation, at: datetime, timing: Timing) -> CaseView | None:
    """The newest case a follow-up at this moment may join: open, answered not long ago, or only just closed."""
    for case in conversation.cases:
        age = at - case.touched_at
        if case.is_open and age <= timing.join:
            return case
        if case.status is Status.ANSWERED and at - (case.moved_at or case.touched_at) <= timing.reopen:
            return case
    closed = (c for c in conversation.cases if c.status is Status.CLOSED)
    return next((c for c in closed if at - (c.moved_at or c.touched_at) <= timing.fragments), None)


def earlier(
    conversation: Conversation, text: str, own: Decision, case: CaseView, at: datetime, cues: Cues, timing: Timing
) -> CaseView | None:
    """Another open case this text goes back to: the citizen has two, and it plainly speaks of the older one."""
    if not own.sure or own.chatter or own.department == case.department or _word_count(text) <= _FEW_WORDS:
        return None
    if cues.found(Cue.NEW_CONCERN, text, within_words=6):
        return None
    others = (c for c in conversation.cases if c.is_open and at - c.touched_at <= timing.join)
    return next((c for c in others if c.department == own.department), None)


def is_new_concern(text: str, own: Decision, case: CaseView, at: datetime, cues: Cues, timing: Timing) -> bool:
    """Whether this text opens a case of its own although `case` is at hand. `own` is the text judged alone."""
    same = own.sure and own.department == case.department
    if cues.found(Cue.NEW_CONCERN, text, within_words=6):
        other = _says_other(text)
        return other if same or not own.sure else True
    if not own.sure or own.chatter or same:
        return False
    if not case.sure and at - case.opened_at <= _EXPLAINED:
        return False
    recent = at - case.touched_at <= timing.fragments
    if _word_count(text) <= _FEW_WORDS or (looks_back(text, cues) and recent):
        return False
    if cues.starts(Cue.WORSENING, text) and own.probability(case.department) > _HARDLY:
        return False
    plain = own.ranking[0][1] >= _PLAIN and own.probability(case.department) <= _HARDLY
    return plain if recent else True


def is_same_scene(
    own: Decision, text: str, case: CaseView, at: datetime, judge: Judge, cues: Cues, timing: Timing
) -> bool:
    """Whether a danger told now happens in the case at hand (the drain that now floods the cellar)."""
    if own.department == case.department or not case.sure or not case.text or own.danger in case.dangers:
        return True
    worse = cues.starts(Cue.WORSENING, text)
    near = judge(case.text).ranking[: _NEAR_WORSE if worse else _NEAR]
    return own.department in {department for department, _ in near}


def looks_back(text: str, cues: Cues) -> bool:
    """Whether the text leans on what was said before ("das ist auch in Weseke")."""
    return cues.starts(Cue.CONTINUATION, text)


def concerns(text: str, judge: Judge, cues: Cues) -> tuple[str, ...]:
    """The text, or its two halves where it clearly holds two concerns of two departments."""
    for first, second in _halves(text, cues)[:_MOST_BREAKS]:
        one, two = judge(first), judge(second)
        if one.sure and two.sure and one.department != two.department and not (one.chatter or two.chatter):
            return first, second
    return (text,)


def revise(case: CaseView, joined: Decision, at: datetime, timing: Timing) -> tuple[str, Urgency]:
    """Department and urgency of the case after its joined text was judged again.

    The machine raises urgency and never lowers it; it moves a case only for its first danger, while nobody was
    sure, or in the first minutes, and never away from where a person has put it.
    """
    urgency = min(case.urgency, joined.urgency, key=lambda u: u.rank)
    if case.by_person or not joined.sure or joined.chatter:
        return case.department, urgency
    early = at - case.opened_at <= timing.fragments and case.status is Status.WAITING and not case.dangers
    if (joined.hit and not case.dangers) or not case.sure or early:
        return joined.department, urgency
    return case.department, urgency


def is_legible(text: str) -> bool:
    """Whether most letters are of a script the house has rules and examples for."""
    letters = [c for c in text if c.isalpha()]
    known = sum(unicodedata.name(c, "").startswith(_LEGIBLE) for c in letters)
    return known * 2 >= len(letters)


def _halves(text: str, cues: Cues) -> list[tuple[str, str]]:
    breaks = ((text[: b.start()].strip(), text[b.end() :].strip()) for b in _BREAK.finditer(text))
    return [(first, second) for first, second in breaks if first and cues.starts(Cue.NEW_CONCERN, _bare(second))]


def _bare(text: str) -> str:
    """Without the little words a second concern may begin with."""
    return re.sub(r"^(?:und|dann|ach|ach ja|and|oh|ps)\b[\s,:]*", "", text.lower())


def _says_other(text: str) -> bool:
    return bool(_OTHER.search(fold(text)))


def _word_count(text: str) -> int:
    return len(fold(text).split())
