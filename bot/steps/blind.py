"""The blind sample (Blindprobe): drawn when a case opens, judged without sight of the guess, counted for the town.

Nothing here changes a case, and no citizen hears of it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.core.blind import Findings, findings, is_drawn, ordered
from bot.core.case import Urgency
from bot.core.errors import IllegalMove, StoreUnavailable
from bot.core.staff import Staff
from bot.core.triage import Decision
from bot.core.verdict import Verdict
from bot.steps.house import House
from bot.store import blind, cases, conversations
from bot.store.blind import Given
from bot.store.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Question:
    """One case to judge: the citizen's words and nothing the machine has said."""

    reference: str
    text: str
    at: datetime  # when the case was opened
    lang: str | None
    files: int


@dataclass(frozen=True, slots=True)
class Round:
    """What one person finds at the blind sample."""

    question: Question | None  #: None: nothing waits for them
    waiting: int
    last: Given | None  #: what they may still take back
    alarms: Sequence[str]  #: references of open cases they call emergencies and nobody treats as such


async def draw(tx: Tx, house: House, case: int, reference: str, decision: Decision, now: datetime) -> None:
    """Puts a case that has just been opened into the sample, if its reference is drawn and there is no danger in it."""
    if decision.urgency is Urgency.EMERGENCY or not is_drawn(reference, house.settings.blind_sample_percent):
        return
    await blind.draw(tx, case, now)


async def note_seen(reference: str, *, house: House, staff: Staff, now: datetime) -> None:
    """Whoever opens a case sees its guess and no longer judges it blind."""
    async with house.database.read() as tx:
        case = await blind.unseen(tx, reference, staff.id)
    if case is None:
        return
    with suppress(StoreUnavailable):  # working on the case matters more than counting
        async with house.database.begin() as tx:
            await blind.note_seen(tx, case, staff.id, now)


async def round_of(staff: Staff, *, house: House, wanted: str = "") -> Round:
    """The next case for this person, or the wanted one if they may still judge it."""
    async with house.database.read() as tx:
        known = ordered(await blind.waiting(tx, staff.id))
        first = next((one for one in known if one.reference == wanted), known[0] if known else None)
        question = await _question(tx, first.case) if first else None
        last = await blind.last_given(tx, staff.id)
        alarms = await blind.alarming(tx, staff.id)
    return Round(question, len(known), last, alarms)


async def _question(tx: Tx, number: int) -> Question:
    case, text = await cases.get(tx, number), await conversations.text_of(tx, number)
    lang = (await conversations.get(tx, case.conversation_id)).lang
    return Question(case.reference, text, case.opened_at, lang, await blind.count_files(tx, number))


async def judge(reference: str, said: Verdict | None, *, house: House, staff: Staff, now: datetime) -> None:
    """Appends what this person says (None: it cannot be told) beside what the machine has said.

    Raises ValueError for a department the town does not have, IllegalMove for a case that does not wait for them.
    """
    if said and said.department not in house.names:
        raise ValueError("Dieses Amt gibt es nicht.")
    async with house.database.begin() as tx:
        case = (await cases.by_reference(tx, reference)).id
        if await blind.has_judged(tx, case, staff.id):  # the second click of a double click
            return
        if case not in {one.case for one in await blind.waiting(tx, staff.id)}:
            raise IllegalMove("nicht in der Blindprobe")
        await blind.append(tx, case, said, await blind.guess(tx, case), staff=staff.id, now=now)


async def take_back(number: int, *, house: House, staff: Staff, now: datetime) -> str:
    """Takes this person's last judgement back and returns its reference; raises IllegalMove if it is not the last."""
    async with house.database.begin() as tx:
        last = await blind.last_given(tx, staff.id)
        if last is None or last.id != number:
            raise IllegalMove("nicht das letzte Urteil")
        await blind.take_back(tx, number, now)
    return last.reference


async def honest_figures(database: Database) -> Findings:
    """How often the machine is right by those who have not seen its guess, beside those who have."""
    async with database.read() as tx:
        count, since = await blind.drawn(tx)
        said = await blind.judgements(tx)
        seen = await blind.seen_judgements(tx, since) if since else []
    return findings(count, said, seen)
