"""Where a command works: which town's files, which state, what the environment says."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.core.errors import NachtschalterError
from bot.core.local_time import instant

if TYPE_CHECKING:
    from bot.settings.town import Settings


@dataclass
class Place:
    """One town, as the command line names it."""

    config: Path
    state: Path

    @cached_property
    def settings(self) -> "Settings":
        """The town's settings; a mistake ends the command with every mistake on a line."""
        from bot.settings.load import load  # 0.4 s of calendars: not for --help

        try:
            return load(self.config, os.environ)
        except NachtschalterError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from error

    def moment(self, text: str | None) -> datetime:
        """The named moment, or now."""
        if text is None:
            return datetime.now(UTC)
        try:
            return instant(text, self.settings.city.timezone)
        except ValueError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from error
