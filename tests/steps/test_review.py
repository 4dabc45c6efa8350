"""Review: what staff do with a case, and what the citizen hears of it."""

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.case import Status, Urgency
from bot.core.errors import AlreadyTaken, CitizenGone, IllegalMove, NotAllowed
from bot.core.staff import Role, Staff
from bot.core.verdict import Verdict
from bot.steps import review
from bot.steps.staff import add_staff
from bot.store import casefile, cases, conversations, verdicts
from bot.store.tables import cases as cases_table
from bot.store.tables import examples, moves
from tests.night import Night, at

EVENING = at("Wed 2026-11-25 22:14")
MORNING = at("Thu 2026-11-26 08:05")
LATER = at("Thu 2026-11-26 08:20")


@pytest.fixture
async def anna(night: Night) -> Staff:
    return await add_staff(night.database, name="Anna", role=Role.CLERK, password="lang genug dafür", now=EVENING)


@pytest.fixture
async def bela(night: Night) -> Staff:
    return await add_staff(night.database, name="Bela", role=Role.CLERK, password="lang genug dafür", now=EVENING)


async def case_of(night: Night, text: str = "Die Laterne vor Musterweg 3 ist aus", now: datetime = EVENING) -> str:
    await night.hear(text, now)
    return str((await rows(night, sa.select(cases_table).order_by(cases_table.c.id.desc())))[0].reference)


async def rows(night: Night, query: sa.Select[Any]) -> list[Any]:
    async with night.database.read() as tx:
        return list((await tx.execute(query)).all())


async def row_of(night: Night, reference: str) -> Any:
    async with night.database.read() as tx:
        return await cases.by_reference(tx, reference)


async def heard_after(night: Night, count: int, now: datetime = LATER) -> list[tuple[str, str]]:
    await night.work(now)
    return [(m.kind.value, m.text) for m in night.chat.sent[count:]]


# --- verdict -----------------------------------------------------------------------------------------------------


async def test_confirming_changes_nothing_and_tells_nobody(night: Night, anna: Staff) -> None:
    reference = await case_of(night)
    before, told = await row_of(night, reference), len(night.chat.sent)

    verdict = Verdict("strassen", Urgency.NORMAL)
    await review.judge(reference, verdict, house=night.house, staff=anna, now=MORNING)

    after = await row_of(night, reference)
    assert (after.department, after.urgency, after.due_at) == (before.department, before.urgency, before.due_at)
    assert await heard_after(night, told) == []


async def test_a_corrected_department_is_told_and_costs_the_citizen_no_time(night: Night, anna: Staff) -> None:
    reference = await case_of(night)
    before, told = await row_of(night, reference), len(night.chat.sent)

    await review.judge(reference, Verdict("gruen", Urgency.NORMAL), house=night.house, staff=anna, now=MORNING)

    after = await row_of(night, reference)
    assert after.department == "gruen"
    assert after.due_at == before.due_at
    [(kind, text)] = await heard_after(night, told)
    assert kind == "update"
    assert "Grünflächen" in text


async def test_a_slower_department_gets_its_own_time_from_the_opening(night: Night, anna: Staff) -> None:
    reference = await case_of(night)

    await review.judge(reference, Verdict("bauen", Urgency.NORMAL), house=night.house, staff=anna, now=MORNING)

    from_opening = night.house.promise("bauen", Urgency.NORMAL, EVENING)
    assert (await row_of(night, reference)).due_at == from_opening.due_at


async def test_raising_the_urgency_brings_the_promise_forward(night: Night, anna: Staff) -> None:
    reference = await case_of(night)
    before = await row_of(night, reference)

    await review.judge(reference, Verdict("strassen", Urgency.URGENT), house=night.house, staff=anna, now=MORNING)

    assert (await row_of(night, reference)).due_at < before.due_at


async def test_a_verdict_after_the_answer_is_kept_but_told_to_nobody(night: Night, anna: Staff) -> None:
    reference = await case_of(night)
    await review.answer(reference, "Kommt heute.", nonce="1", house=night.house, staff=anna, now=MORNING)
    await night.work(MORNING)
    told = len(night.chat.sent)

    await review.judge(reference, Verdict("gruen", Urgency.NORMAL), house=night.house, staff=anna, now=LATER)

    assert await heard_after(night, told) == []
    assert (await row_of(night, reference)).department == "gruen"


async def test_the_newest_verdict_is_the_example_and_its_text_is_scrubbed(night: Night, anna: Staff) -> None:
    reference = await case_of(
        night, "Mein Name ist Erika Musterfrau, die Laterne am Musterweg 3 ist aus, 0221 4710 123"
    )
    for department, now in (("gruen", MORNING), ("strassen", LATER)):
        verdict = Verdict(department, Urgency.NORMAL)
        await review.judge(reference, verdict, house=night.house, staff=anna, now=now)

    [example] = await rows(night, sa.select(examples))
    assert example.department == "strassen"
    assert example.at == MORNING, "a model may have learnt from the first one: it is not new"
    assert example.topic == "street_light"
    assert "Musterfrau" not in example.text
    assert "4710" not in example.text
    assert "Musterweg 3" in example.text


async def test_a_topic_of_another_department_is_not_learnt(night: Night, anna: Staff) -> None:
    reference = await case_of(night)

    await review.judge(reference, Verdict("gruen", Urgency.NORMAL), house=night.house, staff=anna, now=MORNING)

    assert [row.topic for row in await rows(night, sa.select(examples))] == [None]


async def test_undo_appends_the_labels_from_before(night: Night, anna: Staff) -> None:
    reference = await case_of(night)
    before = await row_of(night, reference)
    await review.judge(reference, Verdict("gruen", Urgency.URGENT), house=night.house, staff=anna, now=MORNING)

    await review.undo(reference, house=night.house, staff=anna, now=LATER)

    after = await row_of(night, reference)
    assert (after.department, after.urgency, after.due_at) == (before.department, before.urgency, before.due_at)
    async with night.database.read() as tx:
        given = await verdicts.of_case(tx, after.id)
    assert [g.verdict.department for g in given] == ["gruen", "strassen"]


async def test_undo_without_a_verdict_is_no_move(night: Night, anna: Staff) -> None:
    reference = await case_of(night)

    with pytest.raises(IllegalMove):
        await review.undo(reference, house=night.house, staff=anna, now=MORNING)


async def test_a_department_nobody_has_is_refused(night: Night, anna: Staff) -> None:
    reference = await case_of(night)

    with pytest.raises(ValueError, match="Amt"):
        await review.judge(reference, Verdict("mond", Urgency.NORMAL), house=night.house, staff=anna, now=MORNING)


# --- take over ---------------------------------------------------------------------------------------------------


async def test_of_two_at_once_one_has_it_and_the_other_hears_who(night: Night, anna: Staff, bela: Staff) -> None:
    reference = await case_of(night)
    await review.take_over(reference, house=night.house, staff=anna, now=MORNING)

    with pytest.raises(AlreadyTaken, match="Anna"):
        await review.take_over(reference, house=night.house, staff=bela, now=MORNING)

    assert (await row_of(night, reference)).taken_by == anna.id


async def test_a_colleague_may_take_it_knowingly(night: Night, anna: Staff, bela: Staff) -> None:
    reference = await case_of(night)
    await review.take_over(reference, house=night.house, staff=anna, now=MORNING)

    await review.take_over(reference, house=night.house, staff=bela, now=LATER, instead_of=anna.id)

    case = await row_of(night, reference)
    assert case.taken_by == bela.id
    async with night.database.read() as tx:
        assert [move.staff for move in await casefile.move_history(tx, case.id)] == ["Anna", "Bela"]


async def test_taking_an_urgent_case_is_told_once_without_a_name(night: Night, anna: Staff, bela: Staff) -> None:
    reference = await case_of(night, "Bitte sofort: die Laterne ist aus und hängt herunter")
    told = len(night.chat.sent)

    await review.take_over(reference, house=night.house, staff=anna, now=MORNING)
    await review.hand_back(reference, house=night.house, staff=anna, now=MORNING)
    await review.take_over(reference, house=night.house, staff=bela, now=LATER)

    [(kind, text)] = await heard_after(night, told)
    assert kind == "handover"
    assert "Straßen & Bauhof" in text
    assert "Anna" not in text


async def test_taking_an_ordinary_case_is_not_told(night: Night, anna: Staff) -> None:
    reference = await case_of(night)
    told = len(night.chat.sent)

    await review.take_over(reference, house=night.house, staff=anna, now=MORNING)

    assert await heard_after(night, told) == []


async def test_only_who_has_it_or_an_admin_hands_it_back(night: Night, anna: Staff, bela: Staff) -> None:
    reference = await case_of(night)
    await review.take_over(reference, house=night.house, staff=anna, now=MORNING)

    with pytest.raises(NotAllowed):
        await review.hand_back(reference, house=night.house, staff=bela, now=LATER)
    admin = await add_staff(night.database, name="Chef", role=Role.ADMIN, password="lang genug dafür", now=EVENING)
    await review.hand_back(reference, house=night.house, staff=admin, now=LATER)

    case = await row_of(night, reference)
    assert (case.status, case.taken_by) == (Status.WAITING.value, None)


# --- answer, close, reopen ---------------------------------------------------------------------------------------


async def test_an_answer_goes_out_once_however_often_the_button_is_pressed(night: Night, anna: Staff) -> None:
    reference = await case_of(night)
    told = len(night.chat.sent)

    for _ in range(2):
        await review.answer(reference, "Der Bauhof kommt.", nonce="n1", house=night.house, staff=anna, now=MORNING)

    [(kind, text)] = await heard_after(night, told)
    assert kind == "answer"
    assert text.startswith("Der Bauhof kommt.")
    assert reference in text
    case = await row_of(night, reference)
    assert (case.status, case.answered_at, case.taken_by) == (Status.ANSWERED.value, MORNING, anna.id)


async def test_a_second_answer_keeps_the_moment_of_the_first(night: Night, anna: Staff) -> None:
    reference = await case_of(night)
    await review.answer(reference, "Der Bauhof kommt.", nonce="n1", house=night.house, staff=anna, now=MORNING)

    await review.answer(reference, "Er ist da.", nonce="n2", house=night.house, staff=anna, now=LATER)

    assert (await row_of(night, reference)).answered_at == MORNING
    assert len(await rows(night, sa.select(moves))) == 1


async def test_a_colleagues_case_is_not_answered_behind_their_back(night: Night, anna: Staff, bela: Staff) -> None:
    reference = await case_of(night)
    await review.take_over(reference, house=night.house, staff=anna, now=MORNING)

    with pytest.raises(AlreadyTaken, match="Anna"):
        await review.answer(reference, "Kommt.", nonce="1", house=night.house, staff=bela, now=LATER)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 5000])
async def test_an_answer_needs_words_but_not_a_book(text: str, night: Night, anna: Staff) -> None:
    reference = await case_of(night)

    with pytest.raises(ValueError):
        await review.answer(reference, text, nonce="1", house=night.house, staff=anna, now=MORNING)


async def test_who_has_erased_himself_cannot_be_answered(night: Night, anna: Staff) -> None:
    reference = await case_of(night, "Feuer! Das Haus brennt, Musterweg 3")
    await night.hear("/loeschen", at("Wed 2026-11-25 22:20"))
    await night.hear("Ja", at("Wed 2026-11-25 22:21"))

    with pytest.raises(CitizenGone):
        await review.answer(reference, "Kommt.", nonce="1", house=night.house, staff=anna, now=MORNING)

    assert (await row_of(night, reference)).status == Status.WAITING.value


async def test_who_writes_again_has_lifted_the_block(night: Night) -> None:
    await case_of(night)
    [case] = await rows(night, sa.select(cases_table))
    async with night.database.begin() as tx:
        await conversations.update(tx, case.conversation_id, blocked_at=at("Wed 2026-11-25 23:00"))
    async with night.database.read() as tx:
        assert (await casefile.reach(tx, case.conversation_id)).blocked

    await night.hear("und?", MORNING)

    async with night.database.read() as tx:
        assert not (await casefile.reach(tx, case.conversation_id)).blocked


async def test_closing_lets_go_of_what_was_only_kept_for_the_danger(night: Night, anna: Staff) -> None:
    reference = await case_of(night, "Feuer! Das Haus brennt, Musterweg 3")
    await night.hear("/loeschen", at("Wed 2026-11-25 22:20"))
    await night.hear("Ja", at("Wed 2026-11-25 22:21"))
    assert b"Musterweg 3" in night.bytes()

    await review.close(reference, house=night.house, staff=anna, now=MORNING)

    assert b"Musterweg 3" not in night.bytes()


async def test_closing_with_words_tells_them_and_counts_as_an_answer(night: Night, anna: Staff) -> None:
    reference = await case_of(night)
    told = len(night.chat.sent)

    words = "Die Laterne leuchtet wieder."
    await review.close(reference, house=night.house, staff=anna, now=MORNING, text=words, tell=True, nonce="1")

    [(kind, text)] = await heard_after(night, told)
    assert kind == "closing"
    assert text.startswith(words)
    case = await row_of(night, reference)
    assert (case.status, case.answered_at) == (Status.CLOSED.value, MORNING)


async def test_closing_quietly_tells_nobody(night: Night, anna: Staff) -> None:
    reference = await case_of(night)
    told = len(night.chat.sent)

    await review.close(reference, house=night.house, staff=anna, now=MORNING)

    assert await heard_after(night, told) == []


async def test_reopening_makes_a_new_promise(night: Night, anna: Staff) -> None:
    reference = await case_of(night)
    await review.close(reference, house=night.house, staff=anna, now=MORNING)
    told = len(night.chat.sent)

    await review.reopen(reference, house=night.house, staff=anna, now=LATER)

    case = await row_of(night, reference)
    assert (case.status, case.taken_by) == (Status.WAITING.value, None)
    assert case.due_at == night.house.promise("strassen", Urgency.NORMAL, LATER).due_at
    [(kind, text)] = await heard_after(night, told)
    assert kind == "update"
    assert "wieder offen" in text


async def test_a_closed_case_is_neither_answered_nor_taken(night: Night, anna: Staff) -> None:
    reference = await case_of(night)
    await review.close(reference, house=night.house, staff=anna, now=MORNING)

    with pytest.raises(IllegalMove):
        await review.answer(reference, "Kommt.", nonce="1", house=night.house, staff=anna, now=LATER)
    with pytest.raises(IllegalMove):
        await review.take_over(reference, house=night.house, staff=anna, now=LATER)
