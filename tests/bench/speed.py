"""Speed: one message, many messages, training, start and memory, on one core."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from bot.steps.house import House
from bot.store.database import connect
from classifier.model import Model
from classifier.registry import Registry
from classifier.training import train
from classifier.vectors import Encoder
from tests.bench.material import ROOT, Material

_START = """
import sys, time
began = time.perf_counter()
from pathlib import Path
from bot.settings.load import load
from bot.steps.house import House
from bot.steps.model import ModelInUse
from bot.store.database import connect
from classifier.registry import Registry
model = ModelInUse(Registry(Path(sys.argv[1])))
house = House(load(Path(sys.argv[2]), {}), connect("sqlite+aiosqlite://"), model, {}, pilot=False)
house.judge("Auf dem Radweg liegen Scherben")
took = time.perf_counter() - began
# the highest of this program alone; what getrusage says is inherited from the benchmark that started it
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(took, int(peak.split()[1]) / 1024)
"""


def speeds(found: Material, model: Model, encoder: Encoder) -> Iterator[tuple[str, str]]:
    """What was measured, and how much it was; `encoder` remembers all vectors of the training."""
    texts = [row.text for row in found.sets["gate"]]
    with threadpool_limits(1):
        yield from _one_by_one(found, model, texts[:500])
        began = time.perf_counter()
        model.predict(texts)
        yield "many messages at once", f"{len(texts) / (time.perf_counter() - began):.0f} a second"

    began = time.perf_counter()
    train(found.train, encoder=encoder, departments=found.departments)
    yield f"training on {len(found.train)} messages, vectors cached", f"{time.perf_counter() - began:.0f} s"
    yield from _start(model, found)


def _one_by_one(found: Material, model: Model, texts: list[str]) -> Iterator[tuple[str, str]]:
    house = House(found.settings, connect("sqlite+aiosqlite://"), model, {}, pilot=False)
    house.judge("Guten Abend")
    for name, ask in (("model", lambda text: model.predict([text])), ("rules and model", house.judge)):
        times = []
        for text in texts:
            began = time.perf_counter()
            ask(text)
            times.append((time.perf_counter() - began) * 1000)
        median, high = np.percentile(times, [50, 99])
        yield f"one message, {name}: median · 99 of 100", f"{median:.1f} ms · {high:.1f} ms"


def _start(model: Model, found: Material) -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        registry, now = Registry(Path(folder)), datetime.now(UTC)
        saved = registry.add(model, examples=found.train, created_at=now)
        registry.promote(saved.model_id, now=now)
        size = sum(path.stat().st_size for path in (Path(folder) / saved.model_id).iterdir())
        said = subprocess.run(
            [sys.executable, "-c", _START, folder, str(ROOT / "config" / "borken")],
            check=True,
            capture_output=True,
            text=True,
            cwd=ROOT,
        )
    seconds, megabytes = (float(number) for number in said.stdout.splitlines()[-1].split())
    yield "start of the process to the first decision", f"{seconds:.1f} s"
    yield "memory then", f"{megabytes:.0f} MB"
    yield "model file", f"{size / 1e6:.0f} MB"
