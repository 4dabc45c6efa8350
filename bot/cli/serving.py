"""Serving: the house opened for citizens and staff, with a word to the newcomer who started it."""

import socket
from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.panel import Panel

from bot.app import Options
from bot.app import serve as serve_house
from bot.cli.logs import configure_logs
from bot.cli.place import Place
from bot.cli.trouble import sentence
from bot.core.errors import NachtschalterError
from bot.core.local_time import instant
from bot.house_clock import running_from
from bot.steps.house import House
from bot.steps.staff import first_admin


async def serve(place: Place, *, clock: str | None, host: str, port: int, pilot: bool | None) -> int:
    """Serves until a signal; 2 when the town's files or the machine do not allow it."""
    configure_logs("info")
    settings = place.settings
    try:
        start = instant(clock, settings.city.timezone) if clock else None
    except ValueError as error:
        typer.echo(str(error), err=True)
        return 2
    if not _is_free(host, port):
        typer.echo(f"Anschluss {port} ist schon belegt; wählen Sie mit --port einen anderen.", err=True)
        return 2

    async def ready(house: House) -> None:
        password = await first_admin(house.database, datetime.now(UTC))
        base = settings.secrets.public_url or f"http://{host if host != '127.0.0.1' else 'localhost'}:{port}"
        _welcome(base, password, telegram=bool(settings.secrets.telegram_token))

    try:
        await serve_house(settings, Options(place.state, host, port, pilot), running_from(start), ready)
    except (NachtschalterError, OSError) as error:
        typer.echo(sentence(error), err=True)
        return 2
    return 0


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _welcome(base: str, password: str | None, *, telegram: bool) -> None:
    lines = [
        f"[b]Web-Chat[/b]      {base}/",
        f"[b]Arbeitsplatz[/b]  {base}/desk",
        "[b]Telegram[/b]      an" if telegram else "[b]Telegram[/b]      aus (TELEGRAM_TOKEN setzen)",
        "",
    ]
    if password:
        lines += [
            "[b]Erste Anmeldung[/b]  Name [b]admin[/b], Kennwort "
            f"[b]{password}[/b]  (nur jetzt zu sehen; am Arbeitsplatz zu ändern)",
            "",
        ]
    lines += [
        "Zum Ausprobieren im Web-Chat:",
        "  „Die Laterne vor Hausnummer 12 ist seit Montag aus“",
        "  „Im Treppenhaus riecht es nach Gas“",
        "  „hallo“, dann „unser Sohn wird 3, wir brauchen einen Kitaplatz“",
        "Dann am Arbeitsplatz ansehen, berichtigen, antworten. Beenden mit Strg+C.",
    ]
    Console(highlight=False).print(Panel("\n".join(lines), title="Nachtschalter", expand=False))
