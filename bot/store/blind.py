"""The blind sample as rows: what is drawn, who has seen the guess, and what was said without it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.blind import OPINIONS, Drawn, Guess, Judgement
from bot.core.case import OPEN, Status, Urgency
from bot.core.message import Fate
from bot.core.verdict import Verdict
from bot.store.inbox import insert_or_skip
from bot.store.tables import (
    attachments,
    blind_sample,
    blind_seen,
    blind_verdicts,
    bodies,
    case_messages,
    cases,
    inbox,
    messages,
    triages,
    verdicts,
)


@dataclass(frozen=True, slots=True)
class Given:
    """Somebody's newest judgement, which they may take back."""

    id: int
    reference: str
    at: datetime
    said: Verdict | None


_standing = blind_verdicts.c.undone_at.is_(None)
_here = cases.c.id == blind_verdicts.c.case_id

# Danger the machine has seen must be seen by everybody at once; what it missed stays.
_judged = triages.alias()
_endangered = sa.exists().where(_judged.c.case_id == cases.c.id, _judged.c.urgency == Urgency.EMERGENCY.value)

# Two concerns in one message: nobody could tell which of them is meant.
_own, _other = case_messages.alias(), case_messages.alias()
_shared = sa.exists().where(
    _own.c.case_id == cases.c.id, _other.c.message_id == _own.c.message_id, _other.c.case_id != cases.c.id
)

_has_words = sa.exists().where(
    case_messages.c.case_id == cases.c.id,
    bodies.c.message_id == case_messages.c.message_id,
    messages.c.id == case_messages.c.message_id,
    messages.c.replaced_by.is_(None),
    inbox.c.id == messages.c.id,
    inbox.c.fate != Fate.COMMAND.value,
)


# --- drawing and seeing ------------------------------------------------------------------------------------------


async def draw(tx: AsyncConnection, case: int, now: datetime) -> None:
    """The case belongs to the sample."""
    await tx.execute(insert_or_skip(tx, blind_sample, {"case_id": case, "at": now}))


async def unseen(tx: AsyncConnection, reference: str, staff: int) -> int | None:
    """The drawn case with this reference, if this person has not yet seen its guess."""
    seen = sa.exists().where(blind_seen.c.case_id == cases.c.id, blind_seen.c.staff_id == staff)
    query = sa.select(cases.c.id).join(blind_sample, blind_sample.c.case_id == cases.c.id)
    return (await tx.execute(query.where(cases.c.reference == reference, ~seen))).scalar()


async def note_seen(tx: AsyncConnection, case: int, staff: int, now: datetime) -> None:
    """From now on this person knows the guess."""
    await tx.execute(insert_or_skip(tx, blind_seen, {"case_id": case, "staff_id": staff, "at": now}))


# --- judging -----------------------------------------------------------------------------------------------------


async def waiting(tx: AsyncConnection, staff: int) -> list[Drawn]:
    """What this person may judge: drawn, with words, and neither judged nor seen by them."""
    opinions = sa.select(sa.func.count()).where(_here, _standing).correlate(cases).scalar_subquery()
    seen = sa.exists().where(blind_seen.c.case_id == cases.c.id, blind_seen.c.staff_id == staff)
    # Where it is forgotten who has judged, it might have been the same person.
    judged = sa.exists().where(
        _here, _standing, sa.or_(blind_verdicts.c.staff_id == staff, blind_verdicts.c.staff_id.is_(None))
    )
    query = (
        sa.select(cases.c.id, cases.c.reference, opinions.label("opinions"))
        .join(blind_sample, blind_sample.c.case_id == cases.c.id)
        .where(cases.c.status != Status.WITHDRAWN.value, _has_words, ~_endangered, ~_shared, ~seen, ~judged)
    )
    rows = (await tx.execute(query)).all()
    return [Drawn(row.id, row.reference, row.opinions) for row in rows if row.opinions < OPINIONS]


async def count_files(tx: AsyncConnection, case: int) -> int:
    """How many pictures and other files came with the words."""
    query = sa.select(sa.func.count()).select_from(
        attachments.join(case_messages, case_messages.c.message_id == attachments.c.message_id)
    )
    return int((await tx.execute(query.where(case_messages.c.case_id == case))).scalar_one())


async def guess(tx: AsyncConnection, case: int) -> Guess:
    """What the machine said last, of all the words there are now."""
    query = sa.select(triages).where(triages.c.case_id == case).order_by(triages.c.id.desc()).limit(1)
    row = (await tx.execute(query)).one()
    return Guess(row.department, Urgency(row.urgency), row.sure, row.model_id)


async def append(
    tx: AsyncConnection, case: int, said: Verdict | None, guessed: Guess, *, staff: int, now: datetime
) -> None:
    """What this person says (None: it cannot be told); nothing if they have said so already."""
    values = {
        "case_id": case,
        "at": now,
        "staff_id": staff,
        "department": said.department if said else None,
        "urgency": said.urgency.value if said else None,
        "guessed_department": guessed.department,
        "guessed_urgency": guessed.urgency.value,
        "guessed_sure": guessed.sure,
        "model_id": guessed.model_id,
    }
    await tx.execute(insert_or_skip(tx, blind_verdicts, values))


async def has_judged(tx: AsyncConnection, case: int, staff: int) -> bool:
    """Whether this person has judged the case and stands by it."""
    own = (blind_verdicts.c.case_id == case) & (blind_verdicts.c.staff_id == staff) & _standing
    return (await tx.execute(sa.select(blind_verdicts.c.id).where(own))).first() is not None


async def last_given(tx: AsyncConnection, staff: int) -> Given | None:
    """This person's newest judgement, as long as they do not know the guess; None: nothing to take back."""
    seen = sa.exists().where(blind_seen.c.case_id == blind_verdicts.c.case_id, blind_seen.c.staff_id == staff)
    query = (
        sa.select(blind_verdicts, cases.c.reference, seen.label("seen"))
        .join(cases, _here)
        .where(blind_verdicts.c.staff_id == staff, _standing)
        .order_by(blind_verdicts.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    if row is None or row.seen:
        return None
    return Given(row.id, row.reference, row.at, _said(row))


async def alarming(tx: AsyncConnection, staff: int) -> list[str]:
    """Open cases this person calls an emergency and has not looked at, that nobody treats as one."""
    seen = sa.exists().where(blind_seen.c.case_id == cases.c.id, blind_seen.c.staff_id == staff)
    query = (
        sa.select(cases.c.reference)
        .join(blind_verdicts, _here)
        .where(blind_verdicts.c.staff_id == staff, blind_verdicts.c.urgency == Urgency.EMERGENCY.value, _standing)
        .where(cases.c.urgency != Urgency.EMERGENCY.value, cases.c.status.in_([one.value for one in OPEN]), ~seen)
        .order_by(blind_verdicts.c.id)
    )
    return list((await tx.execute(query)).scalars())


async def take_back(tx: AsyncConnection, number: int, now: datetime) -> None:
    """This judgement no longer stands."""
    await tx.execute(blind_verdicts.update().where(blind_verdicts.c.id == number, _standing).values(undone_at=now))


# --- counting ----------------------------------------------------------------------------------------------------


async def drawn(tx: AsyncConnection) -> tuple[int, datetime | None]:
    """How many cases were ever drawn, and when the first."""
    query = sa.select(sa.func.count(), sa.func.min(blind_sample.c.at)).select_from(blind_sample)
    count, first = (await tx.execute(query)).one()
    return int(count), first


async def judgements(tx: AsyncConnection) -> list[Judgement]:
    """All that was said without sight of the guess and still stands, oldest first."""
    query = sa.select(blind_verdicts).where(_standing).order_by(blind_verdicts.c.id)
    return [Judgement(row.case_id, _said(row), _guessed(row)) for row in (await tx.execute(query)).all()]


async def seen_judgements(tx: AsyncConnection, since: datetime) -> list[Judgement]:
    """Ordinary verdicts on such cases opened since then, the newest of each, beside the guess it was given in sight of.

    Left out is what the blind sample leaves out too, so that seeing is the only difference.
    """
    newer, before = verdicts.alias(), triages.alias()
    newest = ~sa.exists().where(newer.c.case_id == verdicts.c.case_id, newer.c.id > verdicts.c.id)
    last = (
        sa.select(sa.func.max(before.c.id))
        .where(before.c.case_id == verdicts.c.case_id, before.c.at <= verdicts.c.at)
        .scalar_subquery()
    )
    query = (
        sa.select(
            verdicts.c.case_id,
            verdicts.c.department,
            verdicts.c.urgency,
            triages.c.department.label("guessed_department"),
            triages.c.urgency.label("guessed_urgency"),
            triages.c.sure.label("guessed_sure"),
            triages.c.model_id,
        )
        .join(cases, cases.c.id == verdicts.c.case_id)
        .join(triages, triages.c.id == last)
        .where(newest, cases.c.opened_at >= since, ~_endangered, ~_shared)
        .order_by(verdicts.c.id)
    )
    return [Judgement(row.case_id, _said(row), _guessed(row)) for row in (await tx.execute(query)).all()]


def _said(row: Any) -> Verdict | None:
    return Verdict(row.department, Urgency(row.urgency)) if row.department and row.urgency else None


def _guessed(row: Any) -> Guess:
    return Guess(row.guessed_department, Urgency(row.guessed_urgency), row.guessed_sure, row.model_id)
