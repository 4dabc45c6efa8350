"""Telegram's JSON for what citizens send."""

from typing import Any

from tests.fakes.bot_api.wire import Json

BOT: Json = {
    "id": 4710000,
    "is_bot": True,
    "first_name": "Nachtschalter",
    "username": "nachtschalter_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}

#: updates nobody can parse; each lacks only its number
POISON: tuple[Json, ...] = (
    {"message": 17},
    {"message": {"text": "no chat, no date"}},
    {"message": {"message_id": 1, "date": "gestern", "chat": {"id": 1, "type": "private"}, "text": "?"}},
    {
        "message": {
            "message_id": 1,
            "date": 10**18,
            "chat": {"id": 1, "type": "private"},
            "text": "in aeons",
        }
    },
    {"message": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": {"a": ["b"]}}},
    {"callback_query": {"id": "1", "from": None, "data": "x"}},
    {"something_of_tomorrow": {"id": 1}},
    {},
)


def person(chat: int, lang: str | None) -> Json:
    """The user behind a private chat."""
    found: Json = {"id": chat, "is_bot": False, "first_name": "Testperson"}
    return found | ({"language_code": lang} if lang else {})


def private(chat: int) -> Json:
    """A private chat with the bot."""
    return {"id": chat, "type": "private", "first_name": "Testperson"}


def words(text: str) -> Json:
    """A text message's own fields; a command is marked as Telegram marks it."""
    found: Json = {"text": text}
    if text.startswith("/"):
        found["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    return found


def file(file_id: str, size: int | None, **more: Any) -> Json:
    """Any kind of file."""
    found: Json = {"file_id": file_id, "file_unique_id": f"u{file_id}", **more}
    return found | ({"file_size": size} if size is not None else {})


def photo_sizes(file_id: str, size: int) -> list[Json]:
    """A picture in three sizes; only the largest can be downloaded under `file_id`."""
    return [
        file(f"{file_id}-s", 900, width=90, height=68),
        file(f"{file_id}-m", 9000, width=320, height=240),
        file(file_id, size, width=1280, height=960),
    ]


def place(latitude: float, longitude: float) -> Json:
    """A point on the map."""
    return {"latitude": latitude, "longitude": longitude}


def keyboard_labels(markup: Json) -> tuple[tuple[str, str], ...]:
    """The buttons of an inline keyboard as pairs of label and data."""
    return tuple(
        (button["text"], button.get("callback_data", "")) for row in markup.get("inline_keyboard", []) for button in row
    )
