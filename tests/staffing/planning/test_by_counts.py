"""Shifts of several cities put into a scenario again: how many people a city has then, and whose rows stay."""
from datetime import date

import pytest
from two_towns import COUNTED, COUNTS

from optimizer.staffing.planning.by_counts import grown, others_in
from optimizer.staffing.planning.city_roster.delivering import without_rows
from sim.reading.loading import load
from sim.scenario.quantities import plain


@pytest.fixture
def counted(tmp_path):
    (tmp_path / "towns.yaml").write_text(COUNTED, encoding="utf-8")
    (tmp_path / "shifts.csv").write_text(COUNTS, encoding="utf-8")
    return load(tmp_path / "towns.yaml")


def numbers(people):
    return {key: float(one) for key, one in people.items()}


@pytest.mark.parametrize("most", [0, 12, 16])
def test_people_stay_where_they_are_enough(most):
    people = {"full": plain(12, "1"), "part": plain(4, "1")}
    assert grown(people, most) == people


def test_groups_grow_alike_and_say_how_many_they_were():
    found = grown({"full": plain(12, "1"), "part": plain(4, "1")}, 20)
    assert numbers(found) == {"full": 15, "part": 5}
    assert found["part"].note == "方案所需，原有 4 人 | as the plan needs, of 4"


def test_parts_of_people_are_kept_so_that_groups_keep_theirs():
    assert numbers(grown({"one": plain(2, "1"), "two": plain(1, "1")}, 4)) == {"one": 2.666667, "two": 1.333333}


def test_nobody_grows_from_nobody():
    assert numbers(grown({"none": plain(0, "1")}, 4)) == {"none": 0}


def test_rows_of_other_cities_stay_on_other_days(counted):
    days = (date(2021, 8, 3), date(2021, 8, 4))
    assert [(row.city, row.code, row.people) for row in others_in(counted.shift_counts, "west", days)] == [
        ("east", "早", (4, 0)), ("east", "夜", (1, 0))]
    assert list(others_in(None, "west", days)) == []


def test_a_city_that_gets_a_roster_leaves_the_table(counted):
    left = without_rows(counted, "east")
    assert [row.city for row in left.rows] == ["west"]
    assert without_rows(counted.model_copy(update={"shift_counts": left}), "west") is None
    assert without_rows(counted.model_copy(update={"shift_counts": None}), "west") is None
