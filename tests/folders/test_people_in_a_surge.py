"""How many full-time people the busiest week of a surge takes."""
from types import SimpleNamespace

import numpy as np
import pytest
from one_city import loaded

from optimizer.staffing.planning.on_duty.presence import Presence
from surgeline.folders.staffing_writing import people_in_surge


def found(scenario, seats):
    return SimpleNamespace(scenario=scenario, need=SimpleNamespace(seats=np.array(seats)[:, None]))


@pytest.fixture
def town(tmp_path):
    return loaded(tmp_path)


@pytest.mark.parametrize(("comes", "people"), [(1.0, 10), (0.5, 19)])   # half a seat is a seat: 9.5 of them take 19
def test_absence_makes_more_of_them(town, comes, people):
    plan = SimpleNamespace(presence=Presence(comes, 1.0, 99.0))
    assert people_in_surge(found(town, [10] * 96), 0, "town", plan) == pytest.approx(people * 24 * 7 / 40)


def test_it_is_the_busiest_week_that_counts(tmp_path):
    town = loaded(tmp_path, change=lambda text: text.replace("end: 2021-08-03", "end: 2021-08-11"))
    plan = SimpleNamespace(presence=Presence(1.0, 1.0, 99.0))
    seats = np.repeat([0, 0, 5, 5, 5, 5, 5, 5, 5, 1], 48)
    assert people_in_surge(found(town, seats), 0, "town", plan) == pytest.approx(5 * 168 / 40)
