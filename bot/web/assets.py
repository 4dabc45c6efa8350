"""Assets: static files under an address that changes with their content, so that browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_FOLDER = Path(__file__).parent / "static"
_YEAR = "public, max-age=31536000, immutable"
_MONTH = "public, max-age=2592000"


class _Kept(StaticFiles):
    """Static files that may be kept for a year if their address carries their hash."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        stamped = b"v=" in scope.get("query_string", b"")
        unstamped = _MONTH if path.endswith(".woff2") else "no-cache"  # fonts are named by a style sheet, without hash
        response.headers["Cache-Control"] = _YEAR if stamped else unstamped
        return response


def mount(app: FastAPI) -> None:
    """Serves the static files of both doors under /static."""
    app.mount("/static", _Kept(directory=_FOLDER), name="static")


def address(base: str, file: str) -> str:
    """Where a page below `base` finds a static file."""
    return f"{base}/static/{file}?v={_stamp(file)}"


@lru_cache(maxsize=256)
def _stamp(file: str) -> str:
    return hashlib.sha256((_FOLDER / file).read_bytes()).hexdigest()[:8]
