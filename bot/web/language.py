"""Language: which of our languages a browser would rather read."""

from collections.abc import Sequence


def wanted(accept_language: str) -> list[str]:
    """ISO 639-1 codes of an Accept-Language header, the most wanted first."""
    weighed = []
    for position, part in enumerate(accept_language.split(",")[:20]):
        code, _, weight = part.partition(";")
        code = code.strip().lower().split("-")[0]
        if code.isalpha() and len(code) <= 3 and (share := _share(weight)) > 0:
            weighed.append((-share, position, code))
    return [code for _, _, code in sorted(weighed)]


def choose(accept_language: str, offered: Sequence[str]) -> str:
    """The most wanted of the offered languages; the first offered if none is wanted."""
    return next((code for code in wanted(accept_language) if code in offered), offered[0])


def _share(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
