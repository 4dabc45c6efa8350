"""Reply templates: each must compile and speak only of what the house can fill in."""

from typing import Final

from jinja2 import Environment, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.settings.checks.texts import Texts
from bot.settings.reading.mistakes import Mistakes, meant
from bot.settings.reading.yaml_file import Document

#: what the house can fill in
PLACEHOLDERS: Final = (
    "backup_until", "cases", "chat_url", "city", "department", "due_at", "greeting", "held", "kind",
    "machine", "machine_short", "nearest", "opens_at", "percent", "phone", "privacy_url", "received_at",
    "reference", "rule", "saved", "second", "second_percent", "sent_at", "text", "text_days", "words",
)  # fmt: skip
#: how it can write an instant: "Montag, 23:02 Uhr"
FILTERS: Final = ("day", "day_time", "day_time_in")


def check_templates(document: Document, texts: Texts, mistakes: Mistakes) -> None:
    """Notes templates that do not compile and placeholders nobody fills; unknown filters do not compile."""
    environment = _environment()
    for loc, text in texts.values():
        try:
            tree = environment.parse(text)
            environment.compile(tree, raw=True)  # unknown filters are found here
        except TemplateSyntaxError as error:
            document.complain(mistakes, loc, _sentence(error, environment), inner_line=error.lineno)
            continue
        for name in sorted(meta.find_undeclared_variables(tree) - set(PLACEHOLDERS)):
            line = next((at for at, part in enumerate(text.splitlines(), 1) if name in part), 1)
            sentence = f"den Platzhalter „{name}“ gibt es nicht{meant(name, list(PLACEHOLDERS))}"
            document.complain(mistakes, loc, sentence, inner_line=line)


def _environment() -> Environment:
    environment = ImmutableSandboxedEnvironment()
    environment.filters.update(dict.fromkeys(FILTERS, str))
    return environment


def _sentence(error: TemplateSyntaxError, environment: Environment) -> str:
    told = error.message or ""
    if told.startswith("No filter named"):
        name = told.split("'")[1]
        return f"den Filter „{name}“ gibt es nicht{meant(name, sorted(environment.filters))}"
    if told.startswith("No test named"):
        return f"die Prüfung „is {told.split(chr(39))[1]}“ gibt es nicht"
    if "end of template" in told or "end of print" in told or "Unexpected end" in told:
        return "eine Klammer {{ … }} oder {% … %} ist nicht geschlossen"
    return f"diese Vorlage ist nicht zu lesen; prüfen Sie die Klammern {{{{ … }}}} ({told})"
