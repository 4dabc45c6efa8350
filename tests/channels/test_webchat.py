"""The web chat without scripts: forms, pages, and what a citizen reads on them."""

import asyncio
import hashlib
import io
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
import sqlalchemy as sa
from PIL import Image

from bot.channels.webchat.identity import COOKIE
from bot.store import outbox
from bot.store.tables import attachment_bytes, conversations, inbox, messages
from tests.channels.web_town import WebTown, web_town

LANTERN = "Die Laterne am Nordring ist dunkel."


@pytest_asyncio.fixture
async def night(tmp_path: Path) -> AsyncIterator[WebTown]:
    async with web_town(tmp_path) as made:
        yield made


async def send(client: httpx.AsyncClient, text: str = "", **more: Any) -> httpx.Response:
    """Fills in the form of the page and sends it, as a browser without scripts does."""
    page = await client.get("/")
    form = re.search(r'<form id="nachricht".*?</form>', page.text, re.DOTALL)
    assert form
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
    files = more.pop("files", None)
    return await client.post("/chat/messages", data=fields | {"text": text} | more, files=files)


async def read(client: httpx.AsyncClient) -> str:
    """What stands on the page, without its tags."""
    page = await client.get("/")
    assert page.status_code == 200
    body = re.sub(r"<template.*?</template>", "", page.text.partition("<body>")[2], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


async def count(night: WebTown, table: sa.Table) -> int:
    async with night.database.read() as tx:
        return int((await tx.execute(sa.select(sa.func.count()).select_from(table))).scalar_one())


# --- before anyone types ------------------------------------------------------------------------------------------


async def test_the_first_page_says_what_matters_and_sets_no_cookie(night: WebTown) -> None:
    page = await night.citizen().get("/")

    assert "Hier antwortet zuerst ein Computer; nachts liest in der Regel niemand mit." in page.text
    assert "Kommt keine Bestätigung mit Nummer, ist nichts bei uns angekommen." in page.text
    assert "Bitte keine Gesundheits-, Steuer- oder Ausweisdaten senden." in page.text
    assert 'href="tel:112"' in page.text
    assert 'href="tel:110"' in page.text
    assert 'href="/datenschutz"' in page.text
    assert "set-cookie" not in page.headers
    assert '<html lang="de">' in page.text


async def test_who_reads_english_gets_simple_english(night: WebTown) -> None:
    page = await night.citizen(**{"Accept-Language": "en-GB,en;q=0.9,de;q=0.5"}).get("/")

    assert '<html lang="en">' in page.text
    assert "What is it about, and where?" in page.text


async def test_who_reads_neither_gets_german(night: WebTown) -> None:
    page = await night.citizen(**{"Accept-Language": "fr"}).get("/")

    assert '<html lang="de">' in page.text


async def test_every_page_forbids_inline_scripts_and_frames(night: WebTown) -> None:
    client = night.citizen()

    for path in ("/", "/datenschutz", "/c/unbekannt", "/static/chat/chat.css"):
        headers = (await client.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"

    page = (await client.get("/")).text
    assert not re.search(r"<script(?![^>]*src=)|\son\w+=|\sstyle=", page)


async def test_the_privacy_page_says_how_long_and_whose_it_is(night: WebTown) -> None:
    page = (await night.citizen(**{"Accept-Language": "en"}).get("/datenschutz")).text

    assert '<html lang="de">' in page
    assert "90 Tage" in page
    assert night.house.settings.city.responsible in page
    assert night.house.settings.city.data_protection_officer in page
    assert "Nachrichten können ohne Namen der Sortierung als Beispiel dienen; Sie können widersprechen." in page


async def test_the_imprint_is_the_towns_own(night: WebTown) -> None:
    answer = await night.citizen().get("/impressum")

    assert answer.headers["location"] == night.house.settings.city.imprint


# --- writing and reading ------------------------------------------------------------------------------------------


async def test_a_message_is_committed_before_the_answer_and_shown_with_its_receipt(night: WebTown) -> None:
    client = night.citizen()

    answer = await send(client, LANTERN)
    assert answer.status_code == 303
    assert await count(night, inbox) == 1
    assert night.woken == 1
    waiting = await client.get("/")
    assert LANTERN in waiting.text
    assert "Die Antwort kommt gleich." in waiting.text
    assert '<noscript><meta http-equiv="refresh" content="4; url=/?' in waiting.text

    await night.tick()
    page = await read(client)
    assert re.search(r"Angekommen: Montag, 23\. November, 23:02 Uhr, Nr\. BOR-\w{4}-\w\.", page)
    assert "Straßen" in page
    assert 'http-equiv="refresh"' not in (await client.get("/")).text


async def test_the_house_keeps_the_hash_of_the_secret_only(night: WebTown) -> None:
    client = night.citizen()
    answer = await send(client, LANTERN)
    secret = client.cookies[COOKIE]
    await night.tick()

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert len(secret) == 43
    async with night.database.read() as tx:
        address = (await tx.execute(sa.select(conversations.c.address))).scalar_one()
        raw = (await tx.execute(sa.select(inbox.c.raw))).scalar_one()
    assert address == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in raw


async def test_the_cookie_is_secure_over_https(night: WebTown) -> None:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=night.web), base_url="https://chat.test")
    night.clients.append(client)

    assert "secure" in (await send(client, LANTERN)).headers["set-cookie"].lower()


async def test_two_citizens_do_not_see_each_other(night: WebTown) -> None:
    one, other = night.citizen(), night.citizen()
    await send(one, LANTERN)
    await send(other, "Mein Ausweis ist weg.")
    await night.tick()

    assert "Laterne" not in await read(other)
    assert "Ausweis ist weg" not in await read(one)


async def test_the_same_form_sent_twice_is_one_message_in_one_conversation(night: WebTown) -> None:
    client = night.citizen()
    page = (await client.get("/")).text
    form = re.search(r'<form id="nachricht".*?</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0])) | {"text": LANTERN}

    first, second = await asyncio.gather(*(night.citizen().post("/chat/messages", data=fields) for _ in range(2)))

    assert first.status_code == second.status_code == 303
    assert first.cookies[COOKIE] == second.cookies[COOKIE]
    assert await count(night, inbox) == 1


async def test_another_text_from_an_old_page_is_another_message(night: WebTown) -> None:
    client = night.citizen()
    fields = {"id": "a1b2c3d4e5f6"}

    await client.post("/chat/messages", data=fields | {"text": LANTERN})
    await client.post("/chat/messages", data=fields | {"text": "Auch die daneben."})

    assert await count(night, inbox) == 2


async def test_fragments_wait_and_the_page_says_so(night: WebTown) -> None:
    client = night.citizen()
    await send(client, "am Nordring")
    await night.tick()

    page = await client.get("/")
    assert "Wir warten einen Augenblick" in page.text
    assert 'http-equiv="refresh" content="4' in page.text  # 45 quiet seconds and two to spare

    await night.tick(46)
    assert "Nr. BOR-" in await read(client)


async def test_a_button_is_pressed_and_its_words_are_shown(night: WebTown) -> None:
    client = night.citizen()
    await send(client, "Da ist etwas nicht in Ordnung bei uns.")
    await night.tick(1)
    await night.tick(46)
    page = (await client.get("/")).text
    button = re.search(r'name="button" value="(d:[^"]+)">\s*<input[^>]*name="label" value="([^"]+)"', page)
    assert button
    data, label = (unescape(one) for one in button.groups())

    night.now += timedelta(seconds=5)
    answer = await client.post("/chat/messages", data={"id": "knopf1x1", "button": data, "label": label})
    assert answer.status_code == 303
    await night.tick()

    assert f"Ausgewählt: {label}" in await read(client)
    assert 'name="button"' not in (await client.get("/")).text
    async with night.database.read() as tx:
        assert "button" in (await tx.execute(sa.select(messages.c.content))).scalars().all()


@pytest.mark.parametrize("data", ["d:1:hack", "x:maybe", "d:abc:strassen", "q", "d:1:" + "x" * 80])
async def test_a_button_nobody_offered_is_refused(night: WebTown, data: str) -> None:
    answer = await night.citizen().post("/chat/messages", data={"id": "knopf1x1", "button": data, "label": "x"})

    assert answer.status_code == 422
    assert await count(night, inbox) == 0


async def test_commands_are_buttons(night: WebTown) -> None:
    client = night.citizen()
    await send(client, LANTERN)
    await night.tick()
    await send(client, "/status")
    await night.tick(1)

    assert "liegt bereit" in await read(client)


async def test_a_broken_classifier_still_gets_the_citizen_an_answer(night: WebTown) -> None:
    night.classifier.broken = True
    client = night.citizen()
    await send(client, LANTERN)
    await night.tick(1)
    await night.tick(46)

    assert "Nr. BOR-" in await read(client)


async def test_words_that_play_tricks_are_only_words(night: WebTown) -> None:
    client = night.citizen()
    await send(client, "<script>alert(1)</script> \u202egnal\u202c Laterne")
    await night.tick()
    page = (await client.get("/")).text

    assert "<script>alert" not in page
    assert '<div class="words" dir="auto"><bdi>&lt;script&gt;' in page


async def test_numbers_in_a_danger_text_can_be_touched(night: WebTown) -> None:
    client = night.citizen()
    await send(client, "Es riecht im Treppenhaus stark nach Gas!")
    await night.tick()
    page = (await client.get("/")).text

    shown = page[page.index('class="bubble house danger"') :]
    assert 'role="alert"' in shown
    assert '<a href="tel:112">112</a>' in shown
    assert page.index("bubble house danger") < page.index("Ihre Nachricht ist gespeichert:")


# --- coming back --------------------------------------------------------------------------------------------------


async def test_the_link_brings_the_citizen_back_on_another_device(night: WebTown) -> None:
    client = night.citizen()
    await send(client, LANTERN)
    page = (await client.get("/")).text
    link = re.search(r"http://chat\.test(/c/[\w-]{43})", page)
    assert link

    other = night.citizen()
    answer = await other.get(link[1])
    assert answer.status_code == 303
    assert answer.headers["location"] == "/#aktuell"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert LANTERN in await read(other)


@pytest.mark.parametrize("secret", ["x", "A" * 43])
async def test_a_link_to_nothing_says_so_and_sets_no_cookie(night: WebTown, secret: str) -> None:
    answer = await night.citizen().get(f"/c/{secret}")

    assert answer.status_code == 404
    assert "Kein Gespräch gefunden" in answer.text
    assert "set-cookie" not in answer.headers


async def test_after_erasing_the_farewell_is_told_once_and_nothing_is_left(night: WebTown) -> None:
    client = night.citizen()
    await send(client, LANTERN)
    await night.tick(1)
    await send(client, "/loeschen")
    await night.tick(1)
    assert "Ja, alles löschen" in (await client.get("/")).text
    address = hashlib.sha256(client.cookies[COOKIE].encode()).hexdigest()

    await client.post("/chat/messages", data={"id": "knopf9x9", "button": "x:yes", "label": "Ja, alles löschen"})
    await night.tick(1)

    page = await read(client)
    assert "Gelöscht sind Nachrichten und Adresse hier" in page
    assert LANTERN not in page
    assert COOKIE not in client.cookies
    assert "Gelöscht sind" not in await read(client)
    async with night.database.read() as tx:
        rows = (await tx.execute(sa.select(inbox))).all()
    assert not any(address in str(value) for row in rows for value in row)


# --- files --------------------------------------------------------------------------------------------------------


def photo(kind: str = "JPEG") -> bytes:
    picture, out = Image.new("RGB", (40, 30), "navy"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Kamera von nebenan"
    picture.save(out, kind, exif=exif)
    return out.getvalue()


async def test_a_photo_loses_what_the_camera_wrote_and_can_be_seen_by_its_sender_only(night: WebTown) -> None:
    client, stranger = night.citizen(), night.citizen()
    await send(client, LANTERN, files=[("files", ("foto.jpg", photo(), "image/jpeg"))])
    assert "foto.jpg" in await read(client)
    await night.tick()

    async with night.database.read() as tx:
        data = (await tx.execute(sa.select(attachment_bytes.c.data))).scalar_one()
    assert b"Kamera" not in data
    page = (await client.get("/")).text
    path = re.search(r'<img src="(/chat/files/\d+)" alt="foto\.jpg"', page)
    assert path
    shown = await client.get(path[1])
    assert shown.content == data
    assert shown.headers["content-type"] == "image/jpeg"
    await send(stranger, "Mein Ausweis ist weg.")
    assert (await stranger.get(path[1])).status_code == 404


async def test_a_photo_alone_is_a_message(night: WebTown) -> None:
    client = night.citizen()
    answer = await send(client, files=[("files", ("foto.jpg", photo(), "image/jpeg"))])
    await night.tick()

    assert answer.status_code == 303
    assert "Sprachnachrichten und Bilder prüft nachts niemand." in await read(client)


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("brief.exe", b"MZ" + b"\0" * 100, "Die Datei „brief.exe“ können wir nicht annehmen."),
        ("leer.jpg", b"", "Die Datei „leer.jpg“ ist leer."),
        ("foto.jpg", b"\xff\xd8\xff" + b"kaputt" * 9, "Die Datei „foto.jpg“ ist beschädigt"),
        ("riese.pdf", b"%PDF-" + b"0" * 2**20, "Die Datei „riese.pdf“ ist zu groß; möglich sind 1 Megabyte."),
        ("../../etc/passwd.txt", b"root", "Die Datei „passwd.txt“ können wir nicht annehmen."),
    ],
)
async def test_a_refused_file_has_a_sentence_and_the_text_stays(
    tmp_path: Path, name: str, data: bytes, sentence: str
) -> None:
    async with web_town(tmp_path, attachment_bytes=2**20) as night:
        answer = await send(night.citizen(), LANTERN, files=[("files", (name, data, "image/jpeg"))])

        assert answer.status_code == 422
        assert sentence in unescape(answer.text)
        assert f"\n{LANTERN}</textarea>" in answer.text
        assert await count(night, inbox) == 0


async def test_too_many_files_are_refused(tmp_path: Path) -> None:
    async with web_town(tmp_path, attachments=2) as night:
        files = [("files", (f"{n}.jpg", photo(), "image/jpeg")) for n in range(3)]
        answer = await send(night.citizen(), LANTERN, files=files)

        assert answer.status_code == 422
        assert "zu viele Dateien; möglich sind 2" in answer.text
        assert LANTERN in answer.text


async def test_a_form_far_too_large_is_not_read_at_all(tmp_path: Path) -> None:
    async with web_town(tmp_path, attachment_bytes=1000, attachments=1) as night:
        files = [("files", ("a.jpg", b"\xff\xd8\xff" * 4000, "image/jpeg"))]
        answer = await send(night.citizen(), LANTERN, files=files)

        assert answer.status_code == 413
        assert "zusammen zu groß" in answer.text


# --- refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   \n", "\u200b\u200d\u2060", "\u202e"])
async def test_nothing_is_no_message(night: WebTown, text: str) -> None:
    answer = await send(night.citizen(), text)

    assert answer.status_code == 422
    assert "Bitte schreiben Sie etwas" in answer.text


async def test_a_text_too_long_is_told_by_how_much_and_stays(night: WebTown) -> None:
    text = "Laterne " * 520
    answer = await send(night.citizen(), text)

    assert answer.status_code == 422
    assert "um 64 Zeichen zu lang; möglich sind 4096" in answer.text
    assert text in answer.text


async def test_line_ends_count_once(night: WebTown) -> None:
    text = "Laterne" + "\r\n" * 2000 + "." * 2089

    assert (await send(night.citizen(), text)).status_code == 303


async def test_too_many_messages_wait_a_minute_and_danger_is_still_told(tmp_path: Path) -> None:
    async with web_town(tmp_path, messages_per_minute=2) as night:
        client = night.citizen()
        await send(client, LANTERN)
        await send(client, "Und die daneben.")

        answer = await send(client, "Es riecht stark nach Gas!")
        assert answer.status_code == 429
        assert "Bitte warten Sie eine Minute" in answer.text
        assert answer.text.index('class="danger-text"') < answer.text.index("Bitte warten Sie eine Minute")

        night.now += timedelta(seconds=61)
        assert (await send(client, "Es riecht stark nach Gas!")).status_code == 303


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://anderswo.example"}, {"Origin": "null"}]
)
async def test_a_form_from_another_site_is_refused(night: WebTown, headers: dict[str, str]) -> None:
    answer = await night.citizen().post("/chat/messages", data={"text": LANTERN}, headers=headers)

    assert answer.status_code == 403
    assert await count(night, inbox) == 0


async def test_our_own_form_is_taken(night: WebTown) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Origin": "http://chat.test"}
    answer = await night.citizen().post("/chat/messages", data={"text": LANTERN}, headers=headers)

    assert answer.status_code == 303


# --- when the database does not answer ----------------------------------------------------------------------------


async def test_a_locked_database_is_told_within_seconds_danger_first_and_the_text_stays(night: WebTown) -> None:
    client = night.citizen()
    await client.get("/")
    async with night.database.begin():  # somebody else writes, and does not end
        began = asyncio.get_running_loop().time()
        answer = await client.post("/chat/messages", data={"text": "Es riecht stark nach Gas!"})
        took = asyncio.get_running_loop().time() - began

    assert answer.status_code == 503
    assert took < 4
    assert answer.text.index('class="danger-text"') < answer.text.index("Ihre Nachricht wurde nicht angenommen")
    assert night.house.safety.match("Es riecht stark nach Gas!")
    assert "Es riecht stark nach Gas!</textarea>" in answer.text
    assert await count(night, inbox) == 0
    assert night.woken == 0


async def test_a_database_locked_by_another_program_is_told_too(night: WebTown, tmp_path: Path) -> None:
    client = night.citizen()
    await send(client, LANTERN)
    assert night.house.safety  # compiled when the house starts, not while a citizen waits
    with closing(sqlite3.connect(tmp_path / "town.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        began = asyncio.get_running_loop().time()
        answer = await client.post("/chat/messages", data={"text": "Und die daneben."})
        assert asyncio.get_running_loop().time() - began < 4  # the driver alone would wait for five
        other.rollback()

    assert answer.status_code == 503
    await asyncio.sleep(0.1)
    assert await count(night, inbox) == 1
    assert (await send(client, "Und die daneben.")).status_code == 303


async def test_without_tables_nothing_is_accepted_and_scripts_hear_it_too(night: WebTown) -> None:
    async with night.database.begin() as tx:
        await tx.execute(sa.text("DROP TABLE uploads"))
        await tx.execute(sa.text("ALTER TABLE inbox RENAME TO away"))
    answer = await night.citizen().post(
        "/chat/messages", data={"text": LANTERN}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 503
    told = answer.json()
    assert told["accepted"] is False
    assert told["safety"] is None
    assert told["sentences"]


# --- live ---------------------------------------------------------------------------------------------------------


async def test_sending_wakes_the_open_page(night: WebTown) -> None:
    client = night.citizen()
    await send(client, LANTERN)
    address = hashlib.sha256(client.cookies[COOKIE].encode()).hexdigest()

    with night.chat.hub.page(address) as woken:
        await night.tick()
        assert woken.is_set()


async def test_without_a_conversation_there_is_no_stream(night: WebTown) -> None:
    assert (await night.citizen().get("/chat/stream")).status_code == 204


async def test_an_erased_answer_is_not_sent_again(night: WebTown) -> None:
    await send(night.citizen(), LANTERN)
    await night.tick()

    async with night.database.begin() as tx:
        assert await outbox.claim(tx, datetime(2100, 1, 1, tzinfo=UTC)) == []
