"""The town's files: which there are, read with positions and checked one by one."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from bot.settings.reading import schema, schema_german
from bot.settings.reading.mistakes import Mistakes
from bot.settings.reading.safety_files import SafetyFiles, safety_files
from bot.settings.reading.yaml_file import Document, read

Model = TypeVar("Model", bound=schema.Strict)


@dataclass(frozen=True, slots=True)
class Checked(Generic[Model]):
    """A file and its content in its own shape."""

    document: Document
    content: Model


@dataclass(frozen=True, slots=True)
class Files:
    """All files of a town; None where a file could not be read or has mistakes, which are noted."""

    city: Checked[schema.CityFile] | None
    departments: Checked[schema.DepartmentsFile] | None
    hours: Checked[schema.HoursFile] | None
    service_levels: Checked[schema.ServiceLevelsFile] | None
    safety: SafetyFiles | None
    safety_texts: dict[str, Document]  # by language
    replies: dict[str, Document]
    cues: dict[str, Document]


def read_files(folder: Path, mistakes: Mistakes) -> Files:
    """Reads the whole folder; every mistake inside one file is noted."""
    return Files(
        city=_checked(folder / "city.yaml", schema.CityFile, mistakes),
        departments=_checked(folder / "departments.yaml", schema.DepartmentsFile, mistakes),
        hours=_checked(folder / "hours.yaml", schema.HoursFile, mistakes),
        service_levels=_checked(folder / "service_levels.yaml", schema.ServiceLevelsFile, mistakes),
        safety=safety_files(
            read(folder / "safety.yaml", mistakes), _by_language(folder, "safety_rules", mistakes), mistakes
        ),
        safety_texts=_by_language(folder, "safety_texts", mistakes),
        replies=_by_language(folder, "replies", mistakes),
        cues=_by_language(folder, "cues", mistakes),
    )


def revision(folder: Path) -> str:
    """Twelve hexadecimal digits over the bytes of every YAML file of the folder."""
    digest = sha256()
    for path in sorted(folder.glob("*.yaml")):
        digest.update(path.name.encode() + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _checked(path: Path, model: type[Model], mistakes: Mistakes) -> Checked[Model] | None:
    document = read(path, mistakes)
    if document is None:
        return None
    try:
        return Checked(document, model.model_validate(document.data))
    except ValidationError as error:
        schema_german.complain(document, error, model, mistakes)
        return None


def _by_language(folder: Path, name: str, mistakes: Mistakes) -> dict[str, Document]:
    documents = {
        path.name.removeprefix(f"{name}.").removesuffix(".yaml"): read(path, mistakes)
        for path in sorted(folder.glob(f"{name}.*.yaml"))
    }
    return {language: document for language, document in documents.items() if document}
