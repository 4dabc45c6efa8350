"""The model a new town starts with, trained once and kept as long as nothing it is made of changes."""

import hashlib
from pathlib import Path

from bot.settings.load import load
from bot.settings.town import topic_owner
from bot.steps.house import House
from bot.store.database import connect
from classifier.corpus import STARTER, read_starter
from classifier.example import Example
from classifier.gate import read_gate, split
from classifier.manifest import data_hash, libraries
from classifier.model import Model
from classifier.modelfile import NAME, read_model, write_model
from classifier.training import train
from classifier.vectors import load_encoder

ROOT = Path(__file__).parents[2]
_CACHE = ROOT / "var" / "tests"


def shipped_house() -> House:
    """Borken with that model, without state."""
    settings = load(ROOT / "config" / "borken", {})
    examples, _ = split(read_starter(STARTER, topic_owner(settings)), read_gate(STARTER / "gate.txt"))
    departments = [department.id for department in settings.departments]
    model = _model(examples, departments)
    return House(settings, connect("sqlite+aiosqlite://"), model, {}, pilot=False)


def _model(examples: list[Example], departments: list[str]) -> Model:
    """Training takes a minute: a model of the same messages, code and libraries is used again."""
    encoder, folder = load_encoder(), _CACHE / _key(examples)
    assert encoder, "the sentence encoder is missing"
    if not (folder / NAME).exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_model(train(examples, encoder=encoder, cache_dir=_CACHE, departments=departments), folder)
    return read_model(folder / NAME, encoder=encoder)


def _key(examples: list[Example]) -> str:
    code = [path.read_bytes() for path in sorted((ROOT / "classifier").glob("*.py"))]
    told = [data_hash(examples).encode(), repr(sorted(libraries().items())).encode(), *code]
    return hashlib.sha256(b"\n".join(told)).hexdigest()[:16]
