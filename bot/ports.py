"""What the steps need from outside the house, as few protocols as possible."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from bot.core.message import Attachment, InboundMessage, OutboundMessage
from classifier.prediction import Prediction


class Classifier(Protocol):
    """Text in, labels and probabilities out. May be slow or raise: the steps survive both."""

    @property
    def model_id(self) -> str:
        """Which model answers; stored with every triage."""
        ...

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction a text, in order."""
        ...


class Channel(Protocol):
    """One way to and from citizens."""

    @property
    def name(self) -> str:
        """Stands in the conversation's row: `telegram`, `web`."""
        ...

    def read(self, raw: Mapping[str, Any]) -> InboundMessage:
        """The raw update as a message; raises Unreadable. Pure: no network."""
        ...

    async def send(self, message: OutboundMessage) -> str:
        """Sends and returns the channel's id of what was sent; raises DeliveryFailed."""
        ...

    async def fetch(self, attachment: Attachment) -> bytes:
        """The attachment's bytes; raises FetchFailed."""
        ...
