"""Two tiny models to be promoted: made in a second, and nobody asks them anything clever."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from classifier.example import Example
from classifier.registry import Registry

_TEXTS = {
    "strassen": ("Die Laterne ist aus", "Ein Schlagloch auf der Straße", "Die Ampel ist dunkel"),
    "abfall": ("Die Tonne wurde nicht geleert", "Sperrmüll liegt am Weg", "Der gelbe Sack liegt noch da"),
    "buergerbuero": ("Wann ist mein Ausweis fertig", "Ich brauche einen Reisepass", "Termin im Bürgerbüro"),
}


def examples() -> list[Example]:
    """A few sentences, each said in three ways."""
    return [
        Example(f"{before}{text}{after}", department, "urgent" if "Ampel" in text else "normal", lang="de")
        for department, texts in _TEXTS.items()
        for text in texts
        for before, after in (("", ""), ("Guten Tag, ", "."), ("", ", bitte"))
    ]


def make(folder: Path, number: int = 2) -> list[str]:
    """So many models in this registry, none promoted; their ids. Imports scikit-learn."""
    from classifier.training import train

    registry, told = Registry(folder), examples()
    model = train(told, encoder=None)
    begun = datetime(2026, 11, 25, 12, tzinfo=UTC)
    made = [
        registry.add(model, examples=told[: len(told) - n], created_at=begun + timedelta(minutes=n))
        for n in range(number)
    ]
    return [manifest.model_id for manifest in made]
