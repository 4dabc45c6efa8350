"""Origin: whether a form was sent from one of our own pages (CSRF)."""

from collections.abc import Mapping
from urllib.parse import urlsplit


def is_own(headers: Mapping[str, str]) -> bool:
    """True if the request comes from our own page, or from no browser at all.

    Browsers send `Sec-Fetch-Site` on https and localhost, and `Origin` with every POST; neither can be set by a page.
    What sends neither is no browser, and carries nobody's cookie but its own.
    """
    site = headers.get("sec-fetch-site")
    if site:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return not origin or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
