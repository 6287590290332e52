"""The benchmark's reader and evaluator of shift design on a made-up file."""
import pytest

from benchmarks.staffing.shift_design import planned_of, problem_of
from benchmarks.staffing.shift_design_format import Planned, read, value
from optimizer.staffing.shifts.design import design_shifts

NEED = [0] * 8 + [2] * 6 + [0] * 10
FILE = """#MinuteInterval:
60

#Requirements:
{need}

#Shift templates
#Abbr, Full name, Start, + Minutes,  -Minutes, Length, +Minutes, -Minutes, available days
D day 9:0 60 60 300 60 60 *

#UnderCover:
2

#Overcover:
1

#Shifts:
60

#Fitness of assumed optimal Solution:
# 60

#Optimal Solution:
#Shift Start Length Duties:
# 1:  8:0    360       2  2  2  2  2  2  2
""".format(need=" ".join(map(str, NEED * 7)))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "made-up-1.txt"
    path.write_text(FILE, "latin-1")
    return read(path)


def test_a_file_is_read(file):
    assert (file.interval_min, len(file.need), sum(file.need)) == (60, 168, 84)
    assert [(its.name, its.starts, its.lengths) for its in file.templates] == [("D", (480, 600), (240, 360))]
    assert (file.understaffed_weight, file.overstaffed_weight, file.shift_weight) == (2, 1, 60)
    assert file.planted == (Planned(480, 360, (2,) * 7),)


def test_the_planted_plan_is_worth_what_the_file_says(file):
    assert value(file, file.planted) == file.planted_value == 60


def test_what_is_missing_and_to_spare_counts_by_the_minute_of_a_person(file):
    assert value(file, []) == 2 * 60 * 84
    assert value(file, [Planned(480, 300, (2,) * 7)]) == 60 + 2 * 60 * 14
    assert value(file, [Planned(480, 360, (3,) + (2,) * 6)]) == 60 + 60 * 6
    assert value(file, [Planned(480, 360, (2,) * 7), Planned(540, 300, (0,) * 7)]) == 60  # nobody on it


def test_the_last_day_goes_on_into_the_first(file):
    late = Planned(600, 360, (0,) * 6 + (1,))
    assert value(file, [late]) == 60 + 2 * 60 * (84 - 4) + 60 * 2


@pytest.mark.parametrize(("start", "length"), [(420, 360), (510, 300), (480, 420)])
def test_shifts_of_no_template_are_refused(file, start, length):
    with pytest.raises(ValueError, match="no template has a shift"):
        value(file, [Planned(start, length, (1,) * 7)])


def test_the_plan_is_worth_what_it_says_it_costs(file):
    plan = design_shifts(problem_of(file), 10.0)
    assert value(file, planned_of(plan)) == plan.cost.total == 60
