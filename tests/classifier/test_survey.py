"""What the survey of labelled messages finds, and what it leaves alone."""

from classifier.example import Example
from classifier.survey import giveaways, thin_topics, twins


def _messages(department: str, texts: list[str], urgency: str = "normal") -> list[Example]:
    return [Example(text, department, urgency, department) for text in texts]


def test_a_topic_with_few_messages_is_thin() -> None:
    examples = _messages("noise", ["laut"] * 3) + _messages("lamps", ["dunkel"] * 70)
    assert thin_topics(examples) == {"noise": 3}


def test_nearly_the_same_message_is_found_and_contradicting_labels_come_first() -> None:
    same = _messages("lamps", ["Die Laterne am Wall ist aus", "Die Laterne am Wall ist aus!"])
    torn = _messages("noise", ["Der Hahn kräht jede Nacht um drei"]) + _messages(
        "pets", ["Der Hahn kräht jede Nacht um 3"]
    )
    (first, _), *others = twins([*same, *torn])
    assert first.department == "noise"
    assert len(others) == 1


def test_a_street_that_always_stands_with_one_department_gives_it_away() -> None:
    examples = _messages("lamps", [f"Laterne {n} aus, Wilbeckestraße" for n in range(9)])
    examples += _messages("waste", [f"Tonne {n} voll, Nordstraße" for n in range(3)])
    examples += _messages("noise", [f"Lärm {n}, Nordstraße" for n in range(3)])
    examples += _messages("trees", [f"Baum {n}, Nordstraße" for n in range(4)])
    (found,) = giveaways(examples)
    assert (found.word, found.label, found.messages) == ("wilbeckestrasse", "lamps", 9)


def test_a_word_that_is_what_the_message_is_about_gives_nothing_away() -> None:
    examples = _messages("paths", [f"Radweg {n} voller Löcher" for n in range(9)])
    examples += _messages("waste", [f"Tonne {n} voll" for n in range(12)])
    assert giveaways(examples) == []
