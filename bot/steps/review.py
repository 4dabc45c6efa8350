"""Review: a member of staff judges, takes, answers, closes and reopens a case. Nothing is overwritten."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core.case import OPEN, Status, Urgency
from bot.core.errors import AlreadyTaken, IllegalMove, NotAllowed
from bot.core.message import ReplyKind
from bot.core.promise import Promise
from bot.core.scrub import scrub
from bot.core.staff import Staff
from bot.core.verdict import Verdict, due_after, topic_of
from bot.settings.town import topic_owner
from bot.steps import notices
from bot.steps.house import House
from bot.steps.letters import Letter
from bot.steps.place import reason_rows
from bot.store import casefile, cases, conversations, erasure, queue, verdicts
from bot.store import staff as staff_store
from bot.store.database import Tx

_PRESSING = (Urgency.EMERGENCY, Urgency.URGENT)
_LONGEST_ANSWER = 4_000  # characters; one Telegram message with greeting and reference


# --- verdict -----------------------------------------------------------------------------------------------------


async def judge(reference: str, verdict: Verdict, *, house: House, staff: Staff, now: datetime) -> None:
    """Appends what department and urgency are; promise, example and citizen follow. Raises IllegalMove, ValueError."""
    department = house.settings.triage.successors.get(verdict.department, verdict.department)  # of a page opened before
    verdict = replace(verdict, department=department)
    if verdict.department not in house.names:
        raise ValueError("Dieses Amt gibt es nicht.")
    async with house.database.begin() as tx:
        case = await cases.by_reference(tx, reference)
        if case.status == Status.WITHDRAWN.value:
            raise IllegalMove("zurückgezogen")
        topic = topic_of(verdict, await verdicts.guessed_topic(tx, case.id), topic_owner(house.settings))
        revision = house.settings.revision
        await verdicts.append(tx, case.id, verdict, topic=topic, revision=revision, staff=staff.id, now=now)
        await _keep_example(tx, house, case, verdict, topic, now)
        await _follow(tx, house, case, verdict, now)


async def undo(reference: str, *, house: House, staff: Staff, now: datetime) -> None:
    """Takes the last verdict back by appending the labels that stood before it. Raises IllegalMove."""
    async with house.database.read() as tx:
        case = await cases.by_reference(tx, reference)
        before = await _before_last_verdict(tx, house, case.id)
    if before is None:
        raise IllegalMove("kein Prüfvermerk")
    before = replace(before, department=house.acting(before.department))
    await judge(reference, before, house=house, staff=staff, now=now)


async def _before_last_verdict(tx: Tx, house: House, case: int) -> Verdict | None:
    given = await verdicts.of_case(tx, case)
    if not given:
        return None
    if len(given) > 1:
        return given[-2].verdict
    earlier = [t for t in await casefile.triage_history(tx, case) if t.at <= given[0].at]
    if not earlier:
        return None
    held_by = earlier[0].department if earlier[0].sure else house.settings.city.front_office
    return Verdict(held_by, Urgency(earlier[0].urgency))


async def _keep_example(tx: Tx, house: House, case: Any, verdict: Verdict, topic: str | None, now: datetime) -> None:
    reach = await casefile.reach(tx, case.conversation_id)
    if reach.erased:  # whoever wanted everything gone is not learnt from either
        return
    text = await asyncio.to_thread(scrub, await conversations.text_of(tx, case.id))
    lang = reach.lang or house.settings.city.languages[0]
    number = case.conversation_id
    await verdicts.keep_example(tx, case.id, verdict, conversation=number, text=text, topic=topic, lang=lang, now=now)


async def _follow(tx: Tx, house: House, case: Any, verdict: Verdict, now: datetime) -> None:
    """The case takes the new labels; an open one a promise to match, of which the citizen hears if it is another."""
    same = (verdict.department, verdict.urgency.value) == (house.acting(case.department), case.urgency)
    values: dict[str, Any] = {"department": verdict.department, "urgency": verdict.urgency.value, "sure": True}
    if same or Status(case.status) not in OPEN:
        await cases.change(tx, case.id, **values)
        return
    promise = _promise_after(house, case, verdict, now)
    values |= {"due_at": promise.due_at, "due_told": promise.told, "due_reasons": reason_rows(promise)}
    await cases.change(tx, case.id, **values)
    if _is_news(house, case, verdict, promise, now):
        told = notices.told(case, verdict.department, verdict.urgency, promise, now)
        await notices.update(tx, house, case, f"v{case.id}:{_stamp(now)}", told, now, reopened=False)


def _is_news(house: House, case: Any, verdict: Verdict, promise: Promise, now: datetime) -> bool:
    """Whether the citizen should hear of it: another office or moment, still to come, and nobody has answered yet."""
    if case.answered_at is not None or promise.due_at <= now:
        return False
    if verdict.urgency is Urgency.EMERGENCY:  # its sentence says that nobody has taken it
        return bool(case.urgency != Urgency.EMERGENCY.value and case.status == Status.WAITING.value)
    elsewhere = verdict.department != house.acting(case.department)
    return bool(promise.due_at != case.due_at or elsewhere or not case.due_told)


def _promise_after(house: House, case: Any, verdict: Verdict, now: datetime) -> Promise:
    fresh = house.promise(verdict.department, verdict.urgency, now)
    from_opening = house.promise(verdict.department, verdict.urgency, case.opened_at)
    told = case.due_at if case.due_told else None
    return replace(fresh, due_at=due_after(told, from_opening.due_at, fresh.due_at))


# --- take over and hand back -------------------------------------------------------------------------------------


async def take_over(
    reference: str, *, house: House, staff: Staff, now: datetime, instead_of: int | None = None
) -> None:
    """The case is theirs. `instead_of`: from this colleague. Raises AlreadyTaken if somebody was quicker."""
    async with house.database.begin() as tx:
        case = await cases.by_reference(tx, reference)
        if case.taken_by == staff.id and case.status == Status.TAKEN.value:
            return
        await _take(tx, house, case, staff, now, instead_of)


async def _take(tx: Tx, house: House, case: Any, staff: Staff, now: datetime, instead_of: int | None) -> None:
    if not await queue.claim(tx, case.id, staff.id, instead_of=instead_of):
        raise AlreadyTaken(await _name(tx, case.taken_by))
    if case.status == Status.TAKEN.value:
        await casefile.note_change_of_hands(tx, case.id, staff.id, now)
    else:
        await cases.move_to(tx, case.id, Status.TAKEN, now=now, staff=staff.id)
    if Urgency(case.urgency) in _PRESSING and case.answered_at is None:
        say, lang = house.words.say, await notices.lang_of(tx, house, case)
        text = say(lang, "handover.taken", **notices.facts(house, case))
        await notices.put(tx, case, Letter(ReplyKind.HANDOVER, text, case=case.id), f"h{case.id}:taken", now)


async def hand_back(reference: str, *, house: House, staff: Staff, now: datetime) -> None:
    """The case waits for somebody again. Only who has it or an admin may; raises NotAllowed, IllegalMove."""
    async with house.database.begin() as tx:
        case = await cases.by_reference(tx, reference)
        if case.status != Status.TAKEN.value:
            raise IllegalMove("nicht übernommen")
        if case.taken_by != staff.id and not staff.is_admin:
            raise NotAllowed
        await cases.move_to(tx, case.id, Status.WAITING, now=now, staff=staff.id, taken_by=None)


# --- answer, close, reopen ---------------------------------------------------------------------------------------


async def answer(reference: str, text: str, *, nonce: str, house: House, staff: Staff, now: datetime) -> None:
    """Sends the answer through the citizen's channel, once per `nonce`.

    Raises ValueError for an empty or overlong text, CitizenGone, AlreadyTaken, IllegalMove for an ended case.
    """
    text = _checked(text)
    async with house.database.begin() as tx:
        case = await cases.by_reference(tx, reference)
        key = f"a{case.id}:{nonce}"
        if await casefile.was_written(tx, key):  # the second click of a double click
            return
        await _mine_or_free(tx, case, staff)
        if Status(case.status) in (Status.CLOSED, Status.WITHDRAWN):
            raise IllegalMove("geschlossen")
        words = house.words.say(
            await notices.lang_of(tx, house, case), "answer", text=text, **notices.facts(house, case)
        )
        if not await notices.put(tx, case, Letter(ReplyKind.ANSWER, words, case=case.id), key, now, staff=staff):
            return
        await cases.change(tx, case.id, taken_by=staff.id, answered_at=case.answered_at or now)
        if case.status != Status.ANSWERED.value:
            await cases.move_to(tx, case.id, Status.ANSWERED, now=now, staff=staff.id)


async def close(
    reference: str, *, house: House, staff: Staff, now: datetime, text: str = "", tell: bool = False, nonce: str = ""
) -> None:
    """Ends the case, with a closing message if `tell` (and `text` before its fixed sentence). Raises as answer does."""
    async with house.database.begin() as tx:
        case = await cases.by_reference(tx, reference)
        if nonce and await casefile.was_written(tx, f"z{case.id}:{nonce}"):
            return
        await _mine_or_free(tx, case, staff)
        await cases.move_to(tx, case.id, Status.CLOSED, now=now, staff=staff.id)
        if tell or text.strip():
            await _say_closed(tx, house, case, text, f"z{case.id}:{nonce or _stamp(now)}", staff, now)
        await _erase_what_was_held(tx, case, now)


async def _say_closed(tx: Tx, house: House, case: Any, text: str, key: str, staff: Staff, now: datetime) -> None:
    closing = house.words.say(await notices.lang_of(tx, house, case), "closing.closed", **notices.facts(house, case))
    own = _checked(text) if text.strip() else ""
    letter = Letter(ReplyKind.CLOSING, f"{own}\n\n{closing}".strip(), case=case.id)
    await notices.put(tx, case, letter, key, now, staff=staff)
    if own:
        await cases.change(tx, case.id, answered_at=case.answered_at or now)


async def _erase_what_was_held(tx: Tx, case: Any, now: datetime) -> None:
    """Words kept for the danger in them, of a citizen who has wanted everything gone: now they can go."""
    if (await casefile.reach(tx, case.conversation_id)).erased:
        await erasure.erase_case_words(tx, case.id, now, cause="wish")


async def reopen(reference: str, *, house: House, staff: Staff, now: datetime, tell: bool = True) -> None:
    """The case waits again, with a new promise that the citizen hears unless told otherwise. Raises IllegalMove."""
    async with house.database.begin() as tx:
        case = await cases.by_reference(tx, reference)
        if Status(case.status) in OPEN:
            raise IllegalMove("schon offen")
        await cases.move_to(tx, case.id, Status.WAITING, now=now, staff=staff.id, taken_by=None)
        promise = house.promise(case.department, Urgency(case.urgency), now)
        values = {"due_at": promise.due_at, "due_told": promise.told, "due_reasons": reason_rows(promise)}
        await cases.change(tx, case.id, **values)
        if tell:
            told = notices.told(case, house.acting(case.department), Urgency(case.urgency), promise, now)
            await notices.update(tx, house, case, f"r{case.id}:{_stamp(now)}", told, now, reopened=True)


# --- small print -------------------------------------------------------------------------------------------------


async def _mine_or_free(tx: Tx, case: Any, staff: Staff) -> None:
    if case.status == Status.TAKEN.value and case.taken_by not in (None, staff.id):
        raise AlreadyTaken(await _name(tx, case.taken_by))


async def _name(tx: Tx, number: int | None) -> str:
    found = await staff_store.get(tx, number) if number is not None else None
    return found.name if found else ""


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise ValueError("Die Antwort ist leer.")
    if len(text) > _LONGEST_ANSWER:
        raise ValueError(f"Die Antwort ist zu lang: höchstens {_LONGEST_ANSWER} Zeichen.")
    return text


def _stamp(now: datetime) -> str:
    return str(int(now.timestamp() * 1000))
