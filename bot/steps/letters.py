"""Letters: what the citizen reads, put together from the town's sentences. Nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.core.case import Urgency
from bot.core.conversation.flow import CHOOSE
from bot.core.conversation.state import CaseView, Say
from bot.core.message import Button, ReplyKind
from bot.core.promise import Promise
from bot.core.reply import joined
from bot.core.triage import Decision
from bot.steps.house import House

#: sentences that say by themselves that a machine answers
_INTRODUCED = ("start", "help")


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to the citizen, before it has a key and a row."""

    kind: ReplyKind
    text: str
    buttons: tuple[Button, ...] = ()
    case: int | None = None
    introduced: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a citizen may be told about a case."""

    reference: str
    department: str
    urgency: Urgency
    promise: Promise
    received_at: datetime
    sure: bool = True
    person: bool = False
    unread: bool = False  # there was not a word in it
    case: int | None = None


def danger(house: House, kind: str, lang: str, case: int | None) -> Letter:
    """The fixed text of a danger. Needs nothing but the rules and the town's files."""
    return Letter(ReplyKind.SAFETY, house.words.danger(lang, kind), case=case)


def receipt(house: House, lang: str, told: Told, *, legal: bool, ask: Decision | None) -> Letter:
    """It has arrived, who answers and until when; with `ask` also the question who is meant."""
    say, facts = house.words.say, _facts(house, told)
    if told.urgency is Urgency.EMERGENCY:
        text = say(lang, "receipt.emergency", **facts)
        return Letter(ReplyKind.RECEIPT, joined(say(lang, "legal") if legal else "", text), case=told.case)
    open_now = told.promise.open_now
    office = say(lang, "receipt.open_now" if open_now else "receipt.opens", **facts)
    question = joined(say(lang, "question.department"), say(lang, "saved")) if ask else ""
    text = joined(
        say(lang, "legal") if legal else "",
        say(lang, "receipt.arrived", **facts),
        f"{say(lang, _promise_words(house, told), **facts)} {office}",
        question,
    )
    return Letter(ReplyKind.RECEIPT, text, _choices(house, lang, ask, told.case) if ask else (), told.case)


def update(house: House, lang: str, told: Told, *, reopened: bool) -> Letter:
    """Department, urgency or promise have changed."""
    if told.urgency is Urgency.EMERGENCY:
        key = "update.emergency"
    elif reopened:
        key = "update.reopened"
    else:
        key = "update.elsewhere" if told.department == house.settings.city.other_offices else "update.promise"
    return Letter(ReplyKind.UPDATE, house.words.say(lang, key, **_facts(house, told)), case=told.case)


def said(house: House, lang: str, say: Say, now: datetime, *, spoken: str | None = None) -> Letter:
    """One of the short replies of the rules; the danger line in the language the citizen has `spoken`."""
    params: dict[str, Any] = dict(say.params)
    case: CaseView | None = params.pop("case", None)
    if say.words == "status.cases":
        cases: Sequence[CaseView] = params["cases"]
        return Letter(say.kind, joined(*(status(house, lang, c, now) for c in cases)), case=cases[0].id)
    if case is not None:
        params |= case_facts(house, case)
    for name in ("cases", "held"):
        if name in params:
            params[name] = ", ".join(house.words.say(lang, "named", **case_facts(house, c)) for c in params[name])
    params["nearest"] = params.get("nearest") or ""
    buttons = tuple(Button(house.words.say(lang, f"deletion.{b.label}"), b.data) for b in say.buttons)
    text = house.words.say(lang, say.words, **params)
    own = house.words.beside_danger(spoken or lang, "unread")
    if say.words.startswith("unread.") and own:
        text = joined(own, text)
    if say.words == "greeting" and house.is_open(now):
        text = f"{text} {house.words.say(lang, 'receipt.open_now', phone=house.settings.city.phone)}"
    return Letter(say.kind, text, buttons, case.id if case else None, introduced=say.words in _INTRODUCED)


def status(house: House, lang: str, case: CaseView, now: datetime) -> str:
    """How a case stands, in one or two sentences."""
    key = case.status.value
    if case.is_open and case.urgency is Urgency.EMERGENCY:
        key = f"emergency_{key}"
    elif case.is_open and case.due_at and case.due_at < now:
        key += "_overdue"
    return house.words.say(lang, f"status.{key}", **case_facts(house, case))


def case_facts(house: House, case: CaseView) -> dict[str, Any]:
    """The placeholders of a case that exists."""
    return {
        "reference": case.reference,
        "greeting": house.department(case.department).greeting,
        "due_at": case.due_at or case.opened_at,
    }


def introduce(house: House, lang: str, letter: Letter, *, spoken: str) -> Letter:
    """The first letter of a conversation says that a machine answers, and in a pilot that this is a trial.

    With a danger it is said in the language the citizen has `spoken`, as the danger itself.
    """
    pilot = house.words.say(lang, "pilot") if house.pilot else ""
    own = house.words.beside_danger(spoken, "machine")
    if letter.kind is ReplyKind.SAFETY and own:
        return replace(letter, text=joined(letter.text, own, house.words.say(lang, "privacy_link"), pilot))
    machine = "" if letter.introduced else house.words.say(lang, "machine")
    if letter.kind is ReplyKind.SAFETY:  # what to do with your body comes first
        return replace(letter, text=joined(letter.text, machine, pilot))
    return replace(letter, text=joined(machine, pilot, letter.text))


def apologise(house: House, lang: str, letter: Letter, sent_at: datetime) -> Letter:
    """The message was read long after it was written."""
    late = house.words.say(lang, "late", sent_at=sent_at)
    if letter.kind is ReplyKind.SAFETY:
        return replace(letter, text=joined(letter.text, late))
    return replace(letter, text=joined(late, letter.text))


def _promise_words(house: House, told: Told) -> str:
    if told.person:
        return "receipt.person"
    if told.unread:
        return "receipt.unread"
    if not told.sure:
        return "receipt.unsure"
    return "receipt.elsewhere" if told.department == house.settings.city.other_offices else "receipt.promise"


def _facts(house: House, told: Told) -> dict[str, Any]:
    department = house.department(told.department)
    return {
        "reference": told.reference,
        "greeting": department.greeting,
        "phone": department.phone,
        "received_at": told.received_at,
        "due_at": told.promise.due_at,
        "opens_at": told.promise.opens_at or told.promise.due_at,
    }


def _choices(house: House, lang: str, decision: Decision, case: int | None) -> tuple[Button, ...]:
    known = tuple(Button(house.department(d).name, f"{CHOOSE}:{case}:{d}") for d in decision.offered)
    return (*known, Button(house.words.say(lang, "question.button_unsure"), f"{CHOOSE}:{case}:?"))
