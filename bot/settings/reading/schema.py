"""The shape of the town's files: which keys there are and what may stand behind them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.settings.reading.field_types import (
    Clock,
    Count,
    Day,
    Email,
    Identifier,
    Language,
    Mime,
    Percent,
    Phone,
    Prefix,
    Share,
    Text,
    Url,
    Zone,
    refusal,
)

State = Literal["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"]


class Strict(BaseModel):
    """No key too many, no silent conversion."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True)


class ContactFile(Strict):
    """Where the town hall is found."""

    address: Text
    phone: Phone
    website: Url
    imprint: Url
    privacy: Url


class EmergencyNumbersFile(Strict):
    """The numbers for danger."""

    rescue: Phone
    police: Phone
    utility: Phone


class OnCallFile(Strict):
    """One step of the on-call list."""

    name: Text
    phone: Phone
    email: Email | None = None


class DigestFile(Strict):
    """The morning mail."""

    sender: Email
    minutes_before_opening: Annotated[int, Field(ge=0, le=240)]
    recipients: dict[str, list[Email]] = {}


class ConversationFile(Strict):
    """The timings of a conversation."""

    quiet_seconds: Count
    unreadable_minutes: Count
    fragments_minutes: Count
    join_hours: Count
    reopen_days: Count
    short_reply_minutes: Count
    late_minutes: Count
    safety_again_minutes: Count


class TriageFile(Strict):
    """When a guess is good enough."""

    sure_probability: Share
    sure_margin: Share
    unclear_probability: Share
    emergency_probability: Share
    suspicion_probability: Share
    taken_back_probability: Share
    urgent_probability: Share
    low_probability: Share
    max_buttons: Annotated[int, Field(ge=1, le=8)]


class RetentionFile(Strict):
    """How many days each thing is kept."""

    texts: Count
    addresses: Count
    attachments: Count
    inbox: Count
    outbox: Count
    dead_letters: Count
    sessions: Count
    audit: Count
    deletion_log: Count
    backups: Count


class LimitsFile(Strict):
    """How much of anything is taken."""

    attachment_megabytes: Annotated[int, Field(ge=1, le=20)]  # Telegram hands bots no larger files
    attachment_types: Annotated[list[Mime], Field(min_length=1)]
    attachments_per_message: Count
    text_characters: Annotated[int, Field(ge=200, le=10_000)]
    messages_per_minute: Count


class CityFile(Strict):
    """city.yaml."""

    name: Text
    state: State
    timezone: Zone
    reference_prefix: Prefix
    front_office: Identifier
    other_offices: Identifier
    languages: Annotated[list[Language], Field(min_length=1)]
    pilot: bool
    contact: ContactFile
    responsible: Text
    data_protection_officer: Text
    emergency_numbers: EmergencyNumbersFile
    escalate_minutes: Count
    on_call: Annotated[list[OnCallFile], Field(min_length=1)]
    digest: DigestFile
    conversation: ConversationFile
    triage: TriageFile
    retention_days: RetentionFile
    limits: LimitsFile
    blind_sample_percent: Percent


class DepartmentContactFile(Strict):
    """How a department is reached."""

    phone: Phone
    email: Email | None = None


class DepartmentFile(Strict):
    """One department."""

    id: Identifier
    name: Text
    greeting: Text
    contact: DepartmentContactFile
    topics: list[Identifier]
    formerly: list[Identifier] = []


class DepartmentsFile(Strict):
    """departments.yaml."""

    departments: Annotated[list[DepartmentFile], Field(min_length=1)]


class ClosedDayFile(Strict):
    """A day on which everything is closed."""

    date: Day
    name: Text


class HalfDayFile(ClosedDayFile):
    """A day that ends early."""

    closes: Clock


class HoursFile(Strict):
    """hours.yaml."""

    default: Text
    departments: dict[str, Text] = {}
    covered_until: Day
    closed: list[ClosedDayFile] = []
    half_days: list[HalfDayFile] = []


def _one_measure(level: "LevelFile") -> "LevelFile":
    if (level.open_minutes is None) == (level.working_days is None):
        raise refusal("entweder open_minutes oder working_days; eines von beiden, nicht beide")
    if level.open_minutes is not None and level.by is not None:
        raise refusal("by gehört zu working_days; bei open_minutes löschen Sie es")
    return level


class LevelFile(Strict):
    """One service level: so many open minutes, or a time of day so many working days later."""

    open_minutes: Count | None = None
    working_days: Annotated[int, Field(ge=0)] | None = None
    by: Clock | None = None


Level = Annotated[LevelFile, AfterValidator(_one_measure)]


class LevelsFile(Strict):
    """The service levels of the whole town."""

    emergency: Level
    urgent: Level
    normal: Level
    low: Level


class SomeLevelsFile(Strict):
    """The service levels a department has of its own."""

    emergency: Level | None = None
    urgent: Level | None = None
    normal: Level | None = None
    low: Level | None = None


class ServiceLevelsFile(Strict):
    """service_levels.yaml."""

    default: LevelsFile
    departments: dict[str, SomeLevelsFile] = {}
