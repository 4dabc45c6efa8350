"""The messages no model is trained on."""

from pathlib import Path

from classifier.example import Example
from classifier.gate import choose_gate, near_duplicates, read_gate, split, write_gate
from classifier.text import fingerprint

_SUBJECTS = ["Ampel", "Bank im Park", "Bordstein", "Brunnen", "Fahne", "Geländer", "Hydrant", "Kirchturmuhr"]
_FAULTS = ["ist völlig verrostet", "wackelt bei Wind", "fehlt seit Mai", "klemmt", "liegt im Graben", "leuchtet blau"]
EXAMPLES = [
    Example(f"{subject} {fault}", "any", "urgent" if fault == "klemmt" else "normal", subject)
    for subject in _SUBJECTS
    for fault in _FAULTS
]


def test_the_gate_is_the_same_whatever_the_order() -> None:
    assert choose_gate(EXAMPLES) == choose_gate(EXAMPLES[::-1])


def test_about_a_fifth_is_chosen_and_every_urgency_is_in_it() -> None:
    chosen = choose_gate(EXAMPLES, share=0.2)
    measured = split(EXAMPLES, chosen)[1]
    assert 0.15 <= len(measured) / len(EXAMPLES) <= 0.25
    assert {one.urgency for one in measured} == {"urgent", "normal"}


def test_messages_once_chosen_stay_chosen_when_others_come() -> None:
    early = choose_gate(EXAMPLES[:30])
    assert early <= choose_gate(EXAMPLES, keep=early)


def test_near_duplicates_are_found_across_spelling() -> None:
    texts = ["Die Mülltonne wurde nicht geleert", "die muelltonne wurde nicht geleert!", "Laterne aus"]
    assert near_duplicates(texts) == [[0, 1], [2]]


def test_near_duplicates_stand_on_one_side() -> None:
    twins = [Example(one.text + suffix, "any", "normal", one.topic) for one in EXAMPLES for suffix in ("", "!", " .")]
    chosen = choose_gate(twins)
    sides = {one.text: fingerprint(one.text) in chosen for one in twins}
    assert all(sides[one.text] == sides[one.text + "!"] == sides[one.text + " ."] for one in EXAMPLES)


def test_a_near_copy_of_a_gate_message_is_not_trained_on() -> None:
    measured = Example("Die Laterne vor der Schule ist seit Tagen aus", "roads", "normal")
    copy = Example("die Laterne vor der Schule ist seit Tagen aus!!", "roads", "normal", source="verdict")
    other = Example("Tonne nicht geleert", "waste", "normal")
    assert split([measured, copy, other], {fingerprint(measured.text)}) == ([other], [measured])


def test_the_list_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_gate(tmp_path / "gate.txt", ["b" * 12, "a" * 12])
    assert read_gate(tmp_path / "gate.txt") == {"a" * 12, "b" * 12}
    assert read_gate(tmp_path / "none.txt") == frozenset()
