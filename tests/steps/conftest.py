"""One night a test, on a file of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.night import Night, begin


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    made = await begin(tmp_path / "nachtschalter.db")
    yield made
    await made.database.close()
