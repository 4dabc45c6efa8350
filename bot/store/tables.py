"""The tables: what is kept, and in which of them a citizen's words and address stand."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware instant, kept as UTC; SQLite would drop the offset."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuses a naive instant and turns any other into UTC."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Gives back an aware instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _at(name: str, *, nullable: bool = True, index: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, UtcDateTime(), nullable=nullable, index=index)


def _ref(name: str, target: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer, sa.ForeignKey(f"{target}.id"), nullable=nullable, index=True)


#: one row an exchange with one citizen; the only place where the address stands
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("address", sa.String(200)),  # erased: null
    sa.Column("lang", sa.String(8)),
    _at("created_at", nullable=False),
    _at("machine_told_at"),  # when the citizen was told that a machine answers
    _at("short_reply_at"),
    _at("help_at"),
    _at("unread_at"),
    sa.Column("dialog", sa.JSON(none_as_null=True)),  # the house's open question
    _at("blocked_at"),  # the citizen has blocked the bot
    _at("erased_at"),
    sa.UniqueConstraint("channel", "address"),
)

#: every raw update, before anybody is told that it arrived
inbox = sa.Table(
    "inbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("bot", sa.String(64), nullable=False),
    sa.Column("update_key", sa.String(100), nullable=False),
    sa.Column("raw", sa.Text),  # erased: null
    _at("received_at", nullable=False, index=True),
    _at("done_at", index=True),
    sa.Column("fate", sa.String(12), index=True),
    sa.Column("conversation_id", sa.Integer, sa.ForeignKey("conversations.id"), index=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text),  # why it is among the dead letters; never the citizen's words
    _at("seen_at"),  # staff have looked at the dead letter
    sa.UniqueConstraint("channel", "bot", "update_key"),
)

#: what an inbox row was read as; keeps its row when the words are gone, so that counts stay
messages = sa.Table(
    "messages",
    metadata,
    sa.Column("id", sa.Integer, sa.ForeignKey("inbox.id"), primary_key=True),
    _ref("conversation_id", "conversations"),
    sa.Column("external_id", sa.String(100), nullable=False),
    sa.Column("content", sa.String(12), nullable=False),
    sa.Column("album", sa.String(64)),
    sa.Column("edited", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("latitude", sa.Float),
    sa.Column("longitude", sa.Float),
    _at("sent_at", nullable=False),
    _at("received_at", nullable=False),
    sa.Column("replaced_by", sa.Integer, sa.ForeignKey("inbox.id")),  # a later edit stands for it
)

#: the citizen's words, apart from everything else so that they can go
bodies = sa.Table(
    "bodies",
    metadata,
    sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.id"), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("reference", sa.String(20), nullable=False, unique=True),
    _ref("conversation_id", "conversations"),
    sa.Column("department", sa.String(40), nullable=False, index=True),
    sa.Column("urgency", sa.String(10), nullable=False),
    sa.Column("status", sa.String(10), nullable=False, index=True),
    sa.Column("sure", sa.Boolean, nullable=False),
    _at("opened_at", nullable=False, index=True),
    _at("touched_at", nullable=False),  # last sign of the citizen, in the channel's time
    _at("due_at", index=True),
    sa.Column("due_told", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("due_reasons", sa.JSON, nullable=False),
    sa.Column("dangers", sa.JSON, nullable=False),  # kind → when its text was last put into the outbox
    sa.Column("person_wished", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("taken_by", sa.Integer, sa.ForeignKey("staff.id")),
    _at("answered_at"),  # first human answer handed to the outbox
    _at("ended_at"),
)

case_messages = sa.Table(
    "case_messages",
    metadata,
    sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.id"), primary_key=True, index=True),
)

#: appended: every time rules and model judged a case
triages = sa.Table(
    "triages",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _ref("case_id", "cases"),
    sa.Column("message_id", sa.Integer, sa.ForeignKey("messages.id")),
    _at("at", nullable=False),
    sa.Column("department", sa.String(40), nullable=False),
    sa.Column("urgency", sa.String(10), nullable=False),
    sa.Column("sure", sa.Boolean, nullable=False),
    sa.Column("decided_by", sa.String(16), nullable=False),
    sa.Column("ranking", sa.JSON, nullable=False),
    sa.Column("urgencies", sa.JSON, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("topic", sa.String(60)),
    sa.Column("rule", sa.String(80)),
    sa.Column("model_id", sa.String(80), nullable=False),
    sa.Column("revision", sa.String(40), nullable=False),
    _at("due_at"),
)

#: appended: every move of a case's status
moves = sa.Table(
    "moves",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _ref("case_id", "cases"),
    _at("at", nullable=False),
    sa.Column("staff_id", sa.Integer, sa.ForeignKey("staff.id")),  # null: the citizen or the house
    sa.Column("before", sa.String(10), nullable=False),
    sa.Column("after", sa.String(10), nullable=False),
)

#: appended: what a person says department and urgency are
verdicts = sa.Table(
    "verdicts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _ref("case_id", "cases"),
    _at("at", nullable=False),
    sa.Column("staff_id", sa.Integer, sa.ForeignKey("staff.id"), nullable=False),
    sa.Column("department", sa.String(40), nullable=False),
    sa.Column("urgency", sa.String(10), nullable=False),
    sa.Column("topic", sa.String(60)),
    sa.Column("revision", sa.String(40), nullable=False),
)

#: appended: what a model that runs beside the serving one would have decided; no words, so nothing to erase
shadows = sa.Table(
    "shadows",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _ref("case_id", "cases"),
    sa.Column("triage_id", sa.Integer, sa.ForeignKey("triages.id"), nullable=False),
    _at("at", nullable=False, index=True),
    _at("begun_at", nullable=False),  # of the run; together with the model's id the run's name
    sa.Column("model_id", sa.String(80), nullable=False),
    sa.Column("department", sa.String(40)),  # null: it gave no answer
    sa.Column("urgency", sa.String(10)),
    sa.Column("serving_id", sa.String(80), nullable=False),
    sa.Column("serving_department", sa.String(40), nullable=False),
    sa.Column("serving_urgency", sa.String(10), nullable=False),
    sa.UniqueConstraint("begun_at", "triage_id"),
)

#: drawn when the case was opened: somebody is to judge it without seeing the guess
blind_sample = sa.Table(
    "blind_sample",
    metadata,
    sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id"), primary_key=True),
    _at("at", nullable=False),
)

#: who has opened a drawn case at the desk, where its guess stands
blind_seen = sa.Table(
    "blind_seen",
    metadata,
    sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("staff_id", sa.Integer, sa.ForeignKey("staff.id"), primary_key=True),
    _at("at", nullable=False),
)

#: appended: what a person says who has not seen the guess, and what the machine had said until then
blind_verdicts = sa.Table(
    "blind_verdicts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id"), nullable=False),
    _at("at", nullable=False),
    sa.Column("staff_id", sa.Integer, sa.ForeignKey("staff.id")),  # forgotten: null
    sa.Column("department", sa.String(40)),  # it cannot be told: null, both
    sa.Column("urgency", sa.String(10)),
    sa.Column("guessed_department", sa.String(40), nullable=False),
    sa.Column("guessed_urgency", sa.String(10), nullable=False),
    sa.Column("guessed_sure", sa.Boolean, nullable=False),
    sa.Column("model_id", sa.String(80), nullable=False),
    _at("undone_at"),  # taken back
)
sa.Index(
    "ix_blind_verdicts_once",
    blind_verdicts.c.case_id,
    blind_verdicts.c.staff_id,
    unique=True,
    sqlite_where=blind_verdicts.c.undone_at.is_(None),
    postgresql_where=blind_verdicts.c.undone_at.is_(None),
)

#: scrubbed words with their label: from verdicts (newest per case) or imported by an admin
examples = sa.Table(
    "examples",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id"), unique=True),
    sa.Column("conversation_id", sa.Integer, sa.ForeignKey("conversations.id"), index=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("department", sa.String(40), nullable=False),
    sa.Column("urgency", sa.String(10), nullable=False),
    sa.Column("topic", sa.String(60)),
    sa.Column("lang", sa.String(8), nullable=False),
    sa.Column("source", sa.String(10), nullable=False),  # verdict, import
    _at("at", nullable=False),
)

attachments = sa.Table(
    "attachments",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _ref("message_id", "messages"),
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("remote_id", sa.String(300)),
    sa.Column("name", sa.String(200)),
    sa.Column("mime", sa.String(100)),
    sa.Column("size", sa.Integer),
    _at("stored_at"),
    _at("failed_at"),
    sa.Column("reason", sa.String(40)),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    _at("not_before"),
)

#: in the database and not beside it: in one transaction with its row, in one backup, gone with one delete
attachment_bytes = sa.Table(
    "attachment_bytes",
    metadata,
    sa.Column("attachment_id", sa.Integer, sa.ForeignKey("attachments.id"), primary_key=True),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

#: files uploaded with a web message, waiting for their inbox row to be read
uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _ref("inbox_id", "inbox"),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("mime", sa.String(100), nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

#: every message of the house, under a deterministic key
outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("key", sa.String(120), nullable=False, unique=True),
    sa.Column("conversation_id", sa.Integer, sa.ForeignKey("conversations.id"), index=True),
    sa.Column("case_id", sa.Integer, sa.ForeignKey("cases.id"), index=True),
    sa.Column("after_message", sa.Integer),
    sa.Column("channel", sa.String(20), nullable=False),
    sa.Column("target", sa.String(200)),  # staff mail or staff chat; a citizen's address stands in conversations
    sa.Column("kind", sa.String(12), nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),  # 0: safety texts, first
    sa.Column("text", sa.Text),  # erased: null
    sa.Column("subject", sa.String(200)),
    sa.Column("html", sa.Text),
    sa.Column("buttons", sa.JSON, nullable=False),
    sa.Column("silent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("staff_id", sa.Integer, sa.ForeignKey("staff.id")),
    _at("created_at", nullable=False),
    _at("not_before", nullable=False),
    _at("claimed_until"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("doubtful", sa.Integer, nullable=False, server_default="0"),  # times the outcome stayed unknown
    _at("sent_at", index=True),
    _at("failed_at", index=True),
    sa.Column("reason", sa.String(200)),
    sa.Column("external_id", sa.String(100)),
    _at("seen_at"),  # staff have seen that it could not be delivered
)

staff = sa.Table(
    "staff",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(80), nullable=False, unique=True),
    sa.Column("role", sa.String(10), nullable=False),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("department", sa.String(40)),
    _at("created_at", nullable=False),
    _at("disabled_at"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("staff_id", sa.Integer, sa.ForeignKey("staff.id"), nullable=False, index=True),
    sa.Column("csrf", sa.String(64), nullable=False),
    _at("created_at", nullable=False),
    _at("expires_at", nullable=False),
)

digests = sa.Table(
    "digests",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("department", sa.String(40), nullable=False),
    sa.Column("date", sa.Date, nullable=False),
    _at("created_at", nullable=False),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.UniqueConstraint("department", "date"),
)

#: what was erased, without content; replayed after a restore
deletions = sa.Table(
    "deletions",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("conversation_id", sa.Integer, nullable=False),
    sa.Column("case_id", sa.Integer),  # a case whose danger text was erased later than the rest
    _at("at", nullable=False),
    sa.Column("cause", sa.String(20), nullable=False),  # wish, retention
)
