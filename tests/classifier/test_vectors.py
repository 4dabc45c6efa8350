"""Sentence vectors, their cache, and life without them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from classifier import vectors
from classifier.example import Example
from classifier.training import train
from classifier.vectors import SIZE, Floats, cached_vectors, load_encoder


class FakeEncoder:
    """Texts of the same first letter mean the same; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Floats:
        self.asked += texts
        rows = np.zeros((len(texts), SIZE), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[ord(text[:1] or "?") % SIZE] = 1
        return rows


def test_a_text_is_encoded_once_and_read_from_the_cache_later(tmp_path: Path) -> None:
    first, second = FakeEncoder(), FakeEncoder()
    before = cached_vectors(["Laterne", "Tonne", "Laterne"], first, tmp_path)
    after = cached_vectors(["Tonne", "Laterne"], second, tmp_path)
    assert first.asked == ["Laterne", "Tonne"]
    assert second.asked == []
    assert (after == before[[1, 0]]).all()


def test_a_text_that_was_erased_leaves_the_cache(tmp_path: Path) -> None:
    cached_vectors(["Laterne", "Tonne"], FakeEncoder(), tmp_path)
    cached_vectors(["Tonne"], FakeEncoder(), tmp_path)
    again = FakeEncoder()
    cached_vectors(["Laterne", "Tonne"], again, tmp_path)
    assert again.asked == ["Laterne"]


def test_the_cache_holds_no_text(tmp_path: Path) -> None:
    cached_vectors(["Laterne"], FakeEncoder(), tmp_path)
    assert all(b"Laterne" not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_damaged_cache_only_costs_time(tmp_path: Path) -> None:
    cached_vectors(["Laterne"], FakeEncoder(), tmp_path)
    (tmp_path / "sentence-vectors.npz").write_bytes(b"broken")
    again = FakeEncoder()
    assert cached_vectors(["Laterne"], again, tmp_path).shape == (1, SIZE)
    assert again.asked == ["Laterne"]


def test_progress_is_told_up_to_the_end() -> None:
    steps: list[tuple[int, int]] = []
    cached_vectors([str(n) for n in range(130)], FakeEncoder(), None, lambda done, total: steps.append((done, total)))
    assert steps == [(64, 130), (128, 130), (130, 130)]


def test_meaning_helps_where_no_word_is_known(town: list[Example]) -> None:
    foreign = [Example(f"{word} nr {n}", "museum", "low", "art") for n in "abc" for word in ("Żaba", "Żuk", "Żar")]
    model = train([*town, *foreign], encoder=FakeEncoder())
    assert model.predict(["Żyto"])[0].departments[0][0] == "museum"


def test_a_model_trained_with_vectors_still_answers_without_them(town: list[Example]) -> None:
    model = train(town, encoder=FakeEncoder())
    bare = type(model)(**{**vars(model), "encoder": None})
    (prediction,) = bare.predict(["Die Laterne ist aus"])
    assert prediction.departments[0][0] == "roads"
    assert sum(share for _, share in prediction.departments) == pytest.approx(1)


def test_an_encoder_that_cannot_be_loaded_is_none_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise OSError("weights are missing")

    monkeypatch.setattr(vectors, "SentenceEncoder", broken)
    assert load_encoder() is None


def test_the_real_encoder_knows_that_a_lamp_is_a_lamp_in_turkish() -> None:
    encoder = load_encoder()
    assert encoder is not None
    lamp, turkish, bin_ = encoder.encode(["Die Straßenlaterne ist aus", "Sokak lambası yanmıyor", "Mülltonne voll"])
    assert lamp @ turkish > lamp @ bin_ + 0.2
