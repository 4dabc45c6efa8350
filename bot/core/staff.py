"""Staff: who works at the desk, and what the role allows."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may do."""

    CLERK = "clerk"  #: works on cases
    ADMIN = "admin"  #: works on cases, and says who may


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of staff who may log in."""

    id: int
    name: str
    role: Role
    disabled: bool = False

    @property
    def is_admin(self) -> bool:
        """Whether staff may be added and taken away."""
        return self.role is Role.ADMIN
