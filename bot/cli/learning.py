"""Learning: train and compare, promote and roll back, bring labelled messages in and out."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import typer

from bot.cli import scorecard
from bot.cli.place import Place
from bot.cli.storage import opened
from bot.cli.trouble import in_plain_words
from bot.core.case import Urgency
from bot.core.scrub import scrub
from bot.core.verdict import Verdict, topic_of
from bot.settings.town import topic_owner
from bot.steps.learn import Lesson, Tell
from bot.store import examples
from classifier.errors import ClassifierError
from classifier.example import Example
from classifier.manifest import Manifest, read_manifest
from classifier.registry import Registry
from classifier.text import normalise


def registry_of(place: Place) -> Registry:
    """The town's models."""
    return Registry(place.state / "models")


async def train(place: Place, *, promote: bool, first: bool) -> int:
    """Trains, compares and says what came of it; with `first` only where there is no model."""
    registry = registry_of(place)
    with in_plain_words():
        if first and registry.current_id():
            return 0
        async with opened(place) as database, database.read() as tx:
            stored = await examples.everything(tx)
        lesson = await asyncio.to_thread(_learn, place, registry, stored, promote=promote)
        typer.echo(_told(place, lesson))
    return 0 if lesson.promoted or not promote else 1


def _learn(place: Place, registry: Registry, stored: Sequence[examples.StoredExample], *, promote: bool) -> Lesson:
    from bot.steps import learn
    from classifier.vectors import load_encoder

    with bars() as tell:
        tell("Satzvektoren laden", 0, 1)
        encoder = load_encoder()
        tell("Satzvektoren laden", 1, 1)
        return learn.train(
            place.settings,
            registry,
            stored,
            now=datetime.now(UTC),
            encoder=encoder,
            cache_dir=place.state / "cache",
            promote=promote,
            tell=tell,
        )


@contextmanager
def bars() -> Iterator[Tell]:
    """One bar for each thing that is going on; nothing of them stays on the screen."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<20}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        known: dict[str, TaskID] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in known:
                known[what] = shown.add_task(what)
            shown.update(known[what], completed=done, total=total)

        yield tell


def _told(place: Place, lesson: Lesson) -> str:
    lines = [
        f"Modell {lesson.manifest.model_id}: gelernt aus {lesson.trained} Nachrichten "
        f"(davon {lesson.verdicts} aus Prüfvermerken und Tabellen), gemessen an {lesson.measured}, "
        "die kein Modell gesehen hat."
    ]
    if lesson.own_gate:
        lines.append("Es gab keine feste Liste zum Messen (gate.txt); sie wurde für diesen Lauf ausgewählt.")
    lines += ["", scorecard.comparison_table(lesson.card, lesson.incumbent_card), ""]
    return "\n".join([*lines, *_verdict(place, lesson)])


def _verdict(place: Place, lesson: Lesson) -> list[str]:
    against = lesson.comparison and not lesson.comparison.promote
    if against:
        assert lesson.comparison
        reasons = [f"  - {scorecard.reason_in_german(r, place.settings)}" for r in lesson.comparison.reasons]
        return [f"Das neue Modell wird nicht eingesetzt; {lesson.incumbent} bleibt. Es verliert:", *reasons]
    if not lesson.promoted:
        return [f"Noch nicht eingesetzt. Einsetzen: nachtschalter promote {lesson.manifest.model_id}"]
    if lesson.incumbent is None:
        return ["Eingesetzt: Es ist das erste Modell."]
    if lesson.incumbent_card is None:
        return [f"Eingesetzt: Das bisherige Modell {lesson.incumbent} lässt sich nicht lesen."]
    return ["Eingesetzt: Es verliert nirgends. Zurück geht es mit: nachtschalter rollback"]


def models(place: Place) -> int:
    """Lists all models, the newest first."""
    with in_plain_words():
        registry = registry_of(place)
        known = [(folder.name, _manifest(folder)) for folder in sorted(registry.folder.glob("[!.]*/"), reverse=True)]
        if not known:
            typer.echo("Es gibt noch kein Modell. Das erste macht: nachtschalter train")
            return 0
        typer.echo(scorecard.model_table(known, registry.current_id(), place.settings.city.timezone))
    return 0


def _manifest(folder: Path) -> Manifest | None:
    """None for a model that this version cannot use: one bad model must not hide the others."""
    try:
        return read_manifest(folder)
    except ClassifierError:
        return None


def promote(place: Place, model_id: str) -> int:
    """Lets this model serve."""
    with in_plain_words():
        registry = registry_of(place)
        before = registry.current_id()
        registry.promote(model_id, now=datetime.now(UTC), by="promote")
        told = f", vorher {before}" if before and before != model_id else ""
        typer.echo(f"Eingesetzt ist jetzt {model_id}{told}. Der laufende Dienst übernimmt es in wenigen Sekunden.")
    return 0


def rollback(place: Place) -> int:
    """Lets the model serve that served before."""
    from classifier.errors import ModelMissing

    with in_plain_words():
        registry = registry_of(place)
        before = registry.current_id()
        try:
            now_serving = registry.rollback(now=datetime.now(UTC), by="rollback")
        except ModelMissing:
            typer.echo("Vor dem jetzigen Modell war keines eingesetzt; es bleibt, wie es ist.", err=True)
            return 1
        typer.echo(
            f"Eingesetzt ist wieder {now_serving} statt {before}. Der laufende Dienst übernimmt es in wenigen Sekunden."
        )
    return 0


async def import_labels(place: Place, file: Path) -> int:
    """Takes over labelled messages, scrubbed; all or none."""
    from classifier.corpus import read_csv

    with in_plain_words():
        settings = place.settings
        departments = [department.id for department in settings.departments]
        found = [_cleaned(place, one) for one in read_csv(file, departments, examples.IMPORT)]
        async with opened(place) as database, database.begin() as tx:
            new, changed = await examples.bring_in(tx, found, datetime.now(UTC))
        same = len(found) - new - changed
        typer.echo(f"{len(found)} Nachrichten gelesen: {new} neu, {changed} geändert, {same} schon bekannt.")
    return 0


async def export_labels(place: Place, file: Path) -> int:
    """Writes verdicts and imported messages into one table."""
    with in_plain_words():
        async with opened(place) as database, database.read() as tx:
            found = [one.example for one in await examples.everything(tx)]
        await asyncio.to_thread(_write_privately, file, found)
        typer.echo(f"{len(found)} Nachrichten in {file} geschrieben, ohne Namen, Nummern und Adressen.")
    return 0


def _write_privately(file: Path, found: Sequence[Example]) -> None:
    from classifier.corpus import write_csv

    file.touch(mode=0o600)
    write_csv(file, found)


def _cleaned(place: Place, one: Example) -> Example:
    verdict = Verdict(one.department, Urgency(one.urgency))
    topic = topic_of(verdict, one.topic, topic_owner(place.settings))
    return replace(one, text=normalise(scrub(one.text)), topic=topic)
