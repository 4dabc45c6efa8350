"""The flow: one message in, one outcome out."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.case import Status, Urgency
from bot.core.conversation.cue import Cues
from bot.core.conversation.flow import ERASE, converse, flush, wakes_at
from bot.core.conversation.state import Awaiting, CaseView, Conversation, Dialog, Outcome, Pending, Said, Timing, Wish
from bot.core.conversation.turn import Rules
from bot.core.message import Content, Fate, InboundMessage
from bot.core.safety import Findings, SafetyHit
from bot.core.triage import Decision, TriagePolicy, decide
from classifier.prediction import Prediction
from tests.night import at

POLICY = TriagePolicy(departments=("rathaus", "strassen", "abfall", "versorgung"), front_office="rathaus")
CUES = Cues.build(
    {
        "de": {
            "greeting": ["hallo"],
            "thanks": ["danke", "ok"],
            "filler": ["ja"],
            "yes": ["ja", "ok"],
            "no": ["nein"],
            "deletion": ["daten loeschen"],
            "settled": ["hat sich erledigt"],
            "human": ["einen menschen"],
            "cry": ["hilfe"],
            "status": ["und"],
        }
    }
)
NOW = at("Tue 2026-11-24 20:00")
CASE = CaseView(1, "BOR-7K3M-Q", "strassen", Urgency.NORMAL, Status.WAITING, NOW, NOW, text="Laterne aus")


def judge(text: str) -> Decision:
    hits = (SafetyHit("gas", "gas", "versorgung", "Gas"),) if "Gas" in text else ()
    meant = "strassen" if "Laterne" in text else "abfall" if "Tonne" in text else None
    shares = ((meant, 0.9), ("rathaus", 0.1)) if meant else (("rathaus", 0.3), ("abfall", 0.25))
    return decide(Prediction(shares, (("normal", 1.0),)), Findings(hits), POLICY, chatter=text == "Hallo")


RULES = Rules(judge, CUES, Timing(), "BOR", (("strassen", "Straßen & Bauhof"), ("abfall", "Abfall")), "rathaus")


def message(
    text: str = "", now: datetime = NOW, content: Content = Content.TEXT, *, edited: bool = False
) -> InboundMessage:
    return InboundMessage("chat", "1", "7", now, content, text, edited=edited)


def hear(text: str, conversation: Conversation | None = None, now: datetime = NOW) -> Outcome:
    return converse(message(text, now), conversation or Conversation(), RULES)


def words(outcome: Outcome) -> list[str]:
    return [say.words for say in outcome.says]


@pytest.mark.parametrize(
    ("text", "fate"),
    [
        ("Hallo", Fate.NO_CONCERN),
        ("👍", Fate.NO_CONCERN),
        ("?", Fate.NO_CONCERN),
        ("/status", Fate.COMMAND),
        ("/quatsch", Fate.COMMAND),
        ("Die Laterne vor dem Haus Nummer drei ist aus", Fate.NEW_CASE),
        ("da hinten", Fate.PENDING),
        ("hilfe", Fate.PENDING),
        ("Es riecht nach Gas", Fate.NEW_CASE),
        ("Ich will einen Menschen", Fate.NEW_CASE),
    ],
)
def test_what_becomes_of_a_first_message(text: str, fate: Fate) -> None:
    assert hear(text).fate is fate


def test_danger_comes_before_every_other_meaning() -> None:
    asked = Conversation(cases=(CASE,), dialog=Dialog(Awaiting.DELETION, NOW))

    outcome = hear("ja, und danke, aber es riecht nach Gas", asked)

    assert outcome.parts[0].safety == "gas"
    assert outcome.wish is None


def test_the_same_danger_text_is_not_sent_twice_within_minutes() -> None:
    told = Conversation(cases=(replace(CASE, dangers={"gas": NOW}),))

    assert hear("immer noch Gas", told, NOW + timedelta(minutes=5)).parts[0].safety is None
    assert hear("immer noch Gas", told, NOW + timedelta(minutes=11)).parts[0].safety == "gas"


def test_a_short_reply_goes_out_once_an_hour() -> None:
    chatted = Conversation(short_reply_at=NOW)

    assert words(hear("Hallo", chatted, NOW + timedelta(minutes=59))) == []
    assert words(hear("Hallo", chatted, NOW + timedelta(minutes=61))) == ["greeting"]


def test_a_yes_erases_only_after_the_question() -> None:
    asked = Conversation(dialog=Dialog(Awaiting.DELETION, NOW))

    assert hear("ja", asked).wish is Wish.ERASE
    assert hear("ja", asked, NOW + timedelta(days=2)).wish is None
    assert hear("ja").wish is None


def test_other_words_leave_the_question_open() -> None:
    asked = Conversation(dialog=Dialog(Awaiting.DELETION, NOW))

    outcome = hear("/hilfe", asked)

    assert not outcome.ends_dialog


def test_an_old_button_is_told_to_be_old() -> None:
    pressed = replace(message(), button=f"{ERASE}:yes")

    assert words(converse(pressed, Conversation(), RULES)) == ["error.button"]


def test_fragments_wait_for_quiet_and_a_lone_picture_for_its_words() -> None:
    words_wait = [Pending(1, "da hinten", Content.TEXT, NOW)]
    picture = [Pending(1, "", Content.PHOTO, NOW)]
    hello = [Pending(1, "Hallo", Content.PHOTO, NOW)]

    assert wakes_at(words_wait, RULES) == NOW + timedelta(seconds=45)
    assert wakes_at(picture, RULES) == NOW + timedelta(minutes=15)
    assert wakes_at(hello, RULES) == NOW + timedelta(minutes=15)


def test_after_the_quiet_time_unclear_fragments_get_receipt_and_question_in_one() -> None:
    waiting = Conversation(pending=(Pending(1, "da", Content.TEXT, NOW), Pending(2, "hinten", Content.TEXT, NOW)))

    assert flush(waiting, RULES, NOW + timedelta(seconds=44)) is None
    outcome = flush(waiting, RULES, NOW + timedelta(seconds=45))

    assert outcome is not None
    part = outcome.parts[0]
    assert (part.takes, part.receipt, part.ask) == ((1, 2), True, True)


def test_a_wordless_message_without_words_joins_the_open_case_in_the_end() -> None:
    waiting = Conversation(cases=(CASE,), pending=(Pending(2, "", Content.PHOTO, NOW + timedelta(hours=20)),))

    outcome = flush(waiting, RULES, NOW + timedelta(hours=21))

    assert outcome is not None
    assert (outcome.fate, outcome.parts[0].case) == (Fate.FOLLOW_UP, 1)


def test_an_album_is_asked_about_once() -> None:
    first = converse(message(content=Content.PHOTO), Conversation(), RULES)
    album = Conversation(pending=(Pending(1, "", Content.PHOTO, NOW),), unread_at=NOW)
    second = converse(message(content=Content.PHOTO), album, RULES)

    assert words(first) == ["unread.lone"]
    assert words(second) == []


def test_an_edit_of_a_waiting_fragment_takes_its_place() -> None:
    said = Said("7", "da hinten", NOW, 1, None, Fate.PENDING)
    waiting = Conversation(pending=(Pending(1, "da hinten", Content.TEXT, NOW),), said=(said,))

    outcome = converse(message("Die Laterne da hinten geht nicht mehr", edited=True), waiting, RULES)

    assert outcome.fate is Fate.NEW_CASE
    assert outcome.parts[0].takes == (1,)
    assert outcome.replaces == 1


def test_an_edit_that_adds_danger_raises_its_case() -> None:
    said = Said("7", "Laterne aus", NOW, 1, 1, Fate.NEW_CASE)

    outcome = converse(message("Laterne aus, Gas!", edited=True), Conversation(cases=(CASE,), said=(said,)), RULES)

    assert (outcome.parts[0].case, outcome.parts[0].safety) == (1, "gas")


def test_a_settled_matter_of_danger_is_left_to_the_one_who_writes_the_letters() -> None:
    outcome = hear("hat sich erledigt", Conversation(cases=(CASE,)))

    assert outcome.parts[0].settle


def test_the_same_text_again_joins_nothing() -> None:
    said = Said("6", "Die Laterne vor Nummer drei ist aus", NOW, 1, 1, Fate.NEW_CASE)
    known = Conversation(cases=(CASE,), said=(said,))

    outcome = hear("die laterne vor nummer drei ist aus!!", known)

    assert (outcome.fate, words(outcome)) == (Fate.NO_CONCERN, ["status.again"])


def test_a_status_is_told_of_this_conversation_only() -> None:
    assert words(hear("/status BOR-7K3M-Q")) == ["status.unknown"]
    assert words(hear("/status BOR-7K3M-Q", Conversation(cases=(CASE,)))) == ["status.cases"]
    assert words(hear("und?", Conversation(cases=(CASE,)))) == ["status.cases"]
