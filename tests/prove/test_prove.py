"""A small crash proof among the tests; `make prove` runs the long one."""

from pathlib import Path

from tests.prove.points import Point
from tests.prove.proof import prove

POINTS = [
    Point("committed", "bot.store.inbox:put", 2),
    Point("before", "bot.store.outbox:mark_sent"),
    Point("sendMessage taken, not answered"),
    Point("committed", "bot.store.outbox:claim", 2, mode="webhook"),
]


async def test_four_sudden_deaths_lose_nothing(tmp_path: Path) -> None:
    said: list[str] = []

    found = await prove(tmp_path, kills=4, seed=4710, tell=said.append, points=POINTS, by_fork_only=True)

    assert (found.lost, found.wrong) == ([], [])
    assert found.accepted > 10
    assert len([line for line in said if "/4 " in line]) == 4
