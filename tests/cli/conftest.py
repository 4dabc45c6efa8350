"""A place of its own, a handful of starter messages, and two models of them."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli.place import Place
from bot.steps import learn
from bot.steps.learn import train
from bot.steps.suspects import suspicions
from classifier.registry import Registry
from tests.night import BORKEN, town
from tests.starter import write_starter

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("classifier.vectors.load_encoder", lambda: None)
    return Place(BORKEN, tmp_path / "var")


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    return write_starter(tmp_path / "starter")


@pytest.fixture
def served(place: Place, starter: Path) -> list[str]:
    """Two models; the second one serves."""
    registry = Registry(place.state / "models")
    made = [
        train(town(), registry, [], now=NOON + timedelta(days=days), encoder=None, starter=starter) for days in (0, 1)
    ]
    assert [lesson.promoted for lesson in made] == [True, True]
    return [lesson.manifest.model_id for lesson in made]


@pytest.fixture
def few(starter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands learn from this handful, too."""

    def small(*args: Any, **options: Any) -> Any:
        return train(*args, **{**options, "starter": starter})

    def suspected(*args: Any, **options: Any) -> Any:
        return suspicions(*args, **{**options, "starter": starter})

    monkeypatch.setattr(learn, "train", small)
    monkeypatch.setattr("bot.steps.suspects.suspicions", suspected)
