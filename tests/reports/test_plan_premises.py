"""What a page says of a plan whose assumptions are at an end of their range."""
from __future__ import annotations

import json
import re

import pytest
from ordered import LEND, MORE, figure, ordered

from surgeline import reports
from surgeline.folders.lending_plan import LendingPlan
from surgeline.reports.lending_plan import premises
from surgeline.reports.lending_plan.report import REPORT, said
from surgeline.reports.page.blocks import YesNo
from surgeline.reports.page.words import Words

ZH, EN = Words("zh"), Words("en")


def at_end(what: str, value: float | None, callers: float, after: float, people: float, **more: object) -> dict:
    return {"what": what, "value": value, "callers": {"east": figure(callers)}, "after": {"east": figure(after, 0.0)},
            "people": figure(people, 2.0), "given_way": 0, "floors": 12} | more


FEW, MANY = at_end("callers", None, 1000, 0.95, 12), at_end("callers", None, 1600, 0.7, 44, given_way=3)
LEAST, MOST = at_end("presence", 0.15, 1300, 0.8, 20), at_end("presence", 0.8, 1300, 0.9, 35, given_way=1)
ALL = (FEW, MANY, LEAST, MOST)


def planned(folder, *those: dict, **more: object) -> LendingPlan:
    return ordered(folder, LEND, MORE, edited="", premises=those, **more)


def table(done: LendingPlan, w: Words):
    return premises.section(done, w).blocks[1]


# --- the first screen ------------------------------------------------------------------------------------------------

def test_the_first_screen_says_both_ends_of_callers_and_the_low_one_of_presence(tmp_path):
    done = planned(tmp_path, *ALL)
    assert premises.sentences(done, ZH) == [
        "来电若只有假设的下限（1,000 人），方案多接通 12 人（10 至 14）；"
        "若到上限（1,600 人），多接通 44 人（42 至 46）。",
        "支援座席的在席率若只有 15\u00a0%，方案多接通 20 人（18 至 22）。"]
    assert premises.sentences(done, EN) == [
        "If as few people call as is thought possible (1,000), the plan brings 12 people more (10 to 14); if as many "
        "(1,600), 44 (42 to 46).",
        "If lent seats are there for only 15\u00a0% of the hour, the plan brings 20 people more (18 to 22)."]
    assert said(done, ZH)[-2:] == premises.sentences(done, ZH)


@pytest.mark.parametrize(("those", "sentences"), [((), 0), ((FEW, MANY), 1), ((LEAST, MOST), 1), (ALL, 2)])
def test_nothing_is_said_of_what_has_no_range(tmp_path, those, sentences):
    done = planned(tmp_path, *those)
    for w in (ZH, EN):
        assert len(premises.sentences(done, w)) == sentences
        assert (premises.section(done, w) is None) == (not those)


def test_where_the_seats_differ_no_one_presence_is_told(tmp_path):
    done = planned(tmp_path, LEAST | {"value": None}, MOST | {"value": None})
    assert premises.sentences(done, ZH) == ["各支援座席的在席率若都在下限，方案多接通 20 人（18 至 22）。"]
    assert premises.sentences(done, EN) == [
        "If lent seats are there for as little of the hour as is thought possible, the plan brings 20 people more (18 "
        "to 22)."]
    assert [row[0] for row in table(done, ZH).rows] == ["在席率都在下限", "在席率都在上限"]
    assert [row[0] for row in table(done, EN).rows] == ["least presence", "most presence"]


def test_an_edited_plan_says_nothing_of_premises(tmp_path):
    """None are found for it."""
    done = ordered(tmp_path, LEND)
    assert done.manifest.premises == ()
    assert not any("在席率" in one for one in said(done, ZH))
    assert all(section(done, ZH) is None for section in REPORT.sections if section is premises.section)


# --- its part of the page --------------------------------------------------------------------------------------------

def test_a_row_for_each_end_with_callers_who_gets_through_and_floors(tmp_path):
    rows = table(planned(tmp_path, *ALL), ZH).rows
    assert [row[:5] for row in rows] == [
        ("来电到下限（1,000 人）", "1,000", "95.0\u00a0%", "12", "10 至 14"),
        ("来电到上限（1,600 人）", "1,600", "70.0\u00a0%", "44", "42 至 46"),
        ("在席率 15\u00a0%", "1,300", "80.0\u00a0%", "20", "18 至 22"),
        ("在席率 80\u00a0%", "1,300", "90.0\u00a0%", "35", "33 至 37")]
    assert [row[5] for row in rows] == [YesNo("12 条中没有一定失守的", True), YesNo("12 条中 3 条一定失守", False),
                                        YesNo("12 条中没有一定失守的", True), YesNo("12 条中 1 条一定失守", False)]


def test_rows_in_english_read_as_english_of_one_floor_too(tmp_path):
    done = planned(tmp_path, *ALL)
    rows = table(done, EN).rows
    assert [row[0] for row in rows] == ["fewest callers (1,000 people)", "most callers (1,600 people)",
                                        "present 15\u00a0% of the hour", "present 80\u00a0% of the hour"]
    assert [row[5].text for row in rows] == ["none of 12 surely gives way", "surely giving way: 3 of 12",
                                             "none of 12 surely gives way", "surely giving way: 1 of 12"]
    assert {len(row) for row in rows} == {len(table(done, EN).columns)}


def test_a_plan_that_touches_no_floor_keeps_none(tmp_path):
    """People who are called in to their own hall leave no seat of a lender."""
    done = planned(tmp_path, *(one | {"given_way": 0, "floors": 0} for one in ALL))
    assert {row[5] for row in table(done, ZH).rows} == {"不涉及"}
    assert {row[5] for row in table(done, EN).rows} == {"none touched"}


def test_callers_of_several_cities_are_added_and_who_gets_through_is_of_all_of_them(tmp_path):
    """900 of 1,000 and 50 of 250: 76 of a hundred."""
    both = FEW | {"callers": {"east": figure(1000), "west": figure(250)},
                  "after": {"east": figure(0.9, 0.0), "west": figure(0.2, 0.0)}}
    [row] = table(planned(tmp_path, both), EN).rows
    assert row[:3] == ("fewest callers (1,250 people)", "1,250", "76.0\u00a0%")


@pytest.mark.parametrize("w", [ZH, EN], ids=["zh", "en"])
def test_a_chart_has_a_row_for_the_plan_itself_and_for_each_end(tmp_path, w):
    done = planned(tmp_path, *ALL)
    chart = premises.chart(done, w)
    drawn = re.findall(r">([^<>]+)</text>", chart.drawing)
    names = [w("premises.as_assumed"), *(row[0] for row in table(done, w).rows)]
    assert drawn[-10:] == [*names, "30", "12", "44", "20", "35"]
    assert chart.title == {"zh": "假设在各自的区间里变动，方案多接通 12 至 44 人",
                           "en": "Within the ranges of what is assumed the plan brings 12 to 44 people more"}[w.lang]


def test_the_title_of_the_chart_counts_the_plan_itself(tmp_path):
    """It may lie beyond both ends."""
    done = planned(tmp_path, LEAST, MOST, people=50.0)
    assert premises.chart(done, EN).title.endswith("brings 20 to 50 people more")


def test_a_plan_from_a_folder_of_before_has_no_premises_and_a_page(tmp_path):
    m = json.loads(planned(tmp_path, *ALL).manifest.model_dump_json(by_alias=True))
    del m["premises"]
    before = LendingPlan(tmp_path, LendingPlan.MANIFEST.model_validate(m))
    assert before.manifest.premises == ()
    assert premises.section(before, ZH) is None
    assert premises.sentences(before, ZH) == []


def test_the_part_stands_in_both_languages_of_the_page(tmp_path):
    reports.write(planned(tmp_path, *ALL))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for words in ("假设若不同", "If what is assumed is different", "12 条中 3 条一定失守",
                  "surely giving way: 3 of 12"):
        assert words in page
