"""The house: one town's settings, database, channels and classifier, as the steps need them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import structlog

from bot.core.case import Urgency
from bot.core.city import Department
from bot.core.conversation.cue import Cue, Cues, fold
from bot.core.conversation.state import Conversation
from bot.core.conversation.turn import Rules
from bot.core.promise import Promise, promise_for
from bot.core.reply import Words
from bot.core.safety import SafetyRules
from bot.core.triage import Decision, decide
from bot.ports import Channel, Classifier
from bot.settings.town import Settings
from bot.steps.model import ShadowInUse
from bot.store.database import Database, connect
from classifier.prediction import Prediction

log = structlog.get_logger(__name__)

_CHATTER = "chatter"


@dataclass(frozen=True)
class House:
    """One town, put together. Nothing in it changes but the classifier's model, which may be replaced underneath."""

    settings: Settings
    database: Database
    classifier: Classifier
    channels: Mapping[str, Channel] = field(default_factory=dict)
    pilot: bool = True
    shadow: ShadowInUse | None = None  # runs beside; no citizen hears of it

    @cached_property
    def words(self) -> Words:
        """All sentences."""
        city = self.settings.city
        always = {
            "city": city.name,
            "phone": city.phone,
            "privacy_url": city.privacy,
            "chat_url": self.settings.secrets.public_url or city.website,
            "text_days": self.settings.retention.texts.days,
            "utility_line": city.utility,
        }
        return Words.build(
            self.settings.replies,
            self.settings.safety_texts,
            languages=city.languages,
            timezone=city.timezone,
            always=always,
        )

    @cached_property
    def cues(self) -> Cues:
        """Phrases that are meant for the bot itself."""
        return Cues.build(self.settings.cues)

    @cached_property
    def safety(self) -> SafetyRules:
        """The safety rules, compiled."""
        return SafetyRules.build(self.settings.safety)

    @cached_property
    def names(self) -> Mapping[str, Department]:
        """Departments by id."""
        return {department.id: department for department in self.settings.departments}

    def beside(self, database: Database, channels: Mapping[str, Channel], *, pilot: bool) -> "House":
        """The same town with another memory and other doors; what was compiled once serves both."""
        return self._twin(database=database, channels=channels, pilot=pilot)

    def judged_by(self, classifier: Classifier) -> "House":
        """The same town with another model under the same rules."""
        return self._twin(classifier=classifier)

    def _twin(self, **changes: Any) -> "House":
        twin = replace(self, **changes)
        vars(twin).update(words=self.words, cues=self.cues, safety=self.safety)
        return twin

    def danger_title(self, kind: str) -> str:
        """What staff call this kind of danger."""
        told: Mapping[str, Any] = self.settings.safety["kinds"].get(kind, {})
        return str(told.get("title", kind))

    def acting(self, department: str) -> str:
        """Who acts today for a department that a stored row names, however old it is."""
        return self.settings.triage.acting(department)

    def department(self, number: str) -> Department:
        """The department, its successor, or the front office for one the town no longer has."""
        return self.names[self.acting(number)]

    def today(self, conversation: Conversation) -> Conversation:
        """The conversation with its cases at the departments that act today."""
        cases = (replace(case, department=self.acting(case.department)) for case in conversation.cases)
        return replace(conversation, cases=tuple(cases))

    def refresh_model(self) -> None:
        """Takes up a model promoted meanwhile, where the classifier can; costs a second, so call it in a thread."""
        refresh = getattr(self.classifier, "refresh", None)
        if refresh:
            refresh()

    def refresh_shadow(self) -> None:
        """Takes up a shadow run that was begun or ended; a second as well, but nobody waits for it."""
        if self.shadow:
            self.shadow.refresh()

    def rules(self) -> Rules:
        """The rules for one message: each text is judged once, however often they ask."""
        known: dict[str, Decision] = {}

        def once(text: str) -> Decision:
            if text not in known:
                known[text] = self.judge(text)
            return known[text]

        return Rules(
            judge=once,
            cues=self.cues,
            timing=self.settings.conversation,
            prefix=self.settings.city.reference_prefix,
            departments=tuple((d.id, d.name) for d in self.settings.departments),
            front_office=self.settings.city.front_office,
            successors=self.settings.triage.successors,
        )

    def judge(self, text: str) -> Decision:
        """Rules and model together. A broken model leaves the rules standing, and the front office."""
        prediction = self._predict(text)
        small_talk = self.cues.only((Cue.GREETING, Cue.THANKS, Cue.FILLER), text) and (
            self.cues.found(Cue.GREETING, text) or self.cues.found(Cue.THANKS, text)
        )
        chatter, words = small_talk or self._is_chatter(prediction, text), len(fold(text).split())
        return decide(prediction, self.safety.find(text), self.settings.triage, chatter=chatter, words=words)

    def _predict(self, text: str) -> Prediction | None:
        if not text.strip():
            return None
        try:
            return self.classifier.predict([text])[0]
        except Exception as error:  # whatever a model does, the citizen gets an answer
            log.warning("classifier_failed", error=type(error).__name__)
            return None

    def _is_chatter(self, prediction: Prediction | None, text: str) -> bool:
        if prediction is None or prediction.topic != _CHATTER or not prediction.departments:
            return False
        if not prediction.reasons and any(sign.isalpha() for sign in text):
            return False  # words, and none of them known: whatever it says, it is no small talk to be passed over
        label, probability = prediction.departments[0]
        own = self.acting(label) == self.settings.city.front_office
        return own and probability >= self.settings.triage.sure_probability

    def is_open(self, now: datetime) -> bool:
        """Whether the front office is there."""
        return self.settings.hours[self.settings.city.front_office].is_open(now)

    def promise(self, department: str, urgency: Urgency, received_at: datetime) -> Promise:
        """Until when a person of this department answers."""
        department = self.acting(department)
        if department == self.settings.city.other_offices:
            department = self.settings.city.front_office  # who answers for the others
        hours, levels = self.settings.hours[department], self.settings.levels[department]
        return promise_for(urgency, received_at, hours=hours, levels=levels)


def house_of(settings: Settings, classifier: Classifier) -> House:
    """A house that only judges: no channels, and a database that nobody opens."""
    return House(settings, connect("sqlite+aiosqlite://"), classifier, {}, pilot=False)
