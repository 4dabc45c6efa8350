"""Every shape Telegram sends becomes a message of the house, or a reason without the citizen's words."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.telegram import TelegramChannel, build, update_key
from bot.channels.telegram.door import blocked_by, is_for_the_house
from bot.channels.telegram.read import read
from bot.core.errors import Unreadable
from bot.core.message import Attachment, Content
from tests.fakes.bot_api import TOKEN, BotApi

ANNA, NIGHT = 4711, datetime(2026, 11, 24, 22, 2, 11, tzinfo=UTC)


@pytest.fixture
def api() -> BotApi:
    return BotApi(now=lambda: NIGHT)


def newest(api: BotApi) -> dict[str, Any]:
    return api.updates.waiting()[-1].body


def test_a_text(api: BotApi) -> None:
    number = api.say(ANNA, "In der Heidener Straße ist die Laterne aus", lang="de-AT")

    message = read(newest(api))

    assert (message.channel, message.address, message.external_id) == ("telegram", "4711", str(number))
    assert (message.content, message.text) == (Content.TEXT, "In der Heidener Straße ist die Laterne aus")
    assert (message.sent_at, message.lang, message.edited) == (NIGHT, "de", False)


def test_an_edit_carries_the_id_of_what_it_edits_and_its_own_time(api: BotApi) -> None:
    number = api.say(ANNA, "Laterne aus")
    api.advance(minutes=5)
    api.edit(ANNA, number, "Laterne aus, Heidener Straße 5")

    message = read(newest(api))

    assert (message.external_id, message.edited) == (str(number), True)
    assert message.text.endswith("5")
    assert message.sent_at == NIGHT.replace(minute=7)


def test_a_photo_is_kept_in_its_largest_size(api: BotApi) -> None:
    api.photo(ANNA, caption="Schlagloch", data=b"x" * 5000)

    message = read(newest(api))

    assert (message.content, message.text) == (Content.PHOTO, "Schlagloch")
    assert message.attachments == (Attachment(Content.PHOTO, "photos0", mime="image/jpeg", size=5000),)


def test_pictures_of_an_album_share_its_id(api: BotApi) -> None:
    api.album(ANNA, ["Müll im Wald", "", ""])

    messages = [read(one.body) for one in api.updates.waiting()]

    assert len({one.album for one in messages}) == 1
    assert messages[0].album
    assert [one.text for one in messages] == ["Müll im Wald", "", ""]
    assert len({one.external_id for one in messages}) == 3


def test_a_document_keeps_name_type_and_size(api: BotApi) -> None:
    api.document(ANNA, name="bescheid.pdf", caption="Was heißt das?", data=b"%PDF")

    message = read(newest(api))

    assert message.text == "Was heißt das?"
    expected = Attachment(Content.DOCUMENT, "documents0", "bescheid.pdf", "application/pdf", 4)
    assert message.attachments == (expected,)


def test_a_pressed_button(api: BotApi) -> None:
    api.say(ANNA, "hallo")
    markup = {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]}
    api.record(ANNA, "Wirklich?", markup, silent=False, preview=False)
    query = api.press(ANNA, "Ja")

    message = read(newest(api))

    assert (message.content, message.button, message.text) == (Content.BUTTON, "yes", "")
    assert (message.address, message.external_id, message.lang) == ("4711", f"cb{query}", "de")


def test_a_button_on_a_message_telegram_no_longer_shows(api: BotApi) -> None:
    gone = {"message_id": 7, "date": 0, "chat": {"id": ANNA, "type": "private"}}
    person = {"id": ANNA, "is_bot": False, "first_name": "A"}
    query = {"id": "99", "from": person, "chat_instance": "1", "data": "status", "message": gone}

    assert read({"update_id": 1, "callback_query": query}).button == "status"


FILE = {"file_id": "f", "file_unique_id": "u", "file_size": 3}
OTHERS: list[tuple[dict[str, Any], Content, str]] = [
    ({"voice": FILE | {"duration": 4}}, Content.VOICE, ""),
    ({"audio": FILE | {"duration": 4, "file_name": "laerm.mp3"}, "caption": "Lärm"}, Content.VOICE, "Lärm"),
    ({"video": FILE | {"duration": 4, "width": 1, "height": 1}, "caption": "hier"}, Content.VIDEO, "hier"),
    ({"video_note": FILE | {"duration": 4, "length": 1}}, Content.VIDEO, ""),
    ({"animation": FILE | {"duration": 4, "width": 1, "height": 1}, "document": FILE}, Content.VIDEO, ""),
    ({"contact": {"phone_number": "0221 4710 123", "first_name": "A"}}, Content.OTHER, ""),
    ({"dice": {"emoji": "🎲", "value": 3}}, Content.OTHER, ""),
    ({"something_of_tomorrow": {"id": 1}}, Content.OTHER, ""),
]


@pytest.mark.parametrize(("content", "expected", "text"), OTHERS)
def test_whatever_else_comes_has_a_content(api: BotApi, content: dict[str, Any], expected: Content, text: str) -> None:
    api.post(ANNA, content)

    message = read(newest(api))

    assert (message.content, message.text) == (expected, text)
    assert bool(message.attachments) == (expected is not Content.OTHER)


def test_a_location_and_a_place_with_a_name(api: BotApi) -> None:
    api.location(ANNA, 51.8437, 6.8583)
    assert read(newest(api)).location == pytest.approx((51.8437, 6.8583))

    point = {"latitude": 51.8, "longitude": 6.8}
    venue = {"location": point, "title": "Marktplatz", "address": "Am Markt 1"}
    api.post(ANNA, {"venue": venue, "location": point})
    message = read(newest(api))
    assert (message.content, message.text) == (Content.LOCATION, "Marktplatz, Am Markt 1")
    assert message.location == pytest.approx((51.8, 6.8))


def test_a_sticker_says_its_emoji(api: BotApi) -> None:
    api.sticker(ANNA, "👍")
    assert (read(newest(api)).content, read(newest(api)).text) == (Content.STICKER, "👍")


def test_what_databases_refuse_is_taken_out_of_a_text(api: BotApi) -> None:
    api.say(ANNA, "Gas\ud83d rie\0cht")
    assert read(newest(api)).text == "Gas? riecht"


def test_poison_is_unreadable_and_its_reason_quotes_nothing(api: BotApi) -> None:
    secret = "ganz geheimer Satz"
    api.poison()
    api.poison({"message": {"message_id": 1, "date": secret, "chat": {"id": 1, "type": "private"}}})

    for update in api.updates.waiting():
        with pytest.raises(Unreadable) as caught:
            read(update.body)
        assert secret not in str(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_reading_leaves_the_raw_update_as_it_was(api: BotApi) -> None:
    api.photo(ANNA, caption="hier")
    raw = newest(api)
    before = copy.deepcopy(raw)
    read(raw)
    assert raw == before


def test_groups_and_the_staff_chat_never_open_a_case(api: BotApi) -> None:
    api.say(-100471, "Wer hat heute Dienst?", group=True)
    assert not is_for_the_house(newest(api))
    with pytest.raises(Unreadable, match="only private chats"):
        read(newest(api))

    api.say(ANNA, "Dienst getauscht")
    channel: TelegramChannel = build(TOKEN, staff_chat=str(ANNA))
    with pytest.raises(Unreadable, match="staff"):
        channel.read(newest(api))


def test_a_citizen_who_blocks_the_bot_is_named_and_no_message(api: BotApi) -> None:
    api.block(ANNA)
    assert blocked_by(newest(api)) == "4711"
    api.unblock(ANNA)
    assert blocked_by(newest(api)) is None
    assert not is_for_the_house(newest(api))


@pytest.mark.parametrize("say", [lambda api: api.say(ANNA, "hallo"), lambda api: api.poison()])
def test_what_might_be_a_citizen_passes_the_door(api: BotApi, say: Callable[[BotApi], Any]) -> None:
    say(api)
    assert all(is_for_the_house(one.body) for one in api.updates.waiting())


def test_an_update_has_the_same_key_however_often_it_comes(api: BotApi) -> None:
    api.say(ANNA, "hallo")
    raw = newest(api)

    assert update_key(raw) == update_key(dict(reversed(raw.items()))) == str(raw["update_id"])
    assert update_key(b"kaputt") == update_key(b"kaputt") != update_key(b"anders")
    assert update_key({"message": 17}) == update_key({"message": 17})
