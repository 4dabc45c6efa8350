"""Digest: what the night has brought, sent to each department before it opens, once a working day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from jinja2 import Template

from bot.core.digest import Digest, digest_of, due_date, with_first_words
from bot.core.queue import last_closing
from bot.core.reply import environment
from bot.steps.house import House
from bot.store import conversations, digests, inbox, outbox
from bot.store.database import Tx

log = structlog.get_logger(__name__)

_KIND = "digest"
_LETTERS = Path(__file__).parents[1] / "letters"


@dataclass(frozen=True, slots=True)
class DigestLetter:
    """One copy of a digest, before it is a row of the outbox."""

    key: str
    channel: str
    target: str
    subject: str
    text: str
    html: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a department would be sent now."""

    digest: Digest
    letters: tuple[DigestLetter, ...]
    text: str  # also where nobody would get it
    due: bool


async def write_digests(house: House, now: datetime) -> int:
    """Writes every digest that is due and not written yet, with its letters; returns how many."""
    due = _due(house, now)
    if not due:
        return 0
    async with house.database.read() as tx:
        done = {on: await _written(tx, house, on) for on in set(due.values())}

    count = 0
    for department, on in due.items():
        if department not in done[on]:
            count += await _write(house, department, on, now)
    return count


async def preview(house: House, now: datetime) -> list[Preview]:
    """Every department's digest as it would be sent now, due or not. Writes nothing."""
    due, found, timezone = _due(house, now), [], house.settings.city.timezone
    async with house.database.read() as tx:
        for department in house.names:
            digest = await _gather(tx, house, department, now)
            text = _render("digest.txt", timezone, digest)
            found.append(Preview(digest, tuple(letters(house, digest)), text, department in due))
    return found


def letters(house: House, digest: Digest) -> Iterator[DigestLetter]:
    """The digest for each who gets it. Citizens' words go by mail only, never to Telegram."""
    timezone, secrets = house.settings.city.timezone, house.settings.secrets
    head = f"digest:{digest.department}:{digest.now.astimezone(timezone):%Y-%m-%d}"
    if secrets.smtp_host:
        subject, text, html = (_render(f"digest.{part}", timezone, digest) for part in ("subject", "txt", "html"))
        for number, address in enumerate(house.settings.digest.recipients.get(digest.department, ()), start=1):
            yield DigestLetter(f"{head}:{number}", "mail", address, subject, text, html)
    if secrets.telegram_staff_chat and secrets.telegram_token and not digest.is_empty:
        text = _render("digest.short", timezone, digest)
        yield DigestLetter(f"{head}:telegram", "telegram", secrets.telegram_staff_chat, "", text, None)


def _due(house: House, now: datetime) -> dict[str, date]:
    before = house.settings.digest.before_opening
    found = {name: due_date(house.settings.hours[name], now, before) for name in house.names}
    return {department: on for department, on in found.items() if on}


async def _written(tx: Tx, house: House, on: date) -> frozenset[str]:
    """Who has had this day's digest; one that was renamed since then has had it under its former name."""
    successors = house.settings.triage.successors
    return frozenset(successors.get(name, name) for name in await digests.written(tx, on))


async def _write(house: House, department: str, on: date, now: datetime) -> bool:
    async with house.database.begin() as tx:
        digest = await _gather(tx, house, department, now)
        # The row is the guard: two houses, or two rings of the clock, and still one digest.
        if not await digests.add(tx, department, on, digest.counts(), now):
            return False
        for letter in letters(house, digest):
            await outbox.put(
                tx,
                key=letter.key,
                channel=letter.channel,
                kind=_KIND,
                text=letter.text,
                now=now,
                target=letter.target,
                subject=letter.subject or None,
                html=letter.html,
            )
    if not house.settings.secrets.smtp_host:
        _say_once_that_no_mail_leaves()
    return True


async def _gather(tx: Tx, house: House, department: str, now: datetime) -> Digest:
    hours, city = house.settings.hours[department], house.settings.city
    since = await digests.last_at(tx, department, now) or last_closing(hours, now)
    own = [name for name in await digests.departments(tx) if house.acting(name) == department]
    digest = digest_of(
        await digests.open_cases(tx, own),
        department=department,
        name=house.department(department).name,
        hours=hours,
        now=now,
        since=since,
        undelivered=await digests.count_undelivered(tx, own, without_case=department == city.front_office),
        dead_letters=await digests.count_dead_letters(tx),
        fates=await inbox.fates(tx, since, now),
        link=f"{house.settings.secrets.public_url or 'http://localhost:8000'}/desk",
    )
    return with_first_words(digest, {row.id: await conversations.text_of(tx, row.id) for row in digest.first})


def _render(name: str, timezone: ZoneInfo, digest: Digest) -> str:
    return _template(name, timezone).render(digest=digest).strip()


@lru_cache(maxsize=16)
def _template(name: str, timezone: ZoneInfo) -> Template:
    made = environment(timezone, "de")
    made.trim_blocks = made.lstrip_blocks = True
    made.autoescape = name.endswith("html")  # what a citizen wrote stays text
    return made.from_string((_LETTERS / f"{name}.j2").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _say_once_that_no_mail_leaves() -> None:
    log.warning("digest_without_mail", reason="SMTP_HOST is not set; digests stand at the desk only")
