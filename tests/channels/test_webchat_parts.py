"""The parts of the web chat that need no house: reading, counting, waking, choosing a language."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.webchat.page import linked
from bot.channels.webchat.rate import Rate
from bot.channels.webchat.read import compose, read, update_key
from bot.channels.webchat.stream import Hub, Look, changes
from bot.channels.webchat.texts import LANGUAGES, _read
from bot.core.errors import StoreUnavailable, Unreadable
from bot.core.message import Content
from bot.store.inbox import Upload
from bot.web import language, origin
from tests.channels.web_town import EVENING


def form(**more: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {"nonce": "n1", "address": "a" * 64, "sent_at": EVENING, "text": "Laterne", "lang": "de"}
    return compose(**(usual | {"button": None, "label": "", "files": ()} | more))


# --- reading ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mime", "content"),
    [
        ("image/jpeg", Content.PHOTO),
        ("video/mp4", Content.VIDEO),
        ("audio/ogg", Content.VOICE),
        ("application/pdf", Content.DOCUMENT),
    ],
)
def test_a_message_is_what_its_first_file_is(mime: str, content: Content) -> None:
    files = (Upload("eins", mime, b"123"), Upload("zwei.pdf", "application/pdf", b"12"))
    message = read(form(files=files))

    assert message.content is content
    assert [(a.name, a.size, a.remote_id) for a in message.attachments] == [("eins", 3, None), ("zwei.pdf", 2, None)]


def test_a_button_is_read_with_its_data_and_without_words() -> None:
    message = read(form(text="", button="d:1:abfall", label="Abfall"))

    assert (message.content, message.button, message.text) == (Content.BUTTON, "d:1:abfall", "")
    assert message.sent_at == EVENING


@pytest.mark.parametrize("raw", [{}, {"id": "1", "address": "a", "text": "x", "sent_at": "gestern"}, []])
def test_what_is_no_form_is_unreadable(raw: Any) -> None:
    with pytest.raises(Unreadable):
        read(raw)


def test_the_key_tells_messages_apart_and_gives_no_address_away() -> None:
    assert update_key(form()) == update_key(form(sent_at=EVENING + timedelta(seconds=9)))
    assert update_key(form()) != update_key(form(text="Ampel"))
    assert update_key(form()) != update_key(form(address="b" * 64))
    assert "aaaa" not in update_key(form())
    assert len(update_key(form())) <= 100  # as wide as its column


# --- counting -----------------------------------------------------------------------------------------------------


def test_each_address_is_counted_for_a_minute() -> None:
    rate = Rate(per_minute=2)

    assert [rate.allows("a", EVENING) for _ in range(3)] == [True, True, False]
    assert rate.allows("b", EVENING)
    assert rate.allows("a", EVENING + timedelta(seconds=60))


# --- waking -------------------------------------------------------------------------------------------------------


async def _event(stream: AsyncIterator[str]) -> str:
    async with asyncio.timeout(5):
        async for told in stream:
            if told.startswith("event:"):
                return told
    raise AssertionError("the stream has ended")


async def test_a_page_hears_of_a_change_that_is_committed_after_it_was_woken() -> None:
    hub, seen = Hub(), Look("1", busy=False)

    async def look() -> Look:
        return seen

    stream = changes(hub, "a", look)
    assert "data: 1\n" in await _event(stream)
    hub.wake("a")
    asyncio.get_running_loop().call_later(0.3, lambda: seen_now(Look("2", busy=False)))

    def seen_now(new: Look) -> None:
        nonlocal seen
        seen = new

    assert "data: 2\n" in await _event(stream)


async def test_a_stream_survives_a_silent_database_and_ends_when_the_house_closes() -> None:
    hub, tries = Hub(), 0

    async def look() -> Look:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise StoreUnavailable
        return Look("1", busy=True)

    stream = changes(hub, "a", look)
    assert "data: 1\n" in await _event(stream)
    hub.close()

    assert [told async for told in stream] == []
    hub.wake("a")  # nobody is there any more


# --- words --------------------------------------------------------------------------------------------------------


def test_both_languages_say_the_same_things() -> None:
    assert LANGUAGES == ("de", "en")
    assert _read("de").keys() == _read("en").keys()


@pytest.mark.parametrize(
    ("header", "chosen"),
    [("", "de"), ("en-US,en;q=0.9", "en"), ("fr, de;q=0.4, en;q=0.8", "en"), ("tr", "de"), ("*;q=x, ;;,", "de")],
)
def test_the_most_wanted_offered_language_is_chosen(header: str, chosen: str) -> None:
    assert language.choose(header, ("de", "en")) == chosen


def test_numbers_and_addresses_become_links_and_nothing_else_does() -> None:
    text = linked("Bei Gefahr 112, sonst 0221 4710 199 <b> https://borken.example/a. Nr. BOR-1120-X, 1120 Euro")

    assert '<a href="tel:112">112</a>,' in text
    assert '<a href="tel:02214710199">0221 4710 199</a>' in text
    assert "&lt;b&gt;" in text
    assert '<a href="https://borken.example/a">https://borken.example/a</a>.' in text
    assert "BOR-1120-X, 1120 Euro" in text


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),  # no browser
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-site", "origin": "https://chat.test", "host": "chat.test"}, False),
        ({"origin": "https://chat.test", "host": "chat.test"}, True),
        ({"origin": "https://chat.test.evil.example", "host": "chat.test"}, False),
        ({"origin": "null", "host": "chat.test"}, False),
    ],
)
def test_only_our_own_pages_may_send_forms(headers: dict[str, str], own: bool) -> None:
    assert origin.is_own(headers) is own
