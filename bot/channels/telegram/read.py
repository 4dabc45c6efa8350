"""A raw update of Telegram as a message of the house; pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, Message, Update

from bot.core.errors import Unreadable
from bot.core.message import Attachment, Content, InboundMessage

CHANNEL = "telegram"


def read(raw: Mapping[str, Any]) -> InboundMessage:
    """The message in an update; raises Unreadable, whose reason never holds the citizen's words."""
    try:
        update = Update.de_json(dict(raw), None)
        return _inbound(update)
    except Unreadable:
        raise
    except Exception as error:  # whatever the library stumbles over: its own words may quote the text
        raise Unreadable(f"not an update we can parse ({type(error).__name__})") from None


def _inbound(update: Update) -> InboundMessage:
    if update.callback_query:
        return _pressed(update.callback_query)
    if message := update.message or update.edited_message:
        return _written(message, edited=update.message is None)
    raise Unreadable("no message, edit or pressed button in this update")


def _written(message: Message, *, edited: bool) -> InboundMessage:
    content = _content(message)
    return InboundMessage(
        channel=CHANNEL,
        address=_address(message.chat.type, message.chat.id),
        external_id=str(message.message_id),
        sent_at=_aware(message.edit_date if edited and message.edit_date else message.date),
        content=content,
        text=_text(message, content),
        lang=_lang(message.from_user.language_code if message.from_user else None),
        attachments=_attachments(message, content),
        location=_place(message),
        album=_words(message.media_group_id) or None,
        edited=edited,
    )


def _pressed(query: CallbackQuery) -> InboundMessage:
    """Telegram does not say when a button was pressed: `sent_at` is when the message with the button was sent."""
    if query.message is None:
        raise Unreadable("a button without its message")
    return InboundMessage(
        channel=CHANNEL,
        address=_address(query.message.chat.type, query.message.chat.id),
        external_id=f"cb{query.id}",
        sent_at=_aware(query.message.date),
        content=Content.BUTTON,
        lang=_lang(query.from_user.language_code),
        button=_words(query.data),
    )


def _address(kind: str, chat: int) -> str:
    if kind != "private":
        raise Unreadable("only private chats")
    return str(int(chat))


def _aware(moment: datetime) -> datetime:
    if not isinstance(moment, datetime):
        raise Unreadable("no date")
    return moment


#: the first field a message has decides; an animation also fills `document`, a venue also `location`
CONTENTS = {
    "text": Content.TEXT,
    "photo": Content.PHOTO,
    "animation": Content.VIDEO,
    "document": Content.DOCUMENT,
    "voice": Content.VOICE,
    "audio": Content.VOICE,
    "video": Content.VIDEO,
    "video_note": Content.VIDEO,
    "sticker": Content.STICKER,
    "venue": Content.LOCATION,
    "location": Content.LOCATION,
}
FILES = {"animation", "document", "voice", "audio", "video", "video_note"}


def _field(message: Message) -> str | None:
    return next((name for name in CONTENTS if getattr(message, name)), None)


def _content(message: Message) -> Content:
    field = _field(message)
    return CONTENTS[field] if field else Content.OTHER


def _text(message: Message, content: Content) -> str:
    if content is Content.STICKER and message.sticker:
        return _words(message.sticker.emoji)
    if message.venue:
        return ", ".join(filter(None, (_words(message.venue.title), _words(message.venue.address))))
    return _words(message.text or message.caption)


def _words(text: str | None) -> str:
    """Checks what the library does not: the type, halves of surrogate pairs and NUL (databases refuse both)."""
    if text is not None and not isinstance(text, str):
        raise Unreadable("a text that is no text")
    return (text or "").encode("utf-8", "replace").decode().replace("\0", "")


def _attachments(message: Message, content: Content) -> tuple[Attachment, ...]:
    field = _field(message)
    if field == "photo":
        largest = max(message.photo, key=lambda one: one.width * one.height)
        return (Attachment(content, largest.file_id, mime="image/jpeg", size=largest.file_size),)
    if field not in FILES:
        return ()
    file = getattr(message, field)
    name = _words(getattr(file, "file_name", None)) or None
    mime = _words(getattr(file, "mime_type", None)) or None
    return (Attachment(content, file.file_id, name=name, mime=mime, size=file.file_size),)


def _place(message: Message) -> tuple[float, float] | None:
    point = message.venue.location if message.venue else message.location
    return (float(point.latitude), float(point.longitude)) if point else None


def _lang(code: str | None) -> str | None:
    """`pt-BR` → `pt`."""
    return _words(code).split("-")[0].lower() or None
