"""The ledger: what the database and Telegram's record say in the end, and whether the two agree."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from tests.fakes.bot_api import Sent
from tests.prove.citizens import Citizens

FATES = frozenset({"new_case", "follow_up", "no_concern", "command", "pending", "unreadable"})


@dataclass
class Ledger:
    """The outcome. `lost` and `wrong` hold sentences; an honest house leaves both empty."""

    killed: int = 0
    accepted: int = 0
    doubled: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Books:
    """The database, read from outside by plain SQL, as an auditor would."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def rows(self, query: str, *given: Any) -> list[sqlite3.Row]:
        """What the query finds."""
        uri = f"{self._file.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=10)) as opened:
            opened.row_factory = sqlite3.Row
            return opened.execute(query, given).fetchall()

    def number(self, query: str, *given: Any) -> int:
        """The one number it finds."""
        return int(self.rows(query, *given)[0][0])


_STILL = (
    "SELECT count(*) FROM inbox WHERE done_at IS NULL OR fate = 'pending'",
    "SELECT count(*) FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL",
    "SELECT count(*) FROM attachments WHERE remote_id IS NOT NULL AND stored_at IS NULL AND failed_at IS NULL",
)


def work_left(books: Books) -> int:
    """How many rows still lack something."""
    return sum(books.number(query) for query in _STILL)


def audit(books: Books, citizens: Citizens, mails: Iterable[EmailMessage], digests: int) -> Ledger:
    """Holds everything against everything. `digests`: how many are due."""
    found = Ledger()
    _received(found, books, citizens)
    _fates(found, books)
    _receipts(found, books)
    _sent(found, books, citizens.api.sent)
    _safety_first(found, books, citizens)
    _files(found, books)
    _digests(found, books, list(mails), digests)
    return found


def _received(found: Ledger, books: Books, citizens: Citizens) -> None:
    waiting = {update.update_id for update in citizens.api.updates.waiting()}
    confirmed = {str(number) for number in citizens.pushed if number not in waiting}
    stored = Counter(row["update_key"] for row in books.rows("SELECT update_key FROM inbox WHERE channel = 'telegram'"))
    found.lost += [f"update {key} was confirmed and is not in the inbox" for key in sorted(confirmed - stored.keys())]

    raws = books.rows("SELECT raw FROM inbox WHERE channel = 'web'")
    posted = Counter(json.loads(row["raw"])["id"] for row in raws)
    found.lost += [f"web message {key} was accepted and is not here" for key in sorted(citizens.accepted - set(posted))]
    found.wrong += [f"{key} is in the inbox {times} times" for key, times in (stored + posted).items() if times > 1]
    if waiting:
        found.wrong.append(f"{len(waiting)} updates are still with Telegram")
    found.accepted = len(confirmed) + len(citizens.accepted)


def _fates(found: Ledger, books: Books) -> None:
    for row in books.rows("SELECT id, fate, done_at FROM inbox"):
        found.fates[str(row["fate"])] += 1
        if row["fate"] not in FATES or row["done_at"] is None:
            found.lost.append(f"inbox {row['id']} has the fate {row['fate']}")
        elif row["fate"] == "pending":
            found.wrong.append(f"inbox {row['id']} still waits although it is quiet")
    received = books.number("SELECT count(*) FROM inbox")
    if received != sum(found.fates[fate] for fate in FATES):
        found.wrong.append(f"received {received}, and the six fates say {dict(found.fates)}")
    joined = "SELECT i.id FROM inbox i LEFT JOIN case_messages c ON c.message_id = i.id WHERE i.fate = ? GROUP BY i.id"
    for fate in ("new_case", "follow_up"):
        for row in books.rows(f"{joined} HAVING count(c.case_id) = 0", fate):
            found.lost.append(f"inbox {row['id']} is a {fate} without a case")


def _receipts(found: Ledger, books: Books) -> None:
    query = (
        "SELECT c.reference, count(o.id) AS written, count(o.sent_at) AS sent FROM cases c "
        "LEFT JOIN outbox o ON o.case_id = c.id AND o.kind = 'receipt' GROUP BY c.id"
    )
    for row in books.rows(query):
        if row["written"] != 1:
            found.wrong.append(f"{row['reference']} has {row['written']} receipts")
        if row["sent"] < 1:
            found.lost.append(f"{row['reference']} was never confirmed to the citizen")
    opened = "SELECT count(*) FROM inbox WHERE fate = 'new_case'"
    if books.number(opened) > books.number("SELECT count(*) FROM cases"):
        found.wrong.append("more messages have opened a case than there are cases")


def _sent(found: Ledger, books: Books, sent: Iterable[Sent]) -> None:
    """Every sent row once at Telegram, and more often only where the row says that an outcome was in doubt."""
    query = (
        "SELECT o.text, coalesce(o.target, v.address) AS chat, o.sent_at, o.failed_at, o.doubtful FROM outbox o "
        "LEFT JOIN conversations v ON v.id = o.conversation_id WHERE o.channel = 'telegram'"
    )
    rows: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in books.rows(query):
        rows.setdefault((str(row["chat"]), str(row["text"]).strip()), []).append(dict(row))
    arrived = Counter((str(one.chat), one.text.strip()) for one in sent)
    for key, written in rows.items():
        ready = sum(row["sent_at"] is not None for row in written)
        extra = arrived[key] - ready
        if extra < 0:
            found.lost.append(f"chat {key[0]}: the books say sent, Telegram has not got it: {key[1][:40]}")
        elif extra > sum(row["doubtful"] for row in written):
            found.wrong.append(f"chat {key[0]}: {extra} too many, and nobody had a doubt: {key[1][:40]}")
        found.doubled += max(0, extra)
    strange = arrived.keys() - rows.keys()
    found.wrong += [f"chat {chat} was told what stands in no row: {text[:40]}" for chat, text in strange]
    failed = books.rows("SELECT key, reason FROM outbox WHERE failed_at IS NOT NULL")
    found.wrong += [f"{row['key']} failed: {row['reason']}" for row in failed]


def _safety_first(found: Ledger, books: Books, citizens: Citizens) -> None:
    """Danger: the safety text is what this citizen hears before anything else of the same message."""
    query = (
        "SELECT o.kind, o.text, o.sent_at, o.after_message, o.channel, v.address FROM outbox o "
        "JOIN conversations v ON v.id = o.conversation_id WHERE o.after_message IN "
        "(SELECT after_message FROM outbox WHERE kind = 'safety') ORDER BY o.after_message, o.sent_at"
    )
    heard: dict[int, list[sqlite3.Row]] = {}
    for row in books.rows(query):
        heard.setdefault(row["after_message"], []).append(row)
    warned = set()
    for message, rows in heard.items():
        warned.add(rows[0]["address"])
        order = _at_telegram(rows, citizens.api.sent) if rows[0]["channel"] == "telegram" else rows
        if not order or order[0]["kind"] != "safety":
            found.wrong.append(f"message {message}: the safety text was not the first")
    found.lost += [
        f"chat {chat} wrote of gas and heard no warning" for chat in citizens.dangers if str(chat) not in warned
    ]


def _at_telegram(rows: Iterable[sqlite3.Row], sent: list[Sent]) -> list[sqlite3.Row]:
    place = {(str(one.chat), one.text): index for index, one in reversed(list(enumerate(sent)))}
    return sorted(rows, key=lambda row: place.get((row["address"], str(row["text"]).strip()), 10**9))


def _files(found: Ledger, books: Books) -> None:
    query = (
        "SELECT a.id, a.stored_at, a.reason, b.attachment_id FROM attachments a "
        "LEFT JOIN attachment_bytes b ON b.attachment_id = a.id"
    )
    for row in books.rows(query):
        if row["stored_at"] is None or row["attachment_id"] is None:
            found.lost.append(f"attachment {row['id']} has no bytes ({row['reason']})")
    left = books.number("SELECT count(*) FROM uploads")
    if left:
        found.wrong.append(f"{left} uploads were never taken up")


def _digests(found: Ledger, books: Books, mails: list[EmailMessage], due: int) -> None:
    doubles = books.rows("SELECT department, date FROM digests GROUP BY department, date HAVING count(*) > 1")
    found.wrong += [f"two digests for {row['department']} on {row['date']}" for row in doubles]
    written = books.number("SELECT count(*) FROM digests")
    if written != due:
        found.wrong.append(f"{written} digests, and {due} were due")
    arrived = Counter(str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in mails)
    for row in books.rows("SELECT key, doubtful FROM outbox WHERE channel = 'mail' AND sent_at IS NOT NULL"):
        extra = arrived[row["key"].replace(":", ".")] - 1
        if extra < 0:
            found.lost.append(f"{row['key']} was never mailed")
        elif extra > row["doubtful"]:
            found.wrong.append(f"{row['key']}: {extra} mails too many, and nobody had a doubt")
        found.doubled += max(0, extra)
