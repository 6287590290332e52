"""Horizons solved in blocks: rules hold over borders and over the whole, and parts cost what the whole does."""
import time
from dataclasses import replace

import numpy as np
import pytest
import tiny_rosters
from tiny_rosters import DUTIES, rule

from optimizer.staffing.rosters import blocks, instance
from optimizer.staffing.rosters.evaluate import evaluate
from optimizer.staffing.rosters.instance import Instance
from optimizer.staffing.rosters.parts import Span, part, shares, state_after
from optimizer.staffing.rosters.problem import OFF, CarriedIn, Cell, Cover, Person, Problem, cover_by_duty
from optimizer.staffing.rosters.solve import only_pins, solve

D, N = 0, 1
LIMITS = (
    rule("most_days_in_a_row", 5), rule("least_days_in_a_row", 2), rule("least_days_off_in_a_row", 2),
    rule("most_nights_in_a_row", 2), rule("least_rest", 660), rule("weekly_rest_days", 1), rule("most_nights", 5),
    rule("most_weekends", 3), rule("most_minutes", 480 * 20), rule("least_minutes", 480 * 17),
    rule("most_of_duty", 15, duty="D"))


def weeks(number, people=3, first_weekday=0, seed=0):
    """A problem of some weeks and people, each of whom is on leave for a few days."""
    rng, days = np.random.default_rng(seed), 7 * number
    staff = tuple(Person(
        name, "all", LIMITS, leave=frozenset(int(day) for day in rng.integers(days) + np.arange(3) if day < days),
        before=CarriedIn(days_in_a_row=2, last_duty="D") if seed % 2 else None) for name in "ABCDE"[:people])
    return Problem(days, DUTIES, staff, cover_by_duty(rng.integers(0, 3, (days, 2)), DUTIES, 10.0, 1.0),
                   first_weekday=first_weekday)


def forced(problem, monkeypatch):
    """Memory for all but the last arc of the whole."""
    monkeypatch.setattr(instance, "MOST_ARCS", sum(len(paths.graph.head) for paths in Instance(problem).paths) - 1)


@pytest.mark.parametrize("seed", range(4))
def test_hard_rules_hold_over_borders_and_over_the_whole(seed, monkeypatch):
    problem = weeks(4, first_weekday=seed, seed=seed)
    best = solve(problem, seconds=30)
    forced(problem, monkeypatch)
    found = solve(problem, seconds=30, seed=seed)
    assert found.status != "infeasible"
    assert not [one for one in found.evaluation.broken if one.rule.price is None]
    assert found.bound <= best.bound <= found.cost


def test_pinned_days_and_leave_of_later_blocks_are_known_before(monkeypatch):
    problem = weeks(4)
    pins = tuple(Cell(day, "N" if day % 7 < 2 else None) for day in (14, 15, 16, 17, 21, 22, 23, 24))
    people = (replace(problem.people[0], pins=pins, leave=frozenset()), *problem.people[1:])
    problem = replace(problem, people=people)
    forced(problem, monkeypatch)
    found = solve(problem, seconds=30)
    assert found.evaluation.feasible
    assert list(found.roster[0, [14, 15, 16, 21, 22, 23]]) == [N, N, OFF, N, N, OFF]


@pytest.mark.parametrize("seed", range(30))
def test_what_a_window_saves_the_whole_saves(seed):
    """Costs of whole and window differ alike between two rosters that are the same outside the window."""
    rng, problem = np.random.default_rng(seed), tiny_rosters.problem(seed, people=3, days=28)
    one = rng.integers(-1, 2, (3, 28))
    span, other = Span(11, 18, 25), one.copy()
    other[:, 11:18] = rng.integers(-1, 2, (3, 7))
    window = part(problem, one, span, np.ones(3))
    whole = [priced(problem, roster) for roster in (one, other)]
    inside = [priced(window, roster[:, 11:25]) for roster in (one, other)]
    assert inside[1] - inside[0] == pytest.approx(whole[1] - whole[0])


def priced(problem, roster):
    """Cost but for minutes too few, which are dear in a part where they are forbidden in the whole."""
    found = evaluate(problem, roster)
    return found.cost - found.parts.get("least_minutes", 0.0)


def test_shares_of_limits_add_up_and_windows_have_what_is_left():
    problem = replace(weeks(4), people=(Person("A", "all", LIMITS, leave=frozenset(range(7))),))
    roster = np.full((1, 28), OFF)
    assert list(shares(problem, 0, 14)) == [7 / 21]
    assert limit(part(problem, roster, Span(0, 14, 14), shares(problem, 0, 14)), "most_minutes") == 20 * 480 / 3
    roster[0, 7:14] = [N, N, D, D, D, OFF, OFF]
    rest = part(problem, roster, Span(14, 28, 28), shares(problem, 14, 28))
    assert limit(rest, "most_nights") == 3
    assert limit(rest, "least_minutes") == 17 * 480 - 2 * 540 - 3 * 480
    assert limit(rest, "most_weekends") is None   # three are left of two


def test_minutes_carried_in_count_once():
    person = Person("A", "all", (rule("most_minutes", 9 * 540),), before=CarriedIn(minutes=7 * 540))
    problem = replace(weeks(2), people=(person,), days=8, cover=())
    window = part(problem, np.array([[N, *[OFF] * 7]]), Span(4, 8, 8), np.ones(1))
    assert (limit(window, "most_minutes"), window.people[0].before.minutes) == (540, 0)


def limit(problem, name):
    return next((rule.value for rule in problem.people[0].limits if rule.name == name), None)


@pytest.mark.parametrize(("row", "before", "after"), [
    ([D, N, N], CarriedIn(2, last_duty="D"), CarriedIn(5, nights_in_a_row=2, last_duty="N", days_off_in_a_row=0)),
    ([D, OFF, OFF], CarriedIn(2, last_duty="D"), CarriedIn(days_off_in_a_row=2)),
    ([OFF, OFF], CarriedIn(days_off_in_a_row=1), CarriedIn(days_off_in_a_row=3)),
    ([OFF, OFF], CarriedIn(2, last_duty="D"), CarriedIn(days_off_in_a_row=2))])
def test_the_state_after_some_days(row, before, after):
    assert state_after(weeks(1), before, row) == after


def test_a_row_over_a_border_counts_who_is_there_from_before():
    cover = (Cover("06:00", 2, 10.0, 1.0, ((6, "N"), (7, "D"))),)
    problem, roster = replace(weeks(2), cover=cover), np.full((3, 14), OFF)
    roster[:2, 6] = N
    [row] = part(problem, roster, Span(7, 14, 14), np.ones(3)).cover
    assert (row.need, row.duties) == (0, ((0, "D"),))
    assert not part(problem, roster, Span(0, 7, 7), np.ones(3)).cover


def test_a_window_that_makes_the_whole_worse_is_not_kept():
    problem = weeks(4)
    problem = replace(problem, people=tuple(replace(person, limits=()) for person in problem.people),
                      cover=tuple(replace(row, need=0) for row in problem.cover))
    roster = blocks.by_blocks(problem, only_pins(problem), lambda some, _: np.full((3, some.days), OFF),
                              lambda some, _, __: np.full((3, some.days), N), time.perf_counter() + 1)
    assert (roster == OFF).all()
