"""The launcher: imports the house once, then starts it by fork, life after life, each a process of its own.

Orders come as JSON lines on standard input: {"argv", "env", "log", "trap", "hurry"}; back come {"pid"} and {"ended"}.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from bot.__main__ import main
from tests.prove.trap import Trap, hurry


def run() -> None:
    """Until standard input ends."""
    print(json.dumps({"ready": len(sys.modules)}), flush=True)  # noqa: T201 -- the proof reads it
    for line in iter(sys.stdin.readline, ""):
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _live(order)
        print(json.dumps({"pid": pid}), flush=True)  # noqa: T201
        _, status = os.waitpid(pid, 0)
        print(json.dumps({"ended": os.waitstatus_to_exitcode(status)}), flush=True)  # noqa: T201


def _live(order: dict[str, Any]) -> None:
    """One life; never returns."""
    _redirect(order["log"])
    os.environ.clear()
    os.environ.update(order["env"])
    if order["hurry"]:
        hurry()
    if order["trap"]:
        Trap(**(order["trap"] | {"note": Path(order["trap"]["note"])})).set()
    sys.argv = order["argv"]
    code: Any = 1
    try:
        main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.stderr.flush()
        sys.stdout.flush()
        os._exit(code if isinstance(code, int) else 1)


def _redirect(log: str) -> None:
    target = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(target, 1)
    os.dup2(target, 2)


if __name__ == "__main__":
    run()
