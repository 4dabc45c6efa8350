"""The classifier on its own: check the starter messages, fix the gate, train, evaluate."""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from classifier.corpus import STARTER, read_starter
from classifier.errors import ClassifierError
from classifier.example import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from classifier.evaluation import Decision
    from classifier.model import Model
    from classifier.rows import Row

GATE = STARTER / "gate.txt"


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; 1 means that something is wrong with the input, said on standard error."""
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], None] = arguments.command
    try:
        command(arguments)
    except (ClassifierError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m classifier", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--departments", type=Path, default=Path("config/borken/departments.yaml"))
    shared.add_argument("--starter", type=Path, default=STARTER)
    shared.add_argument("--models", type=Path, default=Path("var/borken/models"))
    for name, function in (
        ("check-starter", _check_starter),
        ("gate", _gate),
        ("train", _train),
        ("evaluate", _evaluate),
    ):
        command = commands.add_parser(name, parents=[shared], help=(function.__doc__ or "").lower())
        command.set_defaults(command=function)
        if name == "evaluate":
            command.add_argument("file", type=Path, nargs="?", help="JSON lines; without it, the gate")
            command.add_argument("--sure", type=float, default=0.5, help="below this, the citizen is asked")
    return parser


def _check_starter(arguments: argparse.Namespace) -> None:
    """Reads every starter message, counts them, and names what is thin, doubled or gives a label away."""
    from classifier.manifest import count
    from classifier.survey import giveaways, thin_topics, twins

    examples = _starter(arguments)
    for name, numbers in count(examples).items():
        print(f"{name}: " + " ".join(f"{label} {number}" for label, number in numbers.items()))
    for topic, number in thin_topics(examples).items():
        print(f"thin: {topic}.tsv holds {number} messages; write more")
    for one in giveaways(examples):
        print(f"gives away: {one.word!r}, {one.with_label} of {one.messages} are {one.label}; write some that are not")
    for first, second in twins(examples):
        told = [f"{one.topic}.tsv ({one.urgency}) {one.text!r}" for one in (first, second)]
        print(f"nearly the same: {told[0]} and {told[1]}; remove one of them")
    print(f"{len(examples)} messages, no mistake")


def _gate(arguments: argparse.Namespace) -> None:
    """Chooses the messages no model is trained on; those already chosen stay."""
    from classifier.gate import choose_gate, read_gate, write_gate

    path = arguments.starter / GATE.name
    chosen = choose_gate(_starter(arguments), keep=read_gate(path))
    write_gate(path, chosen)
    print(f"{len(chosen)} messages listed in {path}")


def _train(arguments: argparse.Namespace) -> None:
    """Trains on the starter messages, scores on the gate, saves and promotes."""
    from classifier.evaluation import score
    from classifier.gate import read_gate, split
    from classifier.registry import Registry
    from classifier.report import report
    from classifier.rows import rows_of
    from classifier.training import train
    from classifier.vectors import load_encoder

    examples, measured = split(_starter(arguments), read_gate(arguments.starter / GATE.name))
    owners = set(topics_of(arguments.departments).values())
    cache = arguments.models.parent / "cache"
    with _bar("Training") as progress:
        model = train(examples, encoder=load_encoder(), cache_dir=cache, departments=owners, progress=progress)
    rows = rows_of(measured)
    card = score(rows, _decide(model, rows, 0.5))
    registry, now = Registry(arguments.models), datetime.now(UTC)
    saved = registry.add(model, examples=examples, created_at=now, scorecard=card.to_dict())
    registry.promote(saved.model_id, now=now, by="python -m classifier")
    print(report(card) + f"{saved.model_id} trained on {len(examples)} messages and promoted")


def _evaluate(arguments: argparse.Namespace) -> None:
    """Scores the serving model on a file or on the gate."""
    from classifier.evaluation import score
    from classifier.gate import read_gate, split
    from classifier.registry import Registry
    from classifier.report import report
    from classifier.rows import read_rows, rows_of
    from classifier.vectors import load_encoder

    model = Registry(arguments.models).load(encoder=load_encoder())
    gate = read_gate(arguments.starter / GATE.name)
    rows = read_rows(arguments.file) if arguments.file else rows_of(split(_starter(arguments), gate)[1])
    print(report(score(rows, _decide(model, rows, arguments.sure))), end="")


def _decide(model: "Model", rows: "Sequence[Row]", sure: float) -> "list[Decision]":
    from classifier.evaluation import Decision

    return [
        Decision(
            department=one.departments[0][0],
            urgency=one.urgencies[0][0],
            ranking=one.departments,
            sure=one.departments[0][1] >= sure,
            offered=one.offered,
        )
        for one in model.predict([row.text for row in rows])
    ]


def _starter(arguments: argparse.Namespace) -> list[Example]:
    return read_starter(arguments.starter, topics_of(arguments.departments))


def topics_of(path: Path) -> dict[str, str]:
    """Topic → department of a departments.yaml; the service itself reads it strictly."""
    import yaml

    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {topic: one["id"] for one in content["departments"] for topic in one["topics"]}


@contextmanager
def _bar(title: str) -> "Iterator[Callable[[int, int], None]]":
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


if __name__ == "__main__":
    sys.exit(main())
