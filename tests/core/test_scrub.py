"""Scrubbing: planted data goes, the place of a fault stays."""

import pytest

from bot.core.scrub import scrub

PLANTED = [
    ("Guten Tag, mein Name ist Erika Musterfrau und die Tonne wurde nicht geleert.", ["Erika", "Musterfrau"]),
    ("Ich heiße Max Mustermann, bitte um Rückruf unter 0221 4710 123", ["Mustermann", "4710", "123"]),
    ("Rückruf: +49 221 4710123 oder 0221/4710-123", ["4710", "123"]),
    ("Schreiben Sie an erika.musterfrau@beispiel.example", ["erika", "beispiel"]),
    ("Meine IBAN: DE89 3704 0044 0532 0130 00, danke", ["3704", "0130"]),
    ("Der Wagen BOR-XY 123 steht seit Wochen", ["XY", "123"]),
    ("der wagen bor-xy 99 parkt auf dem gehweg", ["xy", "99"]),
    ("Kassenzeichen 1234.5678.9, die Mahnung ist falsch", ["1234", "5678"]),
    ("Az: 32-4/2026-17 dazu habe ich Fragen", ["32-4", "2026"]),
    ("Kundennummer: A12345", ["A12345"]),
    ("Ich bin geboren am 12.03.1980 und brauche einen Ausweis", ["12.03", "1980"]),
    ("Ich wohne in der Musterstraße 12a, 46325 Borken und das Licht flackert", ["Musterstraße", "12a", "46325"]),
    ("Die Laterne ist aus.\n\nMit freundlichen Grüßen\nErika Musterfrau\nMusterweg 7", ["Erika", "Musterweg"]),
    ("Danke! LG Erika", ["Erika"]),
    ("Sehr geehrter Herr Dr. Mustermann, die Ampel blinkt", ["Mustermann"]),
    ("Hallo Max, kommt die Müllabfuhr?", ["Max"]),
    ("Zu BOR-7K3M-Q habe ich noch etwas", ["7K3M"]),
    ("My name is Max Mustermann and the bin was not emptied", ["Max", "Mustermann"]),
]

KEPT = [
    "Die Laterne vor Musterstraße 12 ist aus",
    "Schlagloch auf der B 67 Richtung L 581",
    "Am Spielplatz Musterweg 3 ist die Schaukel kaputt",
    "Wann öffnet das Bürgerbüro am 24.12.2026 um 8:00 Uhr?",
    "Hallo Zusammen, die gelbe Tonne steht noch da",
    "Es riecht nach Gas, Musterallee 5, bitte schnell",
    "Viele Grüße",
    "Ich brauche einen Kinderreisepass für Freitag",
]


@pytest.mark.parametrize(("text", "gone"), PLANTED)
def test_what_tells_who_wrote_it_goes(text: str, gone: list[str]) -> None:
    scrubbed = scrub(text)

    assert not [piece for piece in gone if piece in scrubbed], scrubbed


@pytest.mark.parametrize("text", KEPT)
def test_the_concern_and_the_place_of_a_fault_stay(text: str) -> None:
    assert scrub(text) == text


def test_scrubbing_twice_changes_nothing_more() -> None:
    for text, _ in PLANTED:
        assert scrub(scrub(text)) == scrub(text)
