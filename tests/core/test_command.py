"""Commands: typed right, typed wrongly, and not meant as commands at all."""

import pytest

from bot.core.conversation.command import Command, parse, references


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/status", Command.STATUS),
        ("/STATUS@borken_bot BOR-7K3M-Q", Command.STATUS),
        ("/stauts", Command.STATUS),
        ("/staus BOR-7K3M-Q", Command.STATUS),
        ("/löschen", Command.DELETE),
        ("/help", Command.HELP),
        ("/ status", Command.STATUS),
        ("/quatsch", None),
    ],
)
def test_a_mistyped_command_is_understood(text: str, meant: Command | None) -> None:
    typed = parse(text)

    assert typed is not None
    assert typed.command is meant


@pytest.mark.parametrize("text", ["Hallo", "und/oder", "/ die Laterne ist aus", "/"])
def test_other_texts_are_no_commands(text: str) -> None:
    assert parse(text) is None


def test_what_stands_behind_a_command_is_kept() -> None:
    typed = parse("/status  bor-7k3m-q ")

    assert typed is not None
    assert typed.rest == "bor-7k3m-q"
    assert references(typed.rest, "BOR") == ("BOR-7K3M-Q",)


def test_a_reference_of_another_town_or_with_a_wrong_sign_is_none() -> None:
    assert references("ABC-7K3M-Q und BOR-7K3M-R", "BOR") == ()
