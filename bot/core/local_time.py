"""Local time: a moment written without offset, on days with 23 or 25 hours too."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def instant(text: str, timezone: ZoneInfo) -> datetime:
    """The moment an ISO 8601 text names. Without offset it is local time: the earlier one where the clock shows it
    twice; one that does not exist raises ValueError, as does what is no moment at all.
    """
    try:
        named = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"„{text}“ ist kein Zeitpunkt; schreiben Sie etwa 2026-11-20T22:14") from None
    if named.utcoffset() is not None:
        return named
    local = named.replace(tzinfo=timezone, fold=0)
    if local.astimezone(UTC).astimezone(timezone).replace(tzinfo=None) != named:
        raise ValueError(f"„{text}“ gibt es nicht: in dieser Nacht wird die Uhr vorgestellt")
    return local
