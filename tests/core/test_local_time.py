"""Local time: what a moment without offset means, in the two odd nights too."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.local_time import instant

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-20T22:14", "2026-11-20T22:14:00+01:00"),
        ("2026-07-20T22:14", "2026-07-20T22:14:00+02:00"),
        ("2026-10-25T02:30", "2026-10-25T02:30:00+02:00"),  # shown twice: the earlier
        ("2026-11-20T22:14:00Z", "2026-11-20T22:14:00+00:00"),
    ],
)
def test_a_moment_is_read_as_the_town_means_it(written: str, meant: str) -> None:
    # In UTC: Python calls two moments of different zones unequal while the clock shows one twice.
    assert instant(written, BERLIN).astimezone(UTC) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    ("written", "why"), [("2026-03-29T02:30", "gibt es nicht"), ("morgen", "kein Zeitpunkt"), ("", "kein Zeitpunkt")]
)
def test_a_moment_that_does_not_exist_is_refused(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        instant(written, BERLIN)
