"""Pages: the desk's templates, filled in; every German word stands in them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.core.case import Urgency
from bot.desk.gate import Guest, base_of
from bot.house_clock import Now
from bot.steps.house import House
from bot.web import assets
from bot.web.headers import POLICY

_TEMPLATES = Path(__file__).parent / "templates"
_HEADERS = {"Cache-Control": "no-store", "Content-Security-Policy": f"{POLICY}; media-src 'self'"}


class Pages:
    """Renders the desk's pages for one town."""

    def __init__(self, house: House, now: Now) -> None:
        self._house = house
        self._now = now

    def answer(
        self, request: Request, template: str, *, guest: Guest | None = None, status: int = 200, **values: Any
    ) -> HTMLResponse:
        """A page as an HTTP answer that no cache keeps."""
        base = base_of(request)
        text = self._environment.get_template(template).render(
            base=base,
            asset=lambda file: assets.address(base, file),
            city=self._house.settings.city,
            departments=self._house.settings.departments,
            department_name=lambda number: self._house.department(number).name,
            danger_title=self._danger_title,
            urgencies=[urgency.value for urgency in Urgency],
            now=guest.now if guest else self._now(),
            staff=guest.staff if guest else None,
            csrf=guest.csrf if guest else "",
            **values,
        )
        return HTMLResponse(text, status, _HEADERS)

    def _danger_title(self, kind: str) -> str:
        kinds: Mapping[str, Any] = self._house.settings.safety.get("kinds", {})
        return str(kinds.get(kind, {}).get("title", ""))

    @cached_property
    def _environment(self) -> Environment:
        made = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        timezone = self._house.settings.city.timezone
        made.filters["days_from"] = lambda at, now: (
            (at.astimezone(timezone).date() - now.astimezone(timezone).date()).days
        )
        made.filters["clock"] = lambda at: f"{at.astimezone(timezone):%H:%M}"
        made.filters["short_day"] = lambda at: format_date(at.astimezone(timezone), "EEE, d. MMM", locale="de")
        made.filters["long_day"] = lambda at: format_date(at.astimezone(timezone), "EEEE, d. MMMM y", locale="de")
        made.filters["iso"] = lambda at: at.astimezone(timezone).isoformat(timespec="minutes")
        made.filters["day_named"] = lambda day: format_date(date.fromisoformat(day), "EEE, d. MMM", locale="de")
        made.filters["moment"] = datetime.fromisoformat
        made.filters["minutes"] = lambda span: int(span / timedelta(minutes=1))
        made.filters["kilobytes"] = lambda size: max(1, round(size / 1024))
        return made
