"""Read: what a form said, as a raw update and as an InboundMessage."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.core.errors import Unreadable
from bot.core.message import Attachment, Content, InboundMessage
from bot.store.inbox import Upload

CHANNEL = "web"
_CONTENTS = {"image": Content.PHOTO, "video": Content.VIDEO, "audio": Content.VOICE}


def compose(
    *,
    nonce: str,
    address: str,
    sent_at: datetime,
    text: str,
    lang: str | None,
    button: str | None,
    label: str,
    files: Sequence[Upload],
) -> dict[str, Any]:
    """The raw update of a form, as it is kept; the files themselves travel beside it."""
    raw: dict[str, Any] = {"id": nonce, "address": address, "sent_at": sent_at.isoformat(), "text": text}
    raw |= {"lang": lang} if lang else {}
    raw |= {"button": button, "label": label} if button else {}
    raw |= {"files": [{"name": f.name, "mime": f.mime, "size": len(f.data)} for f in files]} if files else {}
    return raw


def update_key(raw: Mapping[str, Any]) -> str:
    """The same for the same message sent twice.

    A hash, for the key outlives an erased address. Over the words too: who goes back in the browser and sends another
    text from the old page has written a second message.
    """
    files = (f"{file['name']}:{file['size']}" for file in raw.get("files", ()))
    told = (raw["address"], raw["id"], raw["text"], raw.get("button", ""), *files)
    return hashlib.sha256("\0".join(told).encode()).hexdigest()


def read(raw: Mapping[str, Any]) -> InboundMessage:
    """The raw update as a message; raises Unreadable."""
    try:
        return _message(raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"kein Web-Update: {type(error).__name__}") from error


def _message(raw: Mapping[str, Any]) -> InboundMessage:
    attachments = tuple(
        Attachment(_content(str(f["mime"])), None, str(f["name"]), str(f["mime"]), int(f["size"]))
        for f in raw.get("files", ())
    )
    button = raw.get("button")
    carried = attachments[0].kind if attachments else Content.TEXT
    return InboundMessage(
        channel=CHANNEL,
        address=str(raw["address"]),
        external_id=str(raw["id"]),
        sent_at=datetime.fromisoformat(raw["sent_at"]),
        content=Content.BUTTON if button else carried,
        text=str(raw["text"]),
        lang=raw.get("lang"),
        attachments=attachments,
        button=str(button) if button else None,
    )


def _content(mime: str) -> Content:
    return _CONTENTS.get(mime.partition("/")[0], Content.DOCUMENT)
