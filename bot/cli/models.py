"""Models: which there are, which one serves, what another one would do; promoted and rolled back."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from bot.cli import rerouting, scorecard
from bot.cli.place import Place
from bot.cli.storage import opened
from bot.cli.trouble import in_plain_words
from bot.core.rerouting import Rerouting
from bot.store.recent import RecentCase
from classifier.errors import ClassifierError, ModelMissing
from classifier.manifest import Manifest, read_manifest
from classifier.registry import Registry


def registry_of(place: Place) -> Registry:
    """The town's models."""
    return Registry(place.state / "models")


def models(place: Place) -> int:
    """Lists all models, the newest first."""
    with in_plain_words():
        registry = registry_of(place)
        known = [(folder.name, _manifest(folder)) for folder in sorted(registry.folder.glob("[!.]*/"), reverse=True)]
        if not known:
            typer.echo("Es gibt noch kein Modell. Das erste macht: nachtschalter train")
            return 0
        typer.echo(scorecard.model_table(known, registry.current_id(), place.settings.city.timezone))
        if run := registry.shadow():
            typer.echo(f"Im Schatten läuft {run.model_id}; den Stand zeigt: nachtschalter shadow")
    return 0


def _manifest(folder: Path) -> Manifest | None:
    """None for a model that this version cannot use: one bad model must not hide the others."""
    try:
        return read_manifest(folder)
    except ClassifierError:
        return None


async def compare(place: Place, model_id: str | None) -> int:
    """Says what this model (or the newest) would do with the recent messages; nothing changes."""
    from bot.steps.reroute import recent_cases

    with in_plain_words():
        registry = registry_of(place)
        serving, candidate = registry.current_id(), model_id or _newest(registry)
        if serving is None or candidate is None:
            raise ModelMissing
        if candidate == serving:
            typer.echo(f"{serving} ist schon eingesetzt; nennen Sie ein anderes Modell aus: nachtschalter models")
            return 1
        async with opened(place) as database:
            cases = await recent_cases(database, datetime.now(UTC))
        found = await asyncio.to_thread(_reroute, place, serving, candidate, cases)
        typer.echo(f"Modell {candidate} gegen das eingesetzte {serving}, Regeln und Modell zusammen:")
        typer.echo(rerouting.in_german(found, place.settings))
    return 0


def _newest(registry: Registry) -> str | None:
    return max((folder.name for folder in registry.folder.glob("[!.]*/") if _manifest(folder)), default=None)


def _reroute(place: Place, serving: str, candidate: str, cases: Sequence[RecentCase]) -> Rerouting:
    from bot.cli.bars import bars
    from bot.steps.house import house_of
    from bot.steps.reroute import reroute
    from classifier.vectors import load_encoder

    registry, encoder = registry_of(place), load_encoder()
    house = house_of(place.settings, registry.load(serving, encoder=encoder))
    other = house.judged_by(registry.load(candidate, encoder=encoder))
    with bars() as tell:
        return reroute(house, other, cases, lambda done, total: tell("Anliegen", done, total))


def promote(place: Place, model_id: str) -> int:
    """Lets this model serve; if it ran in the shadow, it does no longer."""
    with in_plain_words():
        registry = registry_of(place)
        before, run = registry.current_id(), registry.shadow()
        registry.promote(model_id, now=datetime.now(UTC), by="promote")
        told = f", vorher {before}" if before and before != model_id else ""
        typer.echo(f"Eingesetzt ist jetzt {model_id}{told}. Der laufende Dienst übernimmt es in wenigen Sekunden.")
        if run and run.model_id == model_id:
            typer.echo("Sein Lauf im Schatten ist damit zu Ende.")
    return 0


def rollback(place: Place) -> int:
    """Lets the model serve that served before."""
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
