"""Uploads: files of a form, cleaned of what nobody needs to know, or refused with a reason."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.types import Message

from bot.core.city import Limits
from bot.steps.picture import Cleaned, FileRefused, clean
from bot.store.inbox import Upload

_LONGEST_NAME = 120
#: pictures are unpacked while they are cleaned: only so many at a time, or memory runs out
_AT_ONCE = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not taken; `reason`: `size`, `type`, `empty`, `damaged` or `count`."""

    name: str
    reason: str


class TooMuch(MultiPartException):
    """The whole form is larger than anything we would take."""

    def __init__(self) -> None:
        super().__init__("too much")


def bounded(request: Request, most: int) -> Request:
    """The same request for its form: more than `most` bytes raise TooMuch, no form at all MultiPartException."""
    read, announced = 0, int(request.headers.get("content-length") or 0)

    async def receive() -> Message:
        nonlocal read
        if announced > most:
            raise TooMuch
        message = await request.receive()
        read += len(message.get("body", b""))
        if read > most:
            raise TooMuch
        return message

    # Inside an app the parser's errors would be turned into bare 400s, whose page has lost the words.
    return Request({key: value for key, value in request.scope.items() if key != "app"}, receive)


async def take(files: Sequence[UploadFile], limits: Limits) -> tuple[tuple[Upload, ...], tuple[Refused, ...]]:
    """The cleaned files in their order, and those that were refused."""
    sent = [file for file in files if file.filename or file.size]
    if len(sent) > limits.attachments:
        return (), (Refused("", "count"),)
    taken: list[Upload] = []
    refused: list[Refused] = []
    for file in sent:
        name = _name(file.filename or "")
        try:
            cleaned = await _clean(file, limits)
        except FileRefused as error:
            refused.append(Refused(name, error.reason))
        else:
            taken.append(Upload(name, cleaned.mime, cleaned.data))
    return tuple(taken), tuple(refused)


async def _clean(file: UploadFile, limits: Limits) -> Cleaned:
    if file.size is not None and file.size > limits.attachment_bytes:
        raise FileRefused("size")
    async with _AT_ONCE:
        data = await file.read()
        return await asyncio.to_thread(clean, data, limits)


def _name(filename: str) -> str:
    """The bare name, without folders and without signs that cannot be seen."""
    bare = PurePath(filename.replace("\\", "/")).name
    return "".join(sign for sign in bare if sign.isprintable())[-_LONGEST_NAME:] or "datei"
