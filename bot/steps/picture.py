"""Pictures: stored without what the camera wrote into them (place, time, owner), and refused when they are none."""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.core.city import Limits
from bot.core.errors import NachtschalterError
from bot.core.file_type import sniff

_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
#: more points than any telephone takes; a small file can unpack to gigabytes
_MOST_POINTS = 120_000_000


class FileRefused(NachtschalterError):
    """This file is not kept."""

    def __init__(self, reason: str) -> None:
        """`reason`: `size`, `type`, `empty` or `damaged`; the doors have a sentence for each."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file fit to be kept."""

    data: bytes
    mime: str


def clean(data: bytes, limits: Limits) -> Cleaned:
    """The file without its metadata. CPU-bound: call it in a thread. Raises FileRefused."""
    if not data:
        raise FileRefused("empty")
    if len(data) > limits.attachment_bytes:
        raise FileRefused("size")
    mime = sniff(data)
    if mime is None or mime not in limits.attachment_types:
        raise FileRefused("type")
    if mime.startswith("image/"):
        return Cleaned(_redrawn(data, mime), mime)
    return Cleaned(data, mime)


def _redrawn(data: bytes, mime: str) -> bytes:
    if mime not in _FORMATS:
        raise FileRefused("type")
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > _MOST_POINTS:
                raise FileRefused("size")
            upright = ImageOps.exif_transpose(picture)
            upright.info = {}
            out = io.BytesIO()
            upright.save(out, _FORMATS[mime], quality=88)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise FileRefused("damaged") from error
    return out.getvalue()
