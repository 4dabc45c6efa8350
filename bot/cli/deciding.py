"""Deciding: what the house would say to one text, to many, or to whole conversations. Nothing is stored or sent."""

import asyncio
import json
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import typer

from bot.cli.place import Place
from bot.core.local_time import instant
from bot.replay import read_lines, rehearse
from bot.steps.first_message import Answer, answer_first
from bot.steps.house import House
from bot.steps.model import ModelInUse
from bot.store.database import Database, connect
from classifier.registry import Registry


def house_without_state(place: Place) -> House:
    """The house with its model and an empty database that nobody opens."""
    return house_with(place, connect("sqlite+aiosqlite://"))


def house_with(place: Place, database: Database) -> House:
    """The house on this database, without channels; its model is loaded when it is asked."""
    model = ModelInUse(Registry(place.state / "models"))
    return House(place.settings, database, model, {}, pilot=place.settings.city.pilot)


def triage_one(place: Place, text: str, at: str | None, *, as_json: bool) -> int:
    """Prints the decision on one text."""
    house, now = house_without_state(place), place.moment(at)
    answer = _timed(house, text, None, now)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return 0
    typer.echo(_in_words(house, answer))
    return 0


def triage_lines(place: Place, lines: Iterable[bytes], out: TextIO) -> int:
    """One JSON object a line in, one a line out, in order; 1 if a line could not be read."""
    house = house_without_state(place)
    answer_first(house, "Guten Abend, wie geht es Ihnen?", None, datetime.now(UTC))  # loads what the first one needs
    return write_decisions(house, lines, out)


def write_decisions(house: House, lines: Iterable[bytes], out: TextIO) -> int:
    """The same for a house that stands already."""
    failed = False
    for number, line in enumerate(lines, start=1):
        try:
            answer = _line(house, line)
        except (ValueError, UnicodeDecodeError) as error:
            failed, answer = True, {"error": str(error), "line": number}
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()
    return 1 if failed else 0


async def replay_file(place: Place, file: Path, *, as_json: bool) -> int:
    """Plays every conversation of the file."""
    house = house_without_state(place)
    lines = await asyncio.to_thread(file.read_text, encoding="utf-8")
    failed = False
    for number, script in read_lines(lines):
        try:
            if not isinstance(script, dict):
                raise ValueError("kein JSON-Objekt")
            told: dict[str, Any] = await rehearse(script, house)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            failed, told = True, {"error": f"{type(error).__name__}: {error}", "line": number}
        typer.echo(json.dumps(told, ensure_ascii=False) if as_json else _conversation_in_words(script, told))
    return 1 if failed else 0


def _line(house: House, line: bytes) -> dict[str, Any]:
    try:
        asked = json.loads(line.decode("utf-8-sig").strip() or "null")
    except ValueError as error:
        raise ValueError(f"kein JSON: {error}") from None
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise ValueError('erwartet wird ein Objekt mit „text“, etwa {"text": "Laterne aus"}')
    at, lang = asked.get("at"), asked.get("lang")
    if at is not None and not isinstance(at, str):
        raise ValueError("„at“ ist ein Text wie 2026-11-20T22:14")
    now = instant(at, house.settings.city.timezone) if at else datetime.now(UTC)
    return _timed(house, asked["text"], lang if isinstance(lang, str) else None, now)


def _timed(house: House, text: str, lang: str | None, now: datetime) -> dict[str, Any]:
    started = time.perf_counter()
    answer = answer_first(house, text, lang, now)
    ms = (time.perf_counter() - started) * 1000
    return {**_as_row(house, answer), "ms": round(ms, 2)}


def _as_row(house: House, answer: Answer) -> dict[str, Any]:
    decision, due_at = answer.decision, answer.due_at
    return {
        "department": decision.department,
        "sure": decision.sure,
        "ranking": [[department, probability] for department, probability in decision.ranking],
        "urgency": decision.urgency.value,
        "urgency_probability": {urgency.value: share for urgency, share in decision.urgencies},
        "decided_by": decision.decided_by.value,
        "reasons": list(answer.reasons),
        "due_at": due_at.astimezone(house.settings.city.timezone).isoformat() if due_at else None,
        "reply": answer.reply,
        "lang": answer.lang,
    }


def _in_words(house: House, answer: dict[str, Any]) -> str:
    sure = "sicher" if answer["sure"] else "unsicher: der Bürger wird gefragt"
    ranking = ", ".join(f"{house.department(d).name} {p:.0%}" for d, p in answer["ranking"][:3])
    lines = [
        f"Amt           {house.department(answer['department']).name} ({sure}, entschieden von {answer['decided_by']})",
        f"Rangfolge     {ranking}",
        f"Dringlichkeit {answer['urgency']}",
        f"Antwort bis   {answer['due_at'] or '–'}",
        f"Gründe        {'; '.join(answer['reasons'])}",
        "",
        answer["reply"],
    ]
    return "\n".join(lines)


def _conversation_in_words(script: Any, told: dict[str, Any]) -> str:
    if "error" in told:
        return f"Zeile {told['line']}: {told['error']}"
    lines = [f"── {told['id']}"]
    replies = told["replies"]
    for index, message in enumerate(script["messages"]):
        said = message.get("text") or message.get("caption") or message.get("sticker") or message.get("button")
        lines.append(f"{index:>3} > {said or '(ohne Worte)'}")
        lines += [f"      < [{r['kind']}] {r['text']}" for r in replies if r["after"] == index]
    for case in told["cases"]:
        lines.append(f"    = {case['department']} / {case['urgency']}: {case['messages']} bis {case['due_at']}")
    return "\n".join(lines)
