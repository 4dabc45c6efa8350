"""Staff and their sessions: who may log in, and who is logged in. Passwords and tokens stand here only as hashes."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.staff import Role, Staff
from bot.store.inbox import insert_or_skip
from bot.store.tables import sessions, staff


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in; every form of theirs carries `csrf`."""

    staff: Staff
    csrf: str
    expires_at: datetime


async def add(tx: AsyncConnection, *, name: str, role: Role, password_hash: str, now: datetime) -> int | None:
    """A new member of staff; None if the name is taken."""
    values = {"name": name, "role": role.value, "password_hash": password_hash, "created_at": now}
    row = (await tx.execute(insert_or_skip(tx, staff, values).returning(staff.c.id))).first()
    return int(row.id) if row else None


async def everyone(tx: AsyncConnection) -> list[Staff]:
    """All there ever were, by name."""
    return [_staff(row) for row in (await tx.execute(sa.select(staff).order_by(staff.c.name))).all()]


async def get(tx: AsyncConnection, number: int) -> Staff | None:
    """The member of staff with this id."""
    row = (await tx.execute(sa.select(staff).where(staff.c.id == number))).first()
    return _staff(row) if row else None


async def credentials(tx: AsyncConnection, name: str) -> tuple[Staff, str] | None:
    """The member of staff with this name and the hash of the password; None for a name nobody may use."""
    query = sa.select(staff).where(sa.func.lower(staff.c.name) == name.lower(), staff.c.disabled_at.is_(None))
    row = (await tx.execute(query.order_by(staff.c.id))).first()
    return (_staff(row), row.password_hash) if row else None


async def set_password(tx: AsyncConnection, number: int, password_hash: str) -> None:
    """A new password; whoever is still logged in with the old one has to log in again."""
    await tx.execute(staff.update().where(staff.c.id == number).values(password_hash=password_hash))
    await tx.execute(sessions.delete().where(sessions.c.staff_id == number))


async def set_disabled(tx: AsyncConnection, number: int, disabled_at: datetime | None) -> None:
    """May not log in any more, or may again (None)."""
    await tx.execute(staff.update().where(staff.c.id == number).values(disabled_at=disabled_at))
    await tx.execute(sessions.delete().where(sessions.c.staff_id == number))


async def open_session(
    tx: AsyncConnection, number: int, *, token_hash: str, csrf: str, now: datetime, expires_at: datetime
) -> None:
    """Somebody has logged in; sessions that have ended go."""
    await tx.execute(sessions.delete().where(sessions.c.expires_at <= now))
    values = {"token_hash": token_hash, "staff_id": number, "csrf": csrf, "created_at": now, "expires_at": expires_at}
    await tx.execute(sessions.insert().values(**values))


async def session(tx: AsyncConnection, token_hash: str, now: datetime) -> Session | None:
    """The session with this token, if it has not ended and its owner may still work here."""
    query = (
        sa.select(staff, sessions.c.csrf, sessions.c.expires_at)
        .join(sessions, sessions.c.staff_id == staff.c.id)
        .where(sessions.c.token_hash == token_hash, sessions.c.expires_at > now, staff.c.disabled_at.is_(None))
    )
    row = (await tx.execute(query)).first()
    return Session(_staff(row), row.csrf, row.expires_at) if row else None


async def close_session(tx: AsyncConnection, token_hash: str) -> None:
    """Somebody has logged out."""
    await tx.execute(sessions.delete().where(sessions.c.token_hash == token_hash))


def _staff(row: sa.Row[tuple[object, ...]]) -> Staff:
    return Staff(row.id, row.name, Role(row.role), disabled=row.disabled_at is not None)
