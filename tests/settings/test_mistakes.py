"""Mistakes in the files: each has its line, its column and what to write instead, and all come at once."""

from pathlib import Path

import pytest

from bot.core.errors import ConfigError
from bot.settings.load import load
from tests.settings.conftest import Town


def test_the_sample_town_has_no_mistakes(town: Town) -> None:
    assert town.mistakes() == []


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        # keys
        ("departments.yaml", 'email: bauhof', "emial: bauhof",
         "departments.yaml:5:39: departments.0.contact.emial: "
         "diesen Schlüssel gibt es nicht; meinten Sie „email“?"),
        ("city.yaml", "pilot: false", "pilott: false\npilot: false",
         "city.yaml:8:1: pilott: diesen Schlüssel gibt es nicht; meinten Sie „pilot“?"),
        ("service_levels.yaml", "    normal: {working_days: 2", "    norml: {working_days: 2",
         "service_levels.yaml:8:5: departments.bauhof.norml: "
         "diesen Schlüssel gibt es nicht; meinten Sie „normal“?"),
        ("city.yaml", '{name: Bereitschaft, phone: "0221 4710 900"}', "{name: Bereitschaft}",
         "city.yaml:20:5: on_call.0.phone: fehlt; ergänzen Sie diese Zeile"),
        ("city.yaml", "state: NW\n", "", "city.yaml:1:1: state: fehlt; ergänzen Sie diese Zeile"),
        # values
        ("city.yaml", "name: Musterstadt", "name:",
         "city.yaml:1:6: name: hier fehlt der Wert; ergänzen Sie ihn oder löschen Sie die Zeile"),
        ("city.yaml", 'rescue: "112"', "rescue: 112",
         "city.yaml:17:29: emergency_numbers.rescue: hier muss ein Text stehen; "
         "setzen Sie ihn in Anführungszeichen"),
        ("city.yaml", "quiet_seconds: 45", 'quiet_seconds: "45"',
         "city.yaml:27:18: conversation.quiet_seconds: "
         "hier muss eine ganze Zahl stehen, ohne Anführungszeichen"),
        ("city.yaml", "quiet_seconds: 45", "quiet_seconds: 0",
         "city.yaml:27:18: conversation.quiet_seconds: muss mindestens 1 sein"),
        ("city.yaml", "sure_margin: 0.15", "sure_margin: 15",
         "city.yaml:37:16: triage.sure_margin: darf höchstens 1.0 sein"),
        ("city.yaml", "sure_margin: 0.15", "sure_margin: 0,15",
         "city.yaml:37:16: triage.sure_margin: "
         "hier muss eine Zahl stehen, mit Punkt und ohne Anführungszeichen: 0.5"),
        ("city.yaml", "blind_sample_percent: 10", "blind_sample_percent: 101",
         "city.yaml:62:23: blind_sample_percent: darf höchstens 100 sein"),
        ("city.yaml", "blind_sample_percent: 10", "blind_sample_percent: -1",
         "city.yaml:62:23: blind_sample_percent: muss mindestens 0 sein"),
        ("city.yaml", "blind_sample_percent: 10", "blind_sample_percent: 2.5",
         "city.yaml:62:23: blind_sample_percent: hier muss eine ganze Zahl stehen, ohne Anführungszeichen"),
        ("city.yaml", "blind_sample_percent: 10", "blind_sample: 10",
         "city.yaml:62:1: blind_sample: diesen Schlüssel gibt es nicht; meinten Sie „blind_sample_percent“?"),
        ("city.yaml", "blind_sample_percent: 10\n", "",
         "city.yaml:1:1: blind_sample_percent: fehlt; ergänzen Sie diese Zeile"),
        ("city.yaml", "pilot: false", "pilot: nein",
         "city.yaml:8:8: pilot: hier muss true oder false stehen"),
        ("city.yaml", "[de, en]", "de", "city.yaml:7:12: languages: hier muss eine Liste stehen: "
         "[eins, zwei] oder Zeilen mit „- “ davor"),
        ("city.yaml", "Europe/Berlin", "Berlin",
         "city.yaml:3:11: timezone: keine bekannte Zeitzone; in Deutschland: Europe/Berlin"),
        ("city.yaml", "reference_prefix: MUS", "reference_prefix: mus",
         "city.yaml:4:19: reference_prefix: zwei bis fünf große Buchstaben, zum Beispiel BOR"),
        ("departments.yaml", "bauhof@musterstadt.example", "bauhof.musterstadt.example",
         "departments.yaml:5:46: departments.0.contact.email: keine E-Mail-Adresse; "
         "schreiben Sie name@stadt.de"),
        ("departments.yaml", '"0221 4710 101"', "Zimmer 3",
         "departments.yaml:5:22: departments.0.contact.phone: keine Telefonnummer; "
         "schreiben Sie Vorwahl und Nummer in Ziffern"),
        # days and hours
        ("hours.yaml", "2027-02-08", "2027-02-30",
         "hours.yaml:6:12: closed.0.date: kein gültiges Datum; schreiben Sie es so: 2026-12-24"),
        ("hours.yaml", "2027-02-08", "8.2.2027",
         "hours.yaml:6:12: closed.0.date: kein gültiges Datum; schreiben Sie es so: 2026-12-24"),
        ("hours.yaml", "10:00, name", "10 Uhr, name",
         "hours.yaml:8:32: half_days.0.closes: keine gültige Uhrzeit; schreiben Sie sie so: 12:00"),
        ("hours.yaml", "2027-02-08, name: Rosenmontag", "2028-12-24, name: Heiligabend",
         "hours.yaml:6:12: closed.0.date: ist ein Sonntag und ohnehin geschlossen; löschen Sie die Zeile"),
        ("hours.yaml", "2026-12-24", "2027-05-27",
         "hours.yaml:8:12: half_days.0.date: ist ein Feiertag (Fronleichnam) und ohnehin geschlossen; "
         "löschen Sie die Zeile"),  # Fronleichnam: a holiday of this state, not of all
        ("hours.yaml", "2026-12-24", "2027-02-08",
         "hours.yaml:8:12: half_days.0.date: dieser Tag steht schon als „Rosenmontag“ in der Datei"),
        ("hours.yaml", "covered_until: 2028-12-31", "covered_until: 2027-01-31",
         "hours.yaml:6:12: closed.0.date: liegt nach covered_until; setzen Sie covered_until später"),
        ("hours.yaml", '"Mo-Fr 08:00-12:00"', '"Mo-Fr 8-12"',
         "hours.yaml:1:10: default: ab dem 7. Zeichen nicht zu lesen; "
         "schreiben Sie zum Beispiel Mo-Fr 08:00-12:00"),
        ("hours.yaml", '"Mo-Fr 08:00-12:00"', '"off"',
         "hours.yaml:1:10: default: so ist nie geöffnet; nennen Sie Wochentage und Stunden"),
        # between the files
        ("city.yaml", "front_office: rathaus", "front_office: rathaas",
         "city.yaml:5:15: front_office: das Amt „rathaas“ gibt es in departments.yaml nicht; "
         "meinten Sie „rathaus“?"),
        ("city.yaml", "    bauhof: [", "    bauhoff: [",
         "city.yaml:25:5: digest.recipients.bauhoff: das Amt „bauhoff“ gibt es in departments.yaml nicht; "
         "meinten Sie „bauhof“?"),
        ("hours.yaml", "  bauhof: ", "  zoll: ",
         "hours.yaml:3:3: departments.zoll: das Amt „zoll“ gibt es in departments.yaml nicht; "
         "möglich sind: bauhof, rathaus, andere"),
        ("service_levels.yaml", "  bauhof:", "  bauhoff:",
         "service_levels.yaml:7:3: departments.bauhoff: das Amt „bauhoff“ gibt es in departments.yaml nicht; "
         "meinten Sie „bauhof“?"),
        ("departments.yaml", "[general]", "[general, litter]",
         "departments.yaml:11:23: departments.1.topics.1: das Thema „litter“ gehört schon zu „bauhof“; "
         "löschen Sie es hier oder dort"),
        ("departments.yaml", "id: andere", "id: rathaus",
         "departments.yaml:12:9: departments.2.id: das Amt „rathaus“ gibt es schon; "
         "jedes braucht ein eigenes Kürzel"),
        ("departments.yaml", "[general]", "[general]\n    formerly: [bauhof]",
         "departments.yaml:12:16: departments.1.formerly.0: das Amt „bauhof“ gibt es noch; "
         "formerly nennt nur Kürzel, die es nicht mehr gibt"),
        ("departments.yaml", "[general]", "[general]\n    formerly: [tiefbau, tiefbau]",
         "departments.yaml:12:25: departments.1.formerly.1: „tiefbau“ steht schon bei „rathaus“; "
         "löschen Sie es hier oder dort"),
        ("departments.yaml", "[street_light, litter]", "[street_light, litter]\n    formerly: Tiefbau",
         "departments.yaml:7:15: departments.0.formerly: hier muss eine Liste stehen: [eins, zwei] "
         "oder Zeilen mit „- “ davor"),
        ("departments.yaml", "id: bauhof", "id: technik\n    formerly: [bauhof]",
         "hours.yaml:3:3: departments.bauhof: das Amt „bauhof“ heißt jetzt „technik“; schreiben Sie es auch hier so"),
        ("city.yaml", "deletion_log: 730", "deletion_log: 7",
         "city.yaml:54:17: retention_days.deletion_log: kürzer als backups; "
         "eine alte Sicherung brächte sonst Gelöschtes zurück"),
        ("city.yaml", "[de, en]", "[de, en, nl]",
         "replies.nl.yaml: die Datei fehlt; city.yaml nennt diese Sprache unter languages"),
        # service levels
        ("service_levels.yaml", "{open_minutes: 15}", "{open_minutes: 15, working_days: 1}",
         "service_levels.yaml:2:14: default.emergency: "
         "entweder open_minutes oder working_days; eines von beiden, nicht beide"),
        ("service_levels.yaml", "{open_minutes: 15}", '{open_minutes: 15, by: "12:00"}',
         "service_levels.yaml:2:14: default.emergency: "
         "by gehört zu working_days; bei open_minutes löschen Sie es"),
        # words
        ("replies.de.yaml", "{{ reference }}", "{{ refrence }}",
         "replies.de.yaml:3:12: receipt.arrived: den Platzhalter „refrence“ gibt es nicht; "
         "meinten Sie „reference“?"),
        ("replies.de.yaml", "schreibt Ihnen {{ greeting }}", "schreibt Ihnen {{ greting }}",
         "replies.de.yaml:6:1: receipt.promise: den Platzhalter „greting“ gibt es nicht; "
         "meinten Sie „greeting“?"),
        ("replies.de.yaml", "received_at | day_time", "received_at | daytime",
         "replies.de.yaml:3:12: receipt.arrived: den Filter „daytime“ gibt es nicht; "
         "meinten Sie „day_time“?"),
        ("replies.de.yaml", "{{ greeting }}.", "{{ greeting .",
         "replies.de.yaml:6:1: receipt.promise: diese Vorlage ist nicht zu lesen; "
         "prüfen Sie die Klammern {{ … }} und {% … %}"),
        ("replies.en.yaml", "  arrived:", "  arived:",
         "replies.en.yaml:3:3: receipt.arived: diesen Schlüssel gibt es in replies.de.yaml nicht; "
         "meinten Sie „receipt.arrived“?"),
        ("replies.en.yaml", '"Your concern is saved."', "[]",
         "replies.en.yaml:1:8: saved: hier muss ein Text stehen; setzen Sie ihn in Anführungszeichen"),
        ("cues.de.yaml", "greeting:", "greting:",
         "cues.de.yaml:1:1: greting: diesen Schlüssel gibt es nicht; meinten Sie „greeting“?"),
        ("cues.de.yaml", "[ja]", "ja", "cues.de.yaml:2:8: yes: hier muss eine Liste stehen: [eins, zwei]"),
        ("cues.de.yaml", "[ja]", "[ja, 1]",
         "cues.de.yaml:2:13: yes.1: hier muss ein Text stehen, in Anführungszeichen"),
        # danger
        ("safety.yaml", "department: bauhof", "department: bauhofe",
         "safety.yaml:3:21: kinds.gas.department: das Amt „bauhofe“ gibt es in departments.yaml nicht; "
         "meinten Sie „bauhof“?"),
        ("safety.yaml", "  other:", "  fire: {department: bauhof}\n  other:",
         "safety_texts.de.yaml:1:1: „fire“ fehlt; safety.yaml nennt diese Gefahr, also braucht sie einen Text"),
        ("safety_texts.en.yaml", "gas:", "gass:",
         "safety_texts.en.yaml:1:1: gass: diese Gefahr gibt es in safety.yaml nicht; meinten Sie „gas“?"),
        ("safety.yaml", "kinds:", "rules: []\nkinds:",
         "safety.yaml:2:1: rules: das gehört in die Datei einer Sprache, safety_rules.<sprache>.yaml"),
        ("safety_rules.de.yaml", "rules:", "rule:",
         "safety_rules.de.yaml:2:1: rule: diesen Schlüssel gibt es nicht; meinten Sie „rules“?"),
        ("safety_rules.de.yaml", "  - {id", "  {id",
         "safety_rules.de.yaml:3:3: rules: hier steht eine Liste von Regeln, jede mit id, kind und any"),
        ("safety_rules.de.yaml", "negation: [kein]", "nagation: [kein]",
         "safety_rules.de.yaml:1:18: cues.nagation: die Regeln lassen sich so nicht lesen (is not a cue)"),
        ("safety_rules.de.yaml", "[riecht nach gas]", "[]",
         "safety_rules.de.yaml:3:31: rules.0.any: die Regeln lassen sich so nicht lesen "
         "(there must be at least one phrase)"),
        ("safety_rules.de.yaml", "kind: gas", "kind: gass",
         "safety_rules.de.yaml:3:21: rules.0.kind: die Regeln lassen sich so nicht lesen ('gass' is not known)"),
    ],
)  # fmt: skip
def test_a_mistake_has_its_place_and_says_what_to_write(town: Town, file: str, old: str, new: str, line: str) -> None:
    assert line in town.change(file, old, new).mistakes()


def test_the_mistakes_of_all_files_come_at_once_in_order(town: Town) -> None:
    town.change("city.yaml", "pilot: false", "pilot: vielleicht")
    town.change("city.yaml", "state: NW", "state: XY")
    town.change("departments.yaml", "greeting: Bauhof", "greeting: 5")
    town.write("hours.yaml", "default:\n\tx: 1\n")
    town.write("service_levels.yaml", "")
    town.change("replies.de.yaml", "{{ reference }}", "{{ nummer }}")
    places = [line.split(": ")[0] for line in town.mistakes(TELEGRAM_TOKEN="x")]
    assert places == [
        "city.yaml:2:8",
        "city.yaml:8:8",
        "departments.yaml:4:15",
        "hours.yaml:2:1",
        "replies.de.yaml:3:12",
        "service_levels.yaml:1:1",
        "Umgebung",
    ]


def test_a_file_that_cannot_be_read_is_not_blamed_twice(town: Town) -> None:
    town.write("departments.yaml", b"\xff")
    assert town.mistakes() == ["departments.yaml:1:1: kein UTF-8; speichern Sie die Datei als UTF-8"]


def test_a_missing_file_is_named(town: Town) -> None:
    (town.folder / "hours.yaml").unlink()
    assert town.mistakes() == ["hours.yaml: die Datei fehlt; legen Sie sie an"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="diesen Ordner gibt es nicht; nennen Sie ihn mit --config"):
        load(tmp_path / "nirgends", {})
