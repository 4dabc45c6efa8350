"""The registry: a town's models on disk, which one serves, and which ones served before."""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from classifier.errors import ModelMissing
from classifier.example import Example
from classifier.manifest import (
    MANIFEST,
    Manifest,
    check_files,
    count,
    data_hash,
    libraries,
    new_id,
    read_manifest,
    sha256,
)

if TYPE_CHECKING:
    from classifier.model import Model
    from classifier.vectors import Encoder

_POINTER: Final = "current"
_SHADOW: Final = "shadow"
_HISTORY: Final = "history.jsonl"


class ShadowRun(NamedTuple):
    """A model that runs beside the serving one, and since when; the two together are one run."""

    model_id: str
    since: datetime


class Registry:
    """Models in one folder each; listing and switching never load one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def add(
        self,
        model: "Model",
        *,
        examples: Sequence[Example],
        created_at: datetime,
        config_revision: str = "",
        scorecard: Mapping[str, Any] | None = None,
        measured: Sequence[Example] = (),
    ) -> Manifest:
        """Saves a candidate, complete or not at all; it does not serve before `promote`."""
        from classifier.modelfile import write_model  # numpy: not needed to list and switch

        digest = data_hash(examples)
        model_id = new_id(created_at, digest)
        building = self.folder / f".{model_id}.{os.getpid()}.tmp"
        building.mkdir(parents=True)
        try:
            path = write_model(model, building)
            manifest = Manifest(
                model_id=model_id,
                created_at=created_at.isoformat(),
                files={path.name: sha256(path)},
                labels={"department": list(model.departments), "urgency": list(model.urgency.labels)},
                examples=count(examples),
                data_hash=digest,
                config_revision=config_revision,
                scorecard=dict(scorecard or {}),
                measured=count(measured),
                libraries=libraries(),
                uses_vectors=model.encoder is not None,
            )
            manifest.write(building)
            shutil.rmtree(self.folder / model_id, ignore_errors=True)
            building.rename(self.folder / model_id)
        finally:
            shutil.rmtree(building, ignore_errors=True)
        return manifest

    def models(self) -> list[Manifest]:
        """Every model that can be read, the newest first."""
        found = [path.parent for path in self.folder.glob(f"[!.]*/{MANIFEST}")]
        return [read_manifest(folder) for folder in sorted(found, reverse=True)]

    def current_id(self) -> str | None:
        """Which model serves; one small file is read, so a running service may ask often."""
        served = self._served()
        return served[-1] if served else None

    def current(self) -> Manifest:
        """The serving model's manifest; raises ModelMissing before the first promotion."""
        return self.manifest()

    def manifest(self, model_id: str | None = None) -> Manifest:
        """The manifest of the serving model, or of the one named; raises ModelMissing or ModelRefused."""
        return read_manifest(self.folder / self._wanted(model_id))

    def load(self, model_id: str | None = None, *, encoder: "Encoder | None" = None) -> "Model":
        """The serving model, or the one named; raises ModelMissing or ModelRefused."""
        from classifier.modelfile import NAME, read_model  # numpy: not needed to list and switch

        folder = self.folder / self._wanted(model_id)
        manifest = read_manifest(folder)
        check_files(manifest, folder)
        used = encoder if manifest.uses_vectors else None
        return read_model(folder / NAME, encoder=used, model_id=manifest.model_id)

    def promote(self, model_id: str, *, now: datetime, by: str = "") -> None:
        """Lets this model serve; raises ModelMissing or ModelRefused, and then nothing changes."""
        check_files(read_manifest(self.folder / model_id), self.folder / model_id)
        served = self._served()
        if model_id != self.current_id():
            self._write(_POINTER, [*served, model_id])
        self._remember("promote", model_id, served, now, by)
        self._leave_shadow(model_id, now, by)

    def rollback(self, *, now: datetime, by: str = "") -> str:
        """Lets the model serve that served before, and returns its id; raises ModelMissing if none did."""
        served = self._served()
        if len(served) < 2:
            raise ModelMissing("No model served before this one; there is nothing to roll back to.")
        before = served[-2]
        check_files(read_manifest(self.folder / before), self.folder / before)
        self._write(_POINTER, served[:-1])
        self._remember("rollback", before, served, now, by)
        self._leave_shadow(before, now, by)
        return before

    def shadow(self) -> ShadowRun | None:
        """Which model runs beside the serving one; one small file is read, so a running service may ask often."""
        try:
            model_id, since = (self.folder / _SHADOW).read_text(encoding="utf-8").split()
            return ShadowRun(model_id, datetime.fromisoformat(since))
        except (FileNotFoundError, ValueError):
            return None

    def begin_shadow(self, model_id: str, *, now: datetime, by: str = "") -> None:
        """Lets this model run beside the serving one, in place of any other; raises ModelMissing or ModelRefused."""
        check_files(read_manifest(self.folder / model_id), self.folder / model_id)
        self._write(_SHADOW, [model_id, now.isoformat()])
        self._remember("shadow", model_id, self._served(), now, by)

    def end_shadow(self, *, now: datetime, by: str = "") -> ShadowRun | None:
        """No model runs beside the serving one any more; returns which one did."""
        run = self.shadow()
        (self.folder / _SHADOW).unlink(missing_ok=True)
        if run:
            self._remember("shadow_end", run.model_id, self._served(), now, by)
        return run

    def _leave_shadow(self, model_id: str, now: datetime, by: str) -> None:
        """A model that serves has nothing to be compared with."""
        run = self.shadow()
        if run and run.model_id == model_id:
            self.end_shadow(now=now, by=by)

    def history(self) -> list[dict[str, str]]:
        """Every promotion, rollback and shadow run, the oldest first: at, move, model, before, by."""
        path = self.folder / _HISTORY
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def _wanted(self, model_id: str | None) -> str:
        wanted = model_id or self.current_id()
        if wanted is None:
            raise ModelMissing(f"No model serves yet in {self.folder}; train one and promote it.")
        return wanted

    def _served(self) -> list[str]:
        """The models a rollback walks back through; the last one serves."""
        try:
            return (self.folder / _POINTER).read_text(encoding="utf-8").split()
        except FileNotFoundError:
            return []

    def _write(self, pointer: str, lines: list[str]) -> None:
        temporary = self.folder / f".{pointer}.{os.getpid()}.tmp"
        with temporary.open("w", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self.folder / pointer)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)  # the rename itself must survive a power cut
        finally:
            os.close(folder)

    def _remember(self, move: str, model_id: str, served: list[str], now: datetime, by: str) -> None:
        before = served[-1] if served else ""
        entry = {"at": now.isoformat(), "move": move, "model": model_id, "before": before, "by": by}
        with (self.folder / _HISTORY).open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
