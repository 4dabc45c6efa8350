"""Kill points: where a life ends. Seen from outside, as Telegram or a browser sees them, or inside, step by step."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """One way to die. `step` empty: the parent kills at the moment `moment` names."""

    moment: str
    step: str = ""
    nth: int = 1
    mode: str = "polling"  # or webhook
    needs: str = ""  # what citizens must do for it to come about: photo, web, file, fragment
    morning: bool = False  # only after the first digest is due
    hurry: bool = False  # the timetable has to ring sooner than it does

    @property
    def name(self) -> str:
        """For people."""
        where = f"{self.step.removeprefix('bot.')} {self.moment}" if self.step else self.moment
        return f"{where} ({self.mode})"


_INBOX, _TRIAGE, _OUTBOX = "bot.store.inbox", "bot.steps.triage", "bot.store.outbox"
_FILES, _DIGESTS, _RETENTION = "bot.store.attachments", "bot.store.digests", "bot.store.retention"

#: seen by the parent
OUTSIDE = (
    Point("getUpdates answered, not confirmed"),
    Point("webhook post in flight", mode="webhook"),
    Point("sendMessage taken, not answered"),
    Point("web post in flight", needs="web"),
    Point("sendMessage answered, not marked", mode="webhook"),
    Point("getFile taken, not answered", needs="photo"),
    Point("file on its way", needs="photo"),
    Point("any moment"),
)

#: done by the process itself
INSIDE = (
    Point("within", f"{_INBOX}:put", 2),
    Point("committed", f"{_INBOX}:put", 2, mode="webhook"),  # stored, and the 200 never leaves
    Point("committed", f"{_INBOX}:put", 3),  # stored, and the offset never moves on
    Point("within", f"{_INBOX}:put", needs="web"),
    Point("within", f"{_INBOX}:count_attempt"),
    Point("committed", f"{_INBOX}:count_attempt", 2, mode="webhook"),
    Point("within", "bot.store.conversations:add_message", 2),
    Point("within", f"{_OUTBOX}:put", 2),
    Point("within", f"{_INBOX}:finish", 2),
    Point("committed", f"{_INBOX}:finish", 2, mode="webhook"),
    Point("before", f"{_TRIAGE}:_apply_quiet", needs="fragment"),
    Point("within", f"{_TRIAGE}:_apply_quiet", needs="fragment"),
    Point("committed", f"{_TRIAGE}:_apply_quiet", needs="fragment"),
    Point("within", f"{_OUTBOX}:claim"),
    Point("committed", f"{_OUTBOX}:claim", 2, mode="webhook"),  # claimed, and nothing leaves
    Point("before", f"{_OUTBOX}:mark_sent"),  # it has left, and nobody knows
    Point("within", f"{_OUTBOX}:mark_sent", 2, mode="webhook"),
    Point("committed", f"{_OUTBOX}:mark_sent", 2),
    Point("before", f"{_FILES}:keep", needs="photo"),
    Point("within", f"{_FILES}:keep", needs="photo"),
    Point("committed", f"{_FILES}:keep", needs="file", mode="webhook"),
    Point("within", f"{_RETENTION}:shorten_log", hurry=True),
    Point("committed", f"{_RETENTION}:shorten_log", hurry=True),
    Point("within", f"{_DIGESTS}:add", morning=True, hurry=True),
    Point("committed", f"{_DIGESTS}:add", morning=True, hurry=True),
    Point("before", "bot.channels.mail:Mail.send_parcel", morning=True, hurry=True),
    Point("within", "bot.channels.mail:Mail.send_parcel", morning=True, hurry=True),
)

#: of `nachtschalter promote`: the pointer to the serving model is about to change, or has changed
PROMOTION = (
    Point("before", "classifier.registry:Registry._point", mode="promote"),
    Point("within", "classifier.registry:Registry._point", mode="promote"),
)


def in_turn() -> list[Point]:
    """All points, those from outside spread among the others."""
    turn: list[Point] = []
    inside = [*INSIDE, *PROMOTION]
    for index, point in enumerate(inside):
        turn += [OUTSIDE[index // 4]] if index % 4 == 0 and index // 4 < len(OUTSIDE) else []
        turn.append(point)
    return turn
