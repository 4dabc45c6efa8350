"""Placing: an outcome of the rules becomes rows: cases, triages, promises, letters in the outbox."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.core.case import Status, Urgency, new_reference
from bot.core.conversation.cue import Cue
from bot.core.conversation.placement import revise
from bot.core.conversation.state import Awaiting, CaseView, Dialog, Outcome, Part, Wish
from bot.core.conversation.turns.danger import NEVER_TAKEN_BACK
from bot.core.message import Fate, ReplyKind
from bot.core.promise import Promise
from bot.core.triage import Decision
from bot.steps import blind, letters
from bot.steps.erase import erase_on_wish
from bot.steps.letters import Letter, Told
from bot.steps.post import Place, post, remember
from bot.steps.reasons import explain
from bot.store import cases, inbox
from bot.store.database import Tx

__all__ = ["Place", "settle"]


async def settle(tx: Tx, place: Place, outcome: Outcome) -> None:
    """Writes all an outcome asks for. Safety letters first, then in the order of the parts."""
    written: list[Letter] = []
    question: Dialog | None = None
    for part in outcome.parts:
        made, asked = await _settle_part(tx, place, part)
        written += made
        question = asked or question
    written += [letters.said(place.house, place.reply_lang, say, place.now, spoken=place.lang) for say in outcome.says]
    if outcome.wish is Wish.ERASE:
        await erase_on_wish(tx, place.house, place.exchange, place.reply_lang, place.now, key=place.key)
        return
    await inbox.change_fate(tx, outcome.drops, Fate.NO_CONCERN)
    await post(tx, place, written)
    await remember(tx, place, outcome, question, spoke=bool(written))


async def _settle_part(tx: Tx, place: Place, part: Part) -> tuple[list[Letter], Dialog | None]:
    if part.case is None:
        return await _open_case(tx, place, part)
    case = place.conversation.case(part.case)
    assert case is not None, "the rules only name cases of this conversation"
    for row in dict.fromkeys((*part.takes, *place.rows)):
        await cases.join(tx, case.id, row)
    await inbox.change_fate(tx, part.takes, Fate.FOLLOW_UP)
    await cases.change(tx, case.id, touched_at=max(place.at, case.touched_at))
    if part.settle:
        return await _settle_matter(tx, place, case), None
    return await _follow_up(tx, place, part, case), None


# --- a new case --------------------------------------------------------------------------------------------------


async def _open_case(tx: Tx, place: Place, part: Part) -> tuple[list[Letter], Dialog | None]:
    assert part.decision is not None, "a new case has been judged"
    decision, house = part.decision, place.house
    department = decision.holder
    promise = house.promise(department, decision.urgency, place.now)
    number, reference = await _create(tx, place, part, decision, department, promise)
    for row in dict.fromkeys((*part.takes, *place.rows)):
        await cases.join(tx, number, row)
    await _fate_of_taken(tx, place, part)
    await _note_triage(tx, place, number, decision, promise.due_at)
    await blind.draw(tx, house, number, reference, decision, place.now)

    told = Told(
        reference,
        department,
        decision.urgency,
        promise,
        place.now,
        sure=decision.sure,
        person=part.person,
        unread=not place.text.strip(),
        case=number,
    )
    made = [letters.danger(house, part.safety, place.lang, number)] if part.safety else []
    legal = house.cues.found(Cue.LEGAL, place.text)
    ask = decision if part.ask else None
    made.append(letters.receipt(house, place.reply_lang, told, legal=legal, ask=ask))
    return made, Dialog(Awaiting.DEPARTMENT, place.now, number) if ask else None


async def _create(
    tx: Tx, place: Place, part: Part, decision: Decision, department: str, promise: Promise
) -> tuple[int, str]:
    while True:  # one draw in a million meets a taken reference
        reference = new_reference(place.house.settings.city.reference_prefix, secrets.choice)
        number = await cases.create(
            tx,
            reference=reference,
            conversation=place.exchange.id,
            department=department,
            urgency=decision.urgency,
            sure=decision.sure,
            opened_at=place.now,
            touched_at=place.at,
            due_at=promise.due_at,
            due_told=promise.told,
            due_reasons=reason_rows(promise),
            dangers={part.safety: place.at.isoformat()} if part.safety else {},
            person_wished=part.person,
        )
        if number is not None:
            return number, reference


def reason_rows(promise: Promise) -> list[dict[str, Any]]:
    """The promise's reasons as they are kept with the case."""
    return [
        {
            "kind": reason.kind.value,
            "name": reason.name,
            "day": reason.day.isoformat() if reason.day else None,
            "at": reason.at.isoformat() if reason.at else None,
            "count": reason.count,
        }
        for reason in promise.reasons
    ]


async def _fate_of_taken(tx: Tx, place: Place, part: Part) -> None:
    """The arriving message opens the case, fragments before it have followed; after a quiet time the first opens."""
    if place.rows == part.takes:
        await inbox.change_fate(tx, part.takes[:1], Fate.NEW_CASE)
        await inbox.change_fate(tx, part.takes[1:], Fate.FOLLOW_UP)
    else:
        await inbox.change_fate(tx, part.takes, Fate.FOLLOW_UP)


# --- a case that exists ------------------------------------------------------------------------------------------


async def _follow_up(tx: Tx, place: Place, part: Part, case: CaseView) -> list[Letter]:
    if part.reopen:
        await cases.move_to(tx, case.id, Status.WAITING, now=place.now, taken_by=None)
    if part.person:
        await cases.change(tx, case.id, person_wished=True)
    made = await _danger_of(tx, place, part, case)
    if place.house.cues.found(Cue.LEGAL, place.text) and not place.house.cues.found(Cue.LEGAL, case.text):
        made.append(Letter(ReplyKind.UPDATE, place.house.words.say(place.reply_lang, "legal"), case=case.id))
    return [*made, *await _update(tx, place, part, case)] if part.update else made


async def _danger_of(tx: Tx, place: Place, part: Part, case: CaseView) -> list[Letter]:
    if not part.safety:
        return []
    dangers = {k: at.isoformat() for k, at in case.dangers.items()} | {part.safety: place.at.isoformat()}
    await cases.change(tx, case.id, dangers=dangers)
    return [letters.danger(place.house, part.safety, place.lang, case.id)]


async def _update(tx: Tx, place: Place, part: Part, case: CaseView) -> list[Letter]:
    """Judges the case anew; the citizen hears of it only if department, urgency or promise have changed."""
    house, decision = place.house, part.decision
    department, urgency = _revised(place, part, case)
    sure = case.sure or bool(part.department) or bool(decision and decision.sure)
    changed = (department, urgency) != (case.department, case.urgency)
    promise = house.promise(department, urgency, place.now)
    # A promise once given may come nearer, never move away.
    due_at = promise.due_at if part.reopen or not case.due_at else min(promise.due_at, case.due_at)
    if decision:
        await _note_triage(tx, place, case.id, decision, due_at)
    if not (changed or part.reopen or part.department):
        await cases.change(tx, case.id, sure=sure)
        return []
    promise = replace(promise, due_at=due_at)
    await _change(tx, case.id, department, urgency, promise, sure=sure)
    told = Told(case.reference, department, urgency, promise, place.now, case=case.id)
    return [letters.update(house, place.reply_lang, told, reopened=part.reopen)]


async def _change(tx: Tx, case: int, department: str, urgency: Urgency, promise: Promise, *, sure: bool) -> None:
    await cases.change(
        tx,
        case,
        department=department,
        urgency=urgency.value,
        sure=sure,
        due_at=promise.due_at,
        due_told=promise.told,
        due_reasons=reason_rows(promise),
    )


def _revised(place: Place, part: Part, case: CaseView) -> tuple[str, Urgency]:
    if part.department:
        return part.department, case.urgency
    if part.decision is None:
        return case.department, case.urgency
    return revise(case, part.decision, place.at, place.house.settings.conversation)


async def _settle_matter(tx: Tx, place: Place, case: CaseView) -> list[Letter]:
    """The citizen says it is settled. A case with danger in it is only closed by a person."""
    facts = letters.case_facts(place.house, case)
    if not case.dangers:
        if case.status is not Status.CLOSED:
            await cases.move_to(tx, case.id, Status.CLOSED, now=place.now)
        return [_closing(place, case, "closing.settled", facts)]
    if not NEVER_TAKEN_BACK & case.dangers.keys():
        promise = place.house.promise(case.department, Urgency.NORMAL, place.now)
        await _change(tx, case.id, case.department, Urgency.NORMAL, promise, sure=case.sure)
    return [_closing(place, case, "closing.held", facts)]


def _closing(place: Place, case: CaseView, words: str, facts: dict[str, Any]) -> Letter:
    return Letter(ReplyKind.CLOSING, place.house.words.say(place.reply_lang, words, **facts), case=case.id)


async def _note_triage(tx: Tx, place: Place, case: int, decision: Decision, due_at: datetime | None) -> None:
    await cases.add_triage(
        tx,
        case_id=case,
        message_id=place.message,
        at=place.now,
        department=decision.department,
        urgency=decision.urgency.value,
        sure=decision.sure,
        decided_by=decision.decided_by.value,
        ranking=[[d, round(p, 4)] for d, p in decision.ranking],
        urgencies={u.value: round(p, 4) for u, p in decision.urgencies},
        reasons=explain(decision, place.house),
        topic=decision.topic,
        rule=decision.hit.rule if decision.hit else None,
        model_id=decision.model_id,
        revision=place.house.settings.revision,
        due_at=due_at,
    )
