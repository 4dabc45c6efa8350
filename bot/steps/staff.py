"""Staff: added, logged in and out; passwords are hashed with argon2, in a thread because that is slow on purpose."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.core.errors import NotAllowed
from bot.core.staff import Role, Staff
from bot.store import staff as store
from bot.store.database import Database, Tx
from bot.store.staff import Session

#: shorter ones are guessed (BSI, NIST SP 800-63B)
SHORTEST_PASSWORD = 12
#: argon2 reads all of it: a megabyte would be a way to keep the house busy
LONGEST_PASSWORD = 200
LONGEST_NAME = 80
_ADMIN = "admin"
_SYLLABLES = tuple(first + second for first in "bdfghjklmnprstwz" for second in "aeiou")


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A fresh session; the token is told once, to the browser."""

    token: str
    staff: Staff


async def add_staff(database: Database, *, name: str, role: Role, password: str, now: datetime) -> Staff:
    """A new member of staff. Raises ValueError with a German sentence for a name or password that will not do."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise ValueError(f"Der Name braucht 1 bis {LONGEST_NAME} Zeichen.")
    hashed = await _hash(_fit(password))
    async with database.begin() as tx:
        taken = await store.credentials(tx, name)
        number = None if taken else await store.add(tx, name=name, role=role, password_hash=hashed, now=now)
    if number is None:
        raise ValueError("Diesen Namen gibt es schon.")
    return Staff(number, name, role)


async def first_admin(database: Database, now: datetime) -> str | None:
    """When nobody may log in yet: makes the login `admin` and returns its password, this once; else None."""
    async with database.read() as tx:
        if await store.everyone(tx):
            return None
    password = readable_password()
    await add_staff(database, name=_ADMIN, role=Role.ADMIN, password=password, now=now)
    return password


def readable_password() -> str:
    """Something that can be read out on the telephone: `fulo-bari-tewa-4711`, about 50 random bits."""
    words = ["".join(secrets.choice(_SYLLABLES) for _ in range(2)) for _ in range(3)]
    return "-".join([*words, f"{secrets.randbelow(10_000):04}"])


async def log_in(database: Database, *, name: str, password: str, lasts: timedelta, now: datetime) -> LoggedIn | None:
    """A session that ends after `lasts`; None if name or password is wrong, which takes equally long to say."""
    async with database.read() as tx:
        found = await store.credentials(tx, name.strip()[:LONGEST_NAME])
    hashed = found[1] if found else await asyncio.to_thread(_nobodys_hash)
    right = await _is_right(hashed, password)
    if found is None or not right:
        return None
    async with database.begin() as tx:
        token = await _open(tx, found[0], lasts, now)
    return LoggedIn(token, found[0])


async def session_of(database: Database, token: str, now: datetime) -> Session | None:
    """Who this token belongs to."""
    if not token:
        return None
    async with database.read() as tx:
        return await store.session(tx, _digest(token), now)


async def log_out(database: Database, token: str) -> None:
    """Ends the session."""
    async with database.begin() as tx:
        await store.close_session(tx, _digest(token))


async def change_password(
    database: Database, *, staff: Staff, old: str, new: str, lasts: timedelta, now: datetime
) -> LoggedIn:
    """Ends every session and opens a fresh one. Raises ValueError with a German sentence."""
    async with database.read() as tx:
        found = await store.credentials(tx, staff.name)
    if found is None or not await _is_right(found[1], old):
        raise ValueError("Das bisherige Passwort stimmt nicht.")
    hashed = await _hash(_fit(new))
    async with database.begin() as tx:
        await store.set_password(tx, staff.id, hashed)
        token = await _open(tx, staff, lasts, now)
    return LoggedIn(token, staff)


async def reset_password(database: Database, *, number: int, by: Staff) -> str:
    """An admin gives somebody a new password, which is told once."""
    _only_admins(by)
    password = readable_password()
    hashed = await _hash(password)
    async with database.begin() as tx:
        await store.set_password(tx, number, hashed)
    return password


async def set_disabled(database: Database, *, number: int, disabled: bool, by: Staff, now: datetime) -> None:
    """An admin shuts somebody out, or lets them in again; nobody shuts out themselves. Raises NotAllowed."""
    _only_admins(by)
    if number == by.id:
        raise NotAllowed("Sich selbst können Sie nicht sperren.")
    async with database.begin() as tx:
        await store.set_disabled(tx, number, now if disabled else None)


def _only_admins(by: Staff) -> None:
    if not by.is_admin:
        raise NotAllowed("Das darf nur die Verwaltung des Nachtschalters.")


async def _open(tx: Tx, staff: Staff, lasts: timedelta, now: datetime) -> str:
    token = secrets.token_urlsafe(32)
    csrf = secrets.token_urlsafe(24)
    await store.open_session(tx, staff.id, token_hash=_digest(token), csrf=csrf, now=now, expires_at=now + lasts)
    return token


def _fit(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise ValueError(f"Das Passwort braucht mindestens {SHORTEST_PASSWORD} Zeichen.")
    return password


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def _hash(password: str) -> str:
    return await asyncio.to_thread(PasswordHasher().hash, password)


async def _is_right(hashed: str, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return await asyncio.to_thread(PasswordHasher().verify, hashed, password)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return PasswordHasher().hash(secrets.token_urlsafe(16))
