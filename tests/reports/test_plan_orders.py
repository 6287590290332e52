"""Whom lent seats serve, how long those who are called in stay, and what stands below tables of people."""
from __future__ import annotations

import pytest
from ordered import AT_HOME, CALL_IN, DAY, EVERY_KIND, LEND, STANDBY, ordered

from sim.scenario.people import CallInTerms
from surgeline.reports.lending_plan import edited, orders
from surgeline.reports.page.words import Words

ZH, EN = Words("zh"), Words("en")
DUTY = LEND | {"keep_idle": 0, "resume_idle": None}
CALLED = DUTY | {"off_duty": "100 %", "hours": ["12:00", "16:00"]}


def lead(folder, *levers: dict, w: Words = ZH, **more: object) -> str:
    return orders.section(ordered(folder, *levers, **{"edited": ""} | more), w).lead


# --- whom seats serve ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("way", "zh", "en"), [
    ({"serves": "borrower"}, "座席只接受援市的来电。", "seats take the borrower's calls only."),
    ({"keep_idle": 0}, "座席先接本市来电，本市没有人等时才接受援市的。",
     "seats take their own city's calls first, and the borrower's while none of those waits."),
    ({"keep_idle": 2}, "座席先接本市来电，同组空闲多于 2 席时才接受援市的。",
     "seats take their own city's calls first, and the borrower's only while more than 2 of their group are idle."),
    ({"serves": "both"}, "座席接两市的来电，等得最久的先接。",
     "seats take both cities' calls, the longest wait first."),
    ({"serves": "both", "keep_idle": 3}, "座席接两市的来电，等得最久的先接，同组空闲多于 3 席时才接受援市的。",
     "seats take both cities' calls, the longest wait first, "
     "and the borrower's only while more than 3 of their group are idle."),
], ids=str)
def test_seats_serve_as_their_levers_say(tmp_path, way, zh, en):
    assert lead(tmp_path, DUTY | way).endswith(f"所列时段里，{zh}")
    assert lead(tmp_path, DUTY | way, w=EN).endswith(f"In the hours shown {en}")


def test_seats_that_serve_in_several_ways_are_told_by_who_sits_there(tmp_path):
    said = lead(tmp_path, DUTY | {"keep_idle": 2}, CALLED)
    assert "在岗人员的座席先接本市来电，同组空闲多于 2 席时才接受援市的。" in said
    assert "召回人员的座席先接本市来电，本市没有人等时才接受援市的。" in said


def test_seats_that_serve_in_several_ways_are_told_by_their_cities_where_the_same_people_sit_there(tmp_path):
    back = {"lender": "east", "borrower": "west", "hours": ["12:00", "13:00"], "keep_idle": 2}
    said = lead(tmp_path, DUTY, DUTY | back)
    assert "东城的座席先接本市来电，同组空闲多于 2 席时才接受援市的。" in said
    assert said.endswith("其余座席先接本市来电，本市没有人等时才接受援市的。")


def test_where_no_seat_is_lent_none_is_explained(tmp_path):
    section = orders.section(ordered(tmp_path, CALL_IN), ZH)
    assert (section.lead, section.blocks) == ("不借座席。", ())


# --- how long those stay who are called in ---------------------------------------------------------------------------

def test_help_that_ends_early_says_that_people_come_once_a_day_and_for_how_long(tmp_path):
    said = lead(tmp_path, CALLED)
    assert "一次最长 8 小时" in said.replace("\u00a0", " ")
    assert "最晚到 16:00，早于约定的 20:00" in said
    assert "for 8 h at the most" in lead(tmp_path, CALLED, w=EN).replace("\u00a0", " ")


@pytest.mark.parametrize("levers", [(DUTY,), (CALLED | {"hours": ["12:00", "20:00"]},), (DUTY, CALL_IN)], ids=[
    "nobody called in", "they stay until the end", "not at lent seats"])
def test_nothing_is_said_of_it_where_it_is_not_so(tmp_path, levers):
    assert "一次最长" not in lead(tmp_path, *levers)


def test_nothing_is_said_of_it_of_a_plan_that_was_edited(tmp_path):
    assert "一次最长" not in lead(tmp_path, CALLED, edited="plan.yaml")


def test_cities_whose_people_stay_for_different_times_are_told_as_a_range(tmp_path):
    back = CALLED | {"lender": "east", "borrower": "west"}
    done = ordered(tmp_path, CALLED, back, edited="")
    scenario = done.manifest.scenario
    forces = {city: scenario.workforce(city).model_copy(update={"call_in": CallInTerms(longest=longest)})
              for city, longest in (("west", "6 h"), ("east", "8 h"))}
    other = scenario.model_copy(update={"people": forces})
    done = ordered(tmp_path, CALLED, back, edited="", scenario=other)
    assert "一次最长 6 小时–8 小时" in orders.section(done, ZH).lead.replace("\u00a0", " ")


def test_people_called_to_their_own_hall_are_told_where_they_stand(tmp_path):
    short = AT_HOME | {"hours": ["10:00", "16:00"]}
    done = ordered(tmp_path, DUTY, short, edited="")
    assert "最晚到 16:00" in edited.people_section(done, ZH).lead
    assert "最晚到" not in orders.section(done, ZH).lead


# --- notes -----------------------------------------------------------------------------------------------------------

def test_only_those_kinds_of_people_are_explained_who_come(tmp_path):
    def note(*levers: dict) -> str:
        return edited.people_section(ordered(tmp_path, *levers), ZH).blocks[0].note
    assert note(CALL_IN) == "召回从到岗起算。"
    assert note(STANDBY) == "备勤从接到通知后到岗起算。"
    assert note(*EVERY_KIND) == "召回从到岗起算。备勤从接到通知后到岗起算。志愿者从培训结束起算。"


def test_refusals_have_a_column_and_a_note_only_where_they_were_asked(tmp_path):
    asked, not_asked = (orders.section(ordered(tmp_path, LEND, refusals=of), ZH).blocks[0] for of in ({"west": 4}, {}))
    assert len(asked.columns) == len(asked.rows[0]) == 6
    assert len(not_asked.columns) == len(not_asked.rows[0]) == 5
    assert "若推辞" in asked.note
    assert "若推辞" not in not_asked.note
    assert "支援几个市" not in asked.note


def test_a_city_that_helps_several_has_its_own_figures_once(tmp_path):
    two = LEND | {"lender": "west", "borrower": "west", "from": f"{DAY} 12:00"}
    table = orders.table(ordered(tmp_path, LEND, two), ZH)
    assert [row[-1] != "" for row in table.rows] == [True, False]
    assert "支援几个市" in table.note
