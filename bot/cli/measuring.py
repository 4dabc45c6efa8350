"""Measuring: the scorecard on labelled messages, and the card of a model."""

import json
from datetime import UTC, datetime
from pathlib import Path

import typer

from bot.cli.bars import bars
from bot.cli.models import registry_of
from bot.cli.place import Place
from bot.cli.trouble import in_plain_words


def evaluate(place: Place, file: Path, *, as_json: bool, html: Path | None) -> int:
    """Measures rules and the serving model on a file."""
    from bot.reports.scorecard import as_page, as_text
    from bot.steps.house import house_of
    from bot.steps.learn import decided
    from classifier.evaluation import score
    from classifier.mistakes import mistakes
    from classifier.rows import read_rows
    from classifier.vectors import load_encoder

    with in_plain_words():
        rows, settings = read_rows(file), place.settings
        model = registry_of(place).load(encoder=load_encoder())
        with bars() as tell:
            decisions = decided(house_of(settings, model), rows, lambda done, total: tell("Messen", done, total))
        card, worst = score(rows, decisions), mistakes(rows, decisions)
        if html:
            now = datetime.now(UTC)
            page = as_page(card, worst, settings, model_id=model.model_id, source=file.name, now=now)
            _write_privately(html, page)
        told = {**card.to_dict(), "mistakes": worst.to_dict()}
        typer.echo(json.dumps(told, ensure_ascii=False) if as_json else as_text(card, worst, settings), nl=as_json)
    return 0


def card(place: Place, model_id: str | None, *, md: Path | None, html: Path | None) -> int:
    """Shows what the serving model, or the one named, is for and how well it does; or writes it into files."""
    from bot.reports.model_card import as_page, model_card

    with in_plain_words():
        manifest = registry_of(place).manifest(model_id)
        told = model_card(manifest, place.settings)
        if md:
            md.write_text(told, encoding="utf-8")
        if html:
            html.write_text(as_page(told, manifest.model_id), encoding="utf-8")
        if not md and not html:
            typer.echo(told, nl=False)
    return 0


def _write_privately(file: Path, text: str) -> None:
    """What citizens wrote stands in it."""
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")
