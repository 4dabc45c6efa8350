"""Learning: a candidate is trained and compared, and what came of it is told in German."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import typer

from bot.cli import rerouting, scorecard
from bot.cli.bars import bars
from bot.cli.models import registry_of
from bot.cli.place import Place
from bot.cli.storage import opened
from bot.cli.trouble import in_plain_words
from bot.steps.learn import Lesson
from bot.steps.reroute import recent_cases
from bot.store import examples
from bot.store.examples import StoredExample
from bot.store.recent import RecentCase


async def train(place: Place, *, promote: bool, first: bool) -> int:
    """Trains, compares and says what came of it; with `first` only where there is no model."""
    with in_plain_words():
        if first and registry_of(place).current_id():
            return 0
        async with opened(place) as database:
            recent = await recent_cases(database, datetime.now(UTC))
            async with database.read() as tx:
                stored = await examples.everything(tx)
        lesson = await asyncio.to_thread(_learn, place, stored, recent, promote=promote)
        typer.echo(_told(place, lesson))
    return 0 if lesson.promoted or not promote else 1


def _learn(place: Place, stored: Sequence[StoredExample], recent: Sequence[RecentCase], *, promote: bool) -> Lesson:
    from bot.steps import learn
    from classifier.vectors import load_encoder

    with bars() as tell:
        tell("Satzvektoren laden", 0, 1)
        encoder = load_encoder()
        tell("Satzvektoren laden", 1, 1)
        return learn.train(
            place.settings,
            registry_of(place),
            stored,
            now=datetime.now(UTC),
            encoder=encoder,
            recent=recent,
            cache_dir=place.state / "cache",
            promote=promote,
            tell=tell,
        )


def _told(place: Place, lesson: Lesson) -> str:
    parts = ["\n".join(_about(lesson)), scorecard.comparison_table(lesson.card, lesson.incumbent_card)]
    if lesson.rerouting:
        parts.append(rerouting.in_german(lesson.rerouting, place.settings))
    return "\n\n".join([*parts, "\n".join(_verdict(place, lesson))])


def _about(lesson: Lesson) -> Iterator[str]:
    """What it learnt from, and whatever was not as it should be."""
    yield (
        f"Modell {lesson.manifest.model_id}: gelernt aus {lesson.trained} Nachrichten "
        f"(davon {lesson.verdicts} aus Prüfvermerken und Tabellen), gemessen an {lesson.measured}, "
        "die kein Modell gesehen hat."
    )
    found = lesson.material
    if found.own_gate:
        yield "Es gab keine feste Liste zum Messen (gate.txt); sie wurde für diesen Lauf ausgewählt."
    if found.dissolved:
        yield (
            f"Nicht gelernt: {found.dissolved} Nachrichten von Ämtern, die es nicht mehr gibt. Hat eines einen "
            "Nachfolger, nennen Sie es dort in departments.yaml unter formerly."
        )
    if found.ownerless:
        yield (
            f"Nicht gelernt: Startnachrichten der Themen {', '.join(found.ownerless)}, die in departments.yaml "
            "keinem Amt gehören."
        )
    if lesson.suspects:
        yield (
            f"Verdacht auf falsche Beschriftung: {lesson.suspects} Nachrichten aus Prüfvermerken und Tabellen; "
            "ansehen und berichtigen: nachtschalter labels suspects DATEI"
        )


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
