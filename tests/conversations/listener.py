"""A classifier for the golden conversations: words stand for departments, and a few for being urgent."""

import re
from collections import Counter
from collections.abc import Sequence

from classifier.prediction import Prediction, Reason

#: beginnings of words, the department they speak for
_DEPARTMENTS = {
    "strassen": "laterne schlagloch ampel gehweg street_light street",
    "abfall": "tonne mülleimer sperrmüll bauschutt reh çöp القمامة",
    "buergerbuero": "personalausweis reisepass ausweis",
    "gruen": "rutsche spielplatz",
    "jugend": "kita",
    "bauen": "bauantrag",
    "finanzen": "grundsteuer",
    "soziales": "pflegegrad zuschuss",
    "ordnung": "lärm gewerbe",
    "versorgung": "gully treppenhaus",
    "schutz": "hochwasser",
}
_CHATTER = "witz verdienen"
_URGENT = "rutsche"


class Listener:
    """Sure where one department has the most words, unsure where two have or none."""

    model_id = "listener"

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        return [self._hear(re.sub("\u200b", "", text).lower()) for text in texts]

    def _hear(self, text: str) -> Prediction:
        heard = Counter({name: _count(words, text) for name, words in _DEPARTMENTS.items()})
        (first, most), (second, less) = heard.most_common(2)
        urgent = "urgent" if _count(_URGENT, text) else "normal"
        if _count(_CHATTER, text):
            return _prediction("rathaus", 0.9, "andere", "low", "chatter")
        if most > less:
            return _prediction(first, 0.9, second, urgent, None)
        return _prediction("rathaus", 0.35, first if most else "abfall", urgent, None)


def _count(beginnings: str, text: str) -> int:
    return sum(bool(re.search(re.escape(word), text)) for word in beginnings.split())


def _prediction(first: str, share: float, second: str, urgency: str, topic: str | None) -> Prediction:
    rest = round((1 - share) / 2, 4)
    departments = ((first, share), (second, rest), ("andere" if second != "andere" else "jugend", rest))
    other = "normal" if urgency != "normal" else "low"
    heard = (Reason("word", 1.0),)
    return Prediction(
        departments, ((urgency, 0.9), (other, 0.1)), topic=topic, lang="de", reasons=heard, model_id="listener"
    )
