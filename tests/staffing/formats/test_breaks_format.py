"""The benchmark's reader and evaluator of breaks on a made-up file: a shift of four hours on Sunday, over midnight."""
import pytest

from benchmarks.staffing.breaks import duties_of, problem_of
from benchmarks.staffing.breaks_format import (
    BreakFile,
    Duty,
    PlannedShift,
    break_time,
    broken_by,
    cost,
    cover_of,
    planted_duties,
    read,
    violations,
)
from optimizer.staffing.shifts.breaks.staggering import stagger_breaks

WEEK = 7 * 288
KEPT = ((45, 10), (95, 10), (145, 10), (190, 10))  # of four hours, by all rules
ALL_DAY = ((45, 10), (95, 10), (150, 10), (210, 30), (290, 10), (340, 10), (390, 10))
NONE = dict.fromkeys(("positions", "meals", "stretches", "long stretches", "lengths", "break time"), 0)


def need_of(duties):
    return tuple(cover_of(duties, WEEK))


def file_text(need):
    rows = [f"{slot // 12:02}:{slot % 12 * 5:02} {(slot + 1) // 12 % 24:02}:{(slot + 1) % 12 * 5:02} "
            + " ".join(str(need[day * 288 + slot]) for day in range(7)) for slot in range(288)]
    breaks = "".join(f"{(22 * 60 + start) // 60 % 24:02}:{(22 * 60 + start) % 60:02} {length + 5} "
                     f"[{length} MONITOR + 5 EXTRA]  " for start, length in KEPT)
    return "\n".join(["#Staffing Requirements", *rows, "", "#Shift Plan", "S1 22:00 04:00 0 0 0 0 0 0 1", "",
                      "#Optimal Solution (Violation Degree = 0)", "S1 22:00 04:00 0 0 0 0 0 0 1", "DAY7:",
                      "DUTY1: " + breaks, ""])


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "made-up-1.txt"
    path.write_text(file_text(need_of([Duty(6 * 1440 + 22 * 60, 240, KEPT)])), "latin-1")
    return read(path)


def test_a_file_is_read(file):
    assert file.shifts == (PlannedShift(22 * 60, 240, (0,) * 6 + (1,)),)
    assert file.planted == (KEPT,)
    assert (len(file.need), sum(file.need)) == (WEEK, 48 - 4 * 3)
    assert sum(file.need[:24]) == 24 - 6  # after midnight on Sunday


def test_the_planted_plan_breaks_no_rule(file):
    assert cost(violations(file, planted_duties(file))) == 0


def test_cover_lacks_breaks_and_the_interval_after_each():
    cover = cover_of([Duty(0, 240, ((45, 10),))], WEEK)
    assert [slot for slot in range(48) if not cover[slot]] == [9, 10, 11]
    assert sum(cover) == 45


def test_what_is_missing_and_to_spare_is_counted(file):
    late = Duty(6 * 1440 + 22 * 60, 240, ((50, 10), *KEPT[1:]))
    broken = violations(file, [late])
    assert (broken["understaffed"], broken["overstaffed"], cost(broken)) == (1, 1, 12)


@pytest.mark.parametrize(("breaks", "broken"), [
    (KEPT, {}),
    (((25, 10), (80, 10), (135, 10), (185, 10)), {"positions": 1, "stretches": 1}),
    (((45, 10), (95, 10), (145, 10), (205, 10)), {"positions": 1, "stretches": 1, "long stretches": 0}),
    (((45, 10), (75, 10), (125, 10), (175, 10)), {"stretches": 1}),
    (((60, 10), (110, 10), (150, 10), (200, 10)), {"long stretches": 1}),
    (((45, 5), (95, 10), (145, 10), (190, 15)), {"lengths": 1}),
    (((45, 10), (95, 10), (145, 10)), {"break time": 1})])
def test_each_rule_is_seen_when_it_is_broken(breaks, broken):
    assert broken_by(Duty(0, 240, breaks)) == NONE | broken


def test_a_long_shift_needs_a_meal_in_its_window():
    assert broken_by(Duty(0, 480, ALL_DAY))["meals"] == 0
    early = tuple((180, 30) if length == 30 else (start, length) for start, length in ALL_DAY)
    assert broken_by(Duty(0, 480, early))["meals"] == 1


@pytest.mark.parametrize(("length", "minutes"), [(240, 40), (420, 80), (480, 90), (600, 110), (605, 152)])
def test_break_time_grows_with_the_shift(length, minutes):
    assert break_time(length) == minutes


def test_duties_must_be_those_of_the_file(file):
    with pytest.raises(ValueError, match="not the duties"):
        violations(file, [])


def test_the_plan_costs_what_it_says(file):
    problem = problem_of(file)
    plan = stagger_breaks(problem, 10.0)
    assert cost(violations(file, duties_of(problem, plan))) == plan.cost == 0


def test_breaks_of_a_busy_week_are_found():
    shifts = (PlannedShift(0, 240, (1,) * 7), PlannedShift(60, 240, (2,) * 7))
    empty = BreakFile((0,) * WEEK, shifts, ())
    problem = problem_of(empty)
    found = violations(empty, duties_of(problem, stagger_breaks(problem, 0.5)))
    assert {rule: found[rule] for rule in NONE} == NONE
