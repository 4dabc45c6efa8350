"""An office a test, on a file of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.desk.office import Office, open_office
from tests.night import begin


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    night = await begin(tmp_path / "nachtschalter.db")
    yield open_office(night)
    await night.database.close()
