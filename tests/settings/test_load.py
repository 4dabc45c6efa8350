"""Loading: the files of a town as the words of the house."""

from datetime import timedelta

import pytest

from bot.settings.load import load
from bot.settings.town import topic_owner
from tests.settings.conftest import Town


def test_the_town_is_named_after_its_folder(town: Town) -> None:
    settings = load(town.folder, {})
    assert settings.town == "musterstadt"
    assert settings.city.front_office == "rathaus"
    assert settings.city.timezone.key == "Europe/Berlin"


def test_units_in_the_files_become_durations(town: Town) -> None:
    settings = load(town.folder, {})
    assert settings.conversation.quiet == timedelta(seconds=45)
    assert settings.retention.inbox == timedelta(days=14)
    assert settings.digest.before_opening == timedelta(minutes=45)
    assert settings.limits.attachment_bytes == 20 * 1024 * 1024


def test_the_digest_goes_to_the_named_addresses_or_else_to_the_department(town: Town) -> None:
    assert load(town.folder, {}).digest.recipients == {
        "bauhof": ("eins@musterstadt.example",),
        "rathaus": ("rathaus@musterstadt.example",),
        "andere": (),
    }


def test_every_topic_has_its_owner(town: Town) -> None:
    assert topic_owner(load(town.folder, {})) == {
        "street_light": "bauhof",
        "litter": "bauhof",
        "general": "rathaus",
        "police": "andere",
    }


def test_replies_have_dotted_keys(town: Town) -> None:
    replies = load(town.folder, {}).replies
    assert set(replies["de"]) == {"saved", "receipt.arrived", "receipt.promise"}


def test_cues_keep_their_words_though_yaml_knows_some_as_truth_values(town: Town) -> None:
    assert load(town.folder, {}).cues["de"]["no"] == ("nein", "no")


def test_the_revision_changes_with_a_single_byte_and_only_then(town: Town) -> None:
    before = load(town.folder, {}).revision
    assert load(town.folder, {}).revision == before
    town.change("cues.de.yaml", "moin", "moin!")
    assert load(town.folder, {}).revision != before


def test_settings_are_frozen(town: Town) -> None:
    settings = load(town.folder, {})
    with pytest.raises(AttributeError):
        settings.town = "anders"  # type: ignore[misc]
