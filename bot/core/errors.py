"""Everything that can go wrong in the house, as one tree; an error knows whether trying again helps.

NachtschalterError
├── ConfigError            a mistake in the town's files, with file:line:column
├── Unreadable             an update nobody can parse: goes to the dead letters
├── IllegalMove            a case cannot go from this status to that one
│   └── AlreadyTaken       a colleague was quicker
├── CitizenGone            nobody can be answered: the address is erased
├── UnknownReference       no case has this reference
├── DeliveryFailed         a message did not reach the citizen
├── FetchFailed            an attachment could not be fetched
├── StoreUnavailable       the database does not take anything right now
├── BackupRefused          a backup is damaged or foreign
├── HouseOccupied          the database is in use and cannot be replaced
└── NotAllowed             this member of staff may not do that
"""

from datetime import timedelta


class NachtschalterError(Exception):
    """Something went wrong in the Nachtschalter."""

    #: trying the same again later may help
    retry: bool = False

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or (self.__doc__ or "").strip())


class ConfigError(NachtschalterError):
    """The configuration has mistakes; each line names file:line:column and what to write."""


class Unreadable(NachtschalterError):
    """This update has no shape the house knows."""


class IllegalMove(NachtschalterError):
    """The case cannot make this move from its present status."""


class AlreadyTaken(IllegalMove):
    """Somebody else has taken this case."""

    def __init__(self, name: str = "") -> None:
        """`name`: who has it, if it is known."""
        super().__init__(name)
        self.name = name


class CitizenGone(NachtschalterError):
    """The citizen's address is erased; nobody can be answered."""


class UnknownReference(NachtschalterError):
    """No case has this reference."""


class NotAllowed(NachtschalterError):
    """This needs a role the member of staff does not have."""


class StoreUnavailable(NachtschalterError):
    """The database does not take anything right now."""

    retry = True


class BackupRefused(NachtschalterError):
    """The file is no backup of this house, or damaged."""


class HouseOccupied(NachtschalterError):
    """The database is in use by another process."""


class DeliveryFailed(NachtschalterError):
    """The message could not be delivered."""

    def __init__(
        self,
        detail: str = "",
        *,
        permanent: bool = False,
        unknown: bool = False,
        retry_after: timedelta | None = None,
    ) -> None:
        """permanent: never again (403) · unknown: may have arrived (time-out) · retry_after: they said when (429)."""
        super().__init__(detail)
        self.permanent = permanent
        self.unknown = unknown
        self.retry_after = retry_after
        self.retry = not permanent


class FetchFailed(NachtschalterError):
    """The attachment could not be fetched from its channel."""

    def __init__(self, detail: str = "", *, permanent: bool = False) -> None:
        super().__init__(detail)
        self.permanent = permanent
        self.retry = not permanent
