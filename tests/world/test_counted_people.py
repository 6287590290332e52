"""People on duty by a table of how many begin which shift on which day, by hand."""
import pytest
from two_towns import BY_SHARES, COUNTED, COUNTS

from sim.reading.loading import load
from sim.world.build import build


@pytest.fixture
def seats(tmp_path):
    """By pool: the seats of each half-hour of two days."""
    def of(text=COUNTED, counts=COUNTS):
        (tmp_path / "towns.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "shifts.csv").write_text(counts, encoding="utf-8")
        setting = build(load(tmp_path / "towns.yaml"))
        return {pool.name: setting.world.seats[:, p].tolist() for p, pool in enumerate(setting.names.pools)}
    return of


def test_those_who_begin_are_there_for_their_shift_but_for_their_meal(seats):
    """Ten begin at eight, a quarter of them is on a meal from eleven to one; three at ten, after two of the day
    before."""
    first, second = (seats()["east"][k:k + 48] for k in (0, 48))
    assert first == [2] * 14 + [0] * 2 + [10] * 6 + [8] * 4 + [10] * 7 + [0] * 11 + [3] * 4
    assert second == [3] * 14 + [0] * 2 + [4] * 6 + [3] * 4 + [4] * 7 + [0] * 11 + [1] * 4


def test_a_city_without_a_row_for_the_night_has_nobody_then(seats):
    west = seats()["west"]
    assert west[:16] == [0] * 16
    assert west[16:22] == [3] * 6


def test_the_usual_absence_is_taken_off(seats):
    """A half of ten come."""
    assert seats(COUNTED.replace("absence: 0", "absence: 50 %"))["east"][16] == 5


def test_how_many_there_are_changes_nothing_of_who_is_on_duty(seats):
    assert seats(COUNTED.replace("agents: 20", "agents: 33")) == seats()


GROUPS = """people:
  east:
    groups:
      young: {people: 15, shifts: days, absence: 0}
      old: {people: 5, shifts: days, absence: 40 %}
      late: {people: 4, shifts: evening}
"""
EVENING = 'shifts:\n  evening: [{start: "18:00", hours: 4, share: 50 %}]\n'


def test_groups_have_their_part_of_those_who_begin(seats):
    """Of ten 7.5 are young and 2.5 old, of whom 1.5 come; others keep the shares of their shifts."""
    text = COUNTED.replace("agents: 20, ", "").replace("shifts:\n", EVENING, 1) + GROUPS
    assert seats(text)["east"][16] == 9
    assert seats(text)["east"][36] == 2


def test_a_code_of_two_plans_is_shared_by_all_who_have_it(seats):
    """Of six on 早 four are of the ten with two shifts, two of the five who have nothing else."""
    groups = ("people: {east: {groups: {both: {people: 10, shifts: days, absence: 0}, "
              "early: {people: 5, shifts: mornings, absence: 50 %}}}}\n")
    mornings = ('shifts:\n  mornings: [{start: "08:00", hours: 8.5, code: 早, '
                'breaks: [{length: 30 min, window: [3, 5], paid: false}]}]\n')
    text = COUNTED.replace("agents: 20, ", "").replace("shifts:\n", mornings, 1) + groups
    counts = "市,班次,8/1,8/2,8/3\n东城,早,,6,\n东城,夜,9,,\n西城,早,,1,1\n"
    assert seats(text, counts)["east"][16] == 5
    assert seats(text, counts)["east"][0] == 9


def test_without_a_table_shares_hold(seats):
    assert seats(BY_SHARES)["east"][16] == 8
