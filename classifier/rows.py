"""Rows: labelled messages to be measured with, and the files they stand in."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from classifier.errors import BadExampleFile
from classifier.example import UNCLEAR, Example


@dataclass(frozen=True)
class Row:
    """One message with every right answer, and departments that are a defensible second choice."""

    text: str
    departments: tuple[str, ...]
    urgencies: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    lang: str = "de"
    line: int | None = field(default=None, compare=False)  #: where it stands in its file

    @property
    def right(self) -> tuple[str, ...]:
        """The departments that are right; none where only asking back is, or where nothing is known."""
        return tuple(name for name in self.departments if name != UNCLEAR)

    @property
    def unclear(self) -> bool:
        """Asking back is the right answer."""
        return UNCLEAR in self.departments and not self.right


def rows_of(examples: Iterable[Example]) -> list[Row]:
    """Labelled messages as rows with one right answer each."""
    return [Row(one.text, (one.department,), (one.urgency,), lang=one.lang) for one in examples]


def read_rows(path: Path) -> list[Row]:
    """Rows of a JSON-lines file: text, department, also?, urgency?, lang?; each a string or a list of them.

    Raises BadExampleFile naming all mistakes at once, as file:line: what is wrong.
    """
    rows, mistakes = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            rows.append(_row(json.loads(line), number))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            mistakes.append(f"{path.name}:{number}:1: {error}; write an object with text and department")
    if mistakes:
        raise BadExampleFile("\n".join(mistakes))
    return rows


def _row(content: Mapping[str, Any], line: int) -> Row:
    if not isinstance(content["text"], str):
        raise TypeError("text is no string")
    content["text"].encode()  # half a sign, as JSON can write it, could be shown nowhere
    lang = content.get("lang") or "de"
    if not isinstance(lang, str):
        raise TypeError("lang is no string")
    return Row(
        text=content["text"],
        departments=_strings(content["department"]),
        urgencies=_strings(content.get("urgency", ())),
        also=_strings(content.get("also", ())),
        lang=lang,
        line=line,
    )


def _strings(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)
