"""Golden files: what the house says, word for word; GOLDEN=write makes them anew."""

import os
from pathlib import Path


def held_against(name: str, text: str) -> None:
    """Fails with a difference where the text is not what stands in the file."""
    path = Path(__file__).parent / name
    if os.environ.get("GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
