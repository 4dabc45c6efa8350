"""The model in use: loaded when first asked for, replaced while the service runs, never a reason to stop."""

import threading
from collections.abc import Sequence

import structlog

from classifier.errors import ClassifierError, ModelMissing
from classifier.model import Model
from classifier.prediction import Prediction
from classifier.registry import Registry
from classifier.vectors import Encoder, load_encoder

log = structlog.get_logger(__name__)


class ModelInUse:
    """The registry's promoted model as a Classifier; safe to ask from several threads."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._model: Model | None = None
        self._encoder: Encoder | None = None
        self._refused: str | None = None
        self._lock = threading.Lock()

    @property
    def model_id(self) -> str:
        """The id of the model that answers now; empty while there is none."""
        return self._model.model_id if self._model else ""

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction a text. Raises ModelMissing or ModelRefused."""
        model = self._model or self.refresh()
        if model is None:
            raise ModelMissing()
        return model.predict(texts)

    def refresh(self) -> Model | None:
        """Takes up the promoted model if it is not the one in use. A damaged one is said once and left alone."""
        with self._lock:
            wanted = self._registry.current_id()
            if wanted is None or wanted == self.model_id or wanted == self._refused:
                return self._model
            try:
                self._encoder = self._encoder or load_encoder()
                self._model = self._registry.load(wanted, encoder=self._encoder)
                log.info("model_taken_up", model=wanted)
            except ClassifierError as error:
                self._refused = wanted
                log.error("model_refused", model=wanted, reason=str(error))
            return self._model
