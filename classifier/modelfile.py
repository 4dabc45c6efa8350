"""Model files: arrays of numbers and characters, read without running any code that came with them."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.errors import ModelRefused
from classifier.features import Features, Vocabulary
from classifier.model import Head, Model
from classifier.vectors import SIZE, Encoder

Arrays: TypeAlias = Mapping[str, NDArray[Any]]

NAME: Final = "model.npz"

_HEAD_PARTS: Final = ("sparse", "sparse_bias", "dense", "dense_bias")
#: The arrays a model file holds, no more and no fewer, with the kind of their values (numpy's letters).
_ALLOWED: Final = {
    "departments": "U",
    "owners": "U",
    "habits": "f",
    **{f"{name}.terms": "u" for name in ("words", "grams")},
    **{f"{name}.rarity": "f" for name in ("words", "grams")},
    **{f"{head}.labels": "U" for head in ("topic", "urgency")},
    **{f"{head}.{part}": "f" for head in ("topic", "urgency") for part in (*_HEAD_PARTS, "temperature")},
}


def write_model(model: Model, folder: Path) -> Path:
    """Writes the model's arrays into the folder and returns the file."""
    path = folder / NAME
    arrays: dict[str, Any] = dict(_to_arrays(model))
    np.savez_compressed(path, **arrays)
    return path


def read_model(path: Path, *, encoder: Encoder | None = None, model_id: str = "") -> Model:
    """The model in this file; raises ModelRefused when it is damaged or foreign."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        _check(arrays)
        return _from_arrays(arrays, encoder, model_id)
    except (ValueError, KeyError, OSError, EOFError, UnicodeDecodeError, zipfile.BadZipFile) as error:
        raise ModelRefused(f"{path} is no model of this house: {error}") from error


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
    }
    for name, vocabulary in (("words", model.features.words), ("grams", model.features.grams)):
        arrays[f"{name}.terms"] = np.frombuffer("\n".join(vocabulary.terms).encode(), dtype=np.uint8)
        arrays[f"{name}.rarity"] = vocabulary.rarity
    for name, head in (("topic", model.topic), ("urgency", model.urgency)):
        arrays[f"{name}.labels"] = np.array(head.labels)
        arrays[f"{name}.temperature"] = np.array([head.temperature])
        arrays |= {f"{name}.{part}": getattr(head, part).astype(np.float16) for part in _HEAD_PARTS}
    return arrays


def _from_arrays(arrays: Arrays, encoder: Encoder | None, model_id: str) -> Model:
    features = Features(_vocabulary(arrays, "words"), _vocabulary(arrays, "grams"))
    topic, urgency = (_head(arrays, name, len(features)) for name in ("topic", "urgency"))
    owners, departments = (tuple(arrays[name].tolist()) for name in ("owners", "departments"))
    if len(owners) != len(topic.labels) or not set(owners) <= set(departments):
        raise ValueError("topics and departments do not fit together")
    habits = arrays["habits"]
    if habits.shape != (len(topic.labels), len(urgency.labels)):
        raise ValueError("topics and urgencies do not fit together")
    return Model(features, topic, owners, urgency, habits, departments, encoder, model_id)


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
    if shapes["dense"] not in {(0, *answers), (SIZE, *answers)} or shapes["dense_bias"] != answers:
        raise ValueError(f"the vector weights of {name} have the wrong shape")
    return Head(labels, **parts, temperature=float(arrays[f"{name}.temperature"][0]))
