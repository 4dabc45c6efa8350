"""Posting: a form is checked, its files are cleaned, and it is in the database before anybody says so."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from starlette.datastructures import UploadFile

from bot.channels.webchat.channel import WebChat
from bot.channels.webchat.identity import address_of
from bot.channels.webchat.read import CHANNEL, compose, update_key
from bot.channels.webchat.texts import Say
from bot.core.conversation.flow import CHOOSE, ERASE
from bot.core.errors import StoreUnavailable
from bot.steps.language import language_of
from bot.steps.receive import receive
from bot.store.inbox import Upload
from bot.web.uploads import Refused, take

log = structlog.get_logger(__name__)

#: seconds the database may take before the citizen hears that nothing was accepted
_PATIENCE = 2.0


@dataclass(frozen=True, slots=True)
class Form:
    """What the citizen sent. `lang` is what their browser would rather read."""

    secret: str
    nonce: str
    text: str = ""
    button: str | None = None
    label: str = ""
    lang: str | None = None
    files: tuple[UploadFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing was accepted, and why; `safety` is read first if the text speaks of danger."""

    status: int
    sentences: tuple[str, ...]
    safety: str | None = None


async def post(chat: WebChat, form: Form, say: Say) -> Refusal | None:
    """None: accepted and committed."""
    refusal = _check(chat, form, say)
    if refusal:
        return await _with_safety(chat, form, refusal)
    files, refused = await take(form.files, chat.house.settings.limits)
    if refused:
        sentences = tuple(_refused_file(one, chat, say) for one in refused)
        return await _with_safety(chat, form, Refusal(422, (*sentences, say("files_kept"))))
    try:
        await _commit(chat, form, files)
    except Exception as error:  # whatever it was: the citizen must not believe that the message is here
        log.error("web_message_not_accepted", error=type(error).__name__)
        return await _with_safety(chat, form, Refusal(503, (_not_accepted(chat, form, say),)))
    return None


def _check(chat: WebChat, form: Form, say: Say) -> Refusal | None:
    limits = chat.house.settings.limits
    if form.button is not None and not _is_ours(chat, form.button):
        return Refusal(422, (say("unknown_button"),))
    if form.button is None and not form.files and not _is_seen(form.text):
        return Refusal(422, (say("empty"),))
    over = len(form.text) - limits.text_characters
    if over > 0:
        return Refusal(422, (say("too_long", over=over, most=limits.text_characters),))
    if not chat.rate.allows(address_of(form.secret), chat.now()):
        return Refusal(429, (say("too_often"),))
    return None


def _is_ours(chat: WebChat, button: str) -> bool:
    """Whether the house could have offered this: `x:yes`, `d:<case>:<department>`. The rules check whose it is."""
    verb, _, rest = button.partition(":")
    if verb == ERASE:
        return rest in ("yes", "no")
    case, _, department = rest.partition(":")
    known = department == "?" or department in (*chat.house.names, *chat.house.settings.triage.successors)
    return verb == CHOOSE and case.isascii() and case.isdigit() and len(case) < 16 and known


def _is_seen(text: str) -> bool:
    """Whether there is anything but blanks and signs of no width."""
    return any(sign.isprintable() and not sign.isspace() for sign in text)


async def _commit(chat: WebChat, form: Form, files: tuple[Upload, ...]) -> None:
    now, address = chat.now(), address_of(form.secret)
    raw = compose(
        nonce=form.nonce,
        address=address,
        sent_at=now,
        text="" if form.button else form.text,
        lang=form.lang,
        button=form.button,
        label=form.label,
        files=files,
    )
    key = update_key(raw)
    kept = receive(raw, database=chat.house.database, channel=CHANNEL, bot="", update_key=key, now=now, files=files)
    await _within(_PATIENCE, asyncio.ensure_future(kept))
    chat.hub.wake(address)


async def _within(seconds: float, task: "asyncio.Future[bool]") -> None:
    """Raises StoreUnavailable if the task takes longer; a stuck driver is not waited for."""
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        task.add_done_callback(_drop)
        task.cancel()
        raise StoreUnavailable
    task.result()


def _drop(task: "asyncio.Future[bool]") -> None:
    """Takes note of a late end, so that nobody complains that it was never looked at."""
    if not task.cancelled():
        task.exception()


# --- what is said -------------------------------------------------------------------------------------------------


async def _with_safety(chat: WebChat, form: Form, refusal: Refusal) -> Refusal:
    text = await asyncio.to_thread(_danger, chat, form)
    return Refusal(refusal.status, refusal.sentences, text)


def _danger(chat: WebChat, form: Form) -> str | None:
    house = chat.house
    hit = house.safety.match(form.text[: house.settings.limits.text_characters])
    if hit is None:
        return None
    lang = language_of(form.text, form.lang, house.settings.city.languages[0])
    return house.words.danger(lang, hit.kind)


def _not_accepted(chat: WebChat, form: Form, say: Say) -> str:
    """As the town has put it, or else as the page does."""
    house = chat.house
    lang = house.words.speaks(form.lang)
    texts: Mapping[str, Any] = house.words.safety_texts.get(lang, {})
    return house.words.danger(lang, "not_accepted") if "not_accepted" in texts else say("not_accepted")


def _refused_file(refused: Refused, chat: WebChat, say: Say) -> str:
    limits = chat.house.settings.limits
    megabytes = limits.attachment_bytes // 2**20
    return say(f"file_{refused.reason}", name=refused.name, megabytes=megabytes, most=limits.attachments)
