"""Replies: sentences from the town's YAML, filled in; every placeholder is known and checked at start."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

#: every name a template of replies.*.yaml may use
PLACEHOLDERS = frozenset(
    {"privacy_url", "chat_url", "city", "phone", "saved", "machine_short", "text_days", "backup_until", "utility_line"}
    | {"sent_at", "received_at", "reference", "due_at", "greeting", "opens_at", "nearest", "cases", "held", "text"}
    | {"rule", "kind", "words", "percent", "department", "second", "second_percent"}
)

#: sentences that other sentences may contain
_SHARED = ("saved", "machine_short")


@dataclass(frozen=True, slots=True)
class Words:
    """All sentences of all languages, compiled. The first language is told where another lacks a sentence."""

    templates: Mapping[str, Mapping[str, Template]]
    safety_texts: Mapping[str, Mapping[str, Template]]
    languages: tuple[str, ...]
    always: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def build(
        cls,
        replies: Mapping[str, Mapping[str, str]],
        safety_texts: Mapping[str, Mapping[str, str]],
        *,
        languages: tuple[str, ...],
        timezone: ZoneInfo,
        always: Mapping[str, Any],
    ) -> "Words":
        """`always`: placeholders that are the same in every sentence of the town."""
        made = {lang: _compile(sentences, environment(timezone, lang)) for lang, sentences in replies.items()}
        safety = {lang: _compile(texts, environment(timezone, lang)) for lang, texts in safety_texts.items()}
        return cls(made, safety, languages, dict(always))

    def say(self, lang: str, key: str, /, **params: Any) -> str:
        """The sentence, in this language if the town has it, else in the town's first."""
        own = self.templates.get(lang, {})
        template = own.get(key) or self.templates[self.languages[0]][key]
        shared = {} if key in _SHARED else {name: self.say(lang, name) for name in _SHARED}
        return template.render({**self.always, **shared, **params}).strip()

    def danger(self, lang: str, kind: str) -> str:
        """The fixed text of this kind of danger; `other` where the kind has none."""
        for texts in (self.safety_texts.get(lang, {}), self.safety_texts[self.languages[0]]):
            for key in (kind, "other"):
                if key in texts:
                    return texts[key].render(self.always).strip()
        raise KeyError(kind)

    def beside_danger(self, lang: str, key: str) -> str | None:
        """What must be told in a language the town does not speak otherwise; it stands beside the danger texts."""
        template = None if lang in self.languages else self.safety_texts.get(lang, {}).get(key)
        return template.render(self.always).strip() if template else None

    def speaks(self, lang: str | None) -> str:
        """The language to answer in."""
        if lang in self.languages:
            return str(lang)
        # Who writes neither of the town's languages is more likely to read English than German.
        return "en" if lang and "en" in self.languages else self.languages[0]


def environment(timezone: ZoneInfo, lang: str) -> ImmutableSandboxedEnvironment:
    """Where templates are compiled: nothing can be changed or imported from inside one."""
    made = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)
    made.filters["day_time"] = lambda at: day_time(at, timezone, lang)
    made.filters["day_time_in"] = lambda at: day_time(at, timezone, lang, on=True)
    made.filters["day"] = lambda at: day(at, timezone, lang)
    return made


def day_time(at: datetime, timezone: ZoneInfo, lang: str = "de", *, on: bool = False) -> str:
    """„Dienstag, 24. November, 12 Uhr“; with `on` „am Dienstag, 24. November, um 8 Uhr“."""
    local = at.astimezone(timezone)
    clock = f"{local.hour}" if not local.minute else f"{local.hour}:{local:%M}"
    if lang != "de":
        return f"{format_date(local, 'EEEE, d MMMM', locale='en')}, {local:%H:%M}"
    head = format_date(local, "EEEE, d. MMMM", locale="de")
    return f"am {head}, um {clock} Uhr" if on else f"{head}, {clock} Uhr"


def day(at: datetime | date, timezone: ZoneInfo, lang: str = "de") -> str:
    """„24. November 2026“."""
    local = at.astimezone(timezone).date() if isinstance(at, datetime) else at
    return format_date(local, "d. MMMM y" if lang == "de" else "d MMMM y", locale="de" if lang == "de" else "en")


def joined(*texts: str) -> str:
    """Paragraphs of one message; empty ones fall away."""
    return "\n\n".join(text for text in texts if text)


def _compile(sentences: Mapping[str, str], made: ImmutableSandboxedEnvironment) -> dict[str, Template]:
    compiled = {}
    for key, source in sentences.items():
        try:
            compiled[key] = made.from_string(source)
        except TemplateError as error:
            raise ValueError(f"{key}: {error}") from error
    return compiled
