"""Scrubbing: a message without what tells who wrote it; the place of a fault stays, the writer's home goes."""

import re

import phonenumbers

#: stands for what was taken out; a word here would be learnt as if the citizen had written it
GONE = "…"

_NAME = r"(?!Dr\b|Prof\b)[A-ZÄÖÜ][\wäöüß’'-]+"
_NAMES = rf"{_NAME}(?:[ ]+(?:von|van|de|der|zu)?[ ]*{_NAME}){{0,3}}"
_FAREWELL = (
    r"(?i:mit (?:freundlichen?|besten?|vielen|lieben|herzlichen) gr(?:ü|ue)(?:ß|ss)en?|mfg|vg|lg|"
    r"(?:viele|liebe|beste|freundliche|sch(?:ö|oe)ne|herzliche)[ ]gr(?:ü|ue)(?:ß|ss)e|gr(?:u|ü)(?:ß|ss)|"
    r"hochachtungsvoll|es gr(?:ü|ue)(?:ß|ss)(?:t|en)(?: sie| euch| dich)?(?: freundlich| herzlich| lieb)?|gez\.|"
    r"(?:kind|best|warm) regards|yours (?:sincerely|faithfully))"
)
_TITLE = r"(?:Dr|Prof)\.[ ]+"
_GREETED_BY_ALL = r"(?!Zusammen|Team|Leute|Stadt|Borken|Damen|Rathaus|Nachbar)"
_RELATIVE = (
    r"\b(?:mein|unser)(?:e[nrm]?)?[ ](?:(?:klein|groß|ält|jüng)\w*[ ])?"
    r"(?:sohn|tochter|mann|frau|kind|vater|mutter|bruder|schwester|oma|opa|enkel(?:in|kind)?|"
    r"partner(?:in)?|nachbar(?:in)?|vermieter(?:in)?|chef(?:in)?)"
)
_NO_NAME = (
    r"(?:Anwohner|Anlieger|Mieter|Eigent|Rentner|Student|Vater|Mutter|Bürger|Nachbar|Besitzer|Kunde|Rollstuhl)"
    r"|[A-ZÄÖÜ][\wäöüß-]*(?:straße|strasse|str\.|weg|allee|platz|ring|gasse|park|hof|damm|markt)\b"
)
_STREET = r"[A-ZÄÖÜ][\wäöüß.-]*(?:[ ][A-ZÄÖÜ][\wäöüß.-]*){0,3}[ ]\d{1,4}[ ]?[a-z]?\b"
_TOWN = rf"(?:,?[ ]*(?:in[ ])?\d{{5}}(?:[ ]{_NAME})?)?"

# Order counts: what is told by its neighbours goes before what is told by its shape alone.
_RULES = tuple(
    (re.compile(pattern), put)
    for pattern, put in (
        # e-mail and other addresses of the net that name a person
        (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", GONE),
        (r"(?<!\w)@\w{4,}", GONE),
        # a reference of ours, IBAN, plates: BOR-AB 123, bor-ab 123, BOR AB 123
        (r"\b[A-Z]{2,4}-[2-9A-Z]{4}-[2-9A-Z]\b", GONE),
        (r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b", GONE),
        (r"(?i)\b[a-zäöü]{1,3}-[a-z]{1,2}[ -]?\d{1,4}[eh]?\b", GONE),
        (r"\b[A-ZÄÖÜ]{1,3}[ ][A-Z]{1,2}[ ]?\d{1,4}[EH]?\b", GONE),
        # birth dates
        (
            r"(?i)(\b(?:geb(?:oren)?\.?|geburtsdatum|geburtstag|born)(?:[ ]am|[ ]on|[ ]ist)?[:\s]*)"
            r"\d{1,2}[./-][ ]?(?:\d{1,2}[./-]|[a-zä]+)[ ]?\d{2,4}",
            rf"\1{GONE}",
        ),
        (r"(?i)\b\d{1,2}[./-][ ]?(?:\d{1,2}[./-]|[a-zä]+)[ ]?\d{2,4}(?=[ ](?:in[ ]\w+[ ])?geboren)", GONE),
        # numbers of files, customers, meters, identity cards
        (
            r"(?i)(\b(?:aktenzeichen|az\.?|kassenzeichen|gesch(?:ä|ae)ftszeichen|"
            r"(?:kunden|vertrags|z(?:ä|ae)hler|steuer|ausweis|personalausweis|reisepass|bescheid|rechnungs|mitglieds|versicherungs|buchungs|objekt|reference)-?"
            r"(?:nummer|nr\.?|id|number)?)[:\s#]*(?:nr\.?[ ]?)?)(?=[\w./-]*\d)[\w./-]{3,}",
            rf"\1{GONE}",
        ),
        (r"(?i)(\bkd\.?[ ]?-?[ ]?nr\.?[:\s]*)(?=[\w./-]*\d)[\w./-]{3,}", rf"\1{GONE}"),
        # the writer's own home; a street that is only the place of a fault stays
        (
            r"((?i:ich wohne|wir wohnen|wohnhaft|wohne|(?:(?:meine|unsere) )?(?:adresse|anschrift)|"
            r"i live|my address)[ ,:]*(?i:ist|lautet|is)?[ :]*"
            rf"(?:(?i:in|im|am|an|auf|at)[ ])?(?:(?i:der|dem|den)[ ])?){_STREET}{_TOWN}",
            rf"\1{GONE}",
        ),
        # names: told by the writer, by a title, by a farewell, or greeted
        (
            rf"((?i:mein name ist|(?:ich|er|sie) hei(?:ß|ss)(?:e|t)|my name is|name:|"
            rf"ansprechpartner(?:in)?:?|absender(?:in)?:)[ ]*){_NAMES}",
            rf"\1{GONE}",
        ),
        (rf"((?i:{_RELATIVE})(?:[ ]hei(?:ß|ss)t)?[ ]+)(?!{_NO_NAME}){_NAMES}", rf"\1{GONE}"),
        (rf"((?i:\bich bin|\bi am|\bi'm)[ ]+)(?!{_NO_NAME}){_NAME}[ ](?!{_NO_NAME}){_NAME}(?![ ]\d)", rf"\1{GONE}"),
        (
            rf"(?<!\w)((?i:herrn?|frau|fr\.|hr\.|mr\.?|mrs\.?|ms\.?|familie|fam\.)[ ]+(?:{_TITLE})*){_NAMES}",
            rf"\1{GONE}",
        ),
        (rf"(?<!\w)({_TITLE}){_NAMES}", rf"\1{GONE}"),
        (
            rf"(?<!\w)((?:[Hh]allo|[Hh]i|[Hh]ey|[Ll]iebe[rs]?|[Dd]ear)[ ]+){_GREETED_BY_ALL}{_NAME}(?=[ ]*[,!\n])",
            rf"\1{GONE}",
        ),
        (
            rf"((?<!\w){_FAREWELL})(?=[\s,.!]|$)[\s,.!]*"
            r"(?:(?i:aus|von)[ ])?\S[^\n]{0,60}(?:\n[^\n]{0,60}){0,3}\s*\Z",
            rf"\1 {GONE}",
        ),
    )
)
_LONG_NUMBER = re.compile(r"(?<![\d.,])\d(?:[ /-]?\d){6,}(?![\d.,]\d)")


def scrub(text: str) -> str:
    """The text without names, numbers and addresses of people. Rather too much is taken than too little."""
    for pattern, put in _RULES:
        text = pattern.sub(put, text)
    return _LONG_NUMBER.sub(GONE, _without_phones(text))


def _without_phones(text: str) -> str:
    found = list(phonenumbers.PhoneNumberMatcher(text, "DE", leniency=phonenumbers.Leniency.VALID))
    for match in reversed(found):
        text = text[: match.start] + GONE + text[match.end :]
    return text
