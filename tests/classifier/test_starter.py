"""The starter messages that come with the house."""

from collections import Counter
from pathlib import Path

import pytest

from classifier.__main__ import GATE, main, topics_of
from classifier.corpus import STARTER, read_starter
from classifier.example import URGENCIES, Example
from classifier.gate import read_gate, split

DEPARTMENTS = Path(__file__).parents[2] / "config" / "borken" / "departments.yaml"


@pytest.fixture(scope="module")
def starter() -> list[Example]:
    return read_starter(STARTER, topics_of(DEPARTMENTS))


def test_every_topic_of_the_sample_city_has_messages(starter: list[Example]) -> None:
    counts = Counter(example.topic for example in starter)
    assert {topic: counts[topic] for topic in topics_of(DEPARTMENTS) if counts[topic] < 20} == {}


def test_every_department_is_told_apart_in_several_languages(starter: list[Example]) -> None:
    languages = {one.department: set[str]() for one in starter}
    for one in starter:
        languages[one.department].add(one.lang)
    assert {name: found for name, found in languages.items() if not found >= {"de", "en", "tr", "uk"}} == {}


def test_the_gate_measures_every_department_and_every_urgency(starter: list[Example]) -> None:
    _, measured = split(starter, read_gate(GATE))
    assert {one.department for one in measured} == {one.department for one in starter}
    assert {one.urgency for one in measured} == set(URGENCIES)


def test_every_fingerprint_of_the_gate_is_one_of_a_message(starter: list[Example]) -> None:
    _, measured = split(starter, read_gate(GATE))
    assert len(measured) == len(read_gate(GATE))


def test_no_message_of_the_gate_is_trained_on(starter: list[Example]) -> None:
    examples, measured = split(starter, read_gate(GATE))
    assert not {one.text for one in examples} & {one.text for one in measured}


def test_the_command_names_mistakes_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "noise.tsv").write_text("loud\tde\tLärm\n", encoding="utf-8")
    assert main(["check-starter", "--starter", str(tmp_path), "--departments", str(DEPARTMENTS)]) == 1
    assert "noise.tsv:1:1: unknown urgency" in capsys.readouterr().err


def test_train_and_evaluate_work_alone(
    tmp_path: Path, town: list[Example], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classifier.vectors.load_encoder", lambda: None)
    topics = {"lamp": "roads", "hole": "roads", "bin": "waste", "dump": "waste", "smell": "gas"}
    for topic in topics:
        lines = [f"{one.urgency}\tde\t{one.text}\n" for one in town if one.topic == topic]
        (tmp_path / f"{topic}.tsv").write_text("".join(lines), encoding="utf-8")
    owners = "".join(f"  - {{id: {department}, topics: [{topic}]}}\n" for topic, department in topics.items())
    (tmp_path / "departments.yaml").write_text(f"departments:\n{owners}", encoding="utf-8")
    shared = [
        *("--starter", str(tmp_path), "--departments", str(tmp_path / "departments.yaml")),
        *("--models", str(tmp_path / "models")),
    ]

    assert main(["evaluate", *shared]) == 1
    assert "No model serves yet" in capsys.readouterr().err
    assert [main([command, *shared]) for command in ("gate", "train", "evaluate")] == [0, 0, 0]
    assert "emergencies found 1.000" in capsys.readouterr().out
