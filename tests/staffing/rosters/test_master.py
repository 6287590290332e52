"""The linear program over columns when GLOP gives up in the middle: the same answer comes from HiGHS."""
import numpy as np
import pytest

from optimizer.staffing.rosters.columns import Pool, Program
from optimizer.staffing.rosters.instance import Instance
from optimizer.staffing.rosters.problem import Duty, Person, Problem, Rule, cover_by_duty

DAY = Duty("D", 480, 480, 480)
REST = Rule("weekly_rest_days", 2, "law", "test")


def program():
    people = tuple(Person(f"{k}", "all", (REST,)) for k in range(5))
    problem = Problem(7, (DAY,), people, cover_by_duty([[n] for n in (3, 4, 4, 2, 3, 1, 1)], (DAY,), 10.0, 1.0))
    instance = Instance(problem)
    return Program(instance, range(5), np.zeros(7), Pool(5), None)


class Fallen:
    """A solver that ends as mathopt does when GLOP's numbers are too far apart."""

    def __init__(self, error):
        self.error = error

    def solve(self):
        raise self.error


@pytest.mark.parametrize("error", [RuntimeError("ABNORMAL"), AttributeError("canonical_code")])
def test_highs_takes_over(error):
    made = program()
    cost, duals, ones = made.master.solve()
    made.master.solver = Fallen(error)
    again, other_duals, other_ones = made.master.solve()
    assert again == pytest.approx(cost)
    assert other_duals @ made.need + other_ones.sum() == pytest.approx(duals @ made.need + ones.sum())
    assert sum(made.master.shares()[0]) == pytest.approx(1.0)
    assert made.master.solve()[0] == pytest.approx(cost)    # GLOP is there again
