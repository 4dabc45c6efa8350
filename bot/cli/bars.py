"""Bars: how far something long has come, shown on a terminal and gone when it is done."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.steps.learn import Tell


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
