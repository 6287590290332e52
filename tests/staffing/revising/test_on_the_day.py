"""Zhang is ill: small rosters in which each check bites, prices against whole evaluations."""
from dataclasses import replace

import numpy as np
import pytest

from optimizer.staffing.revising.added_duties import interval_spans, joined, part
from optimizer.staffing.revising.marginal import changed, marginal
from optimizer.staffing.revising.on_the_day import Answer, who_can_take
from optimizer.staffing.revising.overtime import Account, Done, Terms
from optimizer.staffing.revising.take_over import Reach, Standby
from optimizer.staffing.rosters.evaluate import evaluate
from optimizer.staffing.rosters.problem import (
    CarriedIn,
    Cell,
    Duty,
    Fairness,
    Person,
    Problem,
    Rule,
    Wish,
    cover_by_interval,
)

EARLY = Duty("E", 480, 480, 450, breaks=((240, 30),))
LATE = Duty("L", 960, 480, 450, breaks=((240, 30),), not_followed_by=frozenset("E"))
NIGHT = Duty("N", 1320, 600, 540, night=True, breaks=((240, 60),))
DUTIES = (EARLY, LATE, NIGHT)


def rule(name, value, price=None):
    return Rule(name, value, "contract", "contract 7", price)


def asked(rows: dict[str, str], day: int, minute: int, need=1, terms=None, done=(), reach=None, duties=DUTIES,
          codes="ELN", **people) -> Answer:
    """Zhang's duty, in a roster of a letter a day; ``people`` are fields of Person by name."""
    days = len(rows["Zhang"])
    persons = tuple(Person(name, "full", **people.get(name, {})) for name in rows)
    cover = cover_by_interval(np.full((days, 24), need), duties, 10.0, 0.0)
    problem = Problem(days, duties, persons, cover)
    roster = np.array([[codes.find(letter) for letter in row] for row in rows.values()])
    account = Account(problem, terms or Terms(wage=0.1), done)
    return who_can_take(problem, roster, "Zhang", day, minute, account, interval_spans(days, 24), reach)


def of(answer: Answer, person: str):
    """The best way of a person."""
    return next(one for one in answer.candidates if one.person == person)


def reasons(answer: Answer, person: str) -> list[str]:
    """Of every way that was tried."""
    return [check.name for one in answer.refused if one.person == person for way in one.tried for check in way.reasons]


def test_a_day_off_is_called_in_for_the_whole_duty():
    answer = asked({"Zhang": "E", "Li": "."}, 0, 400, reach=Reach(call_in=60))
    li = of(answer, "Li")
    assert (answer.duty, answer.start, answer.end) == ("E", 480, 960)
    assert (li.kind, li.start, li.end, li.earliest, li.extra, li.rate) == ("call_in", 480, 960, 460, 450, 2.0)
    assert li.pay == pytest.approx(450 * 2 * 0.1)
    assert answer.undone.price == 70.0     # seven of the eight hours of an early duty have no break in them
    assert [gap.name for gap in answer.undone.lacking] == [f"0 {hour:02d}:00" for hour in (8, 9, 10, 11, 13, 14, 15)]
    assert li.price == pytest.approx(90 - 70)
    assert not li.still_missing


def test_notice_makes_a_late_start_and_too_late_is_refused():
    late = of(asked({"Zhang": "E", "Li": "."}, 0, 400, reach=Reach(call_in=140)), "Li")
    assert (late.start, late.earliest, [gap.name for gap in late.still_missing]) == (540, 540, ["0 08:00"])
    assert reasons(asked({"Zhang": "E", "Li": "."}, 0, 400, reach=Reach(call_in=500)), "Li") == ["notice"]
    assert reasons(asked({"Zhang": "E", "Li": "."}, 0, 400, reach=Reach(unwilling=frozenset(["Li"]))), "Li") \
        == ["unwilling"]


def test_standby_answers_faster_inside_its_time_only():
    reach = Reach(standby=(Standby("Li", 360, 600, 30),))
    assert (of(asked({"Zhang": "E", "Li": "."}, 0, 460, reach=reach), "Li").kind) == "standby"
    assert of(asked({"Zhang": "E", "Li": "."}, 0, 460, reach=reach), "Li").start == 490
    assert of(asked({"Zhang": "L", "Li": "."}, 0, 700, reach=reach), "Li").kind == "call_in"


def test_what_is_left_of_a_duty():
    answer = asked({"Zhang": "E", "Li": "."}, 0, 600, reach=Reach(call_in=60))
    li = of(answer, "Li")
    assert (answer.start, answer.end, li.start, li.extra) == (600, 960, 660, 300 - 30)


def test_who_is_there_stays_as_long_as_overtime_is_left():
    answer = asked({"Zhang": "L", "Li": "E"}, 0, 900, done=(Done("Li", 0, 60),))
    li = of(answer, "Li")
    assert (li.kind, li.start, li.end, li.duty, li.extra, li.rate) == ("stays", 960, 1080, (480, 1080), 120, 1.5)
    assert (li.figures.overtime_left.day, li.figures.overtime_left.month) == (0, 2160 - 180)
    assert li.extra_so_far == 60
    assert [gap.name[-5:] for gap in li.still_missing] == ["18:00", "19:00", "21:00", "22:00", "23:00"]


def test_who_works_all_the_while_cannot():
    assert reasons(asked({"Zhang": "E", "Li": "E"}, 0, 600), "Li") == ["at_work"]
    assert reasons(asked({"Zhang": "L", "Li": "E"}, 0, 900, terms=Terms(most_a_day=0)), "Li") == ["overtime_a_day"]


def test_who_works_then_anyway_is_not_moved():
    """The same hours with another meal, or an hour of the eight, bring nobody to the telephone."""
    meal, hour = replace(EARLY, code="F", breaks=((270, 30),)), replace(EARLY, code="G", start=540)
    duties, rows = (*DUTIES, meal, hour), {"Zhang": "E", "Li": "F", "Wu": "G", "Xu": "E"}
    answer = asked(rows, 0, 300, duties=duties, codes="ELNFG")
    assert not [one for one in answer.candidates if one.kind == "moves"]
    assert [reasons(answer, name) for name in ("Li", "Xu")] == [["at_work"], ["at_work"]]
    assert of(answer, "Wu").kind == "comes_earlier"
    for offer in answer.offers:
        for one in offer:
            own = answer.problem.duties[answer.roster[list(rows).index(one.person), 0]]
            assert one.end <= own.start


def test_who_is_moved_fills_what_the_own_shift_had_not():
    """From eight to four with an hour and a half in common: from four on somebody more is there."""
    late = replace(LATE, start=870)
    answer = asked({"Zhang": "L", "Li": "E"}, 0, 300, duties=(EARLY, late, NIGHT))
    kinds = {one.kind: one for one in answer.candidates}
    moves = kinds["moves"]
    assert (moves.start, moves.end, moves.duty) == (960, 1350, (870, 1350))
    assert answer.left_open((moves,)) == [(870, 960)]


def test_why_whoever_had_a_shift_by_day_cannot_do_the_night_too():
    """Eight hours at home lie between, and still it would be nine hours of overtime on the day."""
    rows = {"Zhang": "N.", "Li": "EL", "Wu": "EE"}
    answer = asked(rows, 0, 1200, reach=Reach(call_in=60))
    [check] = [check for one in answer.refused if one.person == "Li" for way in one.tried for check in way.reasons]
    assert (check.name, check.value, check.reached) == ("overtime_a_day", 180, 540)
    free = asked(rows, 0, 1200, terms=Terms(emergency=True), reach=Reach(call_in=60))
    assert reasons(free, "Li") == ["twice_a_day"]


def test_who_is_off_on_the_next_day_may_come_after_midnight():
    rows = {"Zhang": "N.", "Li": "E.", "Wu": "N.", "Xu": "L."}
    answer = asked(rows, 0, 1200, reach=Reach(call_in=60))
    li = of(answer, "Li")
    assert (li.kind, li.day, li.start, li.end) == ("call_in", 1, 1440, 1920)
    assert reasons(answer, "Wu") == ["at_work"]


def test_leave_is_what_keeps_somebody_away_and_not_notice():
    reach = Reach(call_in=500, unwilling=frozenset(["Li"]))
    answer = asked({"Zhang": "E", "Li": "."}, 0, 400, reach=reach, Li={"leave": frozenset([0])})
    assert reasons(answer, "Li") == ["leave"]


def test_the_month_ends_overtime_and_an_emergency_keeps_a_ledger():
    rows, done = {"Zhang": "L", "Li": "E", "Wu": "."}, (Done("Li", -9, 2150), Done("Wu", -9, 2150))
    assert reasons(asked(rows, 0, 840, done=done), "Wu") == ["overtime_a_month"]
    assert reasons(asked(rows, 0, 840, done=done), "Li") == ["overtime_a_month"]
    wu = of(asked(rows, 0, 840, done=done, terms=Terms(emergency=True)), "Wu")
    assert wu.beyond_law == {"overtime_a_month": 440.0}
    assert of(asked(rows, 0, 840, done=done, terms=Terms(month_starts=(0,))), "Wu").beyond_law == {}


def test_a_later_duty_begins_earlier_or_is_moved_and_leaves_a_hole():
    answer = asked({"Zhang": "E", "Li": "L"}, 0, 300)
    kinds = {one.kind: one for one in answer.candidates}
    assert (kinds["comes_earlier"].start, kinds["comes_earlier"].end, kinds["comes_earlier"].extra) == (780, 960, 180)
    assert len(kinds["moves"].opens) == 7
    assert kinds["moves"].extra == 0
    assert [one.kind for one in answer.candidates] == ["comes_earlier", "moves"]


def test_a_night_is_split_at_midnight():
    long = replace(NIGHT, presence=900, paid=840)   # to one in the afternoon
    answer = asked({"Zhang": "N.", "Li": "..", "Wu": "L."}, 1, 60, duties=(EARLY, LATE, long))
    assert (answer.day, answer.start, answer.end) == (0, 1500, 2220)
    li = of(answer, "Li")
    assert (li.earliest, li.call_by) == (1440 + 480, 1440 + 360)    # nobody is phoned before six
    assert (li.start, li.duty, li.extra) == (1920, (1920, 2220), 300)
    assert of(answer, "Wu").kind == "call_in"


@pytest.mark.parametrize(("li", "row", "expected"), [
    ({"limits": (rule("least_rest", 660),)}, "L.", "least_rest"),
    ({"limits": (rule("most_minutes", 800),)}, "L.", "most_minutes"),
    ({"limits": (rule("most_minutes_a_week", 800),)}, "E.", "most_minutes_a_week"),
    ({"limits": (rule("most_days_in_a_row", 1),)}, "E.", "most_days_in_a_row"),
    ({"limits": (rule("weekly_rest_days", 1),), "before": CarriedIn(days_this_week=5)}, "E.", "weekly_rest_days"),
    ({}, "L.", "succession"),
    ({"leave": frozenset([1])}, "..", "leave"),
    ({"pins": (Cell(1, None),)}, "..", "pin"),
    ({"pins": (Cell(1, "L"),)}, ".L", "pin"),
    ({"allowed": frozenset("L")}, "..", "allowed"),
])
def test_each_rule_refuses(li, row, expected):
    found = asked({"Zhang": ".E", "Li": row}, 1, 0, terms=Terms(most_a_day=0), reach=Reach(call_in=60), Li=li)
    assert expected in reasons(found, "Li")
    assert not found.candidates


def test_nobody_works_two_duties_at_a_time():
    dawn = Duty("D", 360, 480, 480)
    problem = Problem(2, (NIGHT, dawn), (Person("Zhang", "full"), Person("Li", "full")), ())
    found = who_can_take(problem, np.array([[-1, 1], [0, -1]]), "Zhang", 1, 0, Account(problem, Terms(most_a_day=30)),
                         (), Reach(call_in=60))
    assert [(way.kind, [check.name for check in way.reasons]) for way in found.refused[0].tried] \
        == [("stays", ["overtime_a_day"]), ("call_in", ["overlap"])]
    assert found.refused[0].tried[1].reasons[0].added == 60


def test_skills_and_leaders():
    duty = Duty("Q", 480, 480, 480, skills=frozenset(["english"]), leader=True)
    problem = Problem(1, (duty,), (Person("Zhang", "full", skills=frozenset(["english"]), leads=True),
                                   Person("Li", "full", leads=True), Person("Wu", "full")), ())
    found = who_can_take(problem, np.array([[0], [-1], [-1]]), "Zhang", 0, 0, Account(problem, Terms()), ())
    assert reasons(found, "Li") == ["skill"]
    assert sorted(reasons(found, "Wu")) == ["leader", "skill"]


def test_a_pinned_duty_may_be_made_longer():
    answer = asked({"Zhang": "L", "Li": "E"}, 0, 900, Li={"pins": (Cell(0, "E"),)})
    assert of(answer, "Li").kind == "stays"


def test_priced_rules_rank_and_overtime_so_far_breaks_ties():
    rows = {"Zhang": ".E", "Li": "..", "Wu": "E.", "Xu": ".."}
    soft = {"limits": (rule("most_days_in_a_row", 1, price=7.0),)}
    answer = asked(rows, 1, 0, done=(Done("Li", 0, 60),), Wu=soft)
    assert [one.person for one in answer.candidates] == ["Xu", "Li", "Wu"]
    assert answer.candidates[2].price == pytest.approx(answer.candidates[0].price + 7)
    assert [(check.name, check.added) for check in answer.candidates[2].priced] == [("most_days_in_a_row", 1)]


def test_prices_are_those_of_whole_evaluations():
    rng = np.random.default_rng(7)
    limits = (rule("most_days_in_a_row", 3, 11.0), rule("least_rest", 660, 0.1), rule("most_minutes", 3000, 0.2),
              rule("least_days_off_in_a_row", 2, 5.0), rule("most_weekends", 1, 9.0))
    people = tuple(Person(f"P{i}", "full", limits, wishes=(Wish(3, "E", True, 4.0),),
                          published=(Cell(2, "L"), Cell(4, None))) for i in range(6))
    cover = cover_by_interval(rng.integers(0, 4, (14, 24)), DUTIES, 10.0, 1.0)
    problem = Problem(14, DUTIES, people, cover, (Fairness("nights", "full", 6.0, 1),), change_price=3.0)
    roster = rng.integers(-1, 3, (6, 14))
    deltas, before = marginal(problem, roster), evaluate(problem, roster)
    for _ in range(40):
        i, j = rng.choice(6, 2, replace=False)
        rows = {int(p): changed(roster[p], {int(rng.integers(14)): int(rng.integers(-1, 3))}) for p in (i, j)}
        after_roster = roster.copy()
        for p, row in rows.items():
            after_roster[p] = row
        after, effect = evaluate(problem, after_roster), deltas.effect(rows)
        assert effect.cost == pytest.approx(after.cost - before.cost)
        assert effect.cover_cost == pytest.approx(sum(after.parts[k] - before.parts[k] for k in ("missing", "surplus")))
        assert all(after.cover[k] == n for k, n in effect.there.items())
        assert (deltas.moved(rows).cover == after.cover).all()


def test_no_duty_grows_beyond_the_longest_presence():
    li = of(asked({"Zhang": "L", "Li": "E"}, 0, 900, terms=Terms(emergency=True)), "Li")
    assert li.duty == (480, 1200)
    assert li.beyond_law == {"overtime_a_day": 60.0}


@pytest.mark.parametrize("seed", [1, 2, 4, 6])
def test_candidates_are_what_whole_evaluations_say_of_their_rosters(seed):
    rng = np.random.default_rng(seed)
    limits = (rule("most_days_in_a_row", 3), rule("least_rest", 660, 0.1), rule("most_minutes_a_week", 2000),
              rule("least_days_off_in_a_row", 2, 5.0), rule("most_nights", 1, 9.0))
    people = tuple(Person(f"P{i}", "full", limits, pins=(Cell(3, "E"),) if i == 1 else ()) for i in range(8))
    cover = cover_by_interval(rng.integers(0, 4, (7, 24)), DUTIES, 10.0, 1.0)
    problem = Problem(7, DUTIES, people, cover, (Fairness("nights", "full", 6.0, 1),), change_price=3.0)
    roster = rng.integers(-1, 3, (8, 7))
    roster[0, 3], roster[1, 3] = rng.integers(3), 0
    answer = who_can_take(problem, roster, "P0", 3, int(rng.integers(1320)) if roster[0, 3] == 2 else 400,
                          Account(problem, Terms(wage=0.1)), interval_spans(7, 24))
    undone = evaluate(answer.problem, answer.roster)
    assert answer.candidates
    for one in answer.candidates:
        after = evaluate(answer.problem, answer.taken_by(one))
        assert one.price == pytest.approx(after.cost - undone.cost + one.pay)
        assert hard(after) <= hard(undone)
        lacking = {gap.row for gap in (*answer.undone.lacking, *one.opens)}
        assert {gap.row for gap in (*one.opens, *one.still_missing)} <= lacking
    assert [one.order for one in answer.candidates] == sorted(one.order for one in answer.candidates)
    assert {one.person for one in answer.candidates} | {one.person for one in answer.refused} \
        == {person.name for person in people[1:]}


def hard(evaluation) -> float:
    """Amounts of rules that must never be broken."""
    return sum(one.amount for one in evaluation.broken if one.rule.price is None)


def test_nobody_to_replace():
    with pytest.raises(ValueError, match="no duty left"):
        asked({"Zhang": "E.", "Li": ".."}, 1, 0)


def test_parts_and_joined_duties_keep_breaks_and_pay():
    rest = part(NIGHT, 1440, 1920)
    assert (rest.start, rest.presence, rest.paid, rest.breaks) == (1440, 480, 420, ((120, 60),))
    assert part(replace(EARLY, breaks=()), 480, 720).paid == 225
    both = joined(EARLY, part(LATE, 960, 1260))
    assert (both.start, both.end, both.paid, both.breaks) == (480, 1260, 450 + 270, ((240, 30), (720, 30)))


# --- who comes first -------------------------------------------------------------------------------------------------

def test_a_wish_for_the_day_off_ranks_behind_who_has_none_and_is_told():
    rows = {"Zhang": "E", "Li": ".", "Wu": "."}
    dear = {"limits": (rule("most_minutes", 0, 0.5),)}     # whoever has no wish costs far more
    answer = asked(rows, 0, 400, reach=Reach(call_in=60), Li={"wishes": (Wish(0, None, False, 1.0),)}, Wu=dear)
    assert [one.person for one in answer.candidates] == ["Wu", "Li"]
    assert answer.candidates[1].wishes == (Wish(0, None, False, 1.0),)
    assert answer.candidates[0].wishes == ()


def test_who_wishes_not_to_do_a_duty_does_not_wish_for_a_part_of_it():
    wish = Wish(0, "E", False, 5.0)
    answer = asked({"Zhang": "E", "Li": "."}, 0, 600, reach=Reach(call_in=60), Li={"wishes": (wish,)})
    assert [one.weight for one in of(answer, "Li").wishes] == [5.0]
    assert of(answer, "Li").price == pytest.approx(of(asked({"Zhang": "E", "Li": "."}, 0, 600,
                                                            reach=Reach(call_in=60)), "Li").price + 5)


def test_a_custom_that_is_passed_ranks_behind_a_wish_and_tells_what_is_left():
    """After the night to eight only six hours are left to two."""
    noon = Duty("M", 840, 480, 480)
    rest = {"limits": (rule("least_rest", 660, 0.001),)}
    answer = asked({"Zhang": "N.", "Li": ".M", "Wu": ".."}, 0, 600, reach=Reach(call_in=60), duties=(*DUTIES, noon),
                   codes="ELNM", Li=rest, Wu={"wishes": (Wish(0, None, False, 50.0),)})
    assert [one.person for one in answer.candidates] == ["Wu", "Li"]
    [check] = of(answer, "Li").priced
    assert (check.name, check.value, check.reached) == ("least_rest", 660, 360)


def test_what_goes_beyond_is_told_as_the_row_then_has_it():
    limits = {"limits": (rule("most_days_in_a_row", 1, 1.0), rule("most_minutes", 400, 0.01))}
    answer = asked({"Zhang": "..E", "Li": "EE."}, 2, 0, reach=Reach(call_in=60), Li=limits)
    told = {check.name: check.reached for check in of(answer, "Li").priced}
    assert told == {"most_days_in_a_row": 3, "most_minutes": 3 * 450}


# --- when they must be asked -----------------------------------------------------------------------------------------

def test_who_comes_before_the_own_shift_at_dawn_is_asked_the_evening_before():
    early = Duty("E", 450, 480, 450)
    rows = {"Zhang": "N.", "Li": ".E"}
    li = of(asked(rows, 0, 1290, duties=(early, LATE, NIGHT)), "Li")
    assert (li.kind, li.start, li.call_by) == ("comes_earlier", 1440 + 270, 1320)
    late = asked(rows, 0, 1321, duties=(early, LATE, NIGHT))
    assert reasons(late, "Li") == ["notice"]


def test_nobody_is_asked_to_stay_who_is_about_to_go():
    rows = {"Zhang": "L", "Li": "E"}
    assert of(asked(rows, 0, 930), "Li").call_by == 930
    assert reasons(asked(rows, 0, 931), "Li") == ["notice"]


def test_everybody_is_asked_after_the_message():
    answer = asked({"Zhang": "N.", "Li": ".E", "Wu": "L.", "Xu": ".."}, 0, 1200)
    assert {one.kind for one in answer.candidates} >= {"stays", "call_in"}
    assert all(1200 <= one.call_by <= one.start for one in answer.candidates)


def test_who_can_be_there_after_midnight_only_needs_that_day_off():
    rows = {"Zhang": "N.", "Li": "..", "Wu": ".L"}
    answer = asked(rows, 0, 1310, reach=Reach(call_in=180))
    li = of(answer, "Li")
    assert (li.day, li.start, li.end) == (1, 1490, 1920)
    assert "Wu" not in {one.person for one in answer.candidates}


# --- two together ----------------------------------------------------------------------------------------------------

def test_one_stays_and_one_comes_earlier_where_nobody_covers_it_alone():
    early = Duty("E", 420, 480, 480)
    middle, night = Duty("M", 900, 300, 300), Duty("N", 1200, 480, 480)
    answer = asked({"Zhang": ".M.", "Li": ".E.", "Wu": ".N."}, 1, 600, duties=(early, middle, night), codes="EMN")
    [pair] = answer.pairs
    assert [(one.person, one.kind, one.start - 1440, one.end - 1440) for one in pair] == [
        ("Li", "stays", 900, 1020), ("Wu", "comes_earlier", 1020, 1200)]
    assert answer.left_open(pair) == []
    assert answer.offers[0] == pair
    healthy, taken = (evaluate(answer.problem, one).cost for one in (answer.roster, answer.taken_by(*pair)))
    assert taken - healthy == pytest.approx(sum(one.price - one.pay for one in pair))


def test_two_are_not_asked_where_one_can_do_it_all():
    assert asked({"Zhang": "E", "Li": ".", "Wu": "."}, 0, 300, reach=Reach(call_in=60)).pairs == ()


def test_two_together_are_never_there_at_once_and_break_no_rule():
    hard = {"limits": (rule("most_minutes_a_day", 300),)}
    answer = asked({"Zhang": "E", "Li": ".", "Wu": "."}, 0, 360, reach=Reach(call_in=60), Li=hard, Wu=hard)
    assert answer.candidates == ()
    first, second = answer.pairs[0]
    assert first.end <= second.start
    assert answer.left_open(answer.pairs[0]) == []
    assert all(one.possible for one in answer.pairs[0])
    broken = evaluate(answer.problem, answer.taken_by(first, second)).broken
    assert not [one for one in broken if one.rule.price is None]
