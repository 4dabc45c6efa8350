"""Safety rules: every danger told in its own words is found, and its look-alikes are left alone."""

import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.safety import SafetyHit, SafetyRules
from bot.settings.load import load

_HERE = Path(__file__).parent
_FOLDER = Path(__file__).parents[2] / "config" / "borken"
_DATA: dict[str, Any] = dict(load(_FOLDER, {}).safety)
_HEAD = {"version", "released"}
_TEXTS = {
    path.name.split(".")[1]: {
        k: v for k, v in yaml.safe_load(path.read_text(encoding="utf-8")).items() if k not in _HEAD
    }
    for path in sorted(_FOLDER.glob("safety_texts.*.yaml"))
}
_EVERY_TEXT = {*_DATA["kinds"], "unread", "machine", "not_accepted"}

# kind | sentence; more than one kind where two texts would both help
DANGER = """
gas | Im ganzen Haus riecht es nach Gas
gas | es stinkt nach gas bitte kommen sie
gas | GASGERUCH AM MARKTPLATZ
gas | Ich rieche Gas in der Küche
gas | riecht komisch hier, irgendwie nach Gas
gas | Gasleitung beim Graben beschädigt
gas | Gas tritt aus dem Rohr aus
gas | In der Wohnung riecht es ziemlich stark nach Gas, was soll ich tun?
gas | Nachbarin sagt es riecht nach Gaas
gas | Die Gasflasche zischt
gas | Ich weiß nicht, ob es gefährlich ist, aber es riecht nach Gas
gas | Kein Scherz: Gasgeruch in der Turnhalle
gas | nach gas riecht es im flur
gas | strong smell of gas in our building
gas | Het stinkt naar gas in het trappenhuis
gas | evde gaz kokuyor
gas | يوجد رائحة غاز قوية في المطبخ
gas | śmierdzi gazem w kuchni
gas | В квартире сильно пахнет газом
gas | У квартирі сильно пахне газом
gas | miroase puternic a gaz în bucătărie
fire | Das Haus nebenan brennt lichterloh
fire | Es brennt in der Garage!!!
fire | hilfe es brennt
fire | Dachstuhlbrand in der Heilig-Geist-Straße
fire | Die Scheune steht in Flammen
fire | unsere Küche brennt, schnell
fire | Auf dem Balkon ist Feuer ausgebrochen
fire | Schwarzer Rauch kommt aus dem Fenster
fire | Im Keller qualmt es stark
fire | Der Papiercontainer brennt
fire | brennt wieder, das Feuer in der Hecke hat wieder angefangen, es brennt
fire | Wir können nicht raus, im Treppenhaus ist dichter Rauch
fire | es riecht verschmort aus der Steckdose
fire | My house is on fire
fire | thick black smoke is coming from the roof
fire | Er is brand in de keuken
fire | binada yangın var
fire | هناك حريق في بيتنا
fire | pali się dom obok
fire | горит крыша соседнего дома
fire | горить дах сусіднього будинку
fire | arde apartamentul de sus
carbon_monoxide | Kohlenmonoxidmelder schlägt Alarm
carbon_monoxide | Uns ist schwindelig und die Therme läuft komisch
carbon_monoxide | Auf dem Hof ist ein Fass mit Säure ausgelaufen
carbon_monoxide | beißender Geruch im ganzen Viertel
carbon_monoxide | our carbon monoxide detector is beeping
bomb | Beim Graben eine Granate gefunden
bomb | Da liegt eine Bombe im Garten
bomb | Verdächtiger Koffer vor dem Rathaus
bomb | Wir haben eine Panzerfaust im Wald gefunden
bomb | we found a grenade in the forest
person_in_water | Ein Kind ist ins Wasser gefallen
person_in_water | Da ertrinkt einer im See
person_in_water | Mann auf dem Eis eingebrochen
person_in_water | Jemand ist in die Aa gefallen
person_in_water | Kinder laufen auf dem zugefrorenen Teich
person_in_water | a boy fell into the river
poison | Meine Tochter hat Waschmittel getrunken
poison | Baby hat eine Knopfzelle verschluckt
poison | Mein Mann hat giftige Pilze gegessen
poison | my daughter drank bleach
suicide | Ich will sterben
suicide | ich bringe mich heute um
suicide | Meine Freundin will sich umbringen
suicide | ich will nicht mehr aufwachen
suicide | Ich habe einen Abschiedsbrief geschrieben
suicide | Da steht einer auf der Brücke und will springen
suicide | ich sehe keinen Ausweg mehr
suicide | Er hat gesagt, er will sich das Leben nehmen
suicide | I want to die
suicide | kendimi öldürmek istiyorum
suicide | أريد أن أموت
suicide | Chcę się zabić
suicide | я не хочу больше жить
suicide | vreau să mă omor
child_in_danger | Mein Vater schlägt mich
child_in_danger | Nebenan wird ein Kind verprügelt
child_in_danger | Das Baby ist allein in der Wohnung und schreit
child_in_danger | Kind im heißen Auto eingesperrt
child_in_danger | Mama haut mich immer, ich bin 9
child_in_danger | the baby has been left alone in the car
violence | Mein Freund bedroht mich mit einem Messer
violence | Schlägerei am Bahnhof
violence | Jemand versucht bei uns einzubrechen
violence | Hier schießt einer
violence | Ein Mann mit einer Axt steht vor der Tür
violence | er will mich umbringen
violence | Ich werde verfolgt, ein Mann verfolgt mich
violence | Einbrecher sind gerade im Haus
violence | Mein Mann würgt mich
violence | ein typ hat eine pistole
violence | my boyfriend is hitting me
violence | there is an intruder in the house, burglars
violence | mąż mnie bije
violence | чоловік мене б'є
medical | Meine Frau atmet nicht mehr
medical | Ein Mann ist auf der Straße zusammengebrochen
medical | Oma ist bewusstlos
medical | mein vater hat einen herzinfarkt
medical | Er blutet stark am Bein
medical | Unfall mit mehreren Verletzten auf der Weseker Straße
medical | ich bekomme keine luft
medical | Kind von der Treppe gestürzt, bewegt sich nicht
medical | Da liegt ein Mann reglos im Park
medical | Mein Sohn ist vom Auto angefahren worden
medical | Schlaganfall, er kann nicht mehr sprechen
medical | my father is unconscious
medical | Tata nie oddycha
missing_person | Mein Kind ist weg, ich finde es nicht
missing_person | Unsere demente Oma ist weggelaufen
missing_person | Meine Tochter ist nicht nach Hause gekommen
missing_person | Ein kleiner Junge steht allein auf der Straße und weint
missing_person | Verwirrte Frau irrt auf der Straße umher
missing_person | mein opa ist verschwunden
missing_person | my son is missing
missing_person | Kızım kayboldu
live_wire | Ein Stromkabel liegt blank auf dem Gehweg
live_wire | Aus der Laterne hängen Drähte raus
live_wire | Oberleitung abgerissen
live_wire | Verteilerkasten offen, Kinder spielen dran
live_wire | a power line has fallen on the road
water_in_house | Der Keller läuft voll
water_in_house | Wasser dringt in unser Haus ein
water_in_house | Unsere Wohnung steht unter Wasser
water_in_house | Abwasser drückt in den Keller
water_in_house | Wasser kommt durch die Kellertür
water_in_house | Der Bach tritt über die Ufer
water_in_house | Es läuft immer mehr Wasser ins Haus
water_in_house | der keller ist vollgelaufen
water_in_house | water is coming into my basement
water_in_house | woda zalewa piwnicę
burst_main | Wasserrohrbruch in der Bahnhofstraße
burst_main | Wasser schießt aus dem Asphalt
open_manhole | Gullydeckel fehlt auf der Fahrbahn
open_manhole | Da ist ein offener Schacht ohne Deckel
open_manhole | jemand hat den kanaldeckel geklaut
open_manhole | open manhole in the street
other | Wir sitzen im Aufzug fest
other | Jemand ist unter dem Auto eingeklemmt
other | Das Gerüst stürzt gleich ein
other | Falschfahrer auf der A31
other | Ein Pferd läuft auf der Bundesstraße
other | Kinder auf den Gleisen
"""

LOOK_ALIKES = """
Die Straßenlaterne vor Nr. 12 brennt nicht mehr
Bei uns brennt die Lampe am Tag
Das Licht im Park brennt die ganze Nacht
Mir brennt eine Frage unter den Nägeln
Wann ist das Osterfeuer?
Wo kann ich Brennholz kaufen?
Überall wachsen Brennnesseln
Ist das Feuerwerk an Silvester erlaubt?
Wann beginnt das Feuerwehrfest?
Was mache ich, wenn es brennt?
Wie verhalte ich mich im Brandfall?
Es hat gebrannt, ist aber gelöscht
Letztes Jahr hat es hier gebrannt
Bei der Feuerwehrübung brennt ein Auto
Im Film brennt das Haus ab
Es brennt nicht, alles gut
Ich brauche eine Auskunft zum Brandschutz
Rauchmelder sind Pflicht, oder?
Der Nachbar grillt und der Rauch zieht in unsere Wohnung
Wir bekommen zu viel Rauch vom Kamin nebenan
Wie melde ich Gas und Wasser an?
Meine Gasrechnung stimmt nicht
Der Gasthof zur Post ist zu laut
Wann wird der Gaszähler abgelesen?
Kein Gasgeruch mehr
Es riecht nicht nach Gas
Was kostet ein Gasanschluss?
Woran erkenne ich Gasgeruch?
Vor zwei Jahren roch es hier nach Gas
Der Gully stinkt nach faulen Eiern
Es stinkt nach Gülle
Der Kanal riecht
Letztes Jahr stand der Keller unter Wasser, zahlt die Stadt?
2016 ist unser Keller vollgelaufen
Wasser im Keller letztes Jahr
Was tun, wenn der Keller vollläuft?
Wie hoch ist die Niederschlagswassergebühr?
Unser Leitungswasser ist zu kalkig
Die Wasseruhr im Keller muss geeicht werden
Wir haben kein Wasser in der Wohnung
Der Brunnen am Markt läuft nicht
Stromausfall: Wer erstattet mir die Rechnung?
Wann kommt das Glasfaserkabel?
Ich möchte Strom anmelden
Der Aufzug im Bahnhof ist kaputt
Die Bürokratie bringt mich um
Ich könnte den Nachbarn umbringen
Der Lärm bringt mich noch um
Ich lache mich tot
Todmüde nach dem langen Warten im Amt
Ich will hier nicht mehr wohnen
Mein Hund ist weggelaufen
Unsere Katze wird vermisst
Ich habe meinen Schlüssel verloren
Der Ausweis meiner Tochter ist verschwunden
Wir finden keinen Kitaplatz
Mein Kind war verschwunden, ist aber wieder da
Ich habe ein Fahrrad gefunden
Der Gullydeckel klappert nachts
Gully verstopft, bitte reinigen
Der Deckel der Biotonne fehlt
Das Stadtfest ist ins Wasser gefallen
Ist der Badesee geöffnet?
Gibt es im Winter eine Eisbahn?
Wohin mit alten Medikamenten?
Wo gebe ich Farbreste und Lacke ab?
Wann wird die Bombe entschärft?
Das Konzert war bombig
Wann ist der nächste Blutspendetermin?
Der Krankenwagen fährt nachts mit Sirene
Die Ampel reagiert nicht auf den Knopf
Eine Mülltonne liegt auf der Straße
Ein toter Igel liegt auf der Straße
Ein Reh wurde angefahren
Niemand wurde verletzt
Letzte Woche wurde bei uns eingebrochen
Ich schlage vor, einen Zebrastreifen zu bauen
Der Vermieter droht mit Kündigung
Wie beantrage ich einen Waffenschein?
Der Baum vor dem Haus soll gefällt werden
Vom Baum fallen ständig Kastanien
🔥🔥🔥
🔥 Tolle Arbeit, danke!
Danke an die Feuerwehr
What do I do if there is a fire?
My gas bill is too high
The street lamp is burning all day
I could kill my neighbour
This bureaucracy is killing me
My cat is missing
Gaz faturam çok yüksek
Mijn fiets is weg
Rachunek za gaz jest za wysoki
Как оплатить счёт за газ?
فاتورة الغاز عالية
Factura la gaz este prea mare
"""


@pytest.fixture(scope="module")
def rules() -> SafetyRules:
    return SafetyRules.build(_DATA)


def _lines(table: str) -> list[str]:
    return [line for line in table.strip().splitlines() if line]


def _sentences(field: str) -> list[tuple[str, str]]:
    return [(rule["id"], sentence) for rule in _DATA["rules"] for sentence in rule.get(field, ())]


@pytest.mark.parametrize(("rule", "sentence"), _sentences("catches"))
def test_a_rule_catches_its_sentences(rules: SafetyRules, rule: str, sentence: str) -> None:
    assert rule in [hit.rule for hit in rules.find(sentence).hits]


@pytest.mark.parametrize(("rule", "sentence"), _sentences("ignores"))
def test_no_rule_is_certain_of_what_one_ignores(rules: SafetyRules, rule: str, sentence: str) -> None:
    assert [hit for hit in rules.find(sentence).hits if not hit.suspicion] == []


def _table(name: str) -> list[list[str]]:
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize("lang", [None, *sorted(_TEXTS)])
def test_danger_told_in_other_words_is_heard(rules: SafetyRules, lang: str | None) -> None:
    rows = [row for row in _table("danger.tsv") if lang in (None, row[1])]
    missed = [row for row in rows if not rules.match(row[2])]
    assert len(rows) >= (400 if lang is None else 20)
    assert len(missed) <= 0.05 * len(rows), missed


@pytest.mark.parametrize("kind", sorted(_DATA["kinds"]))
def test_each_kind_of_danger_is_told_apart(rules: SafetyRules, kind: str) -> None:
    rows = [row for row in _table("danger.tsv") if row[0] == kind]
    missed = [row for row in rows if kind not in {hit.kind for hit in rules.find(row[2]).hits}]
    assert len(rows) >= 12
    assert len(missed) <= 0.1 * len(rows), missed


def _certain(rules: SafetyRules, text: str) -> list[SafetyHit]:
    return [hit for hit in rules.find(text).hits if not hit.suspicion]


def test_most_danger_needs_no_model_to_be_certain(rules: SafetyRules) -> None:
    rows = _table("danger.tsv")
    assert sum(bool(_certain(rules, row[2])) for row in rows) >= 0.8 * len(rows)


def test_what_only_sounds_like_danger_is_left_alone(rules: SafetyRules) -> None:
    rows = _table("lookalikes.tsv")
    alarms = [(row, hits) for row in rows if (hits := _certain(rules, row[1]))]
    suspected = [row for row in rows if rules.match(row[1])]
    assert len(rows) >= 300
    assert len(alarms) <= 0.02 * len(rows), alarms
    assert len(suspected) <= 0.3 * len(rows)


@pytest.mark.parametrize(
    "text", ["Mein Nachbar ist zusamengebrchen", "Rohrbrch im Keller", "Gullydekel fehlt", "Schägerei am Bahnhof"]
)
def test_a_slip_of_the_pen_does_not_hide_danger(rules: SafetyRules, text: str) -> None:
    assert rules.match(text)


@pytest.mark.parametrize("text", ["Das WC ist geschlossen", "Müll am Waldrand", "Wie viele Geschosse darf ich bauen?"])
def test_a_word_one_letter_away_from_danger_is_no_danger(rules: SafetyRules, text: str) -> None:
    assert rules.match(text) is None


def test_hardly_any_danger_is_missed(rules: SafetyRules) -> None:
    lines = [line.split(" | ") for line in _lines(DANGER)]
    missed = [line for line in lines if line[0] not in {hit.kind for hit in rules.find(line[1]).hits}]
    assert len(lines) >= 120
    assert len(missed) <= 0.02 * len(lines), missed


def test_hardly_any_look_alike_raises_an_alarm(rules: SafetyRules) -> None:
    lines = _lines(LOOK_ALIKES)
    alarms = [(line, hits) for line in lines if (hits := _certain(rules, line))]
    assert len(lines) >= 80
    assert len(alarms) <= 0.05 * len(lines), alarms


@pytest.mark.parametrize(
    "text",
    [
        "Im Keller riecht es nach Gas, was bedeutet das?",
        "Voriges Jahr lief bei uns der Keller voll",
        "Für die Versicherung: die Küche brennt, so sah das aus",
        "Die Flammen auf dem großen Bild gefallen mir gut",
        "Rohrbrch",
    ],
)
def test_danger_that_may_only_be_spoken_of_is_a_suspicion(rules: SafetyRules, text: str) -> None:
    hits = rules.find(text).hits
    assert all(hit.suspicion for hit in hits)


def test_words_of_another_language_mean_something_else(rules: SafetyRules) -> None:
    assert _certain(rules, "er ligt een granaat in de tuin")
    assert not _certain(rules, "Die Schotten sind mit dem Bus da und wir haben nicht viel Platz")


def test_what_is_certain_comes_before_any_suspicion(rules: SafetyRules) -> None:
    hits = rules.find("Es riecht nach Gas im Flur und draußen sehe ich Rauch").hits
    assert [hit.suspicion for hit in hits] == sorted(hit.suspicion for hit in hits)


def test_words_of_danger_that_the_text_takes_back_are_told_apart_from_none(rules: SafetyRules) -> None:
    assert rules.find("Es riecht nicht mehr nach Gas").taken_back
    assert not rules.find("Die Laterne ist aus").taken_back
    assert not rules.find("Es riecht nicht nach Gas, aber es brennt!").taken_back


# No cues and kinds of their own words: only the rule is looked at.
_BARE = {"kinds": {"gas": {"department": "versorgung"}}, "cues": {"de": {"negation": ["nicht"]}}}
_GAS = {"id": "x", "kind": "gas", "lang": "de"}


@pytest.mark.parametrize("text", ["der Hahn tropft", "tropft der Hahn"])
def test_words_near_each_other_fit_in_any_order(text: str) -> None:
    rules = SafetyRules.build(_DATA | {"rules": [_GAS | {"any": ["hahn & tropft"]}]})
    assert rules.match(text)


@pytest.mark.parametrize(("text", "fits"), [("Opa ist umgefallen", True), ("Opa fällt um", True), ("Opa fällt", False)])
def test_a_class_may_hold_several_words_in_one(text: str, fits: bool) -> None:
    vocabulary = {"de": {"down": ["umgefallen", "fällt~um"]}}
    rules = SafetyRules.build(_DATA | {"vocabulary": vocabulary, "rules": [_GAS | {"any": ["opa … {down}"]}]} | _BARE)
    assert bool(rules.match(text)) is fits


@pytest.mark.parametrize(
    ("text", "department"),
    [
        ("jetzt läuft es in den Keller!", "schutz"),
        ("Gully verstopft, starker Regen\njetzt läuft es in den Keller!", "schutz"),
        ("Abwasser drückt in den Keller", "versorgung"),
        ("Mein Vater schlägt mich", "jugend"),
        ("Es riecht nach Gas", "versorgung"),
        ("Es brennt", "schutz"),
        ("Wir sitzen im Aufzug fest", "rathaus"),
    ],
)
def test_the_right_department_acts(rules: SafetyRules, text: str, department: str) -> None:
    hit = rules.match(text)
    assert hit
    assert hit.department == department


def test_fragments_sent_in_a_row_are_read_together(rules: SafetyRules) -> None:
    hit = rules.match("also hier im keller\nriecht es\nnach gas")
    assert hit
    assert hit.kind == "gas"


@pytest.mark.parametrize(
    "text",
    [
        "Es r\u200biecht n\u200bach G\u200bas",
        "\u202eEs riecht nach Gas\u202c",
        "🔥 es brennt 🔥",
        "ＥＳ ＲＩＥＣＨＴ ＮＡＣＨ ＧＡＳ",
        "es riiiiecht nach gaaaaas!!!!",
        "ES_RIECHT_NACH_GAS",
    ],
)
def test_signs_and_spelling_do_not_hide_danger(rules: SafetyRules, text: str) -> None:
    assert rules.match(text)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"kind": "ghost"}, "x.kind"),
        ({"lang": "xx"}, "x.lang"),
        ({"any": ["{unknown}"]}, "x.any"),
        ({"any": ["a*b"]}, "x.any"),
        ({"any": ["gas …"]}, "x.any"),
        ({"any": []}, "x.any"),
        ({"any": [False]}, "x.any"),
        ({"unless": "gas"}, "x.unless"),
        ({"heeds": ["mood"]}, "x.heeds"),
        ({"anny": ["gas"]}, "x.anny"),
    ],
)
def test_a_mistake_names_its_rule_and_field(change: dict[str, Any], place: str) -> None:
    rule = {"id": "x", "kind": "gas", "lang": "de", "any": ["gas"]} | change
    with pytest.raises(ValueError, match=place.replace(".", r"\.")):
        SafetyRules.build(_DATA | {"rules": [rule]})


def test_two_rules_of_one_name_are_a_mistake() -> None:
    rule = {"id": "x", "kind": "gas", "lang": "de", "any": ["gas"]}
    with pytest.raises(ValueError, match=r"x\.id"):
        SafetyRules.build(_DATA | {"rules": [rule, rule]})


def _seconds(rules: SafetyRules, text: str) -> float:
    def once() -> float:
        start = time.perf_counter()
        rules.find(text)
        return time.perf_counter() - start

    return min(once() for _ in range(5))


@pytest.mark.parametrize(
    "noise",
    ["riecht nach ", "a", "wasser keller ", "kein nicht es brennt ", "ä", "läuft ", "kind ", "jemand hat "],
)
def test_noise_costs_little_time(rules: SafetyRules, noise: str) -> None:
    # no measuring of speed: a pattern that backtracks would take minutes
    assert _seconds(rules, (noise * 4096)[:4096]) < 2


def test_every_language_has_every_text() -> None:
    assert set(_TEXTS) == {"de", "en", "nl", "tr", "uk", "ar", "pl", "ro", "ru"}
    for lang, texts in _TEXTS.items():
        assert set(texts) == _EVERY_TEXT, lang
        assert all(len(text) <= 500 for text in texts.values()), lang


def test_every_danger_text_tells_a_number() -> None:
    for texts in _TEXTS.values():
        for kind in _DATA["kinds"]:
            assert "112" in texts[kind] or "110" in texts[kind]
