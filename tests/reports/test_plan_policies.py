"""Other policies beside a plan: what each lends, which bring more than the plan, and what is explained."""
from __future__ import annotations

from ordered import LEND, figure, ordered

from sim.scenario.levers import Lend
from surgeline.folders.lending_plan import seat_hours
from surgeline.reports.lending_plan import effects
from surgeline.reports.page.words import Words

ZH, EN = Words("zh"), Words("en")
FLOOR = {"lender": "west", "name": "answered_drop", "bound": -0.02, "mean": figure(0.0, 0.01), "proved": True,
         "broken": False, "surely_broken": False}


def rival(behind: float, hours: float | None = None, **floor: bool) -> dict:
    """The plan of 30 people and 22 seat-hours answers so many more."""
    return {"replications": 10, "people": figure(30 - behind), "gains": {"east": figure(30 - behind)},
            "lenders": {"west": figure(0.0)}, "rates": {"east": figure(0.0), "west": figure(0.0)},
            "floors": (FLOOR | floor,), "holds": not floor.get("broken", False), "behind": figure(behind),
            "seat_hours": hours}


def section(folder, w: Words = ZH, **rivals: dict):
    rivals = {name.replace("_", "-"): one for name, one in rivals.items()}
    return effects.policies_section(ordered(folder, LEND, rivals={"pooled": rival(-3.0, proved=False)} | rivals), w)


def test_seat_hours_stand_beside_people_and_routing_lends_none(tmp_path):
    table = section(tmp_path, same_share=rival(2.0, 66.0)).blocks[0]
    at = [column.title for column in table.columns].index("借出座席小时")
    assert [row[at] for row in table.rows] == ["22", "–", "66"]
    assert {len(row) for row in table.rows} == {len(table.columns)}


def test_folders_of_before_have_no_column_of_seat_hours(tmp_path):
    table = section(tmp_path, same_share=rival(2.0)).blocks[0]
    assert "借出座席小时" not in [column.title for column in table.columns]
    assert {len(row) for row in table.rows} == {len(table.columns)}


def test_a_policy_that_brings_more_and_keeps_all_floors_is_told_with_its_seat_hours(tmp_path):
    lead = section(tmp_path, same_share=rival(-4.0, 66.0)).lead
    assert lead.endswith("“各市同比例”底线也都已证明，比本方案多接通 4 人（3 至 5），借出 66 座席小时，本方案借出 22。")
    lead = section(tmp_path, EN, same_share=rival(-4.0, 66.0)).lead
    assert lead.endswith("brings 4 people more than the plan (3 to 5); it lends 66 seat-hours, and the plan 22.")


def test_routing_that_brings_more_is_said_to_be_outside_the_terms(tmp_path):
    lead = section(tmp_path, overflow=rival(-4.0)).lead
    assert "“等待 60 秒后溢出”底线也都已证明，比本方案多接通 4 人（3 至 5）；" in lead
    assert lead.endswith("但它用各市的全部座席接全省来电，不在议定的条件之内。")


def test_policies_that_bring_less_or_whose_floors_are_not_proved_are_not_told(tmp_path):
    for one in (rival(4.0, 66.0), rival(-4.0, 66.0, proved=False), rival(-4.0, 66.0, proved=False, broken=True)):
        assert "底线也都已证明" not in section(tmp_path, same_share=one).lead


def test_only_policies_that_have_a_row_are_explained(tmp_path):
    without, with_it = (section(tmp_path, **more).blocks[0].note for more in (
        {}, {"historical": rival(1.0, 9.0), "placed_anew": rival(1.0, 9.0), "overflow": rival(1.0)}))
    assert "全部合并" in without
    assert not any(word in without for word in ("当年", "溢出"))
    assert all(word in with_it for word in ("“当年的做法”", "“当年的座席重新安排”", "“溢出”"))


def test_seat_hours_of_a_policy_are_those_within_the_days_and_of_routing_there_are_none(tmp_path):
    scenario = ordered(tmp_path).manifest.scenario
    day_before = LEND | {"seats": 3, "from": "2021-08-01 00:00", "to": "2021-08-02 24:00", "hours": ["10:00", "12:00"]}
    lends = scenario.model_copy(update={"levers": tuple(Lend.model_validate(one) for one in (LEND, day_before))})
    assert scenario.horizon.start.day == 2
    assert seat_hours(lends) == 4 * 5.5 + 3 * 2
    assert seat_hours(scenario.model_copy(update={"levers": ()})) is None
