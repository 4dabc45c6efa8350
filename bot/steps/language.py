"""Language: in which language a citizen writes, as far as a few words can tell."""

from functools import lru_cache
from typing import Any

SPOKEN = ("de", "en", "nl", "tr", "uk", "ar", "pl", "ro", "ru")
# Two words are "German" to any detector; below this the citizen's own setting is the better guess.
_ENOUGH_LETTERS = 15
_CERTAIN = 0.9


def language_of(text: str, hint: str | None, usual: str) -> str:
    """An ISO 639-1 code of SPOKEN. `hint` is what the citizen's device says, `usual` what was spoken before."""
    letters = sum(c.isalpha() for c in text)
    if letters >= _ENOUGH_LETTERS:
        found, certainty = _identifier().classify(text[:600])
        if certainty >= _CERTAIN:
            return str(found)
    return (hint or "")[:2] if (hint or "")[:2] in SPOKEN else usual


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # 0.3 s: only when the first citizen writes

    made = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    made.set_languages(list(SPOKEN))
    return made
