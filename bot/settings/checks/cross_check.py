"""What no file can know alone: whether the town's files fit together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.settings.reading.files import Checked, Files
from bot.settings.reading.mistakes import Mistakes, meant
from bot.settings.reading.schema import CityFile, DepartmentsFile, SomeLevelsFile
from bot.settings.reading.yaml_file import Document, Loc


@dataclass(frozen=True, slots=True)
class _Departments:
    """The departments of today, and which of them has taken over from one of yesterday."""

    ids: list[str]
    successors: Mapping[str, str]


def cross_check(files: Files, mistakes: Mistakes) -> None:
    """Notes every mistake between the files; what could not be read is not blamed twice."""
    if files.departments is None:
        return
    _departments(files.departments, mistakes)
    known = _Departments(
        [department.id for department in files.departments.content.departments],
        _formerly(files.departments, mistakes),
    )
    if files.city:
        _city(files.city, known, mistakes)
    if files.hours:
        _own(files.hours.document, files.hours.content.departments, known, mistakes)
    if files.service_levels:
        _own(files.service_levels.document, files.service_levels.content.departments, known, mistakes)
    for document in files.safety.documents() if files.safety else ():
        _rule_departments(document, document.data, (), known, mistakes)


def _departments(checked: Checked[DepartmentsFile], mistakes: Mistakes) -> None:
    document = checked.document
    ids: dict[str, int] = {}
    owners: dict[str, str] = {}
    for at, department in enumerate(checked.content.departments):
        if ids.setdefault(department.id, at) != at:
            sentence = f"das Amt „{department.id}“ gibt es schon; jedes braucht ein eigenes Kürzel"
            document.complain(mistakes, ("departments", at, "id"), sentence)
        for index, topic in enumerate(department.topics):
            if topic in owners:
                sentence = f"das Thema „{topic}“ gehört schon zu „{owners[topic]}“; löschen Sie es hier oder dort"
                document.complain(mistakes, ("departments", at, "topics", index), sentence)
            owners.setdefault(topic, department.id)


def _formerly(checked: Checked[DepartmentsFile], mistakes: Mistakes) -> Mapping[str, str]:
    """Successors by the former department; notes one that still exists, or that has two."""
    ids = {department.id for department in checked.content.departments}
    successors: dict[str, str] = {}
    for at, department in enumerate(checked.content.departments):
        for index, former in enumerate(department.formerly):
            place = ("departments", at, "formerly", index)
            if former in ids:
                sentence = f"das Amt „{former}“ gibt es noch; formerly nennt nur Kürzel, die es nicht mehr gibt"
                checked.document.complain(mistakes, place, sentence)
            elif former in successors:
                sentence = f"„{former}“ steht schon bei „{successors[former]}“; löschen Sie es hier oder dort"
                checked.document.complain(mistakes, place, sentence)
            successors.setdefault(former, department.id)
    return successors


def _city(checked: Checked[CityFile], known: _Departments, mistakes: Mistakes) -> None:
    city, document = checked.content, checked.document
    for role in ("front_office", "other_offices"):
        _known(document, (role,), getattr(city, role), known, mistakes)
    _own_keys(document, ("digest", "recipients"), city.digest.recipients, known, mistakes)
    if city.retention_days.deletion_log < city.retention_days.backups:
        sentence = "kürzer als backups; eine alte Sicherung brächte sonst Gelöschtes zurück"
        document.complain(mistakes, ("retention_days", "deletion_log"), sentence)
    for index, language in enumerate(city.languages):
        if language in city.languages[:index]:
            document.complain(mistakes, ("languages", index), f"„{language}“ steht schon in der Liste")


def _own(
    document: Document, departments: Mapping[str, str | SomeLevelsFile], known: _Departments, mistakes: Mistakes
) -> None:
    _own_keys(document, ("departments",), departments, known, mistakes)


def _own_keys(document: Document, loc: Loc, keys: Iterable[str], known: _Departments, mistakes: Mistakes) -> None:
    for key in keys:
        _known(document, (*loc, key), key, known, mistakes, key=True)


def _known(
    document: Document, loc: Loc, word: str, known: _Departments, mistakes: Mistakes, *, key: bool = False
) -> None:
    if word in known.ids:
        return
    sentence = f"das Amt „{word}“ gibt es in departments.yaml nicht{meant(word, known.ids)}"
    if successor := known.successors.get(word):
        sentence = f"das Amt „{word}“ heißt jetzt „{successor}“; schreiben Sie es auch hier so"
    document.complain(mistakes, loc, sentence, key=key)


def _rule_departments(document: Document, data: Any, loc: Loc, known: _Departments, mistakes: Mistakes) -> None:
    """Wherever a file of the safety rules says `department: x`, x must be a department."""
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for step, child in children:
        if step == "department" and isinstance(child, str):
            _known(document, (*loc, step), child, known, mistakes)
        _rule_departments(document, child, (*loc, step), known, mistakes)
