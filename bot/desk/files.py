"""Files: what citizens have sent, shown where it can do no harm."""

from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import HTTPException, Request
from starlette.responses import Response

from bot.desk.gate import enter
from bot.store import casefile

if TYPE_CHECKING:
    from bot.desk.build import Desk

#: shown inside the page; everything else is only offered for saving
SHOWN = ("image/jpeg", "image/png", "image/webp", "audio/ogg")


def mount(desk: "Desk") -> None:
    """Adds the route."""

    @desk.router.get("/attachments/{number}")
    async def attachment(request: Request, number: int) -> Response:
        await enter(desk, request)
        async with desk.house.database.read() as tx:
            found = await casefile.file_bytes(tx, number)
        if found is None:
            raise HTTPException(404, "Diese Datei gibt es nicht mehr.")
        entry, data = found
        mime = entry.mime or "application/octet-stream"
        disposition = "inline" if mime in SHOWN else "attachment"
        name = quote(entry.name or f"anhang-{number}", safe="")
        headers = {
            "Content-Disposition": f"{disposition}; filename*=UTF-8''{name}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        }
        return Response(data, media_type=mime, headers=headers)
