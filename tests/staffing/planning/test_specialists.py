"""People who answer some classes of callers only get shifts and a roster of their own; workplaces are shared."""
from collections import Counter
from datetime import date, datetime

import numpy as np
import pytest
from linguists import GROUPS, MORNING, NOON, halves, town

from optimizer.staffing.planning.by_skill import specialists
from optimizer.staffing.planning.by_skill.as_city import as_city, who_may_answer
from optimizer.staffing.planning.city_roster.own_shifts import rostered_groups
from optimizer.staffing.planning.city_roster.table_shifts import shifts_by_code
from optimizer.staffing.planning.illness import who_takes
from optimizer.staffing.planning.through import staffed
from sim.reading.loading import load
from sim.world.build import build

QUICK = {"seconds": 16.0, "replications": 2, "workers": 1}
OLD_TABLE = """姓名,组,2021-08-01,2021-08-02,2021-08-03
王一,staff,休,白,休
李二,staff,休,休,白
赵四,linguists,休,白,休
钱五,linguists,休,休,!白
孙六,linguists,休,愿休,
"""


def loaded(folder, groups=GROUPS, change=lambda text: text):
    (folder / "town.yaml").write_text(change(town(groups)), encoding="utf-8")
    return load(folder / "town.yaml")


def seats(scenario):
    """By pool: [half-hours]."""
    setting = build(scenario)
    return {pool.name: setting.world.seats[:, p].tolist() for p, pool in enumerate(setting.names.pools)}


def days_of(table, group):
    """By day: how many of a group have which code."""
    return [Counter(row.codes[i] for row in table.rows if row.group == group) for i in range(len(table.dates))]


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    return staffed(loaded(tmp_path_factory.mktemp("linguists")), ["town"], **QUICK)


def test_each_kind_of_people_is_at_work_when_its_callers_come(plan):
    """One seat is enough for each kind of callers: somebody of the staff from eight, a linguist from noon."""
    table = plan.cities["town"].rostered.table
    assert days_of(table, "staff")[1:] == [Counter({"休": 5, "白0800": 1})] * 2
    assert days_of(table, "linguists")[1:] == [Counter({"休": 3, "白1200": 1})] * 2
    assert seats(plan.cities["town"].scenario) == {"town": halves(MORNING), "town·foreign": halves(NOON)}


def test_those_who_answer_everything_are_wanted_for_what_the_others_leave(plan):
    assert plan.need.seats[:, 0].tolist() == halves(MORNING)
    assert plan.need.as_planned.T.tolist() == [seats(plan.as_it_is)["town"]]


def test_they_serve_their_callers_better_than_the_shifts_of_today(plan):
    """Today they are gone at four; half of their callers come after that, and nobody else is there."""
    at = plan.by_skill.need.cities.index("town·foreign")
    today, planned = (one.in_all["share"] for one in (plan.served_by_skill.today, plan.served_by_skill.planned))
    assert 0.4 < today.mean[at] < 0.6
    assert planned.mean[at] > 0.99
    assert planned.low[at] > today.high[at]
    town = plan.cities["town"]
    assert town.service.in_all["share"].mean[0] > town.today.in_all["share"].mean[0] + 0.2


def test_nobody_is_of_two_kinds_and_codes_stand_for_one_shift_each(plan):
    rostered, (some,) = plan.cities["town"].rostered, plan.specialists
    names = [row.name for row in rostered.table.rows]
    assert len(names) == len(set(names)) == 10
    assert {row.group for row in some.rostered.table.rows} == {"linguists"}
    assert {one.group for one in rostered.problem.people} == {"staff"}
    codes = [shift.code for shift in rostered.shifts]
    assert len(codes) == len(set(codes))
    assert {code for row in rostered.table.rows for code in row.codes} == {"休", *codes}
    shifts_by_code(plan.cities["town"].scenario, "town")    # raises where a code stands for two


@pytest.mark.parametrize("places", [2, 3])
def test_workplaces_are_held(tmp_path, places):
    """Talks of four minutes take several of each kind at once, and together more than there are places."""
    def busy(text):
        return text.replace("seats: 3", f"seats: {places}").replace("mean: 1 s", "mean: 4 min")
    plan = staffed(loaded(tmp_path, change=busy), ["town"], **QUICK)
    assert plan.by_skill.need.seats.max(axis=0).sum() > places
    opened = np.array(list(seats(plan.cities["town"].scenario).values()))
    assert opened.sum(axis=0).max() <= places
    assert (opened.max(axis=1) >= 1).all()


def test_who_is_not_wanted_keeps_shifts(tmp_path):
    """Nobody calls in a foreign language: two linguists of four are there from eight to four, as they were."""
    def alone(text):
        return text.replace("share: 50 %}, foreign", "share: 100 %}, foreign").replace("late, share: 50 %",
                                                                                       "late, share: 0 %")
    plan = staffed(loaded(tmp_path, change=alone), ["town"], **QUICK)
    assert plan.specialists == ()
    assert plan.served_by_skill is None
    assert {row.group for row in plan.cities["town"].rostered.table.rows} == {"staff"}
    assert seats(plan.cities["town"].scenario)["town·foreign"] == [2 * seat for seat in halves(MORNING)]


# --- their table -----------------------------------------------------------------------------------------------------

def with_table(folder, talk="1 s"):
    (folder / "roster.csv").write_text(OLD_TABLE, encoding="utf-8")
    groups = GROUPS.replace("people: 6, ", "").replace("people: 4, ", "") + "    roster: {table: roster.csv}\n"
    return loaded(folder, groups, lambda text: text.replace("hours: 8, share: 50 %", "hours: 8, code: 白").replace(
        "mean: 1 s", f"mean: {talk}"))


@pytest.fixture(scope="module")
def again(tmp_path_factory):
    return staffed(with_table(tmp_path_factory.mktemp("again")), ["town"], **QUICK)


def test_what_is_fixed_of_theirs_stays_and_what_they_wish_is_answered(again):
    rows = {row.name: row for row in again.cities["town"].rostered.table.rows}
    assert rows["钱五"].codes[2] == "白"
    assert rows["钱五"].fixed == (2,)
    (some,) = again.specialists
    assert [(one.name, one.day, one.wish.what) for one in some.rostered.wishes] == [("孙六", date(2021, 8, 2), "休")]


def test_what_changes_of_their_published_roster_is_told(again):
    (some,) = again.specialists
    assert some.rostered.changed is not None
    assert {one.person for one in some.rostered.changed.changes} <= {"赵四", "钱五", "孙六"}
    assert again.cities["town"].rostered.changed.changes == ()      # one of the staff a day was right


def test_the_shifts_of_a_table_keep_their_codes(again):
    shifts = {shift.code: shift.start for shift in again.cities["town"].rostered.shifts}
    assert shifts == {"白": 480, "白1200": 720}


# --- somebody is ill -------------------------------------------------------------------------------------------------

def test_only_who_answers_the_same_takes_a_shift(tmp_path):
    """A linguist's shift may be taken by linguists and by those who answer everything; that of these by them alone."""
    scenario, at = with_table(tmp_path), datetime(2021, 8, 2, 4, 0)
    asked = {"seed": 1, "replications": 2, "workers": 1}
    of_linguist = who_takes(scenario, "town", "赵四", at, **asked).answer
    assert {one.person for one in (*of_linguist.candidates, *of_linguist.refused)} == {"钱五", "孙六", "王一", "李二"}
    of_staff = who_takes(scenario, "town", "王一", at, **asked).answer
    assert {one.person for one in (*of_staff.candidates, *of_staff.refused)} == {"李二"}


def test_whoever_takes_a_linguists_shift_answers_their_callers(tmp_path):
    """Talks of four minutes keep the linguist and the only other one at work busy."""
    found = who_takes(with_table(tmp_path, "4 min"), "town", "赵四", datetime(2021, 8, 2, 4, 0), seed=1, replications=4,
                      workers=1)
    assert found.undone.high < -20
    assert found.taken.answered.low > found.undone.high


def test_a_city_of_some_of_its_people(tmp_path):
    scenario = with_table(tmp_path)
    assert who_may_answer(scenario, "town", ("foreign",)) == ("staff", "linguists", "willing")
    assert who_may_answer(scenario, "town", ()) == ("staff", "willing")
    alone = as_city(scenario, "town", ("linguists",), 2.0)
    assert list(rostered_groups(alone, "town")) == ["linguists"]
    assert [row.codes for row in alone.people["town"].roster.rows if row.group == "staff"] == [("休",) * 3] * 2
    assert set(seats(alone)) == {"town"}


# --- a surge of their callers ----------------------------------------------------------------------------------------

SURGE = """surges:
  - {city: town, class: foreign, profile: late, by_day: {2021-08-02: 4000, 2021-08-03: 4000}}
"""


def test_a_surge_of_their_callers_is_planned_for_within_workplaces(tmp_path):
    def busy(text):
        return text.replace("mean: 1 s", "mean: 2 min").replace("seats: 3", "seats: 12") + SURGE
    plan = staffed(loaded(tmp_path, change=busy), ["town"], **QUICK)
    (some,) = plan.specialists
    assert some.needs.told is not None
    assert (some.needs.usual < some.needs.in_surge).any()
    opened = np.array(list(seats(plan.cities["town"].scenario).values())).sum(axis=0)
    assert opened.max() <= 12


def test_workplaces_are_parted_by_what_each_needs(plan):
    parts = specialists.parts_of_workplaces(plan.as_it_is, "town", plan.by_skill.need)
    assert parts.tolist() == [1.0, 1.0]
