"""Files of labelled messages to be measured with."""

from pathlib import Path

import pytest

from classifier.errors import BadExampleFile
from classifier.rows import Row, read_rows


def test_rows_are_read_with_one_answer_or_several(tmp_path: Path) -> None:
    lines = '{"text": "x", "department": "roads"}\n\n{"text": "y", "department": ["a", "b"], "urgency": "low"}\n'
    (tmp_path / "rows.jsonl").write_text(lines)
    assert read_rows(tmp_path / "rows.jsonl") == [Row("x", ("roads",)), Row("y", ("a", "b"), ("low",))]


def test_rows_that_cannot_be_read_are_all_named(tmp_path: Path) -> None:
    good = '"text": "x", "department": "a"'
    lines = ['{"text": 1, "department": "a"}', '{"text": "x"}', "[1]", "nonsense", f'{{{good}, "lang": 7}}']
    (tmp_path / "rows.jsonl").write_text("\n".join([*lines, '{"text": "\\ud800", "department": "a"}']))
    with pytest.raises(BadExampleFile) as caught:
        read_rows(tmp_path / "rows.jsonl")
    places = [line.split(": ")[0] for line in str(caught.value).splitlines()]
    assert places == [f"rows.jsonl:{n}:1" for n in (1, 2, 3, 4, 5, 6)]


def test_a_row_knows_its_line_also_after_an_empty_one_and_a_rare_line_break(tmp_path: Path) -> None:
    lines = '{"text": "a\u2028b", "department": "roads"}\n\n{"text": "y", "department": "roads"}\r\n'
    (tmp_path / "rows.jsonl").write_text(lines, encoding="utf-8")
    assert [(row.line, len(row.text)) for row in read_rows(tmp_path / "rows.jsonl")] == [(1, 3), (3, 1)]
