"""The fake Bot API as a process of its own: `python -m tests.fakes.bot_api --port 8081`."""

import argparse
import asyncio
import signal

from tests.fakes.bot_api import TOKEN, BotApi, serving


async def run(port: int, token: str, speed: float) -> None:
    """Serves until told to stop; the first line printed is the address."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with serving(BotApi(token=token, speed=speed), port) as api:
        print(api.url, flush=True)  # noqa: T201 -- whoever started it reads the address here
        await stop.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: the system chooses")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--speed", type=float, default=1.0, help="webhook pauses and long polls run faster")
    given = parser.parse_args()
    asyncio.run(run(given.port, given.token, given.speed))
