"""Model files: a skops file of plain arrays, read without running any code that came with it.

Written by skops; read by hand, because skops loads all of scikit-learn (3 s) and a file of plain arrays needs neither.
"""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.errors import ModelRefused
from classifier.example import UNCLEAR
from classifier.features import Features, Vocabulary
from classifier.model import Head, Model
from classifier.neighbours import Neighbours
from classifier.vectors import SIZE, Encoder

Arrays: TypeAlias = Mapping[str, NDArray[Any]]

NAME: Final = "model.skops"
_SCHEMA: Final = "schema.json"

_HEAD_PARTS: Final = ("sparse", "sparse_bias", "hidden", "hidden_bias", "dense", "dense_bias")
#: The arrays a model file holds, no more and no fewer, with the kind of their values (numpy's letters).
_ALLOWED: Final = {
    "departments": "U",
    "owners": "U",
    "habits": "f",
    "mass": "f",
    **{f"{name}.terms": "u" for name in ("words", "grams")},
    **{f"{name}.rarity": "f" for name in ("words", "grams")},
    **{f"{head}.labels": "U" for head in ("topic", "urgency")},
    **{f"{head}.{part}": "f" for head in ("topic", "urgency") for part in (*_HEAD_PARTS, "nearness", "temperature")},
    **{f"{head}.{part}": "f" for head in ("topic", "urgency") for part in ("axes", "places")},
    **{f"{head}.counts": "i" for head in ("topic", "urgency")},
}


def write_model(model: Model, folder: Path) -> Path:
    """Writes the model's arrays into the folder and returns the file."""
    path = folder / NAME
    from skops.io import dump  # 3 s: only where a model is made

    dump(dict(_to_arrays(model)), path, compression=zipfile.ZIP_DEFLATED)
    return path


def read_model(path: Path, *, encoder: Encoder | None = None, model_id: str = "") -> Model:
    """The model in this file; raises ModelRefused when it is damaged or foreign."""
    try:
        arrays = _read_arrays(path)
        _check(arrays)
        return _from_arrays(arrays, encoder, model_id)
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ModelRefused(f"{path} is no model of this house: {error}") from error


def _read_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """A dict of arrays as skops lays it down: schema.json names the file of each. Any other kind of node is refused."""
    with zipfile.ZipFile(path) as file:
        schema = json.loads(file.read(_SCHEMA))
        if schema["__loader__"] != "DictNode":
            raise ValueError("no dict of arrays")
        return {name: _read_array(file, node) for name, node in schema["content"].items()}


def _read_array(file: zipfile.ZipFile, node: Mapping[str, str]) -> NDArray[Any]:
    if node["__loader__"] != "NdArrayNode" or node["type"] != "numpy":
        raise ValueError("something else than an array")
    array: NDArray[Any] = np.load(io.BytesIO(file.read(node["file"])), allow_pickle=False)
    return array


def _check(arrays: Arrays) -> None:
    if wrong := set(arrays) ^ set(_ALLOWED):
        raise ValueError(f"unexpected or missing arrays {', '.join(sorted(wrong))}")
    if wrong := {name for name, kind in _ALLOWED.items() if arrays[name].dtype.kind != kind}:
        raise ValueError(f"values of the wrong kind in {', '.join(sorted(wrong))}")


def _to_arrays(model: Model) -> Arrays:
    arrays: dict[str, NDArray[Any]] = {
        "departments": np.array(model.departments),
        "owners": np.array(model.owners),
        "habits": model.habits,
        "mass": np.array([model.mass]),
    }
    for name, vocabulary in (("words", model.features.words), ("grams", model.features.grams)):
        arrays[f"{name}.terms"] = np.frombuffer("\n".join(vocabulary.terms).encode(), dtype=np.uint8)
        arrays[f"{name}.rarity"] = vocabulary.rarity
    for name, head in (("topic", model.topic), ("urgency", model.urgency)):
        arrays[f"{name}.labels"] = np.array(head.labels)
        arrays |= {f"{name}.{part}": np.array([getattr(head, part)]) for part in ("nearness", "temperature")}
        near = head.neighbours
        arrays |= {f"{name}.{part}": getattr(near, part).astype(np.float16) for part in ("axes", "places")}
        arrays[f"{name}.counts"] = near.counts
        arrays |= {f"{name}.{part}": getattr(head, part).astype(np.float16) for part in _HEAD_PARTS}
    return arrays


def _from_arrays(arrays: Arrays, encoder: Encoder | None, model_id: str) -> Model:
    features = Features(_vocabulary(arrays, "words"), _vocabulary(arrays, "grams"))
    topic, urgency = (_head(arrays, name, len(features)) for name in ("topic", "urgency"))
    owners, departments = (tuple(arrays[name].tolist()) for name in ("owners", "departments"))
    if len(owners) != len(topic.labels) or not set(owners) <= {*departments, UNCLEAR}:
        raise ValueError("topics and departments do not fit together")
    habits = arrays["habits"]
    if habits.shape != (len(topic.labels), len(urgency.labels)):
        raise ValueError("topics and urgencies do not fit together")
    mass = float(arrays["mass"][0])
    return Model(features, topic, owners, urgency, habits, departments, mass, encoder, model_id)


def _vocabulary(arrays: Arrays, name: str) -> Vocabulary:
    joined = arrays[f"{name}.terms"].tobytes().decode()
    terms, rarity = tuple(joined.split("\n")) if joined else (), arrays[f"{name}.rarity"]
    if rarity.shape != (len(terms) + 1,):
        raise ValueError(f"the vocabulary of {name} has another length than its weights")
    return Vocabulary(terms, rarity)


def _head(arrays: Arrays, name: str, size: int) -> Head:
    parts = {part: arrays[f"{name}.{part}"].astype(np.float32) for part in _HEAD_PARTS}
    labels = tuple(arrays[f"{name}.labels"].tolist())
    shapes = {part: parts[part].shape for part in _HEAD_PARTS}
    answers = (len(labels),)
    if shapes["sparse"] != (size, *answers) or shapes["sparse_bias"] != answers:
        raise ValueError(f"the weights of {name} have the wrong shape")
    units = shapes["hidden_bias"]
    if len(units) != 1 or shapes["hidden"] != (SIZE, *units):
        raise ValueError(f"the hidden units of {name} have the wrong shape")
    inputs = units[0] or SIZE
    if shapes["dense"] not in {(0, *answers), (inputs, *answers)} or shapes["dense_bias"] != answers:
        raise ValueError(f"the vector weights of {name} have the wrong shape")
    nearness, temperature = (float(arrays[f"{name}.{part}"][0]) for part in ("nearness", "temperature"))
    return Head(labels, **parts, neighbours=_neighbours(arrays, name), nearness=nearness, temperature=temperature)


def _neighbours(arrays: Arrays, name: str) -> Neighbours:
    axes, places = (arrays[f"{name}.{part}"].astype(np.float32) for part in ("axes", "places"))
    counts = arrays[f"{name}.counts"]
    if counts.shape != arrays[f"{name}.labels"].shape or counts.min() < 0 or counts.sum() != len(places):
        raise ValueError(f"the neighbours of {name} have other labels than it has")
    if axes.ndim != 2 or places.ndim != 2 or axes.shape != (SIZE, places.shape[1]):
        raise ValueError(f"the neighbours of {name} lie elsewhere than its vectors")
    return Neighbours(axes, places, counts)
