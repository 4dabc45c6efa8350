"""The first message: what a citizen who writes this, and nothing else, would be told. Nothing is stored or sent."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.case import Urgency
from bot.core.conversation.cue import Cue
from bot.core.conversation.state import Say
from bot.core.message import ReplyKind
from bot.core.reply import joined
from bot.core.triage import Decision
from bot.steps import letters
from bot.steps.house import House
from bot.steps.language import language_of
from bot.steps.letters import Told
from bot.steps.reasons import explain

_REFERENCE = "XXX-XXXX"


@dataclass(frozen=True, slots=True)
class Answer:
    """Decision, promise and words for a first message."""

    decision: Decision
    reasons: tuple[str, ...]
    due_at: datetime | None  # None: chatter, nothing is promised
    reply: str  # all texts, in order, joined by a blank line
    lang: str


def answer_first(house: House, text: str, lang: str | None, now: datetime) -> Answer:
    """Judges the text alone and puts the reply together."""
    decision = house.judge(text)
    spoken = language_of(text, lang, house.settings.city.languages[0])
    reply_lang = house.words.speaks(spoken)
    reasons = tuple(explain(decision, house))
    if decision.chatter:
        letter = letters.said(house, reply_lang, Say(ReplyKind.GREETING, "greeting"), now)
        letter = letters.introduce(house, reply_lang, letter, spoken=spoken)
        return Answer(decision, reasons, None, letter.text, reply_lang)

    promise = house.promise(decision.holder, decision.urgency, now)
    told = Told(_REFERENCE, decision.holder, decision.urgency, promise, now, sure=decision.sure)
    legal = house.cues.found(Cue.LEGAL, text)
    ask = None if decision.sure or decision.urgency is Urgency.EMERGENCY else decision
    written = [letters.danger(house, decision.danger, spoken, None)] if decision.danger else []
    written.append(letters.receipt(house, reply_lang, told, legal=legal, ask=ask))
    written[0] = letters.introduce(house, reply_lang, written[0], spoken=spoken)
    return Answer(decision, reasons, promise.due_at, joined(*(w.text for w in written)), reply_lang)
