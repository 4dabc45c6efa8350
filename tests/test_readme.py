"""What the README shows is what the house does."""

import re
from pathlib import Path

from bot.cli.command import app
from bot.core.case import NEXT, Status

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_state_diagram_shows_every_allowed_move_and_no_other() -> None:
    drawn = set(re.findall(r"^    (\w+) --> (\w+)$", README, re.MULTILINE))
    allowed = {(before.value, after.value) for before, nexts in NEXT.items() for after in nexts}
    assert drawn == allowed
    assert "[*] --> waiting" in README
    assert all(f"*{status.value}*" in README for status in Status)


def test_every_file_and_folder_the_readme_links_to_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if not link.startswith("http")]
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_command_of_the_readme_exists() -> None:
    known = {c.name or c.callback.__name__ for c in app.registered_commands if c.callback}
    known |= {group.name for group in app.registered_groups}
    table = README[README.index("| command | what it does |") :]
    named = {word for word in re.findall(r"`(?:nachtschalter )?(\w+)[^`]*`", table) if word.islower()}
    assert known - named == set()


def test_every_make_recipe_of_the_readme_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for recipe in re.findall(r"(?:^|`)make (\w+)", README, re.MULTILINE):
        assert re.search(rf"^{recipe}:", makefile, re.MULTILINE), recipe
