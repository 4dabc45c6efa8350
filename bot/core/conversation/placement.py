"""Placement: does this text belong to the case at hand, or is it a concern of its own?"""

import re
from datetime import datetime

from bot.core.case import Status, Urgency
from bot.core.conversation.cue import Cue, Cues, fold
from bot.core.conversation.state import CaseView, Conversation, Judge, Timing
from bot.core.triage import Decision

# Within minutes of the last message a change of subject must be plain; later, being sure is enough.
_PLAIN = 0.8
_HARDLY = 0.08
_FEW_WORDS = 3


def at_hand(conversation: Conversation, at: datetime, timing: Timing) -> CaseView | None:
    """The newest case a follow-up at this moment may join: open and lately touched, or answered not long ago."""
    for case in conversation.cases:
        age = at - case.touched_at
        if case.is_open and age <= timing.join:
            return case
        if case.status is Status.ANSWERED and age <= timing.reopen:
            return case
    return None


def is_new_concern(text: str, own: Decision, case: CaseView, at: datetime, cues: Cues, timing: Timing) -> bool:
    """Whether this text opens a case of its own although `case` is at hand. `own` is the text judged alone."""
    if cues.found(Cue.NEW_CONCERN, text, within_words=6):
        return not (own.sure and own.department == case.department and not _says_other(text))
    if not own.sure or own.chatter or own.department == case.department:
        return False
    recent = at - case.touched_at <= timing.fragments
    if len(fold(text).split()) <= _FEW_WORDS or (looks_back(text, cues) and recent):
        return False
    if recent:
        plain = own.ranking[0][1] >= _PLAIN and own.probability(case.department) <= _HARDLY
        return plain and case.sure
    return True


def is_same_danger_scene(own: Decision, text: str, case: CaseView, judge: Judge, cues: Cues) -> bool:
    """Whether a danger told now happens in the case at hand (the drain that now floods the cellar)."""
    if own.department == case.department or not case.sure or cues.starts(Cue.WORSENING, text):
        return True
    near = {department for department, _ in judge(case.text).ranking[:3]} if case.text else set()
    return own.department in near


def looks_back(text: str, cues: Cues) -> bool:
    """Whether the text leans on what was said before ("das ist auch in Weseke")."""
    return cues.starts(Cue.CONTINUATION, text)


def concerns(text: str, judge: Judge, cues: Cues) -> tuple[str, ...]:
    """The text, or its two halves where it clearly holds two concerns of two departments."""
    for paragraph in re.finditer(r"(?:\n\s*\n|(?<=[.!?])\s+|\n)", text):
        first, second = text[: paragraph.start()].strip(), text[paragraph.end() :].strip()
        if not first or not cues.found(Cue.NEW_CONCERN, second, within_words=4):
            continue
        one, two = judge(first), judge(second)
        if one.sure and two.sure and one.department != two.department and not (one.chatter or two.chatter):
            return first, second
    return (text,)


def revise(case: CaseView, joined: Decision, at: datetime, timing: Timing) -> tuple[str, Urgency]:
    """Department and urgency of the case after its joined text was judged again.

    The machine raises urgency and never lowers it; it moves a case only for danger, while nobody was sure, or in
    the first minutes, and never away from where a person has put it.
    """
    urgency = min(case.urgency, joined.urgency, key=lambda u: u.rank)
    if case.by_person or not joined.sure or joined.chatter:
        return case.department, urgency
    early = at - case.opened_at <= timing.fragments and case.status is Status.WAITING and not case.dangers
    if joined.hit or not case.sure or early:
        return joined.department, urgency
    return case.department, urgency


def _says_other(text: str) -> bool:
    return bool(re.search(r"\b(ander|neues|zweite|weitere|different|another|else)", fold(text)))
