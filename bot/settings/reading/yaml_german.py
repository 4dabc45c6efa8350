"""What the YAML parser complains about, said in German with what to do."""

import yaml

_SENTENCES = {
    "mapping values are not allowed": "Doppelpunkt an einer Stelle, an der keiner stehen darf; "
    "setzen Sie den Text in Anführungszeichen oder prüfen Sie die Einrückung",
    "could not find expected ':'": "nach diesem Schlüssel fehlt der Doppelpunkt",
    "did not find expected key": "hier wird ein Schlüssel erwartet; prüfen Sie Einrückung und Anführungszeichen",
    "did not find expected '-'": "hier wird ein neuer Listenpunkt mit „- “ erwartet; prüfen Sie die Einrückung",
    "did not find expected ',' or": "die Klammer ist nicht geschlossen, oder ein Komma fehlt",
    "unexpected end of stream": "ein Anführungszeichen wurde geöffnet und nicht geschlossen",
    "cannot start any token": "dieses Zeichen darf hier nicht stehen; setzen Sie den Text in Anführungszeichen",
    "unknown escape character": "unbekannte Folge nach „\\“; nehmen Sie einfache Anführungszeichen",
    "but found another document": "nach „---“ beginnt ein zweites Dokument; löschen Sie die Zeile",
    "<document start>": "hier ist etwas zu viel, vielleicht eine Klammer; löschen Sie es",
    "undefined alias": "Verweise (*name) gibt es hier nicht; setzen Sie den Text in Anführungszeichen",
}
_UNCLOSED = "unexpected end of stream"


def place_and_sentence(error: yaml.MarkedYAMLError) -> tuple[int, int, str]:
    """Line and column from 1, and what to do there."""
    told = f"{error.problem or ''} {error.context or ''}"
    # Of an open quotation mark it matters where it was opened, not where the file ends.
    marks = [error.context_mark] if _UNCLOSED in told else []
    mark = next((mark for mark in (*marks, error.problem_mark, error.context_mark) if mark), None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    sentence = next((german for english, german in _SENTENCES.items() if english in told), None)
    return line, column, sentence or f"das ist kein gültiges YAML ({error.problem})"
