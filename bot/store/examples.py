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
    """Imported examples: (new ones, ones whose label changed). The same text is never here twice.

    Also a verdict's: a table that was exported, corrected and brought back corrects it.
    """
    known = await _known(tx)
    new = changed = 0
    for one in {example.text: example for example in found}.values():
        values = {"department": one.department, "urgency": one.urgency, "topic": one.topic, "lang": one.lang}
        if one.text not in known:
            await tx.execute(examples.insert().values(text=one.text, source=IMPORT, at=now, **values))
            new += 1
        elif known[one.text][1] != tuple(values.values()):
            number = known[one.text][0]
            await tx.execute(examples.update().where(examples.c.id == number).values(at=now, **values))
            changed += 1
    return new, changed


async def _known(tx: AsyncConnection) -> dict[str, tuple[int, tuple[str | None, ...]]]:
    rows = (await tx.execute(sa.select(examples))).all()
    return {normalise(row.text): (row.id, (row.department, row.urgency, row.topic, row.lang)) for row in rows}
