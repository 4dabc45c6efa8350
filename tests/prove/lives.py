"""Lives of the house: started by its own command or by the launcher, and ended by SIGKILL."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass
class Life:
    """One process of the house."""

    pid: int
    ended: "asyncio.Future[int]"  # the exit code; -9 after SIGKILL

    def kill(self) -> None:
        """SIGKILL, unless it is dead already."""
        if not self.ended.done():
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def end(self) -> int:
        """Asks it to stop, and returns the exit code."""
        if not self.ended.done():
            os.kill(self.pid, signal.SIGTERM)
        return await asyncio.wait_for(asyncio.shield(self.ended), 20)


async def by_command(argv: Sequence[str], env: Mapping[str, str], log: Path) -> Life:
    """`nachtschalter …`, as an admin starts it, from this very tree."""
    with log.open("ab") as out:
        command = (sys.executable, "-m", "bot", *argv)
        process = await asyncio.create_subprocess_exec(*command, env=env, stdout=out, stderr=out, cwd=ROOT)
    return Life(process.pid, asyncio.ensure_future(process.wait()))


@dataclass
class Launcher:
    """Starts lives by fork: what takes three seconds to import is imported once."""

    process: Process
    tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    @classmethod
    async def start(cls) -> "Launcher":
        """The launcher itself, ready to take orders."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.prove.child", stdin=PIPE, stdout=PIPE, cwd=ROOT
        )
        made = cls(process)
        await made._told()
        return made

    async def launch(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        *,
        trap: Mapping[str, Any] | None = None,
        hurry: bool = False,
    ) -> Life:
        """One life; `trap` says where it dies by its own hand."""
        order = {"argv": ["nachtschalter", *argv], "env": dict(env), "log": str(log), "trap": trap, "hurry": hurry}
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        pid = (await self._told())["pid"]
        ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._await_end(ended))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return Life(pid, ended)

    async def _await_end(self, ended: "asyncio.Future[int]") -> None:
        ended.set_result((await self._told())["ended"])

    async def _told(self) -> dict[str, int]:
        assert self.process.stdout
        line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError("the launcher has died")
        found: dict[str, int] = json.loads(line)
        return found

    async def close(self) -> None:
        """No more orders."""
        assert self.process.stdin
        self.process.stdin.close()
        await self.process.wait()
