"""The model card: what a model is for, what it learnt from, how well it does and what it cannot do."""

from collections.abc import Mapping
from datetime import datetime

from markdown_it import MarkdownIt
from markupsafe import Markup

from bot.reports.figures import department_names, departments, figures, language_name, languages, urgencies, words
from bot.reports.templates import markdown, page
from bot.settings.town import Settings
from classifier.example import INVENTED
from classifier.manifest import Manifest
from classifier.scorecard import scorecard_of

#: What the card is called in the model's folder.
NAME = "modellkarte.md"

_WIDE = '<div class="scroll" role="group" aria-label="Tabelle" tabindex="0"><table>\n'  # moves by itself on a phone
_SCARCE = 100  #: examples of a department below which it is named
_FEW = 30  #: messages measured in a language below which its figure says little


def model_card(manifest: Manifest, settings: Settings) -> str:
    """The card in Markdown; its figures are the manifest's, its thresholds those in force."""
    card, names = scorecard_of(manifest.scorecard), department_names(settings)
    learnt = _learnt(manifest, names)
    return markdown(
        "modellkarte.md.j2",
        manifest=manifest,
        created=datetime.fromisoformat(manifest.created_at),
        city=settings.city,
        front_office=names[settings.city.front_office],
        policy=settings.triage,
        revision=settings.revision,
        departments_known=settings.departments,
        trained=sum(manifest.examples.get("department", {}).values()),
        sources=learnt["source"],
        learnt_departments=learnt["department"],
        learnt_urgencies=learnt["urgency"],
        learnt_languages=learnt["lang"],
        scarce=[name for name, count in learnt["department"] if count < _SCARCE and name != words()["unclear"]],
        measured_real=sum(n for name, n in manifest.measured.get("source", {}).items() if name != INVENTED),
        card=card,
        figures=figures(card),
        departments=departments(card, names),
        urgencies=urgencies(card),
        languages=languages(card),
        few_in_language=[bar.name for bar in languages(card) if bar.count < _FEW],
    )


def as_page(card: str, model_id: str) -> str:
    """The card as one HTML page."""
    # `html` off: what the card holds of foreign text stays text
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table")
    renderer.add_render_rule("table_open", lambda *_: _WIDE)
    renderer.add_render_rule("table_close", lambda *_: "</table></div>\n")
    made = renderer.render(card)
    return page("modellkarte.html.j2", model_id=model_id, content=Markup(made))  # noqa: S704 escaped by the renderer


def _learnt(manifest: Manifest, names: Mapping[str, str]) -> dict[str, list[tuple[str, int]]]:
    """Kind of label → names and counts; urgencies the most pressing first, all else the most frequent first."""
    told = {
        "department": names,
        "urgency": words()["urgencies"],
        "lang": {lang: language_name(lang) for lang in manifest.examples.get("lang", {})},
        "source": words()["sources"],
    }
    found = {kind: sorted(manifest.examples.get(kind, {}).items(), key=lambda one: (-one[1], one[0])) for kind in told}
    order = list(words()["urgencies"])
    found["urgency"].sort(key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    return {kind: [(told[kind].get(label, label), count) for label, count in found[kind]] for kind in told}
