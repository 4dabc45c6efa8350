"""What pydantic complains about, said in German with what to write instead."""

from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.settings.reading.mistakes import Mistakes, meant
from bot.settings.reading.yaml_file import Document, Loc

_SENTENCES = {
    "string_type": "hier muss ein Text stehen; setzen Sie ihn in Anführungszeichen",
    "int_type": "hier muss eine ganze Zahl stehen, ohne Anführungszeichen",
    "int_from_float": "hier muss eine ganze Zahl stehen",
    "float_type": "hier muss eine Zahl stehen, mit Punkt und ohne Anführungszeichen: 0.5",
    "bool_type": "hier muss true oder false stehen",
    "list_type": "hier muss eine Liste stehen: [eins, zwei] oder Zeilen mit „- “ davor",
    "dict_type": "hier müssen eingerückte Zeilen „schlüssel: wert“ stehen",
    "model_type": "hier müssen eingerückte Zeilen „schlüssel: wert“ stehen",
    "greater_than": "muss größer als {gt} sein",
    "greater_than_equal": "muss mindestens {ge} sein",
    "less_than": "muss kleiner als {lt} sein",
    "less_than_equal": "darf höchstens {le} sein",
    "too_short": "die Liste ist zu kurz; mindestens {min_length} gehören hinein",
    "string_too_short": "der Text ist leer; schreiben Sie etwas hinein oder löschen Sie die Zeile",
    "literal_error": "möglich sind: {expected}",
    "enum": "möglich sind: {expected}",
    "missing": "fehlt; ergänzen Sie diese Zeile",
    "german": "{sentence}",
}


def complain(document: Document, error: ValidationError, model: type[BaseModel], mistakes: Mistakes) -> None:
    """Notes every error pydantic found at its place in the file."""
    for detail in error.errors(include_url=False):
        way: Loc = tuple(step for step in detail["loc"] if step != "[key]")
        at_key = detail["type"] == "extra_forbidden" or "[key]" in detail["loc"]
        document.complain(mistakes, way, _sentence(detail, model), key=at_key)


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    if detail["type"] == "extra_forbidden":
        known = _keys(model, detail["loc"][:-1])
        return f"diesen Schlüssel gibt es nicht{meant(str(detail['loc'][-1]), known)}"
    if detail["input"] is None:
        return "hier fehlt der Wert; ergänzen Sie ihn oder löschen Sie die Zeile"
    if detail["type"] not in _SENTENCES:
        return f"das passt hier nicht ({detail['msg']})"
    return _SENTENCES[detail["type"]].format(**_german(detail.get("ctx", {})))


def _german(context: dict[str, Any]) -> dict[str, Any]:
    return {name: str(value).replace(" or ", " oder ") for name, value in context.items()}


def _keys(model: Any, loc: Loc) -> list[str]:
    """The keys the model knows at this place, found by walking its annotations."""
    for step in loc:
        model = _inside(model, step)
    return list(model.model_fields) if _is_model(model) else []


def _inside(model: Any, step: str | int) -> Any:
    if _is_model(model):
        chosen = model.model_fields.get(str(step))
        model = chosen.annotation if chosen else None
    else:
        model = getattr(model, "__args__", (None,))[-1]
    while not _is_model(model) and type(None) in getattr(model, "__args__", ()):
        model = model.__args__[0]
    return model


def _is_model(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, BaseModel)
