"""A small town's messages and a model of them: words and letters only, trained once."""

import pytest

from classifier.example import Example
from classifier.model import Model
from classifier.training import train

_THINGS = {
    ("roads", "lamp"): ["Die Laterne in der {} ist aus", "Lampe an der {} brennt nicht", "Laterne {} flackert"],
    ("roads", "hole"): ["Schlagloch in der {}", "Tiefes Loch im Asphalt der {}", "Asphalt an der {} ist offen"],
    ("waste", "bin"): ["Die Mülltonne {} wurde nicht geleert", "Tonne {} steht voll da", "Tonne vergessen, {}"],
    ("waste", "dump"): ["Sperrmüll in der {} abgeladen", "Wilder Müll an der {}", "Müllsäcke liegen in der {}"],
    ("gas", "smell"): ["Es riecht nach Gas in der {}", "Gasgeruch im Keller, {}", "Hilfe, Gas strömt aus, {}"],
}
_STREETS = ["Nordstraße", "Bahnhofstraße", "Heidener Straße", "Wilbecke", "Butenwall"]


@pytest.fixture(scope="session")
def town() -> list[Example]:
    return [
        Example(pattern.format(street), department, "emergency" if department == "gas" else "normal", topic)
        for (department, topic), patterns in _THINGS.items()
        for pattern in patterns
        for street in _STREETS
    ]


@pytest.fixture(scope="session")
def model(town: list[Example]) -> Model:
    return train(town, departments=["museum"])
