"""The scorecard as an admin reads it.

After a wanted change of words: GOLDEN=write pytest tests/reports, and read the difference.
"""

import re
from html.parser import HTMLParser

import pytest

from bot.reports.scorecard import as_page, as_text
from classifier.evaluation import Decision, score
from classifier.mistakes import mistakes
from classifier.rows import Row
from tests.golden import held_against
from tests.night import town
from tests.reports.measured import NIGHT, measured


def page_of(model_id: str = "m1", source: str = "gold.jsonl") -> str:
    card, worst = measured()
    return as_page(card, worst, town(), model_id=model_id, source=source, now=NIGHT)


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_the_terminal_shows_what_stands_in_the_golden_file() -> None:
    card, worst = measured()
    held_against("scorecard.txt", as_text(card, worst, town()))


def test_no_sign_of_a_message_reaches_the_terminal_as_a_command() -> None:
    card, worst = measured()
    told = as_text(card, worst, town())
    assert "\x1b" not in told
    assert "„rot“" in told


def test_hostile_text_is_text_on_the_page() -> None:
    page = page_of(model_id="<b>m", source="<img src=x>.jsonl")
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>m" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp;" in page


def test_the_page_asks_for_nothing_from_elsewhere_and_runs_nothing() -> None:
    page = page_of()
    assert "default-src 'none'" in page
    assert not re.search(r"https?:|//[a-z]|url\((?!#)|@import|<link|<script|\son\w+=", page)


class _Outline(HTMLParser):
    """Open tags, to see that each is closed in its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if tag not in ("meta", "br", "path", "rect", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("path", "rect", "circle"):
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        assert tag in ("path", "rect", "circle")


def test_the_page_is_well_formed_with_one_heading_at_the_top() -> None:
    outline = _Outline()
    outline.feed(page_of())
    assert outline.open == []
    assert outline.headings[0] == "h1"
    assert outline.headings.count("h1") == 1


@pytest.mark.parametrize(
    "told",
    [
        "Notfälle gefunden 50,0 %",
        "1 von 2 Notfällen",
        "1 von 23 Nachrichten ohne Notfall",
        "1 von 2 Notfällen wurde nicht erkannt. Lesen Sie ihn",
        "Straßen &amp; Bauhof wird oft für „Abfall &amp; Stadtreinigung“ (4&nbsp;Mal) gehalten.",
        "25 Nachrichten sind wenig",
        "Gemessen am 27. November 2026, 15:35 Uhr.",
        "Es zischt im Keller",
        "Zeile 23",
        "Türkisch",
    ],
)
def test_the_page_says_what_was_found(told: str) -> None:
    assert told in words_of(page_of())


def test_every_plot_has_a_table_beside_it() -> None:
    page = page_of()
    assert page.count('role="img"') == 4
    assert page.count("<details>") == 3  # probabilities are told once for both of their plots
    assert page.count('class="bar"') == page.count('aria-hidden="true" focusable="false"')


def test_a_file_that_tells_little_gives_a_page_all_the_same() -> None:
    for rows in ([], [Row("a", ("unklar",))], [Row("a", ("kurverwaltung",))]):
        made = [Decision("strassen", "normal", (("strassen", 0.5),), False) for _ in rows]
        card, worst = score(rows, made), mistakes(rows, made)
        page = as_page(card, worst, town(), model_id="", source="x", now=NIGHT)
        assert "dazu steht nichts in der Datei" in page
        assert as_text(card, worst, town())
    assert "kurverwaltung" in page  # a department the town does not have stands as it is


def test_long_messages_are_cut_and_many_mistakes_are_counted() -> None:
    rows = [Row("ä" * 5000, ("strassen",), line=n) for n in range(40)]
    made = [Decision("abfall", "normal", (("abfall", 0.9),), True)] * 40
    card, worst = score(rows, made), mistakes(rows, made)
    page = as_page(card, worst, town(), model_id="", source="x", now=NIGHT)
    assert "(40)" in page
    assert page.count("ä" * 500) == 25
    assert "ä" * 700 not in page
    assert "und 35 weitere" in as_text(card, worst, town())
