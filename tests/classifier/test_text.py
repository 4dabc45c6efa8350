"""One spelling for many."""

import pytest

from classifier.text import LONGEST, fingerprint, fold, grams, normalise, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mülltonne", "MUELLTONNE"),
        ("Straße 12", "strasse 7"),  # which number does not matter
        ("Ga\u00adsse", "Gasse"),  # a soft hyphen from a copied web page
        ("\u202bمرحبا\u202c", "مرحبا"),  # right-to-left marks
        ("ｆｕｌｌ", "full"),
        ("u\u0308ber", "über"),  # a Mac writes the accent by itself
        ("çöp kutusu", "cöp kutusu"),
        ("10.000,50 Euro", "5 Euro"),
    ],
)
def test_spellings_of_the_same_thing_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)
    assert fingerprint(one) == fingerprint(other)


def test_half_a_character_is_dropped() -> None:
    assert fingerprint("Laterne \ud83d aus") == fingerprint("Laterne aus")


def test_different_messages_have_different_fingerprints() -> None:
    assert fingerprint("Laterne aus") != fingerprint("Laterne an")


def test_line_breaks_and_gaps_become_single_spaces() -> None:
    assert normalise("  Guten\r\n\tAbend \u00a0 zusammen ") == "Guten Abend zusammen"


def test_a_novel_is_cut() -> None:
    assert len(normalise("Laterne " * 50_000)) <= LONGEST


def test_words_come_alone_and_with_their_neighbour() -> None:
    assert list(words("laterne ist aus")) == ["laterne", "ist", "aus", "laterne ist", "ist aus"]


def test_letter_groups_know_where_a_word_begins_and_ends() -> None:
    assert list(grams("aus", 2, 5)) == [" a", "au", "us", "s ", " au", "aus", "us ", " aus", "aus ", " aus "]


def test_a_word_shorter_than_the_group_is_counted_once() -> None:
    assert list(grams("a", 2, 5)) == [" a", "a ", " a "]
