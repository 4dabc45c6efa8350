"""The models in use: loaded when first asked for, replaced while the service runs, never a reason to stop."""

import threading
from collections.abc import Callable, Sequence

import structlog

from classifier.errors import ClassifierError, ModelMissing
from classifier.model import Model
from classifier.prediction import Prediction
from classifier.registry import Registry, ShadowRun
from classifier.vectors import Encoder, load_encoder

log = structlog.get_logger(__name__)


class ModelInUse:
    """The registry's promoted model (or the one `wanted` names) as a Classifier; safe to ask from several threads."""

    def __init__(
        self,
        registry: Registry,
        *,
        encoder: Callable[[], Encoder | None] = load_encoder,
        wanted: Callable[[], str | None] | None = None,
    ) -> None:
        self._registry = registry
        self._load_encoder = encoder
        self._wanted = wanted or registry.current_id
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
        """Takes up the wanted model if it is not the one in use. A damaged one is said once and left alone."""
        with self._lock:
            wanted = self._wanted()
            if wanted is None or wanted == self.model_id or wanted == self._refused:
                return self._model
            try:
                self._encoder = self._encoder or self._load_encoder()
                self._model = self._registry.load(wanted, encoder=self._encoder)
                log.info("model_taken_up", model=wanted)
            except ClassifierError as error:
                self._refused = wanted
                log.error("model_refused", model=wanted, reason=str(error))
            return self._model

    def let_go(self) -> None:
        """Forgets the model; the next question loads the wanted one."""
        self._model = None


class ShadowInUse:
    """The model that runs beside the serving one, while there is one, as a Classifier."""

    def __init__(self, registry: Registry, *, encoder: Callable[[], Encoder | None] = load_encoder) -> None:
        self._registry = registry
        self._model = ModelInUse(registry, encoder=encoder, wanted=lambda: self.run.model_id if self.run else None)
        self.run: ShadowRun | None = None
        self.seen: int | None = None  #: the last triage it has dealt with; None: not yet asked for

    @property
    def model_id(self) -> str:
        """The id of the model that answers now; empty while there is none."""
        return self._model.model_id

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction a text. Raises ModelMissing or ModelRefused."""
        return self._model.predict(texts)

    def refresh(self) -> None:
        """Takes up a run that was begun, and lets go of one that was ended."""
        run = self._registry.shadow()
        if run != self.run:
            self._model.let_go()
            self.run, self.seen = run, None
        if run:
            self._model.refresh()
