"""Meals of a day in turn, whoever has whichever shift."""
import numpy as np

from optimizer.staffing.rosters.exchanges import Exchanges
from optimizer.staffing.rosters.instance import Instance
from optimizer.staffing.rosters.making import from_rows
from optimizer.staffing.rosters.meals_anew import alternatives, meals_anew
from optimizer.staffing.rosters.problem import OFF, Cell, Duty, Person, Problem, cover_by_interval

SHIFT = [Duty(f"中{mark}", 840, 510, 480, breaks=((at, 30),)) for mark, at in zip("①②③", (180, 240, 300), strict=True)]
EARLY = Duty("早", 420, 480, 480)
DUTIES = (*SHIFT, EARLY)


def test_only_breaks_differ_in_what_may_stand_instead():
    assert alternatives(Problem(1, DUTIES, (), ())).tolist() == [
        [True, False, False, False, False], [False, True, True, True, False], [False, True, True, True, False],
        [False, True, True, True, False], [False, False, False, False, True]]


def test_meals_of_one_shift_are_taken_in_turn_and_shifts_stay():
    need = np.zeros((2, 48), int)
    need[:, 28:45] = 2
    people = (Person("A", "all", pins=(Cell(0, "中①"),)), *(Person(name, "all") for name in "BCD"))
    problem = Problem(2, DUTIES, people, cover_by_interval(need, DUTIES, 100.0, 0.0))
    instance = Instance(problem)
    making = from_rows(instance, np.array([[0, 0], [0, 0], [0, 0], [3, OFF]]), [])
    before = making.cost
    meals_anew(making, Exchanges(instance, []), np.random.default_rng(1))
    assert making.roster[0, 0] == 0     # laid down
    assert [sorted(day) for day in making.roster[:3].T.tolist()] == [[0, 1, 2], [0, 1, 2]]
    assert making.roster[3].tolist() == [3, OFF]
    assert making.cost == before - 2 * 2 * 100  # two were missing at each supper at five
