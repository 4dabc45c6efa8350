"""A confusion matrix as cells."""

from bot.reports.heat import heat


def test_rows_and_columns_stand_in_the_towns_order_and_strangers_come_last() -> None:
    names = {"a": "Abfall & Stadtreinigung", "b": "Straßen & Bauhof", "c": "Museum"}
    found = heat([("b", "a", 2), ("x", "x", 1), ("b", "b", 8)], names)
    assert [row.short for row in found.rows] == ["Abfall", "Straßen", "x"]
    assert [cell.count for cell in found.rows[1].cells] == [2, 8, 0]
    assert found.rows[0].count == 0


def test_names_that_begin_alike_are_not_shortened() -> None:
    found = heat([("a", "b", 1)], {"a": "Amt & Nord", "b": "Amt & Süd"})
    assert [row.short for row in found.rows] == ["Amt & Nord", "Amt & Süd"]


def test_one_mistake_in_three_is_no_deeper_than_thirty_in_a_hundred() -> None:
    few = heat([("a", "b", 1), ("a", "a", 2)], {}).rows[0].cells[1]
    many = heat([("a", "b", 30), ("a", "a", 70)], {}).rows[0].cells[1]
    assert few.share > many.share
    assert 0 < few.depth < many.depth
