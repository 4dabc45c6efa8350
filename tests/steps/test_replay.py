"""Replay: whole conversations, each with what a person says should become of it."""

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.replay import read_lines, rehearse, replay
from bot.settings.load import load
from bot.settings.town import Settings
from bot.steps.house import House
from bot.store.database import connect
from tests.conversations.listener import Listener

_FILE = Path(__file__).parent.parent / "conversations" / "golden.jsonl"


def _golden() -> list[dict[str, Any]]:
    return [script for _, script in read_lines(_FILE.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def borken() -> Settings:
    return load(Path("config/borken"), {})


@pytest.fixture(scope="module")
def house(borken: Settings) -> House:
    return House(borken, connect("sqlite+aiosqlite://"), Listener())


def told(script: dict[str, Any], out: dict[str, Any]) -> Iterator[str]:
    """What is not as the script says; nothing when all is well."""
    left = list(out["cases"])
    for wanted in script["cases"]:
        same = [case for case in left if case["messages"] == wanted["messages"]]
        if not same:
            yield f"{wanted['messages']}: no such case"
            continue
        case = next((c for c in same if c["department"] in wanted["department"]), same[0])
        left.remove(case)
        for key, value in {"receipts": 1, **wanted}.items():
            if key != "messages" and case[key] not in (value if isinstance(value, list) else [value]):
                yield f"{wanted['messages']}: {key} is {case[key]}, not {value}"
    yield from (f"{case['messages']}: a case too many" for case in left)
    if out["none"] != script["none"]:
        yield f"of no case are {out['none']}, not {script['none']}"
    kinds = [f"{reply['after']}:{reply['kind']}" for reply in out["replies"]]
    if kinds != script.get("kinds", kinds):
        yield f"said was {kinds}, not {script['kinds']}"


@pytest.mark.parametrize("script", _golden(), ids=lambda script: script["id"])
async def test_a_conversation_comes_out_as_a_person_would_sort_it(script: dict[str, Any], house: House) -> None:
    out = await rehearse(script, house)

    assert list(told(script, out)) == []
    assert json.loads(json.dumps(out)) == out


@pytest.mark.parametrize("script", _golden()[::7], ids=lambda script: script["id"])
async def test_no_case_gets_two_receipts_and_no_reply_comes_twice_in_a_row(
    script: dict[str, Any], house: House
) -> None:
    out = await rehearse(script, house)

    assert all(case["receipts"] <= 1 for case in out["cases"])
    texts = [reply["text"] for reply in out["replies"]]
    assert all(before != after for before, after in pairwise(texts))


async def test_a_broken_classifier_still_gets_the_citizen_an_answer(borken: Settings) -> None:
    class Broken:
        model_id = ""

        def predict(self, texts: object) -> list[Any]:
            raise RuntimeError("broken")

    script = {
        "id": "broken",
        "messages": [
            {"t": "2026-11-24T20:00:00+01:00", "text": "Die Laterne vor Musterweg 3 ist aus"},
            {"t": "2026-11-24T20:10:00+01:00", "text": "Jetzt riecht es hier nach Gas"},
        ],
    }

    out = await replay(script, borken, Broken())

    assert [(r["after"], r["kind"]) for r in out["replies"]] == [
        (0, "receipt"),
        (1, "safety"),
        (1, "update"),
    ]
    assert [(c["messages"], c["urgency"]) for c in out["cases"]] == [([0, 1], "emergency")]


async def test_a_script_without_messages_is_refused(borken: Settings) -> None:
    with pytest.raises((KeyError, ValueError, IndexError)):
        await replay({"id": "empty"}, borken, Listener())


async def test_a_moment_without_offset_is_refused(borken: Settings) -> None:
    with pytest.raises(ValueError, match="Zeitzonen-Abstand"):
        await replay({"messages": [{"t": "2026-11-24T20:00:00", "text": "Hallo"}]}, borken, Listener())


def test_lines_that_cannot_be_read_keep_their_number() -> None:
    assert list(read_lines('{"id": "a"}\n\nnonsense\n')) == [(1, {"id": "a"}), (3, None)]
