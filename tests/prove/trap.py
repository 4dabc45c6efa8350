"""The trap: makes the process that sets it die by SIGKILL at a named step. Only the crash proof's launcher sets one."""

import functools
import inspect
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import bot.app
from bot.store.database import Database

#: seconds between two rings of every job, where the proof cannot wait as long as the house does
_QUICK = 0.7


@dataclass
class Trap:
    """Dies at the `nth` call of `step` (`module:name` or `module:Class.name`)."""

    step: str
    moment: str  # before: nothing done yet · within: done, not committed · committed: nobody has been told yet
    nth: int
    note: Path  # gets a line before the end, for whoever doubts it
    armed: bool = False

    def set(self) -> None:
        """Wraps the step, and the transactions in which it may stand."""
        module, _, name = self.step.partition(":")
        owner: Any = import_module(module)
        *inner, last = name.split(".")
        for one in inner:
            owner = getattr(owner, one)
        step = getattr(owner, last)
        setattr(owner, last, self._watched_async(step) if inspect.iscoroutinefunction(step) else self._watched(step))
        self._watch_commits()

    def _watched_async(self, step: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(step)
        async def watched(*args: Any, **more: Any) -> Any:
            self._enter()
            result = await step(*args, **more)
            self._leave(result)
            return result

        return watched

    def _watched(self, step: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(step)
        def watched(*args: Any, **more: Any) -> Any:
            self._enter()
            result = step(*args, **more)
            self._leave(result)
            return result

        return watched

    def _enter(self) -> None:
        if self.moment == "before":
            self._count()

    def _leave(self, result: Any) -> None:
        nothing = result is False or result == []  # nothing written, nothing claimed: not yet
        if self.moment != "before" and not nothing:
            self._count()

    def _count(self) -> None:
        self.nth -= 1
        if self.nth == 0 and self.moment == "committed":
            self.armed = True
        elif self.nth == 0:
            self._die()

    def _watch_commits(self) -> None:
        begin = Database.begin

        @asynccontextmanager
        async def watched(database: Database) -> AsyncIterator[Any]:
            async with begin(database) as tx:
                yield tx
            if self.armed:
                self._die()

        Database.begin = watched  # type: ignore[assignment,method-assign] # a trap is no part of the house

    def _die(self) -> None:
        with self.note.open("a", encoding="utf-8") as file:
            file.write(f"{self.step} {self.moment}\n")
        os.kill(os.getpid(), signal.SIGKILL)


def quick_timetable() -> Any:
    """A timetable that rings all the time, in the place of the house's own."""
    timetable: Any = getattr(bot.app, "Timetable")  # noqa: B009 - the app imports it for itself, not for us
    return lambda jobs: timetable({name: (min(seconds, _QUICK), job) for name, (seconds, job) in jobs.items()})


def hurry() -> None:
    """From now on the timetable of this process rings all the time."""
    setattr(bot.app, "Timetable", quick_timetable())  # noqa: B010
