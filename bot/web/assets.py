"""Assets: static files under an address that changes with their content, so that browsers may keep them for good."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

#: styles, fonts and vendored files of both doors; mounted as `web`
SHARED = Path(__file__).parent / "static"


class _Kept(StaticFiles):
    """Static files that may be kept for a year if their address carries their hash."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        stamped = b"v=" in scope.get("query_string", b"")
        fonts = path.endswith(".woff2")  # named by a style sheet, which knows no hash
        lasting = "public, max-age=31536000, immutable" if stamped else "no-cache"
        response.headers["Cache-Control"] = "public, max-age=2592000" if fonts else lasting
        return response


def mount(app: FastAPI, folders: Mapping[str, Path]) -> None:
    """Serves each folder under /static/<name>."""
    for name, folder in folders.items():
        app.mount(f"/static/{name}", _Kept(directory=folder), name=f"static-{name}")


@lru_cache(maxsize=256)
def stamp(file: Path) -> str:
    """Eight letters that change when the file does."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8]


def address(base: str, name: str, folder: Path, file: str) -> str:
    """Where a page finds a file of a mounted folder."""
    return f"{base}/static/{name}/{file}?v={stamp(folder / file)}"
