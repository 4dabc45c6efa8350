"""Files of labelled messages and the mistakes people make in them."""

from pathlib import Path

import pytest

from classifier.corpus import ownerless, read_csv, read_starter, write_csv
from classifier.errors import BadExampleFile
from classifier.example import UNCLEAR, Example

OWNERS = {"lamp": "roads", "bin": "waste"}


def folder_of(tmp_path: Path, **files: str) -> Path:
    for topic, content in files.items():
        (tmp_path / f"{topic}.tsv").write_text(content, encoding="utf-8")
    return tmp_path


def mistakes_of(folder: Path) -> list[str]:
    with pytest.raises(BadExampleFile) as caught:
        read_starter(folder, OWNERS)
    return str(caught.value).splitlines()


def test_a_starter_message_belongs_to_the_department_that_owns_its_topic(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, lamp="# Laternen\n\nnormal\tde\tLaterne aus\n", bin="urgent\ten\tBin on fire?\n")
    assert read_starter(folder, OWNERS) == [
        Example("Bin on fire?", "waste", "urgent", "bin", "en"),
        Example("Laterne aus", "roads", "normal", "lamp", "de"),
    ]


def test_what_nobody_can_place_needs_no_owner(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, unclear="normal\tde\tsiehe Foto\n")
    assert read_starter(folder, OWNERS) == [Example("siehe Foto", UNCLEAR, "normal", "unclear", "de")]


def test_moving_a_topic_moves_its_messages(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, lamp="normal\tde\tLaterne aus\n")
    assert read_starter(folder, {"lamp": "utility"})[0].department == "utility"


def test_all_mistakes_are_told_at_once_with_their_places(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        bin="normal\tde\tTonne voll\nnormal de Tonne weg\n",
        lamp="asap\tde\tLaterne aus\nnormal\tDeutsch\tLampe\nnormal\tde\t \n",
        moon="normal\tde\tVollmond\n",
    )
    places = [mistake.split(": ")[0] for mistake in mistakes_of(folder)]
    assert places == ["bin.tsv:2:20", "lamp.tsv:1:1", "lamp.tsv:2:8", "lamp.tsv:3:11", "moon.tsv:1:1"]


def test_a_mistake_says_what_to_write(tmp_path: Path) -> None:
    (mistake,) = mistakes_of(folder_of(tmp_path, lamp="asap\tde\tLaterne aus\n"))
    assert "emergency or urgent or normal or low" in mistake


def test_the_same_message_twice_is_a_mistake_that_names_the_first(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, bin="normal\tde\tTonne 4 voll\n", lamp="low\tde\ttonne 12  VOLL\n")
    (mistake,) = mistakes_of(folder)
    assert mistake.startswith("lamp.tsv:1:1")
    assert "bin.tsv:1" in mistake


def test_a_file_of_another_encoding_is_named_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "lamp.tsv").write_bytes("normal\tde\tLaterne\nnormal\tde\tStraße\n".encode("latin-1"))
    (mistake,) = mistakes_of(tmp_path)
    assert mistake.startswith("lamp.tsv:2:1: not UTF-8")


def test_a_table_comes_back_as_it_was_written(tmp_path: Path) -> None:
    examples = [
        Example('Laterne, "neu"; seit\ngestern aus', "roads", "normal", "lamp", "de", "import"),
        Example("=1+1 ist eine Formel", "waste", "low", None, "tr", "import"),
    ]
    assert write_csv(tmp_path / "labels.csv", examples) == 2
    read = read_csv(tmp_path / "labels.csv", ["roads", "waste"])
    assert read == [Example('Laterne, "neu"; seit gestern aus', "roads", "normal", "lamp", "de", "import"), examples[1]]


def test_a_spreadsheet_does_not_run_what_a_citizen_wrote(tmp_path: Path) -> None:
    write_csv(tmp_path / "labels.csv", [Example("=HYPERLINK(1)", "waste", "low")])
    assert "\n=HYPERLINK" not in (tmp_path / "labels.csv").read_text()


def test_a_table_saved_by_a_german_spreadsheet_is_read(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("Text;Department;Urgency\r\nLampe aus;roads;normal\r\n", "utf-8-sig")
    assert [one.text for one in read_csv(tmp_path / "labels.csv", ["roads"])] == ["Lampe aus"]


def test_a_table_with_mistakes_names_them_all(tmp_path: Path) -> None:
    content = "text,department,urgency\nLampe aus,moon,normal\nTonne voll,waste,soon\n"
    (tmp_path / "labels.csv").write_text(content, encoding="utf-8")
    with pytest.raises(BadExampleFile) as caught:
        read_csv(tmp_path / "labels.csv", ["roads", "waste"])
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == ["labels.csv:2:2", "labels.csv:3:3"]


def test_a_table_without_the_columns_is_refused(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text("message,amt\nx,y\n", encoding="utf-8")
    with pytest.raises(BadExampleFile, match="no column text, department, urgency"):
        read_csv(tmp_path / "labels.csv", ["roads"])


def test_a_topic_nobody_owns_can_be_left_out(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, lamp="normal\tde\tLaterne aus\n", moon="full\tde\n", unclear="normal\tde\tKaputt\n")
    assert ownerless(folder, OWNERS) == ("moon",)
    assert [one.topic for one in read_starter(folder, OWNERS, without=("moon",))] == ["lamp", "unclear"]


def test_a_former_department_counts_as_its_successor(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("text,department,urgency\nLaterne,street,normal\nTonne,bins,normal\n")
    with pytest.raises(BadExampleFile, match="unknown department 'bins'; write one of roads"):
        read_csv(tmp_path / "t.csv", ["roads"], successors={"street": "roads"})
    found = read_csv(tmp_path / "t.csv", ["roads"], successors={"street": "roads", "bins": "roads"})
    assert [one.department for one in found] == ["roads", "roads"]


def test_further_columns_are_for_people_and_are_not_read(tmp_path: Path) -> None:
    told = [Example("=Laterne", "roads", "normal", source="import"), Example("Tonne", "waste", "low", source="import")]
    assert write_csv(tmp_path / "t.csv", told, {"likelier": ["waste", "roads"]}) == 2
    assert (tmp_path / "t.csv").read_text().splitlines()[1] == "'=Laterne,roads,normal,de,,waste"
    assert read_csv(tmp_path / "t.csv", ["roads", "waste"]) == told
