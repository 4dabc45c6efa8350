"""Comparison: whether a candidate may take over from the model that serves."""

from math import sqrt
from typing import NamedTuple

from classifier.scorecard import Scorecard


class Comparison(NamedTuple):
    """Whether the candidate may serve, and every reason against (or the one for)."""

    promote: bool
    reasons: tuple[str, ...]


def compare(candidate: Scorecard, incumbent: Scorecard) -> Comparison:
    """Whether the candidate may take over; both scored on the same rows, which neither was trained on."""
    against = [
        *_lost_emergencies(candidate, incumbent),
        *_lost_departments(candidate, incumbent),
        *_lost_calibration(candidate, incumbent),
    ]
    gained = f"Accuracy {incumbent.accuracy:.3f} → {candidate.accuracy:.3f}, nothing got worse."
    return Comparison(not against, tuple(against) or (gained,))


def _lost_emergencies(candidate: Scorecard, incumbent: Scorecard) -> list[str]:
    old, new = incumbent.emergency_recall, candidate.emergency_recall
    return [f"Recall of emergencies falls from {old:.3f} to {new:.3f}."] if new < old else []


def _lost_departments(candidate: Scorecard, incumbent: Scorecard) -> list[str]:
    pairs = [("all departments", incumbent.accuracy, candidate.accuracy, incumbent.clear)]
    for name, old in incumbent.departments.items():
        new = candidate.departments.get(name)
        pairs += [
            (f"{name} (found)", old.recall, new.recall if new else 0.0, old.count),
            (f"{name} (precision)", old.precision, new.precision if new else 0.0, old.count),
        ]
    return [
        f"{name} falls from {old:.3f} to {new:.3f}, more than chance explains in {count} messages."
        for name, old, new, count in pairs
        if count and old - new > _noise(old, count)
    ]


def _noise(share: float, count: int) -> float:
    """Two standard deviations of a share of so many messages, and at least one message."""
    return max(2 * sqrt(share * (1 - share) / count), 1.5 / count)


def _lost_calibration(candidate: Scorecard, incumbent: Scorecard) -> list[str]:
    old, new = incumbent.calibration_error, candidate.calibration_error
    return [f"Calibration error rises from {old:.3f} to {new:.3f}."] if new > old + 0.02 else []
