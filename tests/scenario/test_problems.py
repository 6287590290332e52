"""One problem that many rows share is told once, with where the others are."""
import pytest

from sim.scenario.messages import say
from sim.scenario.problems import Place, Problem, ScenarioError, alike_in, ranges


def rows(numbers, template="must be >= 0, got {got}", file="city.yaml", at="levers[{}].seats"):
    return [Problem(Place(file, 10 + i, 5), at.format(i), say(template, got=-number))
            for i, number in enumerate(numbers, 1)]


def told(problems):
    return [str(problem) for problem in ScenarioError(problems).problems]


def test_48_rows_with_one_fault_are_one_message():
    assert told(rows([3] * 48)) == [
        "city.yaml:11:5: levers[1].seats: must be >= 0, got -3; 47 more like this, in lines 12-58"]


def test_rows_may_differ_in_numbers():
    assert told(rows([3, 4, 5])) == [
        "city.yaml:11:5: levers[1].seats: must be >= 0, got -3; 2 more like this, in lines 12-13"]


def test_two_are_told_one_by_one():
    assert len(told(rows([3, 3]))) == 2


@pytest.mark.parametrize("others", [
    rows([3] * 2, file="other.yaml"), rows([3] * 2, at="levers[{}].from"), rows([3] * 2, "must be > 0, got {got}"),
    rows([3] * 2, at="variants.none.levers[{}].seats"),
], ids=["file", "field", "message", "list"])
def test_what_differs_in_more_is_told_by_itself(others):
    assert len(told(rows([3] * 2) + others)) == 4


def test_words_that_differ_are_told_one_by_one():
    wrong = [Problem(Place("city.yaml", i, 1), f"levers[{i}].city", say('"{name}" is no city', name=name))
             for i, name in enumerate(("wets", "eats", "nowhere"))]
    assert len(told(wrong)) == 3


def test_where_there_are_too_many_nobody_says_how_many():
    found = told(rows([3] * 101))
    assert found[0].endswith("; 100 more like this, in lines 12-111 and beyond")
    assert found[1].endswith(": more problems follow: mend these first")


@pytest.mark.parametrize(("numbers", "text"), [
    ([], []), ([3], ["3"]), ([5, 3, 4, 8, 8], ["3-5", "8"]), ([1, 3, 5], ["1", "3", "5"])])
def test_whole_numbers_are_told_in_short(numbers, text):
    assert ranges(numbers) == text


def test_no_list_of_lines_is_long():
    assert alike_in(range(0, 100, 2), in_all=True) == (
        "; 50 more like this, in lines 0, 2, 4, 6, 8, 10, 12, 14, 16, 18 ...")


# --- places ----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("place", "told"), [
    (Place("roster.xlsx", 14, 19), "roster.xlsx:14:19 (S14)"), (Place("a/B.XLSM", 2, 26), "a/B.XLSM:2:26 (Z2)"),
    (Place("roster.xlsx", 2, 27), "roster.xlsx:2:27 (AA2)"), (Place("roster.xlsx", 9, 703), "roster.xlsx:9:703 (AAA9)"),
    (Place("roster.csv", 14, 19), "roster.csv:14:19"), (Place("city.yaml", 3, 1), "city.yaml:3:1"),
    (Place("roster.xlsx", 0, 0), "roster.xlsx")])
def test_a_place_in_a_workbook_has_the_name_of_its_cell(place, told):
    assert str(place) == told
