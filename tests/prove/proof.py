"""The proof itself: life after life on one state, each killed at its point; then one undisturbed, and the audit."""

import asyncio
import random
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

import httpx

from bot.core.digest import due_date
from classifier.registry import Registry
from tests.fakes.bot_api import BotApi, serving
from tests.night import at, town
from tests.prove import models
from tests.prove.citizens import Citizens
from tests.prove.ledger import Books, Ledger, audit, work_left
from tests.prove.lives import Launcher, Life, by_command
from tests.prove.mailbox import Mailbox, mail_server
from tests.prove.points import Point, in_turn

TOKEN = "4710000:a-token-that-opens-nothing-at-all"
NIGHT = at("Wed 2026-11-25 22:14")
#: a later one begins when all digests of the one before are written; Telegram would not keep updates until Monday
MORNINGS = (at("Thu 2026-11-26 07:13"), at("Fri 2026-11-27 07:13"))
#: between two lives; longer than fragments wait for more
_STEP = timedelta(seconds=75)
#: seconds the house may take to open on a busy machine, and from then until a point counts as not reached
_OPENING, _PATIENCE = 40.0, 20.0
_QUIET_WITHIN = 120.0


class HouseGoneError(Exception):
    """The house has ended although nobody had killed it."""


class Clock:
    """The town's time: the real one, moved on between two lives."""

    def __init__(self, start: datetime) -> None:
        self.set(start)

    def set(self, moment: datetime) -> None:
        """It is now this moment."""
        self._shift = moment - datetime.now(UTC)

    def now(self) -> datetime:
        """The town's time."""
        return datetime.now(UTC) + self._shift


@dataclass
class Proof:
    """Everything outside the house: Telegram, citizens, mail, clock; and where the house keeps its state."""

    folder: Path
    launcher: Launcher
    api: BotApi
    citizens: Citizens
    mailbox: Mailbox
    clock: Clock
    port: int
    dice: random.Random
    tell: Callable[[str], None]
    by_fork_only: bool = False
    killed: int = 0  # verified
    morning: int = 0  # how many have begun
    trouble: list[str] = field(default_factory=list)
    model_ids: list[str] = field(default_factory=list)

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @property
    def books(self) -> Books:
        return Books(self.state / "nachtschalter.db")

    async def run(self, kills: int, points: list[Point]) -> None:
        """So many deaths, each of which has really happened."""
        turn, missed = cycle(points), dict[Point, int]()
        while self.killed < kills:
            if self.killed >= kills // 3 and not self.morning:
                self._begin_morning()
            point = next(turn)
            if point.morning and not self._has_digests_to_write():
                continue
            begun = time.monotonic()
            if await self._die_at(point):
                self.killed += 1
                self.tell(f"{self.killed:3}/{kills}  {point.name}  [{time.monotonic() - begun:.1f} s]")
            else:
                missed[point] = missed.get(point, 0) + 1
                self.tell(f"   not reached: {point.name}")
                if missed[point] == 3:
                    self.trouble.append(f"three times not reached: {point.name}")
                    return
            self.clock.set(self.clock.now() + _STEP)

    def _begin_morning(self) -> None:
        self.clock.set(MORNINGS[self.morning])
        self.morning += 1

    def _has_digests_to_write(self) -> bool:
        if self.morning and self.digests_written() >= self.digests_due() and self.morning < len(MORNINGS):
            self._begin_morning()
        return self.morning > 0 and self.digests_written() < self.digests_due()

    async def _die_at(self, point: Point) -> bool:
        if point.mode == "promote":
            return await self._die_promoting(point)
        note = self.folder / "deaths"
        note.unlink(missing_ok=True)
        for _ in range(2):  # the town does not sleep while the house is down
            self.citizens.act()
        began = len(self.api.calls)
        life = await self._begin(point, note)
        chatter = asyncio.create_task(self._chatter(point))
        try:
            return await (self._by_own_hand(point, life, note) if point.step else self._by_ours(point, life, began))
        finally:
            chatter.cancel()
            self.api.faults.clear()
            life.kill()
            await life.ended

    async def _begin(self, point: Point | None, note: Path) -> Life:
        argv, env = self._command(point)
        log = self.folder / "log"
        if point and point.step:
            trap = {"step": point.step, "moment": point.moment, "nth": point.nth, "note": str(note)}
            return await self.launcher.launch(argv, env, log, trap=trap, hurry=point.hurry)
        if self.by_fork_only:
            return await self.launcher.launch(argv, env, log, hurry=True)
        return await by_command(argv, env, log)

    def _command(self, point: Point | None) -> tuple[list[str], dict[str, str]]:
        argv = ["--state", str(self.state), "serve", "--port", str(self.port), "--clock", self.clock.now().isoformat()]
        env = {
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API": self.api.url,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.mailbox.port),
            "SMTP_SECURITY": "none",
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.folder),
        }
        if point and point.mode == "webhook":
            env["PUBLIC_URL"] = f"http://127.0.0.1:{self.port}"
        return argv, env

    async def _chatter(self, point: Point) -> None:
        for number in range(60):
            self.citizens.act(point.needs)
            await asyncio.sleep(0.03 if number < 8 else 0.4)

    # --- inside

    async def _by_own_hand(self, point: Point, life: Life, note: Path) -> bool:
        with suppress(TimeoutError):
            code = await asyncio.wait_for(asyncio.shield(life.ended), _OPENING + _PATIENCE)
            return code == -signal.SIGKILL and point.step in _read(note)
        return False

    async def _die_promoting(self, point: Point) -> bool:
        registry, note = Registry(self.state / "models"), self.folder / "deaths"
        if not self.model_ids:
            self.model_ids = await asyncio.to_thread(models.make, registry.folder)
        before, wanted = registry.current_id(), next(i for i in self.model_ids if i != registry.current_id())
        trap = {"step": point.step, "moment": point.moment, "nth": 1, "note": str(note)}
        _, env = self._command(None)
        argv = ["--state", str(self.state), "promote", wanted]
        life = await self.launcher.launch(argv, env, self.folder / "log", trap=trap)
        killed = await life.ended == -signal.SIGKILL
        if registry.current_id() != (before if point.moment == "before" else wanted):
            self.trouble.append(f"{point.name}: the pointer shows {registry.current_id()}")
        if registry.current_id():
            registry.load()
        # Without a model a life begins three seconds sooner; the last one gets it back.
        (registry.folder / "current").unlink(missing_ok=True)
        return killed

    # --- outside

    async def _by_ours(self, point: Point, life: Life, began: int) -> bool:
        try:
            async with asyncio.timeout(_OPENING):
                await self._until_open(point, life, began)
            async with asyncio.timeout(_PATIENCE):
                true_then = await self._moment(point)
        except TimeoutError:
            return False
        life.kill()
        return await life.ended == -signal.SIGKILL and true_then

    async def _until_open(self, point: Point, life: Life, began: int) -> None:
        wanted = "setWebhook" if point.mode == "webhook" else "getUpdates"
        while not any(name == wanted for name, _ in self.api.calls[began:]):
            if life.ended.done():
                raise HouseGoneError(f"the house has ended by itself; see {self.folder / 'log'}")
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(trust_env=False) as client:
            while True:
                with suppress(httpx.HTTPError):
                    await client.get(f"http://127.0.0.1:{self.port}/datenschutz")
                    return
                await asyncio.sleep(0.02)

    async def _moment(self, point: Point) -> bool:
        """Returns at the moment to kill: whether what makes it one is true right then."""
        match point.moment:
            case "getUpdates answered, not confirmed":
                return await self._fetched()
            case "webhook post in flight":
                while True:
                    self.citizens.concern()
                    await asyncio.sleep(self.dice.uniform(0, 0.03))
                    if self.api.updates.waiting():
                        return True
            case "web post in flight":
                while True:
                    self.citizens.by_web()
                    await asyncio.sleep(self.dice.uniform(0, 0.03))
                    if self.citizens.posts:
                        return True
            case "sendMessage answered, not marked":
                sent = len(self.api.sent)
                while len(self.api.sent) == sent:  # noqa: ASYNC110 - another process
                    await asyncio.sleep(0.001)
                return True
            case "any moment":
                await asyncio.sleep(self.dice.uniform(0, 1))
                return True
        method = {"sendMessage taken, not answered": "sendMessage", "getFile taken, not answered": "getFile"}
        self.api.trouble("silence", method=method.get(point.moment, "file"))
        fault = self.api.faults[-1]
        while fault.times:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.002)
        return True

    async def _fetched(self) -> bool:
        fetch, fetched = self.api.updates.fetch, asyncio.Event()

        def watched(offset: int, limit: int) -> list[object]:
            found = fetch(offset, limit)
            if found:
                fetched.set()
            return list(found)

        self.api.updates.fetch = watched  # type: ignore[method-assign,assignment] # the parent looks over its shoulder
        try:
            while True:
                await fetched.wait()
                await asyncio.sleep(self.dice.uniform(0, 0.005))
                if self.api.updates.waiting():
                    return True
                fetched.clear()
        finally:
            self.api.updates.fetch = fetch  # type: ignore[method-assign]

    # --- the end

    async def rest(self) -> None:
        """One life undisturbed, until nothing is left to do; then it is asked to stop."""
        if not self.morning:
            self._begin_morning()
        self.clock.set(self.clock.now() + timedelta(minutes=20))
        if self.model_ids:
            Registry(self.state / "models").promote(self.model_ids[-1], now=self.clock.now())
        life = await self._begin(None, self.folder / "deaths")
        try:
            async with asyncio.timeout(_QUIET_WITHIN):
                while not self._is_quiet():
                    if life.ended.done():
                        raise HouseGoneError(f"the house has ended by itself; see {self.folder / 'log'}")
                    await asyncio.sleep(0.3)
        except TimeoutError:
            self.trouble.append(f"it did not become quiet: {work_left(self.books)} rows still wait")
        if await life.end() not in (0, -signal.SIGTERM):
            self.trouble.append("the last life did not end well")

    def _is_quiet(self) -> bool:
        if self.citizens.posts or self.api.updates.waiting() or not (self.state / "nachtschalter.db").exists():
            return False
        return self.digests_written() >= self.digests_due() and work_left(self.books) == 0

    def digests_written(self) -> int:
        """How many there are; one a department and day."""
        return self.books.number("SELECT count(*) FROM digests")

    def digests_due(self) -> int:
        """How many there should be by now: of each morning that has begun, as far as its departments are due."""
        settings = town()
        before, departments = settings.digest.before_opening, [one.id for one in settings.departments]
        moments = [*(start + timedelta(hours=4) for start in MORNINGS[: self.morning - 1]), self.clock.now()]
        return sum(due_date(settings.hours[one], now, before) is not None for now in moments for one in departments)


def _read(note: Path) -> str:
    return note.read_text(encoding="utf-8") if note.exists() else ""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def _setting(folder: Path, seed: int, tell: Callable[[str], None], *, by_fork_only: bool) -> AsyncIterator[Proof]:
    clock, port, dice = Clock(NIGHT), free_port(), random.Random(seed)
    api = BotApi(token=TOKEN, speed=20, seed=seed, now=clock.now)
    launcher = await Launcher.start()
    async with serving(api), mail_server() as mailbox:
        citizens = Citizens(api, f"http://127.0.0.1:{port}", dice)
        try:
            yield Proof(folder, launcher, api, citizens, mailbox, clock, port, dice, tell, by_fork_only)
        finally:
            for post in list(citizens.posts):
                post.cancel()
            await launcher.close()


async def prove(
    folder: Path,
    *,
    kills: int,
    seed: int,
    tell: Callable[[str], None],
    points: list[Point] | None = None,
    by_fork_only: bool = False,
) -> Ledger:
    """Kills so many times and audits. `by_fork_only`: quicker, for a small proof among other tests."""
    async with _setting(folder, seed, tell, by_fork_only=by_fork_only) as proof:
        try:
            await proof.run(kills, points or in_turn())
            await proof.rest()
        except HouseGoneError as error:
            return Ledger(killed=proof.killed, wrong=[*proof.trouble, str(error)])
        found = audit(proof.books, proof.citizens, proof.mailbox.mails, proof.digests_due())
        found.killed = proof.killed
        found.wrong += proof.trouble
        return found
