"""Replies: the town's sentences, in the citizen's language as far as the town speaks it."""

from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError

from bot.core.reply import Words, day, day_time, joined
from tests.night import at

BERLIN = ZoneInfo("Europe/Berlin")
SENTENCES = {"saved": "gespeichert", "machine_short": "Computer", "machine": "Ein Computer antwortet."}
WORDS = Words.build(
    {"de": {**SENTENCES, "due": "Bis {{ due_at | day_time }}."}, "en": {"machine": "A computer answers."}},
    {
        "de": {"gas": "Hinaus! {{ utility_line }}", "other": "112"},
        "tr": {"other": "112 arayın", "machine": "Bilgisayar"},
    },
    languages=("de", "en"),
    timezone=BERLIN,
    always={"utility_line": "0221 4710 199"},
)


@pytest.mark.parametrize(
    ("moment", "lang", "told"),
    [
        ("Tue 2026-11-24 12:00", "de", "Dienstag, 24. November, 12 Uhr"),
        ("Tue 2026-11-24 12:05", "de", "Dienstag, 24. November, 12:05 Uhr"),
        ("Tue 2026-11-24 12:00", "en", "Tuesday, 24 November, 12:00"),
    ],
)
def test_moments_are_told_in_local_time(moment: str, lang: str, told: str) -> None:
    assert day_time(at(moment), BERLIN, lang) == told


def test_a_moment_in_a_sentence_and_a_day() -> None:
    assert day_time(at("Tue 2026-11-24 08:00"), BERLIN, on=True) == "am Dienstag, 24. November, um 8 Uhr"
    assert day(at("Tue 2026-11-24 08:00"), BERLIN) == "24. November 2026"


def test_what_a_language_lacks_is_told_in_the_first() -> None:
    assert WORDS.say("en", "saved") == "gespeichert"


def test_danger_is_told_in_the_citizens_language_or_in_the_first() -> None:
    assert WORDS.danger("de", "gas") == "Hinaus! 0221 4710 199"
    assert WORDS.danger("tr", "gas") == "112 arayın"
    assert WORDS.danger("xx", "gas") == "Hinaus! 0221 4710 199"


def test_beside_danger_the_machine_speaks_the_same_language() -> None:
    assert WORDS.beside_danger("tr", "machine") == "Bilgisayar"
    assert WORDS.beside_danger("de", "machine") is None  # told with the rest
    assert WORDS.beside_danger("xx", "machine") is None


@pytest.mark.parametrize(("lang", "spoken"), [("de", "de"), ("en", "en"), ("tr", "en"), (None, "de")])
def test_who_speaks_neither_is_answered_in_english(lang: str | None, spoken: str) -> None:
    assert WORDS.speaks(lang) == spoken


def test_a_placeholder_nobody_fills_is_an_error_and_never_a_gap() -> None:
    with pytest.raises(UndefinedError):
        WORDS.say("de", "due")


def test_empty_paragraphs_fall_away() -> None:
    assert joined("a", "", "b") == "a\n\nb"
