"""What the report of a plan says: three words for floors, a bound only where it is one, blocks by their minutes."""
from __future__ import annotations

import pytest
from helping import with_terms

from surgeline.folders import lending_plan as plan_folder
from surgeline.folders.lending_plan import LendingPlan, Manifest
from surgeline.reports.lending_plan import answer as plan_answer
from surgeline.reports.lending_plan import effects, orders, whatif
from surgeline.reports.page.words import Words

PEOPLE = {"mean": 16_754.0, "low": 16_000.0, "high": 17_500.0}
NO = {"mean": 0.0, "low": 0.0, "high": 0.0}


def floor(minutes: int, proved: bool, broken: bool) -> dict:
    hour, minute = divmod(minutes, 60)
    return {"lender": "west", "hour": hour, "minute": minute, "name": "answered_drop", "bound": -0.02,
            "confidence": 0.9, "mean": NO, "worst": 0.0, "kept": {"mean": 0.95, "low": 0.91 if proved else 0.8,
                                                                  "high": 1.0},
            "proved": proved, "broken": broken, "surely_broken": False}


def effect(*floors: dict, people: dict = PEOPLE) -> dict:
    return {"replications": 10, "people": people, "gains": {"east": people}, "lenders": {"west": NO},
            "rates": {"east": NO, "west": NO}, "floors": floors, "holds": not any(one["broken"] for one in floors)}


def planned(tmp_path, *floors: dict, block: str = "30 min", bound: float = 20_000.0, **rivals: dict) -> LendingPlan:
    """A plan whose floors and rivals are as told."""
    scenario = with_terms(block=block)
    levers = [{"kind": "lend", "lender": "west", "borrower": "east", "seats": 4, "from": "2021-08-02 12:00",
               "to": "2021-08-02 20:00", "hours": ["12:30", "13:00"]}]
    return LendingPlan(tmp_path, Manifest.model_validate({
        "format": 1, "name": "two", "scenario_hash": "", "seed": 1, "replications": 10, "engine": "kernel",
        "created": "", "seconds": 0.0, "versions": {}, "python": "", "platform": "", "kind": plan_folder.KIND,
        "serves": "borrower", "levers": levers, "effect": effect(*floors),
        "rivals": {"pooled": effect(*floors) | {"behind": NO}, **rivals}, "rounds": (), "neighbours": (), "standby": {},
        "strikes": (), "marginal": {}, "gap": 0.25, "bound": bound, "frontier": (), "refusals": {"west": 111.0},
        "prices": {}, "not_asked": {}, "promised": {}, "delivered": {}, "laps": {}, "scenario": scenario}))


PROVED, KEPT, BROKEN = ((True, False), (False, False), (False, True))


@pytest.mark.parametrize(("kinds", "zh", "en"), [
    ([PROVED, PROVED], "支援市的 2 条底线都已证明。", "All 2 floors of the lenders are proved."),
    ([PROVED, KEPT, KEPT], "支援市的 3 条底线中 1 条已证明，2 条目前看守住（西城）。",
     "Of the lenders' 3 floors 1 are proved, 2 hold as far as seen (Westville)."),
    ([PROVED, KEPT, BROKEN], "支援市的 3 条底线中 1 条已证明，1 条目前看守住，1 条失守（西城）。",
     "Of the lenders' 3 floors 1 are proved, 1 hold as far as seen, 1 are broken (Westville)."),
    ([], "条件没有为支援市设底线。", "The terms set no floors for the lenders."),
])
def test_floors_are_proved_or_hold_as_far_as_seen_or_are_broken(tmp_path, kinds, zh, en):
    done = planned(tmp_path, *(floor(60 * i, *kind) for i, kind in enumerate(kinds)))
    assert plan_answer.floors_sentence(done, Words("zh")) == zh
    assert plan_answer.floors_sentence(done, Words("en")) == en


def test_nothing_is_called_proved_where_nothing_is(tmp_path):
    done = planned(tmp_path, floor(480, *KEPT), overflow=effect(floor(480, *KEPT)) | {"behind": NO})
    for w, word in ((Words("zh"), "已证明"), (Words("en"), "proved")):
        table = effects.floors_section(done, w).blocks[0]
        assert [row[-1] for row in table.rows] == [w("plan.kept")]
        assert word not in w("plan.foot")
        policies = effects.policies_section(done, Words("zh")).blocks[0]
        assert {row[-1] for row in policies.rows} == {"目前看守住"}


def test_blocks_are_named_by_where_they_begin_and_end(tmp_path):
    done = planned(tmp_path, floor(8 * 60, *PROVED))
    assert effects.span(done.manifest.scenario, Words("zh"), done.manifest.effect.floors[0]) == "08:00–08:30"
    done = planned(tmp_path, floor(8 * 60 + 30, *PROVED))
    assert effects.span(done.manifest.scenario, Words("zh"), done.manifest.effect.floors[0]) == "08:30–09:00"
    done = planned(tmp_path, floor(22 * 60, *PROVED), block="2 h")
    assert effects.span(done.manifest.scenario, Words("zh"), done.manifest.effect.floors[0]) == "22:00–24:00"


def test_a_bound_is_told_with_its_model_and_never_below_what_was_simulated(tmp_path):
    done = planned(tmp_path)
    assert whatif.distance(done.manifest, Words("zh")) == (
        "按模型（排队公式，限度与系数来自试仿真），在这些条件内任何方案至多多接通 20,000 人，本方案为 16,000 人。")
    assert whatif.distance(planned(tmp_path, bound=16_000.0).manifest, Words("zh")) == ""


def test_the_column_of_refusals_is_called_what_it_is(tmp_path):
    table = orders.section(planned(tmp_path), Words("zh")).blocks[0]
    assert [column.title for column in table.columns][-2:] == ["若推辞，少接通（人）", "对支援市的影响"]
    assert table.rows[0][-2] == "111"
    assert "不是支援的总效果" in table.note


def test_the_answer_and_the_cards_tell_the_same_number(tmp_path):
    done = planned(tmp_path)
    for w in (Words("zh"), Words("en")):
        card = plan_answer.key_figures(done, w)[0]
        assert card.value == "16,754"
        assert card.value in plan_answer.sentences(done, w)[0]
        assert card.range in plan_answer.sentences(done, w)[0]


def test_floors_of_means_are_told_by_their_interval_and_the_whole_day_by_its_name(tmp_path):
    mean = {"mean": -0.012, "low": -0.018, "high": -0.006}
    one = {"lender": "west", "name": "day_drop", "bound": -0.04, "mean": mean, "proved": True, "broken": False,
           "surely_broken": False}
    done = planned(tmp_path, one)
    for lang, whole, between, owed in (("zh", "全天", "至", "不降低本地服务是指"),
                                       ("en", "whole day", "to", "Not dropping local service means")):
        w = Words(lang)
        table = effects.floors_section(done, w).blocks[0]
        [row] = table.rows
        assert row[2] == whole
        assert row[3:6] == ("−4.0", "−1.2", f"−1.8 {between} −0.6")
        assert len(table.columns) == len(row) == 7
        assert any(owed in said for said in plan_answer.sentences(done, w))
    both = planned(tmp_path, one, floor(8 * 60, *PROVED))
    assert {len(row) for row in effects.floors_section(both, Words("zh")).blocks[0].rows} == {10}


@pytest.mark.parametrize(("kinds", "told", "not_told"), [
    ([PROVED], ("已证明", "全部已证明时"), ("目前看守住", "失守")),
    ([PROVED, KEPT], ("已证明", "目前看守住"), ("全部已证明时", "失守")),
    ([KEPT, BROKEN], ("目前看守住", "失守"), ("“已证明”", "全部已证明时")),
])
def test_only_those_verdicts_are_explained_that_stand_in_the_table(tmp_path, kinds, told, not_told):
    done = planned(tmp_path, *(floor(60 * i, *kind) for i, kind in enumerate(kinds)))
    note = effects.floors_section(done, Words("zh")).blocks[0].note
    assert all(word in note for word in told)
    assert not any(word in note for word in not_told)
    assert "“全天”" not in note


def test_people_are_promised_and_calls_are_simulated_and_both_are_called_so(tmp_path):
    blocks = {"2021-08-02T12:00": 30.0, "2021-08-02T13:00": 10.0, "2021-08-03T12:00": 5.0}
    done = planned(tmp_path)
    m = done.manifest.model_copy(update={"promised": {"east": blocks}, "delivered": {"east": {
        at: 2 * number for at, number in blocks.items()}}})
    for lang, title, at_noon in (("zh", "许诺多接通 45 人，仿真多接通 16,754 人，共 90 次",
                                  "12:00 起的时段多接通最多，70 次"),
                                 ("en", "promised 45 people more, simulation delivered 16,754 in 90 calls",
                                  "most calls more are answered from 12:00 on, 70")):
        w = Words(lang)
        charts = effects.promise_section(LendingPlan(tmp_path, m), w).blocks[0]
        by_days, by_times = charts.charts
        assert title in by_days.title
        assert at_noon in by_times.title
        for chart in charts.charts:
            assert w("plan.promised_people") in chart.drawing
            assert w("plan.delivered_calls") in chart.drawing
        assert charts.note == w("plan.promise_note")


CALLED = {"kind": "lend", "lender": "west", "borrower": "east", "seats": 2, "from": "2021-08-02 12:00",
          "to": "2021-08-02 20:00", "hours": ["14:00", "18:00"], "off_duty": "100 %"}
AT_HOME = {"kind": "call_in", "city": "east", "people": 2, "from": "2021-08-02 11:00", "to": "2021-08-02 20:00",
           "hours": ["14:00", "18:00"]}


@pytest.mark.parametrize(("more", "told"), [((), True), ((CALLED,), False), ((AT_HOME,), False)], ids=str)
def test_a_plan_is_held_against_full_pooling_only_where_it_calls_nobody_in(tmp_path, more, told):
    """Pooling has the seats of people on duty: twice as much of it may be due to people who are called in."""
    done = planned(tmp_path, pooled=effect(people={"mean": 20_942.5, "low": 20_000.0, "high": 22_000.0})
                   | {"behind": NO})
    levers = [one.model_dump(by_alias=True) for one in done.manifest.levers]
    done = LendingPlan(tmp_path, Manifest.model_validate(dict(done.manifest) | {"levers": [*levers, *more]}))
    for lang, said in (("zh", "本方案的效果是全部合并的 80.0\u00a0%。"),
                       ("en", "The plan brings 80.0\u00a0% of what full pooling would.")):
        assert (said in effects.policies_section(done, Words(lang)).lead) == told


def test_a_plan_is_not_held_against_pooling_that_brings_nothing(tmp_path):
    done = planned(tmp_path, pooled=effect(people=NO) | {"behind": NO})
    assert "全部合并的" not in effects.policies_section(done, Words("zh")).lead
