"""Material: whose label counts under today's departments, and what is kept back to measure with."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.steps.material import Material, held_out, material
from bot.store.examples import StoredExample
from classifier.example import Example
from classifier.text import fingerprint
from tests.night import town
from tests.reorganised import Reorganised

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
WORDS = ("Brunnen", "Bank", "Hecke", "Ampel", "Poller", "Schild", "Zaun", "Gully", "Kanal", "Treppe", "Brücke", "Tor")
NEWS = [Example(f"{word} defekt", "gruen", "normal") for word in (*WORDS, "Mauer", "Wiese", "Teich", "Steg")]


def _stored(text: str, department: str, *, topic: str | None = None, days: float = 1) -> StoredExample:
    example = Example(text, department, "normal", topic, source="verdict")
    return StoredExample(example, None, NOON + timedelta(days=days))


def _hours(*hours: float) -> list[datetime]:
    return [NOON + timedelta(hours=hour) for hour in hours]


def _who_acts(found: Material, text: str) -> list[str]:
    return [one.department for one in (*found.train, *found.measure) if one.text == text]


def test_a_topic_that_changed_owner_takes_its_verdicts_along(starter: Path) -> None:
    old = _stored("Die alte Laterne", "versorgung", topic="street_light")
    assert _who_acts(material(town(), [old], since=None, starter=starter), "Die alte Laterne") == ["strassen"]


def test_what_a_person_judged_outvotes_the_same_starter_message(starter: Path) -> None:
    said = "Die Laterne Markt ist aus"
    found = material(town(), [_stored(said, "versorgung")], since=None, starter=starter)
    assert set(_who_acts(found, said)) <= {"versorgung", "strassen"}
    assert [one.department for one in found.train if one.text == said] in (["versorgung"], [])


def test_nothing_measured_is_nearly_something_trained_on(starter: Path) -> None:
    stored = [_stored(f"Der Brunnen am Platz {n} plätschert nicht", "gruen") for n in range(30)]
    found = material(town(), stored, since=NOON, starter=starter)
    trained = {fingerprint(one.text) for one in found.train}
    assert not trained & {fingerprint(one.text) for one in found.measure}


# --- held out ----------------------------------------------------------------------------------------------------


def _held(told: Sequence[Example], at: Sequence[datetime], since: datetime | None = NOON) -> set[str]:
    prints = held_out(list(zip(told, at, strict=True)), since)
    return {one.text for one in told if fingerprint(one.text) in prints}


def test_the_newest_fifth_of_what_came_after_the_serving_model_is_held_out() -> None:
    at = _hours(*range(-5, 11))  # ten of sixteen came after it
    assert _held(NEWS, at) == {"Teich defekt", "Steg defekt"}
    assert _held(NEWS[::-1], at[::-1]) == {"Teich defekt", "Steg defekt"}


def test_nothing_is_held_out_of_what_the_serving_model_may_have_seen() -> None:
    assert _held(NEWS, _hours(*range(-16, 0))) == set()
    assert _held(NEWS, _hours(*range(1, 17)), since=None) == set()


def test_what_repeats_something_old_is_learnt_from_however_new_it_is() -> None:
    told = [Example("Steg am Teich defekt!", "gruen", "normal"), *NEWS[:9], Example("Steg am Teich defekt", "x", "low")]
    assert _held(told, _hours(-1, *range(1, 11))) == {f"{WORDS[7]} defekt", f"{WORDS[8]} defekt"}


def test_near_duplicates_are_held_out_together_and_as_old_as_the_oldest_of_them() -> None:
    told = [*NEWS[:8], Example("Steg am Teich defekt!", "gruen", "normal"), Example("Steg am Teich defekt", "x", "low")]
    assert _held(told, _hours(*range(1, 9), 9, 10)) == {"Steg am Teich defekt!", "Steg am Teich defekt"}
    assert _held(told, _hours(*range(2, 10), 1, 10)) == {f"{WORDS[6]} defekt", f"{WORDS[7]} defekt"}


def test_a_flood_of_the_same_message_teaches_instead_of_being_all_there_is_to_measure_with() -> None:
    flood = [Example(f"Der Keller in der Gasse {n} steht unter Wasser", "schutz", "urgent") for n in range(10)]
    assert _held([*NEWS[:10], *flood], _hours(*range(1, 21))) == {f"{word} defekt" for word in WORDS[6:10]}


# --- departments that change -------------------------------------------------------------------------------------


def test_a_renamed_department_takes_its_verdicts_along(starter: Path, tmp_path: Path) -> None:
    settings = Reorganised(tmp_path).rename("gruen", "umwelt").settings
    found = material(settings, [_stored("Kurtaxe", "gruen")], since=None, starter=starter)
    assert (_who_acts(found, "Kurtaxe"), found.dissolved) == (["umwelt"], 0)


def test_merged_departments_learn_from_both(starter: Path, tmp_path: Path) -> None:
    settings = Reorganised(tmp_path).dissolve("gruen", into="strassen").settings
    stored = [_stored("Kurtaxe", "gruen"), _stored("Kurpark", "strassen")]
    found = material(settings, stored, since=None, starter=starter)
    assert (_who_acts(found, "Kurtaxe"), _who_acts(found, "Kurpark")) == (["strassen"], ["strassen"])


def test_a_split_department_leaves_verdicts_where_their_topics_go(starter: Path, tmp_path: Path) -> None:
    settings = Reorganised(tmp_path).found("licht", topics="street_light").settings
    stored = [_stored("Die alte Laterne", "strassen", topic="street_light"), _stored("Kurtaxe", "strassen")]
    found = material(settings, stored, since=None, starter=starter)
    assert (_who_acts(found, "Die alte Laterne"), _who_acts(found, "Kurtaxe")) == (["licht"], ["strassen"])


def test_a_dissolved_department_teaches_nothing_and_is_counted(starter: Path, tmp_path: Path) -> None:
    settings = Reorganised(tmp_path).dissolve("strassen").settings
    stored = [_stored("Kurtaxe", "strassen"), _stored("Kurpark", "gruen")]
    found = material(settings, stored, since=None, starter=starter)
    assert (_who_acts(found, "Kurtaxe"), _who_acts(found, "Kurpark")) == ([], ["gruen"])
    assert (found.dissolved, found.ownerless) == (1, ("street_light",))
