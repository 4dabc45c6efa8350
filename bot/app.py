"""The house put together: channels, desk, line and clock around one database, in one event loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import structlog

from bot import desk
from bot.channels import webchat
from bot.channels.mail import Mail
from bot.clock import Timetable
from bot.core.conversation.cue import Cue
from bot.house_clock import Now
from bot.line import Line
from bot.ports import Channel
from bot.settings.town import Settings
from bot.steps.digest import write_digests
from bot.steps.house import House
from bot.steps.language import language_of
from bot.steps.model import ModelInUse, ShadowInUse
from bot.steps.purge import purge
from bot.store import outbox
from bot.store.database import Database, connect, url_of
from bot.store.migrations.upgrade import upgrade
from bot.web.app import web_app
from bot.web.server import listen
from classifier.registry import Registry
from classifier.vectors import load_encoder

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Options:
    """How this start differs from others."""

    state: Path  # var/<town>/
    host: str = "127.0.0.1"
    port: int = 8000
    pilot: bool | None = None  # None: as city.yaml says


async def open_database(settings: Settings, state: Path) -> Database:
    """The town's database, sound and brought up to date. Raises StoreUnavailable."""
    await asyncio.to_thread(state.mkdir, parents=True, exist_ok=True)
    database = connect(settings.secrets.database_url or url_of(state / "nachtschalter.db"))
    try:
        await database.check()
        await upgrade(database)
    except BaseException:
        await database.close()
        raise
    return database


def build_house(settings: Settings, database: Database, options: Options, channels: dict[str, Channel]) -> House:
    """The house; channels may still be added to the mapping before it works."""
    registry, encoder = Registry(options.state / "models"), cache(load_encoder)  # 60 MB: once for both models
    pilot = settings.city.pilot if options.pilot is None else options.pilot
    model, shadow = ModelInUse(registry, encoder=encoder), ShadowInUse(registry, encoder=encoder)
    return House(settings, database, model, channels, pilot, shadow)


async def serve(settings: Settings, options: Options, now: Now, ready: Callable[[House], Awaitable[None]]) -> None:
    """Serves one town until it is told to stop. `ready` is called once everything listens."""
    async with AsyncExitStack() as stack:
        database = await open_database(settings, options.state)
        stack.push_async_callback(database.close)
        async with database.begin() as tx:
            await outbox.release_claims(tx)

        channels: dict[str, Channel] = {}
        house = build_house(settings, database, options, channels)
        chat, staff = webchat.build(house, now=now), desk.build(house, now=now)
        channels[chat.name] = chat
        line = Line(house, now, {"mail": Mail(settings.secrets, settings.digest.sender)})
        web = web_app(settings, routers=(chat.router, staff.router), wake=line.wake)
        if settings.secrets.telegram_token:
            from bot.channels.telegram.opening import telegram_open  # 1.3 s: only where there is a token

            channels["telegram"] = await stack.enter_async_context(telegram_open(house, web, line.wake, now))

        stack.push_async_callback(line.stop)
        await stack.enter_async_context(_beside(_begin_work(house, line)))
        timetable = Timetable(_jobs(house, line, now))
        timetable.start()
        stack.callback(timetable.stop)
        await listen(web, options.host, options.port, ready=lambda: ready(house), farewell=chat.close)


async def _begin_work(house: House, line: Line) -> None:
    """Whatever comes is taken in at once; it is judged when rules, languages and model are loaded.

    The first message would otherwise load them inside its transaction, and nothing could be taken in meanwhile.
    """
    try:
        await asyncio.to_thread(_warm_up, house)
    except Exception as error:  # loaded or not, the citizens have to be answered
        log.exception("warm_up_failed", error=type(error).__name__)
    line.start()


def _warm_up(house: House) -> None:
    house.safety.match(house.words.say(house.settings.city.languages[0], "machine"))
    house.cues.found(Cue.GREETING, "")
    language_of("Guten Abend, das ist der Nachtschalter.", None, "de")
    house.refresh_model()


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Inside, the work goes on beside; at the end it is let go."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _jobs(house: House, line: Line, now: Now) -> Mapping[str, tuple[float, Callable[[], Awaitable[object]]]]:
    async def take_up_model() -> None:
        # In a thread: the first time costs a second of reading, and citizens are being answered meanwhile.
        await asyncio.to_thread(house.refresh_model)

    async def take_up_shadow() -> None:
        await asyncio.to_thread(house.refresh_shadow)

    async def digest() -> None:
        if await write_digests(house, now()):
            line.wake()

    async def sweep() -> None:
        await purge(house, now())

    return {"model": (5, take_up_model), "shadow": (5, take_up_shadow), "digest": (20, digest), "purge": (600, sweep)}
