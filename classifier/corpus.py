"""Files of labelled messages: the starter folder, and tables people export, correct and bring back."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeAlias

from classifier.errors import BadExampleFile
from classifier.example import UNCLEAR, URGENCIES, Example
from classifier.text import fingerprint, normalise

#: The messages that come with the house.
STARTER: Final = Path(__file__).parent / "starter"

#: The one topic no department owns: an address alone, „siehe Foto“, „kaputt“.
_UNCLEAR_TOPIC: Final = "unclear"

_COLUMNS: Final = ("text", "department", "urgency", "lang", "topic")
_REQUIRED: Final = ("text", "department", "urgency")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LANG = re.compile(r"[a-z]{2,3}")

#: Told of every mistake: line, column, what is wrong and what to write.
_Complain: TypeAlias = Callable[[int, int, str], None]


def ownerless(folder: Path, department_of: Mapping[str, str]) -> tuple[str, ...]:
    """Topics with starter messages that no department owns."""
    return tuple(topic for topic in _topics(folder) if topic not in department_of and topic != _UNCLEAR_TOPIC)


def read_starter(folder: Path, department_of: Mapping[str, str], *, without: Collection[str] = ()) -> list[Example]:
    """Every starter message with the department that owns its topic; UNCLEAR where nobody can.

    Topics in `without` are left out. Raises BadExampleFile naming all mistakes of all files at once, as
    file:line:column.
    """
    department_of = {_UNCLEAR_TOPIC: UNCLEAR, **department_of}
    mistakes: list[str] = []
    seen: dict[str, str] = {}
    examples: list[Example] = []
    for topic in _topics(folder):
        if topic not in without:
            examples += _read_topic(folder / f"{topic}.tsv", department_of, seen, mistakes)

    if mistakes:
        raise BadExampleFile("\n".join(mistakes))
    return examples


def _topics(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.tsv"))


def _read_topic(
    path: Path, department_of: Mapping[str, str], seen: dict[str, str], mistakes: list[str]
) -> list[Example]:
    topic, examples = path.stem, []

    def complain(line: int, column: int, what: str) -> None:
        mistakes.append(f"{path.name}:{line}:{column}: {what}")

    if topic not in department_of:
        complain(1, 1, f"no department owns the topic {topic!r}; name it in departments.yaml")
        return []
    for number, line in _lines(path, complain):
        example = _starter_message(line, number, topic, department_of[topic], complain)
        if example and (first := seen.setdefault(fingerprint(example.text), f"{path.name}:{number}")):
            if first != f"{path.name}:{number}":
                complain(number, 1, f"the same message stands in {first}; remove one of them")
            examples.append(example)
    return examples


def _lines(path: Path, complain: _Complain) -> list[tuple[int, str]]:
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        complain(error.object[: error.start].count(b"\n") + 1, 1, "not UTF-8; save the file as UTF-8")
        return []
    numbered = enumerate((line.rstrip("\r") for line in content.split("\n")), start=1)
    return [(number, line) for number, line in numbered if line.strip() and not line.startswith("#")]


def _starter_message(line: str, number: int, topic: str, department: str, complain: _Complain) -> Example | None:
    urgency, *rest = line.split("\t", 2)
    if len(rest) < 2:
        complain(number, len(line) + 1, "a tab is missing; write urgency<TAB>language<TAB>text")
        return None
    lang, text = rest
    columns = {"urgency": 1, "lang": len(urgency) + 2, "text": len(urgency) + len(lang) + 3}
    if not _sound(text, urgency, lang, number, columns, complain):
        return None
    return Example(normalise(text), department, urgency, topic, lang)


def _sound(text: str, urgency: str, lang: str, line: int, columns: Mapping[str, int], complain: _Complain) -> bool:
    wrong = {
        "urgency": urgency not in URGENCIES and f"unknown urgency {urgency!r}; write {' or '.join(URGENCIES)}",
        "lang": not _LANG.fullmatch(lang) and f"{lang!r} is no language code; write de, en, nl …",
        "text": not normalise(text) and "the text is empty; write the message or remove the line",
    }
    for column, what in wrong.items():
        if what:
            complain(line, columns[column], what)
    return not any(wrong.values())


def read_csv(
    path: Path, departments: Collection[str], source: str = "import", *, successors: Mapping[str, str] | None = None
) -> list[Example]:
    """Labelled messages of a table with a header; columns text, department, urgency, lang?, topic?; others are let be.

    A former department counts as its successor. Raises BadExampleFile naming all mistakes at once, as
    file:line:column (column counted in fields).
    """
    names = {one: one for one in departments} | dict(successors or {})
    mistakes: list[str] = []

    def complain(line: int, column: int, what: str) -> None:
        mistakes.append(f"{path.name}:{line}:{column}: {what}")

    examples = _read_table(path, names, source, complain)
    if mistakes:
        raise BadExampleFile("\n".join(mistakes))
    return examples


def _read_table(path: Path, names: Mapping[str, str], source: str, complain: _Complain) -> list[Example]:
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        complain(error.object[: error.start].count(b"\n") + 1, 1, "not UTF-8; save the table as CSV UTF-8")
        return []
    # Excel in Germany separates with semicolons.
    first = content.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows = csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter)
    header = [name.strip().lower() for name in rows.fieldnames or []]
    rows.fieldnames = header
    if missing := [name for name in _REQUIRED if name not in header]:
        complain(1, 1, f"no column {', '.join(missing)}; the header reads {','.join(_COLUMNS)}")
        return []
    columns = {name: header.index(name) + 1 if name in header else 1 for name in _COLUMNS}
    found = (_table_row(row, rows.line_num, columns, names, source, complain) for row in rows)
    return [example for example in found if example]


def _table_row(
    row: Mapping[str, str | None],
    line: int,
    columns: Mapping[str, int],
    names: Mapping[str, str],
    source: str,
    complain: _Complain,
) -> Example | None:
    text, department, urgency, lang, topic = ((row.get(name) or "").strip() for name in _COLUMNS)
    text = _unquoted(text)
    sound = _sound(text, urgency, lang or "de", line, columns, complain)
    if department not in names:
        known = ", ".join(sorted(set(names.values())))
        complain(line, columns["department"], f"unknown department {department!r}; write one of {known}")
        return None
    return Example(normalise(text), names[department], urgency, topic or None, lang or "de", source) if sound else None


def write_csv(path: Path, examples: Iterable[Example], notes: Mapping[str, Sequence[str]] | None = None) -> int:
    """Writes the table `read_csv` reads and returns how many messages it holds.

    `notes` are further columns for people, one entry a message.
    """
    notes = notes or {}
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow((*_COLUMNS, *notes))
        rows = [(_quoted(e.text), e.department, e.urgency, e.lang, e.topic or "") for e in examples]
        table.writerows((*row, *(column[at] for column in notes.values())) for at, row in enumerate(rows))
    return len(rows)


def _quoted(text: str) -> str:
    """A spreadsheet takes these first characters for a formula; an apostrophe makes them text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _unquoted(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text
