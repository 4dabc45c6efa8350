"""Loading: a folder and an environment in, one frozen Settings out, or one ConfigError with every mistake."""

from collections.abc import Mapping
from pathlib import Path

from bot.settings import build, timetable
from bot.settings.checks.cross_check import cross_check
from bot.settings.checks.local_days import check_hours
from bot.settings.checks.words import Words, read_words
from bot.settings.reading.files import Files, read_files, revision
from bot.settings.reading.mistakes import Mistakes
from bot.settings.secrets import Secrets, read_secrets
from bot.settings.town import Settings


def load(config_dir: Path, environ: Mapping[str, str]) -> Settings:
    """The town of this folder; raises ConfigError with every mistake of every file on a line of its own."""
    mistakes = Mistakes()
    if not config_dir.is_dir():
        mistakes.add(config_dir, 0, 0, "diesen Ordner gibt es nicht; nennen Sie ihn mit --config config/<stadt>")
        mistakes.raise_if_any()
    files = read_files(config_dir, mistakes)

    town = config_dir.resolve().name
    secrets = read_secrets(town, environ, mistakes)
    words = read_words(files, mistakes)
    cross_check(files, mistakes)
    if files.hours and files.city:
        check_hours(files.hours, files.city.content.state, mistakes)

    mistakes.raise_if_any()
    return _settings(town, files, words, secrets, revision(config_dir))


def _settings(town: str, files: Files, words: Words, secrets: Secrets, stamp: str) -> Settings:
    # A missing file is a mistake, and mistakes have been raised by now.
    assert files.city
    assert files.departments
    assert files.hours
    assert files.service_levels
    assert files.safety
    city, departments = files.city.content, files.departments.content
    return Settings(
        town=town,
        city=build.city(city),
        departments=build.departments(departments),
        hours=timetable.hours(files.hours.content, city, departments),
        levels=timetable.levels(files.service_levels.content, departments),
        safety=files.safety.merged(),
        safety_texts=words.safety_texts,
        replies=words.replies,
        cues=words.cues,
        conversation=build.timing(city),
        triage=build.triage_policy(city, departments),
        retention=build.retention(city),
        limits=build.limits(city),
        digest=build.digest_policy(city, departments),
        blind_sample_percent=city.blind_sample_percent,
        secrets=secrets,
        revision=stamp,
    )
