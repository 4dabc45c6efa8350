"""`python -m tests.prove --kills N [--seed S]`: the crash proof; the last line counts, exit 1 if anything is amiss."""

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.prove.ledger import Ledger
from tests.prove.proof import prove


def main() -> int:
    """Runs the proof in a folder that is kept if something is amiss."""
    parser = argparse.ArgumentParser(prog="python -m tests.prove", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=4710)
    given = parser.parse_args()
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="prove-"))
    found = asyncio.run(prove(folder, kills=given.kills, seed=given.seed, tell=_say))
    if not (found.lost or found.wrong):
        shutil.rmtree(folder)
    _report(found, folder, time.monotonic() - begun)
    _say(f"{found.killed} killed, {found.accepted} accepted, {len(found.lost)} lost, {found.doubled} doubled")
    return 1 if found.lost or found.wrong else 0


def _report(found: Ledger, folder: Path, seconds: float) -> None:
    for sentence in (*(f"LOST   {one}" for one in found.lost), *(f"WRONG  {one}" for one in found.wrong)):
        _say(sentence)
    _say(f"fates: {', '.join(f'{fate} {count}' for fate, count in sorted(found.fates.items()))}")
    _say(f"{seconds:.0f} s" + (f"; state and log: {folder}" if folder.exists() else ""))


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is what the command is for


if __name__ == "__main__":
    sys.exit(main())
