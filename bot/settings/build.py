"""From the shapes of the files to the words of the house."""

from datetime import timedelta

from bot.core.city import City, Department, DigestPolicy, Limits, OnCall, Retention
from bot.core.conversation.state import Timing
from bot.core.triage import TriagePolicy
from bot.settings.reading.schema import CityFile, DepartmentsFile

_MEGABYTE = 1024 * 1024


def city(file: CityFile) -> City:
    """Who the town is."""
    return City(
        name=file.name,
        state=file.state,
        timezone=file.timezone,
        reference_prefix=file.reference_prefix,
        front_office=file.front_office,
        other_offices=file.other_offices,
        languages=tuple(file.languages),
        pilot=file.pilot,
        address=file.contact.address,
        phone=file.contact.phone,
        website=file.contact.website,
        imprint=file.contact.imprint,
        privacy=file.contact.privacy,
        responsible=file.responsible,
        data_protection_officer=file.data_protection_officer,
        rescue=file.emergency_numbers.rescue,
        police=file.emergency_numbers.police,
        utility=file.emergency_numbers.utility,
        on_call=tuple(OnCall(step.name, step.phone, step.email) for step in file.on_call),
        escalate=timedelta(minutes=file.escalate_minutes),
    )


def departments(file: DepartmentsFile) -> tuple[Department, ...]:
    """The departments in the file's order, which is the morning queue's."""
    return tuple(
        Department(
            id=one.id,
            name=one.name,
            greeting=one.greeting,
            phone=one.contact.phone,
            email=one.contact.email,
            topics=tuple(one.topics),
            formerly=tuple(one.formerly),
        )
        for one in file.departments
    )


def timing(file: CityFile) -> Timing:
    """How long the house waits in a conversation."""
    told = file.conversation
    return Timing(
        quiet=timedelta(seconds=told.quiet_seconds),
        unread=timedelta(minutes=told.unreadable_minutes),
        fragments=timedelta(minutes=told.fragments_minutes),
        join=timedelta(hours=told.join_hours),
        reopen=timedelta(days=told.reopen_days),
        short_reply=timedelta(minutes=told.short_reply_minutes),
        late=timedelta(minutes=told.late_minutes),
        safety_again=timedelta(minutes=told.safety_again_minutes),
    )


def triage_policy(file: CityFile, known: DepartmentsFile) -> TriagePolicy:
    """When a guess is good enough to be told."""
    return TriagePolicy(
        departments=tuple(department.id for department in known.departments),
        front_office=file.front_office,
        successors={former: one.id for one in known.departments for former in one.formerly},
        sure_probability=file.triage.sure_probability,
        sure_margin=file.triage.sure_margin,
        unclear_probability=file.triage.unclear_probability,
        emergency_probability=file.triage.emergency_probability,
        suspicion_probability=file.triage.suspicion_probability,
        taken_back_probability=file.triage.taken_back_probability,
        urgent_probability=file.triage.urgent_probability,
        low_probability=file.triage.low_probability,
        offered=file.triage.max_buttons,
    )


def retention(file: CityFile) -> Retention:
    """How long each thing is kept."""
    days = file.retention_days.model_dump()
    return Retention(**{name: timedelta(days=count) for name, count in days.items()})


def limits(file: CityFile) -> Limits:
    """How much of anything is taken."""
    return Limits(
        attachment_bytes=file.limits.attachment_megabytes * _MEGABYTE,
        attachment_types=tuple(file.limits.attachment_types),
        attachments=file.limits.attachments_per_message,
        text_characters=file.limits.text_characters,
        messages_per_minute=file.limits.messages_per_minute,
    )


def digest_policy(file: CityFile, known: DepartmentsFile) -> DigestPolicy:
    """Who gets the morning mail: the addresses in city.yaml, or else the department's own."""
    own = {one.id: (one.contact.email,) if one.contact.email else () for one in known.departments}
    named = {department: tuple(addresses) for department, addresses in file.digest.recipients.items()}
    return DigestPolicy(
        before_opening=timedelta(minutes=file.digest.minutes_before_opening),
        recipients=own | named,
        sender=file.digest.sender,
    )
