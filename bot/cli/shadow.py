"""Shadow: a model runs beside the serving one, and what came of it is told in German; references, never words."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import typer

from bot.cli.models import registry_of
from bot.cli.place import Place
from bot.cli.storage import opened
from bot.cli.trouble import in_plain_words
from bot.core.shadow import ShadowReport, Side
from bot.reports.figures import department_names, words
from classifier.errors import ModelMissing
from classifier.registry import ShadowRun

#: so many references of one kind; more are rather looked for at the desk
_NAMED = 20
_NONE = "Kein Modell läuft im Schatten. Beginnen: nachtschalter shadow ID (aus nachtschalter models)"


def begin(place: Place, model_id: str) -> int:
    """Lets this model run beside the serving one; the running service takes it up by itself."""
    with in_plain_words():
        registry = registry_of(place)
        serving = registry.current_id()
        if serving is None:
            raise ModelMissing
        if model_id == serving:
            typer.echo(f"{model_id} ist eingesetzt; im Schatten läuft immer ein anderes.", err=True)
            return 1
        before = registry.shadow()
        registry.begin_shadow(model_id, now=datetime.now(UTC), by="shadow")
        instead = f" anstelle von {before.model_id}" if before and before.model_id != model_id else ""
        typer.echo(
            f"Im Schatten läuft jetzt {model_id}{instead}, neben {serving}. Niemand außer Ihnen merkt etwas davon.\n"
            "Der laufende Dienst übernimmt es in wenigen Sekunden. Stand: nachtschalter shadow, "
            "beenden: nachtschalter shadow --stop"
        )
    return 0


async def report(place: Place) -> int:
    """Says how the run stands."""
    with in_plain_words():
        run = registry_of(place).shadow()
        if run is None:
            typer.echo(_NONE)
            return 0
        typer.echo(await _told(place, run))
        typer.echo(f"\nEinsetzen: nachtschalter promote {run.model_id} · Beenden: nachtschalter shadow --stop")
    return 0


async def stop(place: Place) -> int:
    """Says how the run stood, and ends it."""
    with in_plain_words():
        registry = registry_of(place)
        run = registry.shadow()
        if run is None:
            typer.echo(_NONE)
            return 1
        typer.echo(await _told(place, run))
        registry.end_shadow(now=datetime.now(UTC), by="shadow")
        typer.echo(f"\nDer Lauf ist beendet; {run.model_id} bleibt unter den Modellen.")
    return 0


async def _told(place: Place, run: ShadowRun) -> str:
    from bot.steps.shadow import report_of

    serving = registry_of(place).current_id() or ""
    async with opened(place) as database:
        found = await report_of(database, run, serving, place.settings.triage)
    since = run.since.astimezone(place.settings.city.timezone)
    head = f"Im Schatten läuft {run.model_id} seit {since:%d.%m.%Y, %H:%M}, neben {serving or 'keinem Modell'}."
    names = department_names(place.settings)
    return "\n".join([head, *_counts(found), *_differences(found, names), *_rights(found)])


def _counts(found: ShadowReport) -> Iterator[str]:
    if found.cases:
        share = 100 * found.agreed / len(found.cases)
        yield (
            f"{found.texts} Nachrichten in {len(found.cases)} Anliegen; "
            f"{found.agreed} Anliegen beurteilen beide gleich ({share:.0f} %)."
        )
    elif not found.texts:
        yield "Noch keine Nachricht ist dazu beurteilt."
    if found.failed:
        yield f"{found.failed} Nachrichten konnte das Modell im Schatten nicht beurteilen; das Protokoll sagt, warum."
    if found.elsewhere:
        yield f"{found.elsewhere} weitere liefen neben einem anderen Modell und zählen hier nicht."


def _differences(found: ShadowReport, names: Mapping[str, str]) -> Iterator[str]:
    if found.lost:
        yield f"\nACHTUNG: Notfälle, die im Schatten keine wären ({len(found.lost)}): {_named(found.lost)}"
    if found.gained:
        yield f"\nNotfälle, die nur das Modell im Schatten sieht ({len(found.gained)}): {_named(found.gained)}"
    sides: tuple[tuple[Side, str, Mapping[str, str]], ...] = (
        ("department", "Anderes Amt", names),
        ("urgency", "Andere Dringlichkeit", words()["urgencies"]),
    )
    for side, title, german in sides:
        pairs = found.differences(side)
        if pairs:
            yield f"\n{title} (eingesetzt → Schatten):"
        for (one, two), references in pairs.items():
            yield f"{len(references):>5}  {german[one]} → {german[two]}: {_named(references)}"


def _rights(found: ShadowReport) -> Iterator[str]:
    if not found.right("department").judged:
        return
    yield f"\nWer lag richtig, in {found.right('department').judged} von Mitarbeitenden beurteilten Anliegen:"
    yield f"{'':<14} {'beide':>6} {'nur eingesetzt':>15} {'nur Schatten':>13} {'keines':>7}"
    sides: tuple[tuple[Side, str], ...] = (("department", "Amt"), ("urgency", "Dringlichkeit"))
    for side, title in sides:
        right = found.right(side)
        yield f"{title:<14} {right.both:>6} {right.serving:>15} {right.shadow:>13} {right.neither:>7}"


def _named(references: tuple[str, ...]) -> str:
    rest = len(references) - _NAMED
    return ", ".join(references[:_NAMED]) + (f" und {rest} weitere" if rest > 0 else "")
