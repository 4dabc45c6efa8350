"""Reroute: two models asked about the cases of the last 30 days."""

from datetime import timedelta

from bot.core.case import Urgency
from bot.core.rerouting import Placing
from bot.steps.reroute import recent_cases, reroute
from tests.fakes.classifier import KeywordClassifier
from tests.night import Night, at

EVENING = at("Tue 2026-11-24 22:14")
LANTERN = "Die Laterne vor Musterweg 3 ist aus"


class Broken(KeywordClassifier):
    """Breaks on everything: rules and front office are left."""

    def __init__(self) -> None:
        super().__init__(broken=True)


async def test_cases_of_the_last_30_days_are_asked_again_the_newest_first(night: Night) -> None:
    await night.hear("Die Tonne wurde nicht geleert", EVENING - timedelta(days=31), sender="long ago")
    await night.hear(LANTERN, EVENING - timedelta(days=29), sender="a")
    await night.hear("Sperrmüll liegt am Weg", EVENING, sender="b")
    await night.hear("Und die Laterne davor", EVENING + timedelta(minutes=1), sender="b")

    found = await recent_cases(night.database, EVENING + timedelta(minutes=2))

    assert [case.text for case in found] == ["Sperrmüll liegt am Weg\nUnd die Laterne davor", LANTERN]


async def test_what_a_citizen_has_erased_is_asked_no_more(night: Night) -> None:
    await night.hear(LANTERN, EVENING)
    await night.hear("/loeschen", EVENING)
    await night.hear("Ja", EVENING)
    assert await recent_cases(night.database, EVENING) == []


async def test_the_words_themselves_are_never_told(night: Night) -> None:
    await night.hear(LANTERN, EVENING)
    (case,) = await recent_cases(night.database, EVENING)
    assert "Laterne" not in repr(case)
    assert "Laterne" not in repr(reroute(night.house, night.house.judged_by(Broken()), [case]))


async def test_what_would_go_elsewhere_is_told_from_where_to_where(night: Night) -> None:
    await night.hear(LANTERN, EVENING, sender="a")
    await night.hear("Hilfe, im Keller riecht es nach Gas", EVENING, sender="b")

    found = reroute(night.house, night.house.judged_by(Broken()), await recent_cases(night.database, EVENING))

    assert (found.cases, found.lost_emergencies) == (2, 0)  # gas is the rules' to see
    (change,) = found.changes
    assert (change.before, change.after) == (Placing("strassen", Urgency.NORMAL), Placing("rathaus", Urgency.NORMAL))
