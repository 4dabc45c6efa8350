"""Identity: a secret only the citizen has; the house keeps nothing but its hash."""

import hashlib
import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "nachtschalter"
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def new_secret() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def is_secret(value: str) -> bool:
    """Whether this has the shape of a secret; who makes up one of their own has only themselves to blame."""
    return _SECRET.fullmatch(value) is not None


def address_of(secret: str) -> str:
    """The conversation's address: it cannot be turned back into the secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_of(request: Request) -> str | None:
    """The secret the browser has kept."""
    value = request.cookies.get(COOKIE, "")
    return value if is_secret(value) else None


def remember(response: Response, secret: str, *, base: str, secure: bool, seconds: int) -> None:
    """Has the browser keep the secret, where no script can read it."""
    response.set_cookie(COOKIE, secret, max_age=seconds, path=base or "/", secure=secure, httponly=True, samesite="lax")


def forget(response: Response, *, base: str) -> None:
    """Has the browser forget the secret."""
    response.delete_cookie(COOKIE, path=base or "/", httponly=True, samesite="lax")
