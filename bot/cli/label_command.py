"""The commands under `labels`: tables of labelled messages, for people to look at and correct."""

import asyncio
from pathlib import Path

import typer

labels = typer.Typer(help="Beschriftete Nachrichten ein- und ausführen (CSV).", no_args_is_help=True)


@labels.command("import")
def bring_in(context: typer.Context, file: Path) -> None:
    """Beschriftete Nachrichten aus einer CSV-Datei übernehmen (text, department, urgency, lang)."""
    from bot.cli import labels as tables

    raise typer.Exit(asyncio.run(tables.import_labels(context.obj, file)))


@labels.command("export")
def write_out(context: typer.Context, file: Path) -> None:
    """Alle beschrifteten Nachrichten, ohne persönliche Angaben, in eine CSV-Datei schreiben."""
    from bot.cli import labels as tables

    raise typer.Exit(asyncio.run(tables.export_labels(context.obj, file)))


@labels.command("suspects")
def suspects(context: typer.Context, file: Path) -> None:
    """Falsch wirkende Beschriftungen zum Ansehen und Berichtigen in eine CSV-Datei schreiben."""
    from bot.cli import labels as tables

    raise typer.Exit(asyncio.run(tables.label_suspects(context.obj, file)))
