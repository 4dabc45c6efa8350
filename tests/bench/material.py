"""What is measured with: the gate, unclear messages of our own, and real messages where they lie beside the house."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.settings.load import load
from bot.settings.town import Settings, topic_owner
from classifier.corpus import STARTER, read_starter
from classifier.example import UNCLEAR, Example
from classifier.gate import read_gate, split
from classifier.rows import Row, read_rows, rows_of
from classifier.vectors import SIZE, Encoder, Floats

ROOT = Path(__file__).parents[2]
#: Real messages are measured with and never shipped; another folder is named by REAL_MESSAGES.
REAL = Path(os.environ.get("REAL_MESSAGES", ROOT.parent / "shared" / "data"))
#: Errors of the first lines of gold_dev were looked at while writing starter messages; the others are only scored.
SEEN = 210


@dataclass(frozen=True)
class Material:
    """Messages to train on and sets to measure with, by name."""

    settings: Settings
    train: list[Example]
    sets: dict[str, list[Row]]

    @property
    def departments(self) -> list[str]:
        """All departments of the sample town."""
        return [department.id for department in self.settings.departments]


def material() -> Material:
    """Everything there is; the sets of real messages only where their files are."""
    settings = load(ROOT / "config" / "borken", {})
    train, gate = split(read_starter(STARTER, topic_owner(settings)), read_gate(STARTER / "gate.txt"))
    return Material(settings, train, {**real_messages(), "gate": rows_of(gate), "unclear": unclear_messages()})


def unclear_messages() -> list[Row]:
    """Messages nobody can place; none of them is trained on."""
    lines = (Path(__file__).parent / "unclear.txt").read_text(encoding="utf-8").splitlines()
    return [Row(line, (UNCLEAR,)) for line in lines if line and not line.startswith("#")]


def real_messages() -> dict[str, list[Row]]:
    """Real messages: both halves of gold_dev, all of it, and Konstanz; nothing without the folder."""
    if not (REAL / "gold_dev.jsonl").exists():
        return {}
    gold = read_rows(REAL / "gold_dev.jsonl")
    konstanz = [row for row in read_rows(REAL / "konstanz.jsonl") if row.departments]
    return {"gold, seen": gold[:SEEN], "gold, blind": gold[SEEN:], "gold": gold, "konstanz": konstanz}


class Remembering:
    """An encoder that encodes no text twice: all models of a benchmark read the same vectors."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Floats] = {}

    def encode(self, texts: Sequence[str]) -> Floats:
        """As the encoder would."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        for start in range(0, len(missing), 64):
            batch = missing[start : start + 64]
            self._known.update(zip(batch, self._encoder.encode(batch), strict=True))
        return np.stack([self._known[text] for text in texts]) if texts else np.zeros((0, SIZE), np.float32)
