"""A plan with people who answer some classes only: what they answer nobody else must; when they keep their shifts."""
from datetime import datetime

import numpy as np
import pytest
from one_city import loaded

from optimizer.staffing.planning.illness import who_takes
from optimizer.staffing.planning.on_duty.presence import Presence
from optimizer.staffing.planning.through import staffed
from sim.scenario.problems import UserError
from sim.world.build import build

GROUPS = """people:
  town:
    groups:
      staff: {people: 4, shifts: days}
      trained: {people: 2, shifts: days, absence: 20 %, answers: [other]}
"""
HARD = """  hard: {name: {zh: 疑难, en: hard}, patience: {law: exponential, mean: 10 min},
          talk: {law: fixed, mean: 1 s},
          after_busy: {share: 0, delay: {law: exponential, mean: 2 min}},
          after_hanging_up: {share: 0, delay: {law: exponential, mean: 10 min}}}
staffing:
"""
QUICK = {"seconds": 1.0, "replications": 2, "workers": 1}


def town(folder, groups=GROUPS, hard="0 %", shift="share: 50 %"):
    """One person of the trained ones is on duty from eight to four, and two of the others."""
    def change(text):
        return text.replace("agents: 4, ", "").replace("staffing:\n", HARD).replace(
            "hours: 8, share: 50 %", f"hours: 8, {shift}").replace(
            "everyday: {other: {profile: plain}}",
            f"everyday: {{other: {{profile: plain, share: {100 - int(hard[:-2])} %}}, "
            f"hard: {{profile: plain, share: {hard}}}}}")
    return loaded(folder, groups, change)


def pools(scenario):
    setting = build(scenario)
    return {pool.name: setting.world.seats[:, p].tolist() for p, pool in enumerate(setting.names.pools)}


def test_what_they_answer_nobody_else_must(tmp_path):
    """They have a seat from eight to four, which is enough for the callers whom they answer."""
    plan = staffed(town(tmp_path), ["town"], **QUICK)
    assert not plan.need.seats.any()


def test_what_they_do_not_answer_others_must(tmp_path):
    scenario = town(tmp_path, hard="50 %")
    plan = staffed(scenario, ["town"], **QUICK)
    assert np.flatnonzero(plan.need.seats[:, 0]).tolist() == [*range(16, 32), *range(64, 80)]
    assert plan.need.seats.max() == 1
    rostered = plan.cities["town"]
    assert [row.group for row in rostered.rostered.table.rows] == ["staff"] * 4 + ["trained"] * 2
    day = [0] * 16 + [1] * 16 + [0] * 16
    assert pools(scenario)["town·other"] == pools(rostered.scenario)["town·other"] == day * 2
    assert pools(rostered.scenario)["town"] == day * 2


def test_their_workplaces_are_taken_and_their_absence_is_their_own(tmp_path):
    """Nine workplaces, less 0.8 of one on the average."""
    found = Presence.of(town(tmp_path), "town")
    assert (found.comes.min(), found.at_the_phone, found.workplaces) == (1.0, 1.0, pytest.approx(8.2))


def test_a_city_in_which_nobody_answers_everything_is_refused(tmp_path):
    apart = GROUPS.replace("staff: {", "staff: {answers: [hard], ")
    with pytest.raises(UserError, match="nobody who works full time in town does: leave out answers of staff, trained"):
        staffed(town(tmp_path, apart), ["town"], **QUICK)


def test_nobody_is_sought_for_shifts_that_are_not_planned(tmp_path):
    (tmp_path / "roster.csv").write_text("姓名,组,2021-08-01,2021-08-02,2021-08-03\n王一,staff,休,白,休\n"
                                         "李二,trained,休,白,休\n", encoding="utf-8")
    groups = GROUPS.replace("people: 4, ", "").replace("people: 2, ", "contract: volunteers, ")
    groups += "    roster: {table: roster.csv}\n"
    scenario = town(tmp_path, groups, shift="code: 白")
    with pytest.raises(UserError, match="李二 is of the group trained, who keep their own shifts"):
        who_takes(scenario, "town", "李二", datetime(2021, 8, 2, 4, 0), seed=1, replications=2, workers=1)


def test_rows_of_those_who_are_not_planned_stay_in_the_table(tmp_path):
    (tmp_path / "roster.csv").write_text("姓名,组,2021-08-01,2021-08-02,2021-08-03\n王一,staff,休,白,休\n"
                                         "李二,trained,休,休,白\n", encoding="utf-8")
    groups = GROUPS.replace("people: 4, ", "").replace("people: 2, ", "contract: volunteers, ").replace("20 %", "0 %")
    scenario = town(tmp_path, groups + "    roster: {table: roster.csv}\n", "50 %", "code: 白")
    planned = staffed(scenario, ["town"], **QUICK).cities["town"].scenario
    rows = {row.name: row.codes for row in planned.people["town"].roster.rows}
    assert rows["李二"] == ("休", "休", "白")
    assert pools(planned)["town·other"] == [0] * 64 + [1] * 16 + [0] * 16
