"""Cues: what is compared, and what is only courtesy."""

import pytest

from bot.core.conversation.cue import Cue, Cues, fold

CUES = Cues.build(
    {
        "de": {
            "greeting": ["hallo", "guten abend"],
            "thanks": ["danke"],
            "filler": ["ihr", "lieb*"],
            "new_concern": ["noch etwas anderes", "noch etwas"],
            "human": ["mit … menschen"],
            "status": ["was ist mit meine* …"],
        },
        "en": {"greeting": ["hello"]},
    }
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Schöne Grüße!", "schoene gruesse"),
        ("  DANKE,\n danke ", "danke danke"),
        ("Wie geht's?", "wie gehts"),
        ("Stra\u200bße", "strasse"),  # zero width
        ("👍", ""),
    ],
)
def test_spelling_and_marks_do_not_matter(written: str, folded: str) -> None:
    assert fold(written) == folded


@pytest.mark.parametrize("text", ["Hallo!", "hallo ihr Lieben", "Danke, danke", "HELLO 👋"])
def test_courtesy_is_known_in_any_mix(text: str) -> None:
    assert CUES.only((Cue.GREETING, Cue.THANKS, Cue.FILLER), text)


@pytest.mark.parametrize("text", ["", "👍", "Hallo Laterne", "danke für nichts"])
def test_anything_else_is_no_courtesy(text: str) -> None:
    assert not CUES.only((Cue.GREETING, Cue.THANKS, Cue.FILLER), text)


def test_a_gap_holds_up_to_four_words() -> None:
    assert CUES.found(Cue.HUMAN, "ich will mit einem ganz normalen Menschen reden")
    assert not CUES.found(Cue.HUMAN, "mit a b c d e Menschen")


def test_a_phrase_may_be_looked_for_among_the_first_words_only() -> None:
    assert CUES.found(Cue.NEW_CONCERN, "ach ja, noch etwas: die Tonne", within_words=4)
    assert not CUES.found(Cue.NEW_CONCERN, "die Tonne ist voll, und noch etwas", within_words=4)


def test_a_whole_phrase_may_end_with_what_it_is_about() -> None:
    assert CUES.whole(Cue.STATUS, "Was ist mit meinem Antrag auf Wohngeld?")


def test_a_word_inside_another_is_none() -> None:
    assert not CUES.found(Cue.THANKS, "Gedankenlos")


def test_an_unknown_cue_is_refused() -> None:
    with pytest.raises(ValueError, match="nonsense"):
        Cues.build({"de": {"nonsense": ["x"]}})
