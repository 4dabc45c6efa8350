"""What a trained model answers."""

import pytest

from classifier.errors import TooFewExamples
from classifier.example import UNCLEAR, Example
from classifier.features import Features
from classifier.model import Model
from classifier.training import train


def test_a_message_never_seen_goes_where_its_words_point(model: Model) -> None:
    lamp, bin_, gas = model.predict(["Bei uns ist die Laterne aus", "Mülltonne nicht geleert", "riecht nach Gas"])
    assert [one.departments[0][0] for one in (lamp, bin_, gas)] == ["roads", "waste", "gas"]
    assert [one.topic for one in (lamp, bin_)] == ["lamp", "bin"]
    assert gas.urgencies[0][0] == "emergency"


def test_every_known_department_has_its_probability_and_they_sum_to_one(model: Model) -> None:
    (prediction,) = model.predict(["Schlagloch"])
    names, shares = zip(*prediction.departments, strict=True)
    assert set(names) == {"roads", "waste", "gas", "museum"}
    assert sum(shares) == pytest.approx(1, abs=1e-9)
    assert list(shares) == sorted(shares, reverse=True)
    assert sum(share for _, share in prediction.urgencies) == pytest.approx(1, abs=1e-9)


def test_a_department_without_examples_is_never_the_first(model: Model) -> None:
    predictions = model.predict(["", "Museum", "???", "Laterne"])
    assert all(one.departments[0][0] != "museum" for one in predictions)


def test_reasons_name_the_word_that_decided(model: Model) -> None:
    (prediction,) = model.predict(["Die Laterne ist aus"])
    assert prediction.reasons[0].term == "laterne"
    assert prediction.reasons[0].weight > 0


def test_reasons_also_name_words_that_speak_against(model: Model) -> None:
    (prediction,) = model.predict(["Laterne aus, Laterne dunkel, daneben eine Mülltonne"])
    assert prediction.departments[0][0] == "roads"
    assert any(reason.weight < 0 and "tonne" in reason.term for reason in prediction.reasons)


@pytest.mark.parametrize("text", ["", " ", "👍", "\x00", "\ud83d", "ق" * 10_000, "a" * 100_000])
def test_any_text_gets_an_answer(model: Model, text: str) -> None:
    (prediction,) = model.predict([text])
    assert sum(share for _, share in prediction.departments) == pytest.approx(1)


def test_many_texts_get_the_same_answers_as_one_by_one(model: Model) -> None:
    texts = ["Laterne", "Gas", "Loch im Asphalt"]
    assert model.predict(texts) == [model.predict([text])[0] for text in texts]
    assert model.predict([]) == []


def test_training_twice_gives_the_same_model(town: list[Example], model: Model) -> None:
    again = train(town[::-1], departments=["museum"])
    assert again.predict(["Laterne vor der Tonne"]) == model.predict(["Laterne vor der Tonne"])


def test_training_tells_how_far_it_is_up_to_the_end(town: list[Example]) -> None:
    told: list[tuple[int, int]] = []
    train(town, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (16, 16)


def test_too_few_messages_are_refused_with_numbers(town: list[Example]) -> None:
    with pytest.raises(TooFewExamples, match="3 messages, 1 departments"):
        train(town[:3])


def test_verdicts_without_a_topic_can_be_learned(town: list[Example]) -> None:
    verdicts = [Example(f"Poller {n} umgefahren", "barriers", "normal", source="verdict") for n in "abcd"]
    (prediction,) = train([*town, *verdicts]).predict(["Der Poller wurde umgefahren"])
    assert prediction.departments[0][0] == "barriers"
    assert prediction.topic is None


def test_a_word_that_stands_in_one_message_only_is_not_learned() -> None:
    features = Features.fit(["Laterne bei Familie Übelacker aus", "Laterne dunkel", "Laterne kaputt"])
    assert "laterne" in features.words.terms
    assert not any("uebelacker" in term for term in features.words.terms)
    assert not any("acker" in term for term in features.grams.terms)


def test_what_nobody_can_place_leaves_no_department_probable(town: list[Example]) -> None:
    vague = ["siehe Foto", "Foto anbei", "kaputt", "ist kaputt", "Bahnhofstraße 4", "Butenwall 12", "bitte melden"]
    unclear = [Example(text, UNCLEAR, "normal", "unclear") for text in vague]
    model = train([*town, *unclear])
    photo, lamp = model.predict(["Foto siehe Anhang", "Laterne aus"])
    assert UNCLEAR not in dict(photo.departments)
    assert photo.departments[0][1] < 0.5 < lamp.departments[0][1]
    assert lamp.unclear < 0.3 < photo.unclear
    assert sum(share for _, share in photo.departments) == pytest.approx(1)


def test_a_verdict_without_a_topic_teaches_the_nearest_topic_of_its_department(town: list[Example]) -> None:
    verdicts = [Example(f"Leuchte {n} tot", "roads", "normal", source="verdict") for n in "abcd"]
    (prediction,) = train([*town, *verdicts]).predict(["Leuchte tot"])
    assert prediction.departments[0][0] == "roads"
    assert prediction.topic in {"lamp", "hole"}


def test_a_single_urgent_message_is_enough_to_train(town: list[Example]) -> None:
    calm = [Example(one.text, one.department, "normal", one.topic) for one in town[:40]]
    urgent = Example("Ampel an der Kreuzung ausgefallen", "roads", "urgent", "lamp")
    (prediction,) = train([*calm, urgent]).predict(["Laterne aus"])
    assert prediction.urgencies[0][0] == "normal"
