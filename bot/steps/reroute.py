"""Reroute: what another model would do with the messages of the last weeks. Nothing is stored or sent."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from bot.core.rerouting import Rerouted, Rerouting, placing, rerouting
from bot.steps.house import House
from bot.store import recent
from bot.store.database import Database
from bot.store.recent import RecentCase

#: messages of longer ago may have been written in another season
DAYS = 30


async def recent_cases(database: Database, now: datetime) -> list[RecentCase]:
    """The cases of the last days whose words are still stored, the newest first."""
    async with database.read() as tx:
        return await recent.cases_since(tx, now - timedelta(days=DAYS))


def reroute(
    serving: House,
    candidate: House,
    cases: Sequence[RecentCase],
    progress: Callable[[int, int], None] | None = None,
) -> Rerouting:
    """What would become of these cases if the candidate's model served, rules and model together."""
    return rerouting(_placed_twice(serving, candidate, cases, progress))


def _placed_twice(
    serving: House, candidate: House, cases: Sequence[RecentCase], progress: Callable[[int, int], None] | None
) -> Iterator[Rerouted]:
    for number, case in enumerate(cases, start=1):
        before, after = placing(serving.judge(case.text)), placing(candidate.judge(case.text))
        yield Rerouted(case.reference, case.opened_at, before, after)
        if progress and (number % 25 == 0 or number == len(cases)):
            progress(number, len(cases))
