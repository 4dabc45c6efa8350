"""Templates: the reports' Jinja files for pages, plain text and Markdown; each escapes what comes from outside."""

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

_FOLDER = Path(__file__).parent / "templates"
#: signs that mean something in Markdown wherever they stand
_MARKS = re.compile(r"([\\`*_\[\]<>|#~])")
#: signs a terminal would obey
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def page(name: str, **values: Any) -> str:
    """A web page; everything filled in is escaped."""
    return _environment("html").get_template(name).render(values)


def plain(name: str, **values: Any) -> str:
    """Text for the terminal; no sign in it moves the cursor or changes a colour."""
    return _environment("txt").get_template(name).render(values)


def markdown(name: str, **values: Any) -> str:
    """Markdown; what is filled in is text and never a mark."""
    return _environment("md").get_template(name).render(values)


@lru_cache(maxsize=3)
def _environment(kind: str) -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=kind != "txt",  # noqa: S701 a terminal is no browser; what it would obey is taken out
        finalize={"html": _as_it_is, "txt": _harmless, "md": _unmarked}[kind],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"percent": percent, "index": index, "told": told, "span": span, "thousands": thousands}
    made.filters |= {"one_line": one_line, "cut": cut, "moment": moment, "day": day}
    return made


def _as_it_is(value: Any) -> Any:
    return value


def _harmless(value: Any) -> str:
    return _CONTROL.sub("", str(value))


def _unmarked(value: Any) -> Markup:
    """Marks escaped as Markdown has it, and so not once more as HTML has it."""
    if isinstance(value, Markup):
        return value
    return Markup(_MARKS.sub(r"\\\1", " ".join(_harmless(value).split("\n"))))  # noqa: S704 escaped right here


def percent(share: float, digits: int = 0) -> str:
    """0.924 → „92 %“."""
    return f"{100 * share:.{digits}f}\u00a0%".replace(".", ",")


def index(figure: float, digits: int = 2) -> str:
    """0.924 → „0,92“."""
    return f"{figure:.{digits}f}".replace(".", ",")


def thousands(count: int) -> str:
    """9829 → „9.829“."""
    return f"{count:,}".replace(",", ".")


def told(figure: float | None, unit: str = "share") -> str:
    """A figure in its unit, „–“ where nothing is known."""
    if figure is None:
        return "–"
    return percent(figure, 1) if unit == "share" else index(figure, 1 if unit == "number" else 3)


def span(interval: tuple[float, float] | None, unit: str = "share") -> str:
    """„89,6–94,5 %“, „–“ where nobody has counted it."""
    if interval is None:
        return "–"
    low, high = interval
    return f"{index(100 * low, 1)}–{percent(high, 1)}" if unit == "share" else f"{index(low, 3)}–{index(high, 3)}"


def one_line(text: str, most: int = 100) -> str:
    """The text without line breaks, cut to what a line holds."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def cut(text: str, most: int = 600) -> str:
    """The text, or its beginning where it is long."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def moment(at: datetime, timezone: ZoneInfo) -> str:
    """„27. November 2026, 15:35 Uhr“."""
    return f"{day(at, timezone)}, {at.astimezone(timezone):%H:%M} Uhr"


def day(at: datetime, timezone: ZoneInfo) -> str:
    """„27. November 2026“."""
    return format_date(at.astimezone(timezone), "d. MMMM y", locale="de")
