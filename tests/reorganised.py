"""Borken reorganised: the sample town's files changed as a town would change them, and loaded."""

import re
import shutil
from pathlib import Path

from bot.settings.load import load
from bot.settings.town import Settings
from tests.night import BORKEN

#: what a department says of itself, but for its id and topics
_CONTACT = 'name: {name}\n    greeting: {name}\n    contact: {{phone: "0221 4710 100"}}\n'


class Reorganised:
    """A copy of Borken's files; each change returns it, `settings` reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "borken"
        shutil.copytree(BORKEN, self.folder)

    def rename(self, old: str, new: str, *, formerly: bool = True) -> "Reorganised":
        """Another id in every file, with or without a word about the old one."""
        added = f"id: {new}\n    formerly: [{old}]" if formerly else f"id: {new}"
        self._change("departments.yaml", rf"id: {old}$", added)
        for file in ("city.yaml", "hours.yaml", "service_levels.yaml"):
            self._change(file, rf"^( +){old}:", rf"\1{new}:")
        return self

    def dissolve(self, name: str, *, into: str | None = None, topics_too: bool = True) -> "Reorganised":
        """The department goes; another one (or nobody) takes over its work and, with `topics_too`, its topics."""
        block = re.search(rf"  - id: {name}\n(?:    .*\n)+", self._text("departments.yaml"))
        assert block
        self._change("departments.yaml", re.escape(block.group()), "")
        for file in ("city.yaml", "hours.yaml", "service_levels.yaml"):
            self._change(file, rf"^ +{name}: .*\n", "")
        if into:
            self._change("departments.yaml", rf"id: {into}$", f"id: {into}\n    formerly: [{name}]")
            topics = re.search(r"topics: \[(.*)\]", block.group())
            if topics and topics_too:
                pattern = rf"(id: {into}\n(?:    (?!topics).*\n)+    topics: \[)"
                self._change("departments.yaml", pattern, rf"\g<1>{topics.group(1)}, ")
        return self

    def found(self, name: str, *, topics: str = "") -> "Reorganised":
        """A new department, with topics taken from whoever had them."""
        for topic in filter(None, topics.split(", ")):
            self._change("departments.yaml", rf"\b{topic}, |, {topic}\b", "")
        added = f"  - id: {name}\n    {_CONTACT.format(name=name.title())}    topics: [{topics}]\n"
        self._change("departments.yaml", r"^departments:\n", f"departments:\n{added}")
        return self

    @property
    def settings(self) -> Settings:
        """The town as it is now."""
        return load(self.folder, {})

    def _text(self, file: str) -> str:
        return (self.folder / file).read_text(encoding="utf-8")

    def _change(self, file: str, pattern: str, new: str) -> None:
        (self.folder / file).write_text(re.sub(pattern, new, self._text(file), flags=re.MULTILINE), encoding="utf-8")
