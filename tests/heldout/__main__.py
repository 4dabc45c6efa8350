"""Scores the model in use, with the rules, and writes docs/heldout.md: `python -m tests.heldout`."""

import sys
from pathlib import Path

from bot.cli.deciding import house_without_state
from bot.cli.place import Place
from tests.heldout.report import write
from tests.heldout.scores import SETS, score


def main(state: Path) -> None:
    """Prints and writes the same text."""
    house = house_without_state(Place(Path("config/borken"), state))
    judge = house.rules().judge
    print(write({held: score(held, judge) for held in SETS}))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("var/borken"))
