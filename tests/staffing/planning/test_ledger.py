"""Hours beyond the limits of overtime by hand: each person's, the roster's first, calls on top of them."""
import numpy as np
import pytest

from optimizer.staffing.planning.calling.ledger import beyond
from optimizer.staffing.planning.calling.overtime import in_roster
from optimizer.staffing.revising.overtime import Account, Done, Terms
from optimizer.staffing.rosters.problem import OFF, Duty, Person, Problem
from sim.scenario.work_rules import WorkRules

H = 60
WHITE, LONG, LONGEST = (Duty(code, 480, hours * H, hours * H) for code, hours in (("白", 8), ("长", 10), ("超", 13)))
DUTIES = {"白": 0, "长": 1, "超": 2, ".": OFF}
PROBLEM = Problem(14, (WHITE, LONG, LONGEST), (Person("甲", "agents"), Person("乙", "agents")), ())


def told(own=(), *calls, before=()):
    account = Account(PROBLEM, Terms(month_starts=(7,)), before)
    return [(one.person, one.day, one.in_roster / H, one.called / H, one.of_day / H, one.of_month / H)
            for one in beyond(account, own, *calls)]


def rostered(row):
    roster = np.array([[DUTIES[code] for code in row], [OFF] * 14])
    return in_roster(PROBLEM, roster, WorkRules(emergency=True))


def test_a_roster_alone_is_in_it():
    """Seven days of ten hours: 30 hours beyond the week's 40, and nothing of it beyond a limit. Of thirteen hours: 51,
    36 of them allowed; each of its days beyond the fourth is five hours longer, three of them allowed."""
    assert told(rostered("长长长长长长长.......")) == []
    found = told(rostered("超超超超超超超......."))
    assert [row[1] for row in found] == [3, 4, 5, 6]
    assert [row[4] for row in found] == [2, 2, 2, 2]
    assert sum(row[5] for row in found) == 51 - 36
    assert {row[3] for row in found} == {0}


def test_the_month_begins_anew():
    """Thirty hours in July and thirty in August."""
    assert told(rostered("长" * 14)) == []


def test_calls_are_on_top_of_the_roster_whenever_they_are():
    """The roster has 30 hours of the month; of eight called on its first day two are beyond it, and all of the next."""
    own = rostered("长长长长长长长.......")
    calls = [Done("甲", 6, 4 * H, True), Done("甲", 0, 8 * H, True)]
    assert told(own, calls) == [("甲", 0, 0, 2, 0, 2), ("甲", 6, 0, 4, 0, 4)]


def test_an_hour_beyond_both_limits_counts_once():
    """35 hours are worked, and five more at the end of a day: two beyond the day's three, four beyond the month's."""
    found = told((), [Done("甲", 2, 5 * H)], before=(Done("甲", 1, 35 * H, True),))
    assert found == [("甲", 2, 0, 4, 2, 4)]


def test_later_calls_are_on_top_of_earlier_ones():
    first, then = [Done("甲", 3, 30 * H, True)], [Done("甲", 1, 8 * H, True), Done("乙", 1, 8 * H, True)]
    assert told((), first, then) == [("甲", 1, 0, 2, 0, 2)]


def test_what_the_month_has_had_before_leaves_less():
    found = told((), [Done("甲", 2, 3 * H, True)], before=(Done("甲", 0, 40 * H, True),))
    assert found == [("甲", 2, 0, 3, 0, 3)]
    assert sum(row[3] for row in found) == pytest.approx(3)
