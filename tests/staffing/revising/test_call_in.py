"""Call-in plans against every plan there is, on problems small enough to try them all; limits, law and workplaces."""
from collections import Counter
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from optimizer.staffing.revising.added_duties import interval_spans
from optimizer.staffing.revising.call_in import Plan, call_in
from optimizer.staffing.revising.call_model import Workplaces, takes_place
from optimizer.staffing.revising.call_options import Asked, options
from optimizer.staffing.revising.overtime import Account, Done, Terms
from optimizer.staffing.revising.take_over import Reach
from optimizer.staffing.rosters.evaluate import evaluate
from optimizer.staffing.rosters.problem import CarriedIn, Cell, Duty, Person, Problem, Rule, Wish, cover_by_interval

EARLY = Duty("E", 480, 240, 240)
LATE = Duty("L", 720, 240, 240, not_followed_by=frozenset("E"))
DUTIES = (EARLY, LATE)
REACH = Reach(call_in=60, change=60, shortest_call=120, shortest_longer=120, longest_presence=480)
ASKED = Asked(told=0, step=120)


def rule(name, value, price=None):
    return Rule(name, value, "contract", "contract 7", price)


def made(rows: list[str], need, terms: Terms, workplaces=(), done=(), people=None, reach=REACH,
         asked=ASKED) -> tuple[Plan, Account]:
    days = len(rows[0])
    persons = tuple(Person(f"P{i}", "full", **(people or {}).get(i, {})) for i in range(len(rows)))
    problem = Problem(days, DUTIES, persons, cover_by_interval(need, DUTIES, 30.0, 1.0))
    roster = np.array([["EL".find(letter) for letter in row] for row in rows])
    account = Account(problem, terms, done)
    return call_in(problem, roster, account, interval_spans(days, np.shape(need)[1]), asked, reach, workplaces), account


def need_of(days: int, people: int, first=8, last=16):
    need = np.zeros((days, 24), int)
    need[:, first:last] = people
    return need


def best_value(plan: Plan, roster, account: Account, workplaces) -> float:
    """Of every choice of options that breaks nothing more than the roster did."""
    problem = plan.problem
    every = [one for one in options(replace(problem, duties=DUTIES, cover=(), people=tuple(
        replace(person, pins=()) for person in problem.people)), roster, REACH, ASKED)
        if one.added.duty.code in problem.index]
    rows = [list(rows_of(problem, roster, account, i, [one for one in every if one.person == i]))
            for i in range(len(roster))]
    need, price = np.array([(row.need, row.missing_price) for row in problem.cover]).T
    before, best = evaluate(problem, roster), 0.0
    taken = [places_taken(problem, roster, span) for span in workplaces]
    for choice in product(*rows):
        cover, places = sum(one[1] for one in choice), sum(one[2](workplaces) for one in choice)
        if all(n <= max(span.most, old) for n, span, old in zip(np.atleast_1d(places), workplaces, taken, strict=True)):
            costs = sum(one[0] for one in choice) + (price * np.maximum(0, need - cover)).sum() \
                + np.maximum(0, cover - need).sum()
            best = max(best, before.cost - costs)
    return best


def rows_of(problem, roster, account, i, every):
    """Cost, cover and workplaces of each row that a person may have."""
    alone = replace(problem, people=(problem.people[i],))
    hard_before = hard(evaluate(alone, roster[i:i + 1]))
    days = sorted({one.day for one in every})
    for choice in product(*([None, *(one for one in every if one.day == day)] for day in days)):
        chosen = [one for one in choice if one]
        row = roster[i:i + 1].copy()
        for one in chosen:
            row[0, one.day] = problem.index[one.added.duty.code]
        after = evaluate(alone, row)
        if allowed(problem, account, chosen) and not any(n > hard_before[rule] for rule, n in hard(after).items()):
            pay = sum(one.extra * account.rate(one.day, one.kind == "call_in") * account.terms.wage for one in chosen)
            own = sum(value for name, value in after.parts.items() if name not in ("missing", "surplus"))
            yield own + pay, after.cover, lambda spans, row=row: np.array(
                [places_taken(problem, row, span) for span in spans])


def hard(evaluation) -> Counter:
    """What is broken of rules that must never be."""
    found = Counter()
    for one in evaluation.broken:
        if one.rule.price is None:
            found[one.rule.name] += one.amount
    return found


def allowed(problem, account, chosen) -> bool:
    """By the limits of overtime, a sum at a time; all of one person, in one week and month."""
    if not chosen:
        return True
    name, extra = problem.people[chosen[0].person].name, sum(one.extra for one in chosen)
    _, week, month = account.used(name, 0)
    return extra + week <= account.terms.most_a_week and extra + month <= account.terms.most_a_month and all(
        one.kind == "call_in" or one.extra <= account.terms.most_a_day for one in chosen)


def places_taken(problem, roster, span: Workplaces) -> int:
    return sum(takes_place(problem, day, int(k), span) for row in roster for day, k in enumerate(row))


def test_a_plan_of_one_day_is_the_best_there_is():
    rng = np.random.default_rng(3)
    for _ in range(12):
        rows = ["".join(rng.choice(list("EL.."), 1)) for _ in range(4)]
        terms = Terms(wage=float(rng.choice([0.01, 0.1])), most_a_day=float(rng.choice([120, 240])))
        people = {0: {"wishes": (Wish(0, None, False, 25.0),)}, 1: {"limits": (rule("most_minutes", 300, 0.2),)}}
        places = (Workplaces(540, 780, 2),)
        plan, account = made(rows, need_of(1, int(rng.integers(1, 4))), terms, places, people=people)
        roster = np.array([["EL".find(letter) for letter in row] for row in rows])
        assert plan.value == pytest.approx(best_value(plan, roster, account, places))
        assert plan.value <= plan.bound + 1e-6
        before, after = (places_taken(plan.problem, one, places[0]) for one in (roster, plan.roster))
        assert after <= max(2, before)


def test_plans_of_several_days_stand_between_the_best_and_the_bound():
    rng = np.random.default_rng(5)
    shares = []
    for _ in range(5):
        rows = ["".join(rng.choice(list("EL.."), 3)) for _ in range(2)]
        limits = (rule("least_rest", 900), rule("most_days_in_a_row", 2), rule("most_minutes_a_week", 900),
                  rule("least_days_off_in_a_row", 2, 7.0), rule("most_minutes", 480, 0.05))
        terms = Terms(wage=0.02, most_a_day=240, most_a_month=float(rng.choice([240, 480])))
        plan, account = made(rows, rng.integers(0, 3, (3, 24)), terms,
                             people={0: {"limits": limits}, 1: {"limits": limits[:2]}})
        roster = np.array([["EL".find(letter) for letter in row] for row in rows])
        best = best_value(plan, roster, account, ())
        assert plan.value <= best + 1e-6
        assert best <= plan.bound + 1e-6
        shares.append(1.0 if best == 0 else plan.value / best)
    assert np.mean(shares) > 0.95


def test_scarce_hours_wait_for_the_day_on_which_they_are_worth_more():
    need = need_of(2, 1)
    need[1] *= 2
    plan, _ = made([".."], need, Terms(most_a_month=240), people=None)
    assert len(plan.calls) == 1
    cover = plan.problem.cover
    dear = replace(plan.problem, duties=DUTIES, people=(Person("P0", "full"),), cover=tuple(
        replace(row, missing_price=row.missing_price * (3 if row.name.startswith("1 ") else 1),
                duties=tuple(cell for cell in row.duties if cell[1] in "EL")) for row in cover))
    later = call_in(dear, np.array([[-1, -1]]), Account(dear, Terms(most_a_month=240)), interval_spans(2, 24), ASKED,
                    REACH)
    assert [call.day for call in later.calls] == [1]
    assert later.value == later.bound == 3 * 30 * 4


def test_a_call_says_rate_notice_and_what_is_left():
    plan, _ = made(["E"], need_of(1, 1), Terms(wage=0.1, most_a_month=500), done=(Done("P0", -3, 100),))
    call = plan.calls[0]
    assert (call.person, call.kind, call.start, call.end, call.rate) == ("P0", "stays", 720, 840, 1.5)
    assert (call.extra, call.pay, call.call_by, call.left.day, call.left.month) == (120, 18.0, 690, 60.0, 280.0)
    assert plan.ledger[0].minutes == 120
    assert list(plan.before[12:16]) == [0, 0, 0, 0]


def test_an_emergency_goes_beyond_the_law_with_a_ledger():
    done = (Done("P0", -3, 2100),)
    none, _ = made(["."], need_of(1, 1), Terms(), done=done)
    assert not none.calls
    plan, _ = made(["."], need_of(1, 1), Terms(emergency=True), done=done)
    assert plan.ledger[0].beyond_law == {"overtime_a_month": 180.0}
    assert plan.calls[0].left.month == -180.0


def test_pins_leave_will_and_notice():
    need = need_of(1, 9)
    assert not made(["."], need, Terms(), people={0: {"pins": (Cell(0, None),)}})[0].calls
    assert not made(["."], need, Terms(), people={0: {"leave": frozenset([0])}})[0].calls
    assert not made(["."], need, Terms(), reach=replace(REACH, unwilling=frozenset(["P0"])))[0].calls
    pinned, _ = made(["E"], need, Terms(), people={0: {"pins": (Cell(0, "E"),)}})
    assert pinned.calls[0].kind == "stays"
    assert evaluate(pinned.problem, pinned.roster).feasible
    late, _ = made(["."], need_of(1, 9, 8, 12), Terms(), asked=replace(ASKED, told=500))
    assert (late.calls[0].start, late.calls[0].end, late.calls[0].extra) == (560, 720, 160)


def test_days_carried_in_and_weekly_rest_hold():
    limits = (rule("most_days_in_a_row", 3), rule("weekly_rest_days", 5))
    plan, _ = made(["...."], need_of(4, 1), Terms(),
                   people={0: {"limits": limits, "before": CarriedIn(days_in_a_row=2)}})
    assert len(plan.calls) == 2
    assert evaluate(plan.problem, plan.roster).feasible


def test_a_call_tells_the_priced_rules_that_it_breaks_and_the_rest_that_is_left():
    limits = (rule("least_rest", 1300, 0.01), rule("most_minutes", 100, 0.01))
    need = need_of(2, 1, 8, 12)
    plan, _ = made(["E."], need, Terms(), people={0: {"limits": limits}})
    [early] = [call for call in plan.calls if call.day == 1]
    assert early.rest == 1440 + 480 - 720
    assert {one.name for one in early.breaks} == {"least_rest", "most_minutes"}
    assert [one.added for one in early.breaks if one.name == "least_rest"] == [100]
    plain, _ = made(["."], need_of(1, 1), Terms())
    assert (plain.calls[0].breaks, plain.calls[0].rest) == ((), None)


def test_without_time_nobody_is_called_and_the_bound_still_holds():
    roster, need = np.array([[-1, -1]] * 3), need_of(2, 2)
    problem = Problem(2, DUTIES, tuple(Person(f"P{i}", "full") for i in range(3)),
                      cover_by_interval(need, DUTIES, 30.0, 1.0))
    some, none = (call_in(problem, roster, Account(problem, Terms()), interval_spans(2, 24), ASKED, REACH,
                          seconds=seconds) for seconds in (60.0, 0.0))
    assert none.calls == ()
    assert none.bound >= some.value > 0 == none.value


def test_nobody_is_phoned_at_night():
    """Who begins at six on the second day is asked on the evening before; on the first, of which one knows at midnight
    only, the call is made at six."""
    dawn = Duty("D", 360, 240, 240)
    need = np.zeros((2, 24), int)
    need[:, 6:10] = 1
    problem = Problem(2, (dawn,), (Person("P0", "full"),), cover_by_interval(need, (dawn,), 30.0, 1.0))
    plan = call_in(problem, np.array([[-1, -1]]), Account(problem, Terms()), interval_spans(2, 24), ASKED, REACH)
    assert [(one.start, one.call_by) for one in plan.calls] == [(420, 360), (1440 + 360, 22 * 60)]


def test_who_comes_earlier_is_asked_the_evening_before_or_not_at_all():
    early = Duty("E", 480, 240, 240)
    need = np.zeros((2, 24), int)
    need[:, 6:8] = 1
    problem = Problem(2, (early,), (Person("P0", "full"),), cover_by_interval(need, (early,), 30.0, 1.0))
    plan = call_in(problem, np.array([[0, 0]]), Account(problem, Terms()), interval_spans(2, 24), ASKED, REACH)
    assert [(one.kind, one.start, one.call_by) for one in plan.calls] == [("comes_earlier", 1440 + 360, 22 * 60)]
