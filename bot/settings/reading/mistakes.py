"""Mistakes in the town's files: collected one by one, reported all at once."""

from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz, process

from bot.core.errors import ConfigError

#: the place of what stands in no file; comes last in the report
ENVIRONMENT = "Umgebung"


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake; line and column count from 1, and 0 means that it has no place in a file."""

    place: str
    line: int
    column: int
    sentence: str

    def __str__(self) -> str:
        where = f"{self.place}:{self.line}:{self.column}" if self.line else self.place
        return f"{where}: {self.sentence}"


@dataclass(slots=True)
class Mistakes:
    """The list everyone adds to; the report goes by file, line and column."""

    found: list[Mistake] = field(default_factory=list)

    def add(self, place: Path | str, line: int, column: int, sentence: str) -> None:
        """Notes a mistake at a place in a file."""
        self.found.append(Mistake(str(place), line, column, sentence))

    def sentences(self) -> list[str]:
        """Every mistake once, as one line each."""
        ordered = sorted(set(self.found), key=lambda one: (one.place.startswith(ENVIRONMENT), one))
        return [str(mistake) for mistake in ordered]

    def raise_if_any(self) -> None:
        """Raises one ConfigError with every mistake on a line of its own."""
        if self.found:
            raise ConfigError("\n".join(self.sentences()))


def meant(word: str, known: list[str]) -> str:
    """`; meinten Sie „…“?` with the nearest known word, or the choice of words if there are few."""
    if near := process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=60):
        return f"; meinten Sie „{near[0]}“?"
    return f"; möglich sind: {', '.join(known)}" if 0 < len(known) <= 20 else ""
