"""Texts: the words of the page itself, by language; what the house answers stands in the town's files."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "texts"
#: languages the page itself speaks
LANGUAGES = ("de", "en")

#: a key and its placeholders in, a sentence out
Say = Callable[..., str]


def speaker(lang: str, **always: Any) -> Say:
    """The page's sentences in this language; `always` are placeholders of every sentence."""
    sentences = _read(lang)

    def say(key: str, **params: Any) -> str:
        return sentences[key].format(**always, **params)

    return say


@lru_cache(maxsize=len(LANGUAGES))
def _read(lang: str) -> dict[str, str]:
    found = yaml.safe_load((_FOLDER / f"{lang}.yaml").read_text(encoding="utf-8"))
    return {key: str(sentence) for key, sentence in found.items()}
