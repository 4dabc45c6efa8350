"""Labels: labelled messages brought in and out as tables, and those whose label looks like a mistake."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import typer

from bot.cli.place import Place
from bot.cli.storage import opened
from bot.cli.trouble import in_plain_words
from bot.core.case import Urgency
from bot.core.learning import owned_today
from bot.core.scrub import scrub
from bot.core.verdict import Verdict, topic_of
from bot.settings.town import topic_owner
from bot.steps.suspects import Suspicion
from bot.store import examples
from bot.store.examples import StoredExample
from classifier.example import Example
from classifier.text import normalise

_NEXT = """\
Verdacht auf falsche Beschriftung: {count} von {all} Nachrichten, geschrieben nach {file}, die auffälligsten zuerst.
Sehen Sie jede an: Ein Verdacht beweist nichts. Ist das Amt falsch, berichtigen Sie die Spalte department
(likelier_department ist ein Vorschlag) und lesen Sie die Tabelle ein mit: nachtschalter labels import {file}
Danach lernt: nachtschalter train"""


async def import_labels(place: Place, file: Path) -> int:
    """Takes over labelled messages, scrubbed; all or none."""
    from classifier.corpus import read_csv

    with in_plain_words():
        settings = place.settings
        departments = [department.id for department in settings.departments]
        rows = read_csv(file, departments, examples.IMPORT, successors=settings.triage.successors)
        found = [_cleaned(place, one) for one in rows]
        async with opened(place) as database, database.begin() as tx:
            new, changed = await examples.bring_in(tx, found, datetime.now(UTC))
        same = len(found) - new - changed
        typer.echo(f"{len(found)} Nachrichten gelesen: {new} neu, {changed} geändert, {same} schon bekannt.")
    return 0


async def export_labels(place: Place, file: Path) -> int:
    """Writes verdicts and imported messages into one table."""
    with in_plain_words():
        found = [_today(place, one.example) for one in await _stored(place)]
        await asyncio.to_thread(_write_privately, file, found)
        typer.echo(f"{len(found)} Nachrichten in {file} geschrieben, ohne Namen, Nummern und Adressen.")
    return 0


async def label_suspects(place: Place, file: Path) -> int:
    """Writes what looks wrongly labelled into a table that can be corrected and brought back."""
    with in_plain_words():
        stored = await _stored(place)
        if not stored:
            typer.echo("Es gibt noch keine Prüfvermerke und keine eingelesenen Nachrichten.")
            return 0
        found = await asyncio.to_thread(_suspected, place, stored)
        if not found:
            typer.echo(
                f"Unter {len(stored)} Nachrichten wirkt keine falsch beschriftet; {file} wurde nicht geschrieben."
            )
            return 0
        notes = {
            "likelier_department": [one.likelier for one in found],
            "probability": [f"{one.probability:.2f}" for one in found],
        }
        await asyncio.to_thread(_write_privately, file, [one.example for one in found], notes)
        typer.echo(_NEXT.format(count=len(found), all=len(stored), file=file))
    return 0


async def _stored(place: Place) -> list[StoredExample]:
    async with opened(place) as database, database.read() as tx:
        return await examples.everything(tx)


def _suspected(place: Place, stored: Sequence[StoredExample]) -> list[Suspicion]:
    from bot.cli.bars import bars
    from bot.steps.suspects import suspicions
    from classifier.vectors import load_encoder

    with bars() as tell:
        tell("Satzvektoren laden", 0, 1)
        encoder = load_encoder()
        tell("Satzvektoren laden", 1, 1)
        return suspicions(place.settings, stored, encoder=encoder, cache_dir=place.state / "cache", tell=tell)


def _write_privately(file: Path, found: Sequence[Example], notes: Mapping[str, Sequence[str]] | None = None) -> None:
    from classifier.corpus import write_csv

    file.touch(mode=0o600)
    write_csv(file, found, notes)


def _today(place: Place, one: Example) -> Example:
    """Under the department that acts today; of a dissolved one as it is, so that somebody decides."""
    settings = place.settings
    departments = [department.id for department in settings.departments]
    return owned_today(one, topic_owner(settings), departments, settings.triage.successors) or one


def _cleaned(place: Place, one: Example) -> Example:
    verdict = Verdict(one.department, Urgency(one.urgency))
    topic = topic_of(verdict, one.topic, topic_owner(place.settings))
    return replace(one, text=normalise(scrub(one.text)), topic=topic)
