"""What the model says about one message: every label with its probability, and why."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """One word or group of letters that pulled a decision; weight > 0 pulls towards the label, < 0 away."""

    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class Prediction:
    """Labels with probabilities, most probable first; each list sums to 1."""

    departments: tuple[tuple[str, float], ...]
    urgencies: tuple[tuple[str, float], ...]
    #: as many of the likeliest departments as are needed to hold the right one 19 times in 20
    offered: tuple[str, ...] = ()
    #: how probable it is that nobody can tell who acts: an address alone, „siehe Foto“
    unclear: float = 0.0
    topic: str | None = None
    lang: str | None = None
    reasons: tuple[Reason, ...] = field(default=())
    model_id: str = ""
