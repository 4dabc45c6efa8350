"""The line formats other programs rely on: schemas, and golden files made with the few-words classifier.

After a wanted change of sentences: GOLDEN=write pytest tests/cli/test_contracts.py, and read the difference.
"""

import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.cli.deciding import write_decisions
from bot.replay import read_lines, replay
from bot.settings.load import load
from bot.settings.town import Settings
from bot.steps.house import House
from bot.store.database import connect
from tests.fakes.classifier import KeywordClassifier

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load(ROOT / "config" / "borken", {})


def schema(name: str) -> Draft202012Validator:
    told = json.loads((ROOT / "docs" / "schema" / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(told)
    return Draft202012Validator(told)


def compare(name: str, lines: list[dict[str, Any]]) -> None:
    path = GOLDEN / name
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def decided(settings: Settings) -> tuple[int, list[dict[str, Any]]]:
    house = House(settings, connect("sqlite+aiosqlite://"), KeywordClassifier())
    out = io.StringIO()
    with (GOLDEN / "triage.in.jsonl").open("rb") as lines:
        code = write_decisions(house, lines, out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_every_line_in_gives_one_line_out_as_the_schema_says(settings: Settings) -> None:
    code, lines = decided(settings)
    assert code == 1, "three lines cannot be read"
    assert len(lines) == len((GOLDEN / "triage.in.jsonl").read_text(encoding="utf-8").splitlines())
    for line in lines:
        schema("triage").validate(line)
    assert [line["line"] for line in lines if "error" in line] == [8, 9, 10]


def test_decisions_are_as_the_golden_file_says(settings: Settings) -> None:
    _, lines = decided(settings)
    compare("triage.out.jsonl", [{k: v for k, v in line.items() if k != "ms"} for line in lines])


def test_rankings_name_every_department_and_sum_to_one(settings: Settings) -> None:
    known = {department.id for department in settings.departments}
    for line in decided(settings)[1]:
        if "error" in line:
            continue
        shares = [share for _, share in line["ranking"]]
        assert {department for department, _ in line["ranking"]} == known
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) == pytest.approx(1)
        assert sum(line["urgency_probability"].values()) == pytest.approx(1)
        assert line["department"] == line["ranking"][0][0]
        assert line["sure"] == (line["decided_by"] != "front_office")


async def test_conversations_come_out_as_the_golden_file_says(settings: Settings) -> None:
    lines = []
    for _, script in read_lines((GOLDEN / "replay.in.jsonl").read_text(encoding="utf-8")):
        told = await replay(script, settings, KeywordClassifier())
        schema("replay").validate(told)
        lines.append(json.loads(re.sub(r"BOR-[2-9A-Z]{4}-[2-9A-Z]", "BOR-XXXX-X", json.dumps(told))))
    compare("replay.out.jsonl", lines)
