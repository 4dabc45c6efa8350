"""Evaluation: any way of deciding judged on labelled messages."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.example import URGENCIES
from classifier.intervals import Interval, resampled, wilson
from classifier.rows import Row
from classifier.scorecard import Bin, Score, Scorecard

_BINS: Final = 10
_EMERGENCY: Final = URGENCIES[0]


class Decision(NamedTuple):
    """What was decided about one message; the ranking holds departments with probabilities."""

    department: str
    urgency: str
    ranking: Sequence[tuple[str, float]]
    sure: bool
    offered: tuple[str, ...] = ()  #: what the citizen could choose from if asked, the likeliest first


#: A message and what was decided about it.
Judged: TypeAlias = tuple[Row, Decision]
#: The right label and the one decided.
Pair: TypeAlias = tuple[str, str]


def evaluate(rows: Sequence[Row], decide: Callable[[str], Decision]) -> Scorecard:
    """Decides every row and counts; several answers of a row are equally right."""
    return score(rows, [decide(row.text) for row in rows])


def score(rows: Sequence[Row], decisions: Sequence[Decision]) -> Scorecard:
    """Counts decisions that are already made, one a row."""
    both = list(zip(rows, decisions, strict=True))
    clear = [(row, made) for row, made in both if row.right]
    placed = [_pair(row.right, made.department) for row, made in clear]
    timed = [_pair(row.urgencies, made.urgency) for row, made in both if row.urgencies]
    offered = [len(made.offered) for _, made in both if not made.sure]
    hits = {**_hits_of_departments(both, clear), **_hits_of_urgencies(timed)}
    shares: dict[str, Any] = {name: _share(one) for name, one in hits.items()}
    confidences = np.array([made.ranking[0][1] for _, made in clear])
    right = np.array(hits["accuracy"], dtype=float)
    urgencies = _scores(timed)
    return Scorecard(
        rows=len(rows),
        clear=len(clear),
        # with no emergency to be found none was missed
        **{**shares, "emergency_recall": shares["emergency_recall"] if hits["emergency_recall"] else 1.0},
        offered_mean=_mean(offered),
        calibration_error=_calibration_error(confidences, right),
        urgency_macro_f1=_mean([one.f1 for one in urgencies.values()]),
        departments=_scores(placed),
        urgencies=urgencies,
        languages=_by_language(clear),
        confusions=[(*pair, often) for pair, often in Counter(p for p in placed if p[0] != p[1]).most_common(12)],
        matrix=[(*pair, often) for pair, often in Counter(placed).most_common()],
        urgency_matrix=[(*pair, often) for pair, often in Counter(timed).most_common()],
        bins=_bins(confidences, right),
        counts=_counts(hits, offered=len(offered), clear=len(clear), timed=len(timed)),
        intervals={
            **{name: wilson(shares[name], len(one)) for name, one in hits.items() if one},
            **resampled(len(clear), lambda at: {"calibration_error": _calibration_error(confidences[at], right[at])}),
            **_f1_intervals(timed),
        },
    )


def _pair(right: Sequence[str], decided: str) -> Pair:
    """A row counts for the right answer that was given, else for its first one."""
    return (decided if decided in right else right[0], decided)


def _hits_of_departments(both: Sequence[Judged], clear: Sequence[Judged]) -> dict[str, list[bool]]:
    """Measure → for each row it is taken of, whether it counts."""
    right = [made.department in row.right for row, made in clear]
    return {
        "accuracy": right,
        "right_or_also": [made.department in row.right + row.also for row, made in clear],
        "top3": [_among(row, [made.department, *dict(made.ranking[:3])]) for row, made in clear],
        "asked_back": [not made.sure for _, made in both],
        "asked_though_clear": [not made.sure for _, made in clear],
        "unclear_asked": [not made.sure for row, made in both if row.unclear],
        "accuracy_when_sure": [hit for hit, (_, made) in zip(right, clear, strict=True) if made.sure],
        "offered_right": [_among(row, made.offered) for row, made in clear if not made.sure],
    }


def _among(row: Row, names: Iterable[str]) -> bool:
    return not set(row.right).isdisjoint(names)


def _hits_of_urgencies(timed: Sequence[Pair]) -> dict[str, list[bool]]:
    return {
        "urgency_accuracy": [right == decided for right, decided in timed],
        "emergency_recall": [decided == _EMERGENCY for right, decided in timed if right == _EMERGENCY],
        "false_alarms": [decided == _EMERGENCY for right, decided in timed if right != _EMERGENCY],
    }


def _counts(hits: Mapping[str, Sequence[bool]], *, offered: int, clear: int, timed: int) -> dict[str, int]:
    shares = {name: len(one) for name, one in hits.items()}
    return {**shares, "offered_mean": offered, "calibration_error": clear, "urgency_macro_f1": timed}


def _f1_intervals(timed: Sequence[Pair]) -> dict[str, Interval]:
    """Of each urgency that is right somewhere (`f1_` before its name), and of their mean."""
    scores = _scores(timed)
    every = sorted({label for pair in timed for label in pair}, key=lambda label: label not in scores)
    meant, given = (np.array([every.index(pair[at]) for pair in timed], dtype=np.int64) for at in (0, 1))

    def figures(at: NDArray[np.int64]) -> dict[str, float]:
        told, said = meant[at], given[at]
        hit = np.bincount(told[told == said], minlength=len(every))
        both = np.bincount(told, minlength=len(every)) + np.bincount(said, minlength=len(every))
        f1 = dict(zip(every, (2 * hit / np.maximum(both, 1)).tolist(), strict=True))
        own = {f"f1_{label}": f1[label] for label in scores}
        return {**own, "urgency_macro_f1": _mean(list(own.values()))}

    # Drawing among messages that are all right, or all wrong, would make three of them look certain.
    extreme = {f"f1_{name}": wilson(one.f1, one.count) for name, one in scores.items() if one.f1 in (0.0, 1.0)}
    return {**resampled(len(timed), figures), **extreme}


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _scores(pairs: Sequence[Pair]) -> dict[str, Score]:
    """Per label that is right somewhere; urgencies the most pressing first."""
    meant, given = Counter(right for right, _ in pairs), Counter(decided for _, decided in pairs)
    hit = Counter(right for right, decided in pairs if right == decided)
    names = sorted(meant, key=lambda name: (URGENCIES.index(name) if name in URGENCIES else 0, name))
    return {name: _one_score(meant[name], given[name], hit[name]) for name in names}


def _one_score(meant: int, given: int, hit: int) -> Score:
    return Score(meant, hit / given if given else 0.0, hit / meant, 2 * hit / (meant + given))


def _calibration_error(confidences: NDArray[np.float64], hits: NDArray[np.float64]) -> float:
    if not len(hits):
        return 0.0
    gaps = np.bincount(_bin_of(confidences), weights=confidences - hits)
    return float(np.abs(gaps).sum() / len(hits))


def _bin_of(confidences: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.minimum((confidences * _BINS).astype(np.int64), _BINS - 1)


def _bins(confidences: NDArray[np.float64], hits: NDArray[np.float64]) -> list[Bin]:
    inside = [_bin_of(confidences) == number for number in range(_BINS)]
    return [Bin(int(at.sum()), _mean(confidences[at].tolist()), _mean(hits[at].tolist())) for at in inside]


def _by_language(clear: Iterable[Judged]) -> dict[str, tuple[int, float]]:
    hits: dict[str, list[bool]] = {}
    for row, made in clear:
        hits.setdefault(row.lang, []).append(made.department in row.right)
    return {lang: (len(hit), _share(hit)) for lang, hit in sorted(hits.items())}
