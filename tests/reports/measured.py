"""Messages with decisions and a manifest, as small as shows everything."""

from datetime import UTC, datetime

from classifier.evaluation import Decision, score
from classifier.manifest import Manifest
from classifier.mistakes import Mistakes, mistakes
from classifier.rows import Row
from classifier.scorecard import Scorecard

HOSTILE = "<script>alert(1)</script> & \x1b[31m„rot“\x1b[0m"
NIGHT = datetime(2026, 11, 27, 14, 35, tzinfo=UTC)


def decided(department: str, probability: float, urgency: str = "normal", *, sure: bool = True) -> Decision:
    other = "rathaus" if department != "rathaus" else "andere"
    ranking = ((department, probability), (other, 1 - probability))
    return Decision(department, urgency, ranking, sure, ("strassen", "abfall"))


def measured() -> tuple[Scorecard, Mistakes]:
    """Twenty-five messages: lamps taken for rubbish, one missed emergency, one false alarm, one unclear."""
    rows, made = [], []

    def add(text: str, right: str, urgency: str, lang: str, decision: Decision) -> None:
        rows.append(Row(text, (right,), (urgency,), lang=lang, line=len(rows) + 1))
        made.append(decision)

    for number in range(15):
        add(f"Laterne {number}", "strassen", "normal", "de", decided("strassen", 0.95))
    for number in range(4):
        add(f"Lampe am Container {number}", "strassen", "normal", "tr", decided("abfall", 0.85))
    add("Tonne", "abfall", "low", "de", decided("abfall", 0.97, "low"))
    add("Sperrmüll", "abfall", "normal", "de", decided("strassen", 0.4, sure=False))
    add("Gasgeruch", "versorgung", "emergency", "de", decided("versorgung", 0.9, "emergency"))
    add("Es zischt im Keller", "versorgung", "emergency", "de", decided("versorgung", 0.7))
    add(HOSTILE, "strassen", "normal", "de", decided("versorgung", 0.99, "emergency"))
    add("siehe Foto", "unklar", "normal", "de", decided("rathaus", 0.3, sure=False))
    return score(rows, made), mistakes(rows, made)


def manifest(**changes: object) -> Manifest:
    """A model trained on invented messages and a few verdicts."""
    card, _ = measured()
    told = {
        "model_id": "20261127-143500-e4f54f84",
        "created_at": NIGHT.isoformat(),
        "files": {"model.skops": "24444cbd"},
        "labels": {"department": ["strassen", "abfall", "versorgung"], "urgency": ["emergency", "normal", "low"]},
        "examples": {
            "department": {"strassen": 1200, "abfall": 90, "unklar": 40},
            "urgency": {"low": 30, "normal": 1200, "emergency": 100},
            "lang": {"de": 1300, "tr": 30},
            "source": {"starter": 1300, "verdict": 30},
        },
        "data_hash": "e4f54f84",
        "config_revision": "r1",
        "scorecard": card.to_dict(),
        "measured": {"source": {"starter": 25}},
        "libraries": {"python": "3.11.7", "numpy": "2.4.6"},
    }
    return Manifest(**{**told, **changes})  # type: ignore[arg-type]
