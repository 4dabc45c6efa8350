"""One night a test, on a file of its own, and a handful of starter messages."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.night import Night, begin
from tests.starter import write_starter


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    made = await begin(tmp_path / "nachtschalter.db")
    yield made
    await made.database.close()


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    return write_starter(tmp_path / "starter")
