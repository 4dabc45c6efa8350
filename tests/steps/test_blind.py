"""The blind sample: what is drawn, who judges it, what becomes of it, and that the case never feels it."""

from collections.abc import AsyncIterator
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.case import Status, Urgency
from bot.core.errors import IllegalMove
from bot.core.share import Share
from bot.core.staff import Role, Staff
from bot.core.verdict import Verdict
from bot.steps import blind, review
from bot.steps.purge import purge
from bot.steps.staff import add_staff
from bot.store import cases
from bot.store.tables import blind_sample, blind_seen, blind_verdicts, examples, moves, verdicts
from bot.store.tables import cases as cases_table
from tests.night import Night, at, begin, town

EVENING = at("Wed 2026-11-25 22:14")
MORNING = at("Thu 2026-11-26 08:05")
LATER = at("Thu 2026-11-26 08:20")
LANTERN = "Die Laterne vor Musterweg 3 ist aus"
RIGHT = Verdict("strassen", Urgency.NORMAL)


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Night]:
    """A town that judges every case blind."""
    made = await begin(tmp_path / "nachtschalter.db", replace(town(), blind_sample_percent=100))
    yield made
    await made.database.close()


@pytest.fixture
async def anna(night: Night) -> Staff:
    return await add_staff(night.database, name="Anna", role=Role.CLERK, password="lang genug dafür", now=EVENING)


@pytest.fixture
async def bela(night: Night) -> Staff:
    return await add_staff(night.database, name="Bela", role=Role.CLERK, password="lang genug dafür", now=EVENING)


@pytest.fixture
async def cleo(night: Night) -> Staff:
    return await add_staff(night.database, name="Cleo", role=Role.ADMIN, password="lang genug dafür", now=EVENING)


async def rows(night: Night, table: sa.Table) -> list[Any]:
    async with night.database.read() as tx:
        return list((await tx.execute(sa.select(table))).all())


async def opened(night: Night, text: str = LANTERN, sender: str = "citizen-1", **more: Any) -> str:
    await night.hear(text, EVENING, sender=sender, **more)
    return str((await rows(night, cases_table))[-1].reference)


async def judge(night: Night, staff: Staff, reference: str, said: Verdict | None = RIGHT) -> None:
    await blind.judge(reference, said, house=night.house, staff=staff, now=MORNING)


async def waiting(night: Night, staff: Staff) -> int:
    return (await blind.round_of(staff, house=night.house)).waiting


# --- drawing -----------------------------------------------------------------------------------------------------


async def test_a_drawn_case_waits_with_its_words_alone(night: Night, anna: Staff) -> None:
    reference = await opened(night)
    question = (await blind.round_of(anna, house=night.house)).question
    assert question
    assert asdict(question) == {"reference": reference, "text": LANTERN, "at": EVENING, "lang": "de", "files": 0}


async def test_where_nothing_is_drawn_nothing_waits(tmp_path: Path) -> None:
    made = await begin(tmp_path / "none.db", replace(town(), blind_sample_percent=0))
    await opened(made)
    assert await rows(made, blind_sample) == []
    await made.database.close()


async def test_danger_is_never_drawn(night: Night, anna: Staff) -> None:
    await opened(night, "Feuer! Das Haus brennt, Musterweg 3")
    assert await rows(night, blind_sample) == []
    assert await waiting(night, anna) == 0


async def test_a_case_that_becomes_dangerous_leaves_the_sample(night: Night, anna: Staff) -> None:
    reference = await opened(night, "Am Musterweg 3 stimmt seit heute Mittag irgendetwas nicht")
    assert await waiting(night, anna) == 1
    await night.hear("Feuer! Das Haus brennt", EVENING + timedelta(minutes=1))
    assert len(await rows(night, cases_table)) == 1
    assert await waiting(night, anna) == 0
    with pytest.raises(IllegalMove):
        await judge(night, anna, reference)


async def test_a_picture_without_words_is_nothing_to_judge(night: Night, anna: Staff) -> None:
    await opened(night, "", photos=["one"])
    assert len(await rows(night, blind_sample)) == 1
    assert await waiting(night, anna) == 0


async def test_two_concerns_in_one_message_are_not_judged(night: Night, anna: Staff) -> None:
    await night.hear(
        "Die Laterne vor Musterweg 3 ist aus. Und noch was anderes: die Tonne wurde nicht geleert.", EVENING
    )
    assert len(await rows(night, cases_table)) == 2
    assert await waiting(night, anna) == 0


# --- judging -----------------------------------------------------------------------------------------------------


async def test_a_judgement_is_kept_beside_what_the_machine_had_said(night: Night, anna: Staff) -> None:
    await judge(night, anna, await opened(night), Verdict("gruen", Urgency.LOW))
    [row] = await rows(night, blind_verdicts)
    assert (row.staff_id, row.department, row.urgency, row.at) == (anna.id, "gruen", "low", MORNING)
    assert (row.guessed_department, row.guessed_urgency, row.guessed_sure) == ("strassen", "normal", True)
    assert row.model_id == "keywords"


async def test_a_follow_up_is_read_by_both_before_they_are_compared(night: Night, anna: Staff) -> None:
    reference = await opened(night)
    await night.hear("Bitte sofort, sie hängt herunter", EVENING + timedelta(minutes=2))
    question = (await blind.round_of(anna, house=night.house)).question
    assert question
    assert "hängt herunter" in question.text
    await judge(night, anna, reference)
    assert [row.guessed_urgency for row in await rows(night, blind_verdicts)] == ["urgent"]


async def test_nothing_of_it_reaches_the_case_or_the_citizen(night: Night, anna: Staff) -> None:
    reference = await opened(night)
    [before], told = await rows(night, cases_table), len(night.chat.sent)
    await judge(night, anna, reference, Verdict("gruen", Urgency.EMERGENCY))
    await night.work(LATER)
    assert await rows(night, cases_table) == [before]
    assert len(night.chat.sent) == told
    for table in (verdicts, examples, moves):
        assert await rows(night, table) == []


async def test_who_cannot_tell_says_so_and_is_not_asked_again(night: Night, anna: Staff) -> None:
    await judge(night, anna, await opened(night), None)
    [row] = await rows(night, blind_verdicts)
    assert (row.department, row.urgency) == (None, None)
    assert await waiting(night, anna) == 0


async def test_nobody_judges_twice_and_two_are_enough(night: Night, anna: Staff, bela: Staff, cleo: Staff) -> None:
    reference = await opened(night)
    await judge(night, anna, reference)
    await judge(night, anna, reference, Verdict("gruen", Urgency.LOW))  # a double click
    assert [row.department for row in await rows(night, blind_verdicts)] == ["strassen"]
    assert (await waiting(night, anna), await waiting(night, bela)) == (0, 1)
    await judge(night, bela, reference)
    assert await waiting(night, cleo) == 0
    with pytest.raises(IllegalMove):
        await judge(night, cleo, reference)


async def test_what_nobody_has_judged_is_asked_first(night: Night, anna: Staff, bela: Staff) -> None:
    references = [await opened(night, sender=f"citizen-{number}") for number in range(3)]
    first = (await blind.round_of(anna, house=night.house)).question
    assert first
    await judge(night, bela, first.reference)
    second = (await blind.round_of(anna, house=night.house)).question
    assert second
    assert second.reference in set(references) - {first.reference}


async def test_a_department_nobody_has_is_refused(night: Night, anna: Staff) -> None:
    with pytest.raises(ValueError, match="Amt"):
        await judge(night, anna, await opened(night), Verdict("mond", Urgency.NORMAL))


async def test_a_case_that_was_not_drawn_is_refused(tmp_path: Path) -> None:
    made = await begin(tmp_path / "none.db", replace(town(), blind_sample_percent=0))
    anna = await add_staff(made.database, name="Anna", role=Role.CLERK, password="lang genug dafür", now=EVENING)
    with pytest.raises(IllegalMove):
        await judge(made, anna, await opened(made))
    await made.database.close()


# --- who has seen the guess --------------------------------------------------------------------------------------


async def test_who_has_opened_the_case_does_not_judge_it_but_others_do(night: Night, anna: Staff, bela: Staff) -> None:
    reference = await opened(night)
    for now in (MORNING, LATER):
        await blind.note_seen(reference, house=night.house, staff=anna, now=now)
    assert [(row.staff_id, row.at) for row in await rows(night, blind_seen)] == [(anna.id, MORNING)]
    assert (await waiting(night, anna), await waiting(night, bela)) == (0, 1)
    with pytest.raises(IllegalMove):
        await judge(night, anna, reference)


async def test_only_what_is_drawn_is_noted(night: Night, anna: Staff) -> None:
    reference = await opened(night, "Feuer! Das Haus brennt, Musterweg 3")
    await blind.note_seen(reference, house=night.house, staff=anna, now=MORNING)
    await blind.note_seen("BOR-0000-0", house=night.house, staff=anna, now=MORNING)
    assert await rows(night, blind_seen) == []


async def test_work_at_the_desk_goes_on_and_leaves_the_case_to_others(night: Night, anna: Staff, bela: Staff) -> None:
    reference = await opened(night)
    await blind.note_seen(reference, house=night.house, staff=anna, now=MORNING)
    await review.judge(reference, RIGHT, house=night.house, staff=anna, now=MORNING)
    await review.answer(reference, "Kommt.", nonce="1", house=night.house, staff=anna, now=MORNING)
    await review.close(reference, house=night.house, staff=anna, now=LATER)
    assert (await waiting(night, anna), await waiting(night, bela)) == (0, 1)


# --- taking back -------------------------------------------------------------------------------------------------


async def test_the_last_judgement_can_be_taken_back_and_given_anew(night: Night, anna: Staff) -> None:
    reference = await opened(night)
    await judge(night, anna, reference, Verdict("gruen", Urgency.LOW))
    last = (await blind.round_of(anna, house=night.house)).last
    assert last
    assert await blind.take_back(last.id, house=night.house, staff=anna, now=LATER) == reference
    assert (await blind.round_of(anna, house=night.house)).last is None
    await judge(night, anna, reference)
    stands = [(row.department, row.undone_at) for row in await rows(night, blind_verdicts)]
    assert stands == [("gruen", LATER), ("strassen", None)]


async def test_only_the_last_and_only_ones_own_can_be_taken_back(night: Night, anna: Staff, bela: Staff) -> None:
    for number in range(2):
        await judge(night, anna, await opened(night, sender=f"citizen-{number}"))
    first, second = (row.id for row in await rows(night, blind_verdicts))
    for number, staff in ((first, anna), (second, bela), (99, anna)):
        with pytest.raises(IllegalMove):
            await blind.take_back(number, house=night.house, staff=staff, now=LATER)
    assert [row.undone_at for row in await rows(night, blind_verdicts)] == [None, None]


async def test_who_has_looked_the_guess_up_stands_by_what_they_said(night: Night, anna: Staff) -> None:
    reference = await opened(night)
    await judge(night, anna, reference, Verdict("gruen", Urgency.LOW))
    [row] = await rows(night, blind_verdicts)
    await blind.note_seen(reference, house=night.house, staff=anna, now=LATER)
    assert (await blind.round_of(anna, house=night.house)).last is None
    with pytest.raises(IllegalMove):
        await blind.take_back(row.id, house=night.house, staff=anna, now=LATER)


# --- an emergency only a person has seen -------------------------------------------------------------------------


async def test_an_emergency_nobody_treats_as_one_is_pointed_out_until_it_is_looked_at(
    night: Night, anna: Staff
) -> None:
    reference = await opened(night)
    await judge(night, anna, reference, Verdict("strassen", Urgency.EMERGENCY))
    assert (await blind.round_of(anna, house=night.house)).alarms == [reference]
    await blind.note_seen(reference, house=night.house, staff=anna, now=LATER)
    assert (await blind.round_of(anna, house=night.house)).alarms == []


async def test_an_emergency_a_colleague_has_raised_or_closed_needs_no_pointing_out(
    night: Night, anna: Staff, bela: Staff
) -> None:
    raised, closed = [await opened(night, sender=name) for name in ("one", "two")]
    for reference in (raised, closed):
        await judge(night, anna, reference, Verdict("strassen", Urgency.EMERGENCY))
    emergency = Verdict("strassen", Urgency.EMERGENCY)
    await review.judge(raised, emergency, house=night.house, staff=bela, now=LATER)
    await review.close(closed, house=night.house, staff=bela, now=LATER)
    assert (await blind.round_of(anna, house=night.house)).alarms == []


async def test_an_emergency_raised_by_a_person_stays_in_the_sample(night: Night, anna: Staff, bela: Staff) -> None:
    reference = await opened(night)
    verdict = Verdict("strassen", Urgency.EMERGENCY)
    await review.judge(reference, verdict, house=night.house, staff=anna, now=MORNING)
    assert await waiting(night, bela) == 1
    await judge(night, bela, reference, verdict)
    found = await blind.honest_figures(night.database)
    assert (found.blind.missed, found.seen.missed) == (1, 1)


# --- gone --------------------------------------------------------------------------------------------------------


async def test_what_is_withdrawn_or_erased_leaves_the_sample(night: Night, anna: Staff) -> None:
    reference = await opened(night)
    await night.hear("/loeschen", EVENING + timedelta(minutes=3))
    await night.hear("Ja", EVENING + timedelta(minutes=4))
    assert await waiting(night, anna) == 0
    with pytest.raises(IllegalMove):
        await judge(night, anna, reference)


async def test_an_answered_case_whose_words_are_past_their_time_leaves_the_sample(night: Night, anna: Staff) -> None:
    await opened(night)
    async with night.database.begin() as tx:
        await cases.move_to(tx, 1, Status.CLOSED, now=MORNING)
    assert await waiting(night, anna) == 1
    await purge(night.house, MORNING + timedelta(days=91))
    assert await waiting(night, anna) == 0


async def test_who_judged_is_forgotten_after_the_audits_time_and_what_was_said_stays(
    night: Night, anna: Staff, bela: Staff
) -> None:
    reference = await opened(night)
    await judge(night, anna, reference)
    await blind.note_seen(reference, house=night.house, staff=bela, now=MORNING)
    assert (await purge(night.house, MORNING + timedelta(days=364))).judges == 0
    assert (await purge(night.house, MORNING + timedelta(days=366))).judges == 2
    assert (await purge(night.house, MORNING + timedelta(days=367))).judges == 0
    assert [(row.staff_id, row.department) for row in await rows(night, blind_verdicts)] == [(None, "strassen")]
    assert await rows(night, blind_seen) == []
    # Nobody could say any more who it was, so nobody is asked a second time.
    assert (await waiting(night, anna), await waiting(night, bela)) == (0, 0)
    assert (await blind.honest_figures(night.database)).blind.cases == 1


# --- figures -----------------------------------------------------------------------------------------------------


async def test_the_figures_stand_beside_the_ordinary_verdicts(night: Night, anna: Staff, bela: Staff) -> None:
    first, second, third = [await opened(night, sender=name) for name in "abc"]
    await judge(night, anna, first, Verdict("gruen", Urgency.NORMAL))
    await judge(night, bela, first, Verdict("gruen", Urgency.LOW))
    await judge(night, anna, second, None)
    for reference in (first, second):
        await review.judge(reference, RIGHT, house=night.house, staff=bela, now=LATER)
    for department in ("gruen", "abfall"):  # the newest of a case counts
        verdict = Verdict(department, Urgency.NORMAL)
        await review.judge(third, verdict, house=night.house, staff=bela, now=LATER)

    found = await blind.honest_figures(night.database)

    assert (found.drawn, found.blind.cases, found.unclear, found.twice) == (3, 1, 1, 1)
    assert (found.blind.department, found.blind.urgency) == (Share(0, 1), Share(1, 1))
    assert (found.agreed_department, found.agreed_urgency) == (Share(1, 1), Share(0, 1))
    assert (found.seen.department, found.seen.urgency) == (Share(2, 3), Share(3, 3))


async def test_danger_counts_on_neither_side(night: Night, anna: Staff) -> None:
    await opened(night)
    fire = await opened(night, "Feuer! Das Haus brennt, Musterweg 3", sender="b")
    verdict = Verdict("schutz", Urgency.EMERGENCY)
    await review.judge(fire, verdict, house=night.house, staff=anna, now=MORNING)
    assert (await blind.honest_figures(night.database)).seen.cases == 0


async def test_a_follow_up_after_the_verdict_is_not_held_against_it(night: Night, anna: Staff) -> None:
    reference = await opened(night)
    await review.judge(reference, RIGHT, house=night.house, staff=anna, now=EVENING + timedelta(minutes=1))
    await night.hear("Bitte sofort, sie hängt herunter", EVENING + timedelta(minutes=2))
    assert (await blind.honest_figures(night.database)).seen.urgency == Share(1, 1)


async def test_before_anything_is_drawn_there_are_no_figures(night: Night) -> None:
    found = await blind.honest_figures(night.database)
    assert (found.drawn, found.blind.cases, found.seen.cases, found.early) == (0, 0, 0, True)
