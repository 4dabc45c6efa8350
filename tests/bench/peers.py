"""Peers: simpler ways to sort messages, trained in the same run on the same starter messages."""

import importlib
import importlib.util
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from classifier.evaluation import Decision
from classifier.example import UNCLEAR, Example
from classifier.rows import Row
from classifier.text import fold
from tests.bench.judging import Judge


def peers(train: Sequence[Example]) -> dict[str, Callable[[], Judge]]:
    """By name, what trains the peer; fastText only where it is installed."""
    clear = [example for example in train if example.department != UNCLEAR]
    return {
        "TF-IDF words, linear SVM": lambda: _pipeline(clear, TfidfVectorizer(), LinearSVC(random_state=0)),
        "TF-IDF words + letters, linear SVM": lambda: _pipeline(
            clear,
            make_union(
                TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2),
            ),
            LinearSVC(C=0.3, random_state=0),
        ),
        # Signalen: term frequencies of words and pairs without inverse document frequencies, and a logistic
        # regression with absolute penalty by liblinear; its Dutch stemmer and stop words are left out.
        "Signalen's pipeline": lambda: _pipeline(
            clear,
            make_pipeline(CountVectorizer(ngram_range=(1, 2)), TfidfTransformer(use_idf=False)),
            OneVsRestClassifier(
                LogisticRegression(l1_ratio=1, solver="liblinear", class_weight="balanced", max_iter=500)
            ),
        ),
        **({"fastText": lambda: _fasttext(clear)} if _has_fasttext() else {}),
    }


def _pipeline(train: Sequence[Example], features: Any, estimator: Any) -> Judge:
    model = make_pipeline(features, estimator)
    model.fit([example.text for example in train], [example.department for example in train])
    return lambda rows: [_decision(name) for name in model.predict([row.text for row in rows])]


def _decision(department: str) -> Decision:
    return Decision(department, "normal", ((department, 1.0),), True)


def _has_fasttext() -> bool:
    return importlib.util.find_spec("fasttext") is not None


def _fasttext(train: Sequence[Example]) -> Judge:
    fasttext: Any = importlib.import_module("fasttext")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        lines = (f"__label__{example.department} {_plain(example.text)}\n" for example in train)
        path.write_text("".join(lines), encoding="utf-8")
        model = fasttext.train_supervised(
            str(path), epoch=25, lr=0.5, wordNgrams=2, minn=2, maxn=5, thread=1, seed=0, verbose=0
        )

    def judge(rows: Sequence[Row]) -> list[Decision]:
        # its own predict() asks numpy for what numpy 2 no longer does
        found = [model.f.predict(_plain(row.text) + "\n", 1, 0.0, "strict") for row in rows]
        return [_decision(one[0][1].removeprefix("__label__")) for one in found]

    return judge


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", fold(text))
