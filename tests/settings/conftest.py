"""A small town in a folder of its own, which tests may spoil."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.core.errors import ConfigError
from bot.settings.load import load


@dataclass(frozen=True)
class Town:
    """A copy of the sample town; `mistakes` are the lines load complains with, without the folder."""

    folder: Path

    def change(self, file: str, old: str, new: str) -> "Town":
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} does not stand in {file}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return self

    def write(self, file: str, content: str | bytes) -> "Town":
        data = content.encode() if isinstance(content, str) else content
        (self.folder / file).write_bytes(data)
        return self

    def mistakes(self, **environ: str) -> list[str]:
        try:
            load(self.folder, environ)
        except ConfigError as error:
            return [line.removeprefix(f"{self.folder}/") for line in str(error).splitlines()]
        return []


@pytest.fixture
def town(tmp_path: Path) -> Town:
    folder = tmp_path / "musterstadt"
    shutil.copytree(Path(__file__).parent / "musterstadt", folder)
    return Town(folder)
