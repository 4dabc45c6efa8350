"""Learning: from what staff have judged to what a model may see of it, under today's departments."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from classifier.example import Example

_WORD = re.compile(r"\w+")
_GONE = "…"


def owned_today(
    example: Example, owners: Mapping[str, str], departments: Collection[str], successors: Mapping[str, str]
) -> Example | None:
    """The example under the department that acts today; None if the town no longer has one for it.

    A verdict keeps its topic only where its department owned that topic when it was given. So a topic says who
    acts, whoever that is now: a topic that has changed owner takes its old verdicts along. Without a topic the
    department itself is all we know, or the successor of one that was renamed or merged.
    """
    department = owners.get(example.topic or "", example.department)
    department = department if department in departments else successors.get(department, department)
    return replace(example, department=department) if department in departments else None


def without_single_voices(
    told: Sequence[tuple[Example, int | None]], others: Iterable[str], fold: Callable[[str], str]
) -> list[Example]:
    """Examples without words that only one conversation has used, however often it did.

    A model keeps words that stand in two messages. Two messages of one person must not be enough: `told` names
    the conversation of each example (None: imported, each a voice of its own), `others` are texts of other people.
    """
    speakers: dict[int, list[int]] = defaultdict(list)
    for index, (_, conversation) in enumerate(told):
        if conversation is not None:
            speakers[conversation].append(index)
    talkative = {index for spoken in speakers.values() if len(spoken) > 1 for index in spoken}
    if not talkative:
        return [example for example, _ in told]

    public = {word for text in others for word in _words(text, fold)}
    heard: dict[str, set[int]] = defaultdict(set)
    for index, (example, conversation) in enumerate(told):
        for word in _words(example.text, fold):
            heard[word].add(-index - 1 if conversation is None else conversation)
    known = public | {word for word, voices in heard.items() if len(voices) > 1}
    return [
        replace(example, text=_only(example.text, known, fold)) if index in talkative else example
        for index, (example, _) in enumerate(told)
    ]


def _words(text: str, fold: Callable[[str], str]) -> set[str]:
    return {fold(word) for word in _WORD.findall(text)}


def _only(text: str, known: Collection[str], fold: Callable[[str], str]) -> str:
    return _WORD.sub(lambda found: found.group() if fold(found.group()) in known else _GONE, text)
