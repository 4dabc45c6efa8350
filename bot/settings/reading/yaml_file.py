"""YAML with positions: every key and value knows where it stands, and `no` or `16:00` stay text."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import Reader

from bot.settings.reading.mistakes import Mistakes
from bot.settings.reading.yaml_german import place_and_sentence

#: the way to a value: keys of mappings and indices of lists
Loc = tuple[str | int, ...]

_TAB = re.compile(r"^ *(\t)", re.MULTILINE)


class Position(NamedTuple):
    """A place in a file, counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """A file's plain data (dict, list, str, int, float, bool, None) and where each piece of it stands."""

    path: Path
    data: Any
    values: Mapping[Loc, Position]
    keys: Mapping[Loc, Position]
    blocks: Collection[Loc] = ()  # texts written with | or >: they begin one line further down

    def value_at(self, loc: Loc) -> Position:
        """Where the value stands, or the nearest thing around it that stands anywhere."""
        while loc and loc not in self.values:
            loc = loc[:-1]
        return self.values.get(loc, Position(1, 1))

    def key_at(self, loc: Loc) -> Position:
        """Where the key of this value stands."""
        return self.keys.get(loc) or self.value_at(loc)

    def complain(self, mistakes: Mistakes, loc: Loc, sentence: str, *, key: bool = False, inner_line: int = 1) -> None:
        """Notes a mistake at the value, at its key, or in one line of a text; the way to it stands in front."""
        line, column = self.key_at(loc) if key else self.value_at(loc)
        if loc in self.blocks:
            line, column = line + inner_line, 1
        way = ".".join(map(str, loc))
        mistakes.add(self.path, line, column, f"{way}: {sentence}" if way else sentence)


def read(path: Path, mistakes: Mistakes) -> Document | None:
    """The file with positions; None if it cannot be read, and then the mistake is noted."""
    text = _text(path, mistakes)
    if text is None:
        return None
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mistakes.add(path, *place_and_sentence(error))
        return None
    if root is None:
        mistakes.add(path, 1, 1, "die Datei ist leer")
        return None
    builder = _Builder(path, mistakes)
    return Document(path, builder.build(root, ()), builder.values, builder.keys, builder.blocks)


def _text(path: Path, mistakes: Mistakes) -> str | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        mistakes.add(path, 0, 0, "die Datei fehlt; legen Sie sie an")
        return None
    except OSError:
        mistakes.add(path, 0, 0, "die Datei lässt sich nicht öffnen; prüfen Sie ihre Zugriffsrechte")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8", "replace")
        mistakes.add(path, *_position(before, len(before)), "kein UTF-8; speichern Sie die Datei als UTF-8")
        return None
    return text if _plain(path, text, mistakes) else None


def _plain(path: Path, text: str, mistakes: Mistakes) -> bool:
    """Whether the text is free of tabs in the indentation and of control characters."""
    tabs = [match.start(1) for match in _TAB.finditer(text)]
    for at in tabs:
        mistakes.add(path, *_position(text, at), "Tabulator; rücken Sie mit Leerzeichen ein")
    odd = Reader.NON_PRINTABLE.search(text)
    if odd:
        mistakes.add(path, *_position(text, odd.start()), "unsichtbares Steuerzeichen; löschen Sie es")
    return not tabs and not odd


def _position(text: str, at: int) -> Position:
    return Position(text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))


# libyaml is ten times as fast; where the wheel lacks it, the Python parser says the same.
_Parser: Any = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader


class _Loader(_Parser):  # type: ignore[misc]  # chosen at run time
    """Knows int, float, true, false and null; `16:00`, `no`, `on`, `2026-12-24` and `0221` stay text."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 (PyYAML's own name and shape)


for _kind, _pattern, _first in (
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]+", "-0123456789"),
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|", ["~", "n", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(rf"^(?:{_pattern})$"), list(_first))


@dataclass(slots=True)
class _Builder:
    """Turns nodes into plain data and notes where each piece stands."""

    path: Path
    mistakes: Mistakes
    values: dict[Loc, Position] = field(default_factory=dict)
    keys: dict[Loc, Position] = field(default_factory=dict)
    blocks: set[Loc] = field(default_factory=set)
    seen: set[int] = field(default_factory=set)

    def build(self, node: Node, loc: Loc) -> Any:
        """The node's data; an alias would make a file unreadable (or endless), so it is refused."""
        self.values[loc] = _start(node)
        if id(node) in self.seen:
            return self._refuse(node, "dieser Wert wird mit *name wiederholt; schreiben Sie ihn dort aus")
        self.seen.add(id(node))
        if isinstance(node, MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, SequenceNode):
            return [self.build(child, (*loc, index)) for index, child in enumerate(node.value)]
        assert isinstance(node, ScalarNode)  # there is no fourth kind
        if node.style in ("|", ">"):
            self.blocks.add(loc)
        return self._scalar(node)

    def _mapping(self, node: MappingNode, loc: Loc) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self._refuse(key, "ein Schlüssel ist ein einfaches Wort")
                continue
            place = (*loc, key.value)
            if key.value in data:
                first = self.keys[place].line
                self._refuse(key, f"„{key.value}“ steht schon in Zeile {first}; löschen Sie einen der beiden")
                continue
            self.keys[place] = _start(key)
            data[key.value] = self.build(value, place)
        return data

    def _scalar(self, node: ScalarNode) -> str | int | float | bool | None:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        text: str = node.value
        match kind:
            case "str":
                return text
            case "null":
                return None
            case "bool":
                return text == "true"
            case "int" if text.lstrip("-").isdigit():
                return int(text)
            case "float" if text.lstrip("-").replace(".", "", 1).isdigit():
                return float(text)
        self._refuse(node, f"„{node.tag}“ gibt es hier nicht; schreiben Sie nur den Wert")
        return text

    def _refuse(self, node: Node, sentence: str) -> None:
        self.mistakes.add(self.path, *_start(node), sentence)


def _start(node: Node) -> Position:
    return Position(node.start_mark.line + 1, node.start_mark.column + 1)
