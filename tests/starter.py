"""A handful of starter messages: three topics, three ways to say each, six streets."""

from pathlib import Path

_STREETS = ("Nordstraße", "Bahnhofstraße", "Heidener Straße", "Wilbecke", "Butenwall", "Markt")
_STARTER = {
    "street_light": ("normal", ("Die Laterne {} ist aus", "Lampe {} brennt nicht mehr", "Die Laterne flackert {}")),
    "missed_collection": ("normal", ("Tonne {} nicht geleert", "Müllabfuhr hat die {} vergessen", "Tonne voll {}")),
    "gas_smell": ("emergency", ("Es riecht nach Gas {}", "Gasgeruch im Keller {}", "Hilfe, hier strömt Gas aus {}")),
}  # fmt: skip


def write_starter(folder: Path) -> Path:
    """The handful in a folder of its own, without a gate."""
    folder.mkdir()
    for topic, (urgency, patterns) in _STARTER.items():
        lines = [f"{urgency}\tde\t{pattern.format(street)}" for pattern in patterns for street in _STREETS]
        (folder / f"{topic}.tsv").write_text("\n".join(lines), encoding="utf-8")
    return folder
