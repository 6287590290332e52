"""People who are too few for all that their callers need are planned for a part of it, by hand."""
from dataclasses import replace

import numpy as np
import pytest
from linguists import GROUPS, halves
from test_specialists import QUICK, days_of, loaded, seats

from optimizer.staffing.planning.by_skill.their_part import their_part
from optimizer.staffing.planning.on_duty.needs import Needs
from optimizer.staffing.planning.through import staffed

PEOPLE = np.array([[0, 1, 2, 10]])
NEEDS = Needs(PEOPLE, PEOPLE, PEOPLE, np.zeros(PEOPLE.shape), PEOPLE, None)


def test_a_part_of_the_need_in_whole_people():
    needs, part = their_part(NEEDS, 0.3)
    assert part == 0.3
    assert [needs.usual.tolist(), needs.in_surge.tolist(), needs.wanted.tolist()] == [[[0, 0, 1, 3]]] * 3


def test_people_enough_are_planned_for_all_of_it():
    assert their_part(NEEDS, 1.0) == (NEEDS, 1.0)


def test_a_single_seat_is_not_parted():
    one = np.array([[1, 1, 1, 1]])
    needs, part = their_part(Needs(one, one, one, np.zeros(one.shape), one, None), 0.4)
    assert part == 1
    assert (needs.usual == one).all()


def test_a_surge_is_wanted_as_before():
    surge = replace(NEEDS, in_surge=3 * PEOPLE, wanted=3 * PEOPLE, told=1440)
    needs, _ = their_part(surge, 0.5)
    assert needs.usual.tolist() == [[0, 1, 1, 5]]
    assert (needs.wanted == 3 * PEOPLE).all()


def test_nobody_works_overtime_and_others_stand_in(tmp_path):
    """Talks of four minutes want several linguists from noon to eight on both days. Three of them give 34.3 hours."""
    groups = GROUPS.replace("linguists: {name: {zh: 外语, en: languages}, people: 4",
                            "linguists: {name: {zh: 外语, en: languages}, people: 3").replace("people: 6", "people: 24")
    plan = staffed(loaded(tmp_path, groups, lambda text: text.replace("mean: 1 s", "mean: 4 min").replace(
        "seats: 3", "seats: 30")), ["town"], **QUICK)
    (some,) = plan.specialists
    assert some.alone.work_hours > 3 * 40 * 2 / 7
    assert some.part == pytest.approx(3 * 40 * 2 / 7 / some.alone.work_hours)
    shifts = sum(day.total() - day["休"] for day in days_of(some.rostered.table, "linguists"))
    assert 2 <= shifts <= 5
    assert {one.rule.kind for one in some.rostered.solved.evaluation.broken} <= {"custom"}   # hours are not even
    foreign = np.array(seats(plan.cities["town"].scenario)["town·foreign"])
    assert foreign.sum() > 0
    assert (foreign <= 3 * np.array(halves(range(16, 40)))).all()
    assert plan.cities["town"].service.in_all["share"].mean[0] > 0.8
