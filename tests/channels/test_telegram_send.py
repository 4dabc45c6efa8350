"""Sending and fetching through the real library: each trouble has its meaning, nothing quotes the token."""

import logging
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram import Introduction, TelegramChannel, build, introduce
from bot.channels.telegram.introduction import COMMANDS
from bot.channels.telegram.split import split
from bot.core.errors import DeliveryFailed, FetchFailed
from bot.core.message import Attachment, Button, Content, OutboundMessage, ReplyKind
from bot.ports import Channel
from tests.fakes.bot_api import TOKEN, BotApi, Trouble, serving

ANNA = 4711
#: seconds; long enough for a busy machine, short enough for a server that never answers
PATIENCE = 0.5


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi()) as found:
        found.say(ANNA, "hallo")
        yield found


@pytest.fixture
async def channel(api: BotApi) -> AsyncIterator[TelegramChannel]:
    async with build(TOKEN, api.url) as found:
        yield found


def to_anna(text: str = "Angekommen", **more: Any) -> OutboundMessage:
    fields = {"key": "k1", "address": str(ANNA), "kind": ReplyKind.RECEIPT, "text": text} | more
    return OutboundMessage(**fields)


async def failed(channel: TelegramChannel, message: OutboundMessage) -> DeliveryFailed:
    with pytest.raises(DeliveryFailed) as caught:
        await channel.send(message)
    assert TOKEN not in str(caught.value)
    # nor does a traceback show what the library says
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return caught.value


async def test_it_is_a_channel_and_sends_plain_text_with_buttons(api: BotApi, channel: TelegramChannel) -> None:
    door: Channel = channel
    buttons = (Button("Bürgerbüro", "dep:buergerbuero"), Button("Weiß nicht", "dep:?"))

    sent_id = await door.send(to_anna("Wer ist *gemeint*? <b>", buttons=buttons, silent=True))

    sent = api.sent[0]
    assert (sent_id, sent.text) == (str(sent.message_id), "Wer ist *gemeint*? <b>")
    assert sent.buttons == (("Bürgerbüro", "dep:buergerbuero"), ("Weiß nicht", "dep:?"))
    assert (sent.silent, sent.preview) == (True, False)
    assert "parse_mode" not in api.calls[-1][1]


async def test_a_long_text_goes_in_parts_and_rings_once(api: BotApi, channel: TelegramChannel) -> None:
    text = "\n\n".join(f"Absatz {number}. " + "Wort " * 150 for number in range(20))

    await channel.send(to_anna(text, buttons=(Button("Ja", "yes"),)))

    assert len(api.sent) == 4
    assert "".join("".join(api.texts(ANNA)).split()) == "".join(text.split())
    assert [bool(one.buttons) for one in api.sent] == [False, False, False, True]
    assert [one.silent for one in api.sent] == [False, True, True, True]


async def test_a_long_text_goes_on_where_it_stopped(api: BotApi, channel: TelegramChannel) -> None:
    message = to_anna("a" * 4096 + "b" * 4096 + "c")
    api.trouble(Trouble.FLOOD, method="sendMessage", after=2)

    assert (await failed(channel, message)).retry
    await channel.send(message)

    assert [one[0] for one in api.texts(ANNA)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        ({"trouble": Trouble.FLOOD, "retry_after": 7}, (False, False, timedelta(seconds=7))),
        ({"trouble": Trouble.REFUSED, "status": 502}, (False, False, None)),
        ({"trouble": Trouble.REFUSED, "status": 500}, (False, False, None)),
        ({"trouble": Trouble.REFUSED, "status": 401}, (False, False, None)),
        ({"trouble": Trouble.REFUSED, "status": 400}, (True, False, None)),
        ({"trouble": Trouble.SILENCE}, (False, True, None)),
        ({"trouble": Trouble.LOST}, (False, True, None)),
        ({"trouble": Trouble.RESET}, (False, True, None)),  # cannot be told from LOST
        ({"trouble": Trouble.GARBAGE}, (False, True, None)),
    ],
)
async def test_what_each_trouble_means(
    api: BotApi, channel: TelegramChannel, trouble: dict[str, Any], expected: tuple[bool, bool, timedelta | None]
) -> None:
    api.trouble(**trouble, method="sendMessage")

    async with build(TOKEN, api.url, timeout=PATIENCE) as impatient:
        error = await failed(impatient, to_anna())

    assert (error.permanent, error.unknown, error.retry_after) == expected
    assert error.retry is not error.permanent
    assert bool(api.sent) == (trouble["trouble"] in (Trouble.SILENCE, Trouble.LOST, Trouble.GARBAGE))
    await channel.send(to_anna())  # the trouble has passed


async def test_a_blocked_bot_and_an_unknown_chat_are_given_up(api: BotApi, channel: TelegramChannel) -> None:
    api.block(ANNA)
    assert (await failed(channel, to_anna())).permanent
    assert (await failed(channel, to_anna(address="1"))).permanent
    assert (await failed(channel, to_anna(address="web-7f3a"))).permanent
    assert (await failed(channel, to_anna("  "))).permanent


async def test_a_server_that_is_not_there_is_tried_again() -> None:
    async with build(TOKEN, "http://127.0.0.1:9", timeout=0.3) as channel:
        error = await failed(channel, to_anna())
    assert (error.permanent, error.unknown) == (False, False)


async def test_a_wrong_token_opens_the_house_but_sends_nothing(api: BotApi) -> None:
    async with build("4710000:wrong", api.url) as channel:
        error = await failed(channel, to_anna())
    assert error.retry
    assert "TELEGRAM_TOKEN" in str(error)


async def test_one_chat_in_a_flood_does_not_hold_the_others(api: BotApi, channel: TelegramChannel) -> None:
    api.say(4712, "hallo")
    api.trouble(Trouble.FLOOD, chat=ANNA, retry_after=60)
    await failed(channel, to_anna())
    await channel.send(to_anna(key="k2", address="4712"))
    assert api.texts(4712) == ["Angekommen"]


async def test_files_are_fetched_up_to_twenty_megabytes(api: BotApi, channel: TelegramChannel) -> None:
    api.photo(ANNA, data=b"ein Bild")
    api.document(ANNA, size=20 * 1024 * 1024 + 1)
    photo, document = (channel.read(one.body).attachments[0] for one in api.updates.waiting()[1:])

    assert await channel.fetch(photo) == b"ein Bild"
    for attachment in (document, Attachment(Content.PHOTO, None), Attachment(Content.PHOTO, "unknown")):
        with pytest.raises(FetchFailed) as caught:
            await channel.fetch(attachment)
        assert caught.value.permanent


@pytest.mark.parametrize("trouble", [Trouble.FLOOD, Trouble.REFUSED, Trouble.RESET, Trouble.SILENCE])
@pytest.mark.parametrize("method", ["getFile", "file"])
async def test_a_file_that_does_not_come_now_may_come_later(
    api: BotApi, channel: TelegramChannel, trouble: Trouble, method: str
) -> None:
    api.photo(ANNA, data=b"ein Bild")
    photo = channel.read(api.updates.waiting()[-1].body).attachments[0]
    api.trouble(trouble, method=method)

    async with build(TOKEN, api.url, timeout=PATIENCE) as impatient:
        with pytest.raises(FetchFailed) as caught:
            await impatient.fetch(photo)

    assert caught.value.retry
    assert TOKEN not in str(caught.value)
    assert await channel.fetch(photo) == b"ein Bild"


async def test_the_introduction_is_set_per_language(api: BotApi, channel: TelegramChannel) -> None:
    german = Introduction("Nachts liest niemand mit.", "Stadt Borken", dict.fromkeys(COMMANDS, "Hilfe"))
    english = Introduction("Nobody reads at night.", "Town", dict.fromkeys(COMMANDS, "help"), lang="en")

    await introduce(channel.bot, german, english)

    assert api.introduction["description"] == "Nachts liest niemand mit."
    assert api.introduction["short_description.en"] == "Town"
    assert all(f'"{name}"' in api.introduction["commands"] for name in COMMANDS)

    api.trouble(Trouble.FLOOD, times=9)
    await introduce(channel.bot, german)  # refused, and the house opens all the same


def test_an_introduction_telegram_would_refuse_is_refused_here() -> None:
    words = dict.fromkeys(COMMANDS, "Hilfe")
    for wrong in (("x" * 513, "kurz", words), ("lang", "", words), ("lang", "kurz", {"start": "Anfang"})):
        with pytest.raises(ValueError):
            Introduction(*wrong)


async def test_no_log_shows_the_token(
    api: BotApi, channel: TelegramChannel, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    api.trouble(Trouble.GARBAGE, method="sendMessage")
    await failed(channel, to_anna("sehr persönlich"))
    await channel.send(to_anna("sehr persönlich"))

    logged = caplog.text + "".join(capsys.readouterr())
    assert TOKEN not in logged
    assert "sehr persönlich" not in logged


@given(st.text(st.characters(codec="utf-8"), max_size=300), st.integers(2, 40))
def test_every_part_fits_and_no_letter_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)

    assert all(0 < len(part.encode("utf-16-le")) // 2 <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_cut_where_a_reader_pauses() -> None:
    assert split("Erster Absatz.\n\nZweiter Absatz.", 20) == ["Erster Absatz.", "Zweiter Absatz."]
    assert split("Ein Satz. Noch ein Satz.", 15) == ["Ein Satz.", "Noch ein Satz."]
    assert split("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert split("😀" * 3, 4) == ["😀😀", "😀"]
