"""Examples: scrubbed words with the label a person gave them, from verdicts and from imported tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import examples
from classifier.example import Example
from classifier.text import normalise

IMPORT = "import"


@dataclass(frozen=True, slots=True)
class StoredExample:
    """An example with whose words it holds (None: imported) and since when."""

    example: Example
    conversation: int | None
    at: datetime


async def everything(tx: AsyncConnection) -> list[StoredExample]:
    """All examples, the oldest first; of each case there is only the newest verdict."""
    rows = (await tx.execute(sa.select(examples).order_by(examples.c.at, examples.c.id))).all()
    return [
        StoredExample(
            Example(row.text, row.department, row.urgency, row.topic, row.lang, row.source), row.conversation_id, row.at
        )
        for row in rows
    ]


async def bring_in(tx: AsyncConnection, found: Iterable[Example], now: datetime) -> tuple[int, int]:
    """Imported examples: (new ones, ones whose label changed). What is here already never comes a second time.

    A table that was exported, corrected and brought back corrects all that say the same, verdicts as well. They stay
    as old as they are: a model may have seen them, and a correction is there to teach, not to measure with.
    """
    known = await _known(tx)
    new = changed = 0
    for one in {example.text: example for example in found}.values():
        values = {"department": one.department, "urgency": one.urgency, "topic": one.topic, "lang": one.lang}
        if one.text not in known:
            await tx.execute(examples.insert().values(text=one.text, source=IMPORT, at=now, **values))
            new += 1
        elif wrong := [number for number, label in known[one.text] if label != tuple(values.values())]:
            await tx.execute(examples.update().where(examples.c.id.in_(wrong)).values(**values))
            changed += 1
    return new, changed


async def _known(tx: AsyncConnection) -> dict[str, list[tuple[int, tuple[str | None, ...]]]]:
    found: dict[str, list[tuple[int, tuple[str | None, ...]]]] = {}
    for row in (await tx.execute(sa.select(examples))).all():
        label = (row.department, row.urgency, row.topic, row.lang)
        found.setdefault(normalise(row.text), []).append((row.id, label))
    return found
