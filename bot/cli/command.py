"""The commands themselves: what they are called, what they take, and which exit code they leave."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.label_command import labels
from bot.cli.place import Place

app = typer.Typer(
    name="nachtschalter",
    help="Der Nachtschalter: Anliegen annehmen, einordnen, versprechen, vorlegen, lernen.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
staff = typer.Typer(help="Zugänge zum Arbeitsplatz.", no_args_is_help=True)
app.add_typer(labels, name="labels")
app.add_typer(staff, name="staff")

Config = Annotated[Path, typer.Option("--config", help="Ordner der Stadt.", envvar="NACHTSCHALTER_CONFIG")]
State = Annotated[Path | None, typer.Option("--state", help="Ordner für Datenbank und Modelle; sonst var/<stadt>.")]
At = Annotated[str | None, typer.Option("--at", help="Zeitpunkt, ISO 8601; ohne Abstand gilt die Ortszeit.")]
AnyModel = Annotated[str | None, typer.Argument(help="Nummer aus „models“.")]
AsJson = Annotated[bool, typer.Option("--json", help="Maschinenlesbar ausgeben.")]


@app.callback()
def _common(context: typer.Context, config: Config = Path("config/borken"), state: State = None) -> None:
    from bot.cli.logs import configure_logs

    configure_logs()
    context.obj = Place(config, state or Path("var") / config.resolve().name)


@app.command()
def serve(
    context: typer.Context,
    clock: Annotated[str | None, typer.Option(help="Das Haus in diesem Augenblick beginnen lassen.")] = None,
    host: Annotated[str, typer.Option(help="Adresse, auf der gehört wird.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Anschluss, auf dem gehört wird.")] = 8000,
    pilot: Annotated[bool | None, typer.Option("--pilot/--no-pilot", help="Antworten nennen den Probebetrieb.")] = None,
) -> None:
    """Web-Chat, Arbeitsplatz und (mit TELEGRAM_TOKEN) Telegram bedienen."""
    from bot.cli import serving

    _leave(asyncio.run(serving.serve(context.obj, clock=clock, host=host, port=port, pilot=pilot)))


@app.command()
def triage(
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(help="Eine Nachricht.")] = None,
    at: At = None,
    as_json: AsJson = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Zeilen von der Standardeingabe.")] = False,
) -> None:
    """Zeigen, wie eine Nachricht eingeordnet und beantwortet würde. Nichts wird gespeichert."""
    from bot.cli import deciding

    if jsonl:
        _leave(deciding.triage_lines(context.obj, sys.stdin.buffer, sys.stdout))
    if text is None:
        typer.echo("Was soll eingeordnet werden? nachtschalter triage „TEXT“ oder --jsonl", err=True)
        _leave(2)
    _leave(deciding.triage_one(context.obj, text or "", at, as_json=as_json))


@app.command()
def replay(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Gespräche, eines je Zeile (JSON).")],
    as_json: AsJson = False,
) -> None:
    """Gespräche durch das ganze Haus laufen lassen, mit gestellter Uhr und ohne Netz."""
    from bot.cli import deciding

    _leave(asyncio.run(deciding.replay_file(context.obj, file, as_json=as_json)))


@app.command()
def train(
    context: typer.Context,
    promote: Annotated[bool, typer.Option("--promote/--no-promote", help="Bei Bestehen sofort einsetzen.")] = True,
    first: Annotated[bool, typer.Option("--first", help="Nur wenn es noch kein Modell gibt.")] = False,
) -> None:
    """Ein Modell aus Startnachrichten und Prüfvermerken lernen und mit dem jetzigen vergleichen."""
    if first and _has_model(context.obj):
        return
    from bot.cli import learning

    _leave(asyncio.run(learning.train(context.obj, promote=promote, first=first)))


@app.command()
def evaluate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Nachrichten mit Antworten, eine je Zeile (JSON).")],
    as_json: AsJson = False,
    html: Annotated[Path | None, typer.Option(help="Auch als Seite in diese Datei.")] = None,
) -> None:
    """Regeln und Modell zusammen an beschrifteten Nachrichten messen."""
    from bot.cli import measuring

    _leave(measuring.evaluate(context.obj, file, as_json=as_json, html=html))


@app.command()
def card(
    context: typer.Context,
    model_id: Annotated[str | None, typer.Argument(help="Nummer aus „models“; ohne sie das eingesetzte.")] = None,
    md: Annotated[Path | None, typer.Option(help="In diese Markdown-Datei.")] = None,
    html: Annotated[Path | None, typer.Option(help="Als Seite in diese Datei.")] = None,
) -> None:
    """Die Modellkarte zeigen: wofür ein Modell da ist, woraus es lernte, wie gut es ist, was es nicht kann."""
    from bot.cli import measuring

    _leave(measuring.card(context.obj, model_id, md=md, html=html))


@app.command()
def blind(context: typer.Context, as_json: AsJson = False) -> None:
    """Wie oft der Vorschlag stimmt, nach der Blindprobe und daneben nach den Prüfvermerken."""
    from bot.cli import blind

    _leave(asyncio.run(blind.show(context.obj, as_json=as_json)))


@app.command()
def models(context: typer.Context) -> None:
    """Alle Modelle, das eingesetzte mit einem Stern."""
    from bot.cli import models as listing

    _leave(listing.models(context.obj))


@app.command()
def compare(context: typer.Context, model_id: AnyModel = None) -> None:
    """Zeigen, welche Anliegen der letzten 30 Tage dieses Modell (sonst das neueste) anders einordnen würde."""
    from bot.cli import models as listing

    _leave(asyncio.run(listing.compare(context.obj, model_id)))


@app.command()
def shadow(
    context: typer.Context,
    model_id: AnyModel = None,
    stop: Annotated[bool, typer.Option("--stop", help="Den Lauf beenden.")] = False,
) -> None:
    """Ein Modell neben dem eingesetzten mitlaufen lassen; ohne Nummer zeigen, wie es sich schlägt."""
    from bot.cli import shadow as run

    if model_id and not stop:
        _leave(run.begin(context.obj, model_id))
    _leave(asyncio.run(run.stop(context.obj) if stop else run.report(context.obj)))


@app.command()
def promote(context: typer.Context, model_id: Annotated[str, typer.Argument(help="Nummer aus „models“.")]) -> None:
    """Dieses Modell einsetzen; der laufende Dienst übernimmt es von selbst."""
    from bot.cli import models as listing

    _leave(listing.promote(context.obj, model_id))


@app.command()
def rollback(context: typer.Context) -> None:
    """Das vorige Modell wieder einsetzen."""
    from bot.cli import models as listing

    _leave(listing.rollback(context.obj))


@app.command()
def check(context: typer.Context) -> None:
    """Konfiguration, Datenbank und Modell prüfen."""
    from bot.cli import keeping

    _leave(asyncio.run(keeping.check(context.obj)))


@app.command()
def backup(context: typer.Context, file: Path) -> None:
    """Datenbank und Modelle in eine Datei sichern, auch im laufenden Betrieb."""
    from bot.cli import keeping

    _leave(asyncio.run(keeping.backup(context.obj, file)))


@app.command()
def restore(context: typer.Context, file: Path) -> None:
    """Aus einer Sicherung herstellen; was seither gelöscht wurde, bleibt gelöscht."""
    from bot.cli import keeping

    _leave(asyncio.run(keeping.restore(context.obj, file)))


@app.command()
def purge(context: typer.Context, dry_run: Annotated[bool, typer.Option("--dry-run")] = False) -> None:
    """Löschen, was über seine Frist ist; Zählungen bleiben."""
    from bot.cli import keeping

    _leave(asyncio.run(keeping.purge(context.obj, dry_run=dry_run)))


@app.command()
def digest(context: typer.Context, dry_run: Annotated[bool, typer.Option("--dry-run")] = False) -> None:
    """Die Morgenlisten schreiben, soweit sie fällig sind; mit --dry-run nur zeigen."""
    from bot.cli import keeping

    _leave(asyncio.run(keeping.digest(context.obj, dry_run=dry_run)))


@staff.command("add")
def staff_add(
    context: typer.Context,
    name: str,
    role: Annotated[str, typer.Option(help="clerk oder admin")] = "clerk",
) -> None:
    """Einen Zugang anlegen; das Kennwort wird einmal gezeigt."""
    from bot.cli import keeping

    _leave(asyncio.run(keeping.add_staff(context.obj, name, role)))


def _has_model(place: Place) -> bool:
    """Asked at every start, so nothing is loaded for it: a present and intact model is enough."""
    from classifier.errors import ClassifierError
    from classifier.manifest import check_files
    from classifier.registry import Registry

    registry = Registry(place.state / "models")
    try:
        manifest = registry.current()
        check_files(manifest, registry.folder / manifest.model_id)
    except ClassifierError:
        return False
    return True


def _leave(code: int) -> None:
    raise typer.Exit(code)
