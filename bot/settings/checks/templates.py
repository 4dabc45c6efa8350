"""Reply templates: each must compile and speak only of what the house can fill in."""

from zoneinfo import ZoneInfo

from jinja2 import Environment, TemplateSyntaxError, meta

from bot.core.reply import PLACEHOLDERS, environment
from bot.settings.checks.texts import Texts
from bot.settings.reading.mistakes import Mistakes, meant
from bot.settings.reading.yaml_file import Document


def check_templates(document: Document, texts: Texts, mistakes: Mistakes) -> None:
    """Notes templates that do not compile and placeholders nobody fills; unknown filters do not compile."""
    made = environment(ZoneInfo("Europe/Berlin"), "de")  # compiled only, never filled in
    for loc, text in texts.values():
        try:
            tree = made.parse(text)
            made.compile(tree, raw=True)  # unknown filters are found here
        except TemplateSyntaxError as error:
            document.complain(mistakes, loc, _sentence(error, made), inner_line=error.lineno)
            continue
        for name in sorted(meta.find_undeclared_variables(tree) - PLACEHOLDERS):
            line = next((at for at, part in enumerate(text.splitlines(), 1) if name in part), 1)
            sentence = f"den Platzhalter „{name}“ gibt es nicht{meant(name, sorted(PLACEHOLDERS))}"
            document.complain(mistakes, loc, sentence, inner_line=line)


def _sentence(error: TemplateSyntaxError, made: Environment) -> str:
    told = error.message or ""
    if told.startswith("No filter named"):
        name = told.split("'")[1]
        return f"den Filter „{name}“ gibt es nicht{meant(name, sorted(made.filters))}"
    if told.startswith("No test named"):
        return f"die Prüfung „is {told.split(chr(39))[1]}“ gibt es nicht"
    return "diese Vorlage ist nicht zu lesen; prüfen Sie die Klammern {{ … }} und {% … %}"
