"""A classifier that knows a few words and is sure of them, and can be broken."""

from collections.abc import Sequence
from dataclasses import dataclass

from classifier.prediction import Prediction

#: a word, the department it means and how urgent it is
KNOWN = {
    "laterne": ("strassen", "normal"),
    "schlagloch": ("strassen", "normal"),
    "ampel": ("strassen", "urgent"),
    "sperrmüll": ("abfall", "normal"),
    "tonne": ("abfall", "normal"),
    "ausweis": ("buergerbuero", "normal"),
    "spielplatz": ("gruen", "normal"),
}
#: makes whatever it stands in urgent
PRESSING = "sofort"
_NOBODY_KNOWS = (("rathaus", 0.3), ("abfall", 0.25), ("ordnung", 0.2), ("strassen", 0.15), ("gruen", 0.1))


@dataclass
class KeywordClassifier:
    """Sure of what stands in KNOWN, unsure of anything else; raises once `broken`."""

    broken: bool = False
    model_id: str = "keywords"

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        if self.broken:
            raise RuntimeError("the model is broken")
        return [self._predict(text.lower()) for text in texts]

    def _predict(self, text: str) -> Prediction:
        department, urgency = next((meant for word, meant in KNOWN.items() if word in text), (None, "normal"))
        urgency = "urgent" if PRESSING in text else urgency
        topic = "street_light" if "laterne" in text else None
        departments = ((department, 0.9), ("rathaus", 0.1)) if department else _NOBODY_KNOWS
        other = "low" if urgency != "low" else "normal"
        return Prediction(departments, ((urgency, 0.9), (other, 0.1)), topic=topic, lang="de", model_id=self.model_id)
