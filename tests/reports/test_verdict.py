"""What the first screen of a staffing plan says: kept or not, who is missing by which limit, when, and against what."""
from datetime import date, datetime

import numpy as np
import pytest
from one_city import of_many, surgeline, text

from sim.measures.statistics import Figure
from sim.scenario.quantities import plain
from surgeline.folders.staffing_plan import (
    BeyondLaw,
    Broken,
    Changes,
    Ledger,
    Overtime,
    Paid,
    Rung,
    Shortage,
    StaffingPlan,
    StandbyDay,
    WayOut,
)
from surgeline.locale import texts
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import answer, changes, lacking, need, overtime, price, roster, service, standby
from surgeline.reports.staffing_plan import verdict as verdicts
from surgeline.reports.staffing_plan.view import PlanView

ZH, EN = Words("zh"), Words("en")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A plan of a quiet town."""
    here = tmp_path_factory.mktemp("verdict")
    (here / "town.yaml").write_text(of_many(text("", calls=200)), encoding="utf-8")
    surgeline("staff", here / "town.yaml", "--seconds", "1", "--replications", "2", "--out", here / "plan")
    return StaffingPlan.read(here / "plan")


@pytest.fixture
def view(made):
    return PlanView(made)


def changed(view, **more):
    """The same plan with other figures of its town."""
    town = view.cities["town"].model_copy(update=more)
    manifest = view.manifest.model_copy(update={"cities": {"town": town}})
    done = StaffingPlan(view.done.folder, manifest)
    done.__dict__["intervals"] = view.done.intervals
    return PlanView(done)


def shown(view, needed, there):
    """The same plan with other seats: [half-hours] needed and on duty."""
    table = view.done.intervals.assign(needed=needed, on_duty=there)
    view.done.__dict__["intervals"] = table
    return PlanView(view.done)


def with_service(view, within, answered, missed):
    of = view.cities["town"].service.model_copy(update={
        "within": Figure(within, within, within), "answered": Figure(answered, answered, answered), "missed": missed})
    return changed(view, service=of, call_in=None, lent=None)


def weeks(view):
    """As if the horizon were a week, in which full-time people are told."""
    view.__dict__["in_weeks"] = True
    return view


@pytest.mark.parametrize(("within", "answered", "missed", "kept"), [
    (0.81, 0.96, 0.0, True), (0.79, 0.96, 0.0, False), (0.81, 0.94, 0.0, False), (0.99, 0.99, 0.01, False)])
def test_a_target_is_kept_where_every_promise_is_and_no_period_surely_misses_it(view, within, answered, missed, kept):
    target = view.manifest.target.model_copy(update={"answered": plain(0.95)})
    view = PlanView(StaffingPlan(view.done.folder, view.manifest.model_copy(update={"target": target})))
    found = with_service(view, within, answered, missed)
    assert verdicts.kept(found, found.cities["town"].in_the_end) is kept
    said = [verdicts.headline(found, w, "town") for w in (ZH, EN)]
    assert said[0].startswith("达标" if kept else "不达标")
    assert said[1].startswith("Target kept" if kept else "Target missed")


def short(people):
    return Shortage(need=27, most=19, ways_out=(
        WayOut(what="people", unit="people", amount=people, yuan=1, still_missing=0, found=False),))


def town_with(view, people, **more):
    """So many full-time people for 400 hours of work a week, which takes ten."""
    town = view.cities["town"]
    shifts = town.shifts.model_copy(update={"people": 10.0, "hours": 400.0, "missing_hours": 0.0, "at_most": 5,
                                            "workplaces": 6} | more.pop("shifts", {}))
    figures = town.roster.model_copy(update={"shortage": None} | more)
    return weeks(changed(view, people=float(people), shifts=shifts, roster=figures))


def test_hours_that_are_missing_count_for_the_people_who_are_needed(view):
    found = town_with(view, 10, shifts={"missing_hours": 60.0})
    town = found.cities["town"]
    assert found.people_for(town) == pytest.approx(11.5)
    assert lacking.people(found, town) == 2
    assert "需要 11.5 名全职人员，现有 10 名" in lacking.sentence(found, ZH, town)


def test_the_larger_of_hours_and_rules_is_missing_and_the_limit_is_named(view):
    found = town_with(view, 12, shortage=short(4.0))
    town = found.cities["town"]
    assert lacking.people(found, town) == 4
    said = lacking.sentence(found, ZH, town)
    assert said.startswith("至少缺 4 人")
    assert "工时够，卡在：规定（" in said
    assert "工位" not in said
    row = need.cities_table(found, ZH).rows[0]
    assert row[-2] == "4"
    assert not row[-1].good


def test_workplaces_bind_where_as_many_are_on_duty_as_there_are(view):
    full = town_with(view, 20, shifts={"missing_hours": 40.0, "at_most": 6})
    said = lacking.sentence(full, EN, full.cities["town"])
    assert "workplaces (6; 6 people are on duty where shifts overlap, and 40 hours of people are missing)" in said
    for free in ({"missing_hours": 40.0, "at_most": 5}, {"missing_hours": 1.0, "at_most": 6}):
        found = town_with(view, 20, shifts=free)
        assert "workplaces" not in lacking.sentence(found, EN, found.cities["town"])


def test_the_worst_time_is_that_of_the_day_which_lacks_most_and_no_longer(made):
    """On the second day eight seat-hours are missing: one from one to two, and seven from 9 to 11 o'clock."""
    needed, there = np.full(96, 4), np.full(96, 4)
    there[10] = 2
    there[[50, 51]] = 3
    there[[66, 67, 68, 69]] = 1, 0, 0, 1
    found = shown(PlanView(StaffingPlan(made.folder, made.manifest)), needed, there)
    worst = lacking.worst(found, "town")
    assert (worst.start, worst.end) == (datetime(2021, 8, 3, 9), datetime(2021, 8, 3, 11))
    assert (worst.at, worst.needed, worst.there) == (datetime(2021, 8, 3, 9, 30), 4, 0)
    assert worst.hours == pytest.approx(8.0 + 1.0)
    assert lacking.when(found, ZH, "town") == ("最缺的时段：8 月 3 日 09:00–11:00，其中 09:30 要 4 席、在岗 0 席；"
                                               "共 2 天有缺座，合计 9 席·小时，其次是 8 月 2 日。")
    assert "最缺的是 8 月 3 日 09:30（要 4 席，在岗 0 席）" in verdicts.headline(found, ZH, "town")


def test_where_no_seat_is_missing_it_says_so(made):
    found = shown(PlanView(StaffingPlan(made.folder, made.manifest)), np.full(96, 4), np.full(96, 4))
    assert lacking.worst(found, "town") is None
    assert lacking.when(found, ZH, "town").startswith("没有缺座的时段")


def test_the_end_of_a_day_is_24(made):
    there = np.full(96, 4)
    there[94:] = 1
    found = shown(PlanView(StaffingPlan(made.folder, made.manifest)), np.full(96, 4), there)
    assert "8 月 3 日 23:00–24:00" in lacking.when(found, ZH, "town")


@pytest.mark.parametrize(("best", "outside"), [(0.5, True), (0.9, False), (None, False)])
def test_help_from_outside_is_needed_where_all_workplaces_do_not_do(view, best, outside):
    found = changed(view, at_workplaces=best)
    assert ("须外援" in verdicts.headline(found, ZH, "town")) is outside
    assert bool(list(verdicts.from_outside(found, EN, found.cities["town"]))) is outside


def published(view, cells, frozen):
    of = Changes(told=datetime(2021, 8, 1), published=cells, people=0, yuan=0, saves=0, frozen=frozen,
                 frozen_kept=True, cells=())
    return changed(view, roster=view.cities["town"].roster.model_copy(update={"changes": of}))


def test_nothing_is_compared_with_a_table_that_is_empty(view):
    town = view.cities["town"]
    free = town.roster.people * len(town.shifts.dates)
    empty = published(view, 0, 2)
    assert verdicts.against(empty, ZH, "town") == "本期尚无已公布的班，不作新旧对比。"
    assert changes.sentences(ZH, empty.cities["town"].roster, known=False) == ["已定的 2 个班次（含休息日）都不变。"]
    assert service.table(empty, ZH).rows[0][1] == "照排班表"
    assert need.cities_table(empty, ZH).rows[0][4:6] == ("–", "–")
    few = published(view, 3, 2)
    assert verdicts.against(few, ZH, "town").startswith("本期多数日子尚无")
    whole = published(view, free, 0)
    assert verdicts.against(whole, ZH, "town").startswith("与已公布的班相比")
    assert service.table(whole, ZH).rows[0][1] == "照已公布的班"


def test_the_price_of_the_target_is_the_card(view):
    """The other levels take as many people and yuan for a seat-hour as the plan does."""
    town = view.cities["town"]
    share = float(view.manifest.target.share)
    ladder = (Rung(share=0.5, peak=2, seat_hours=town.need.seat_hours / 2, people=1.0, yuan_a_week=100.0),
              Rung(share=share, peak=9, seat_hours=town.need.seat_hours, people=2.0, yuan_a_week=200.0))
    found = changed(view, ladder=ladder, of_ordinary=False)
    low, own = price.rungs(found, found.cities["town"])
    weeks = 2 / 7
    assert own.people == pytest.approx(town.shifts.full_time)
    assert own.yuan_a_week * weeks == pytest.approx(town.shifts.yuan)
    assert (own.peak, own.seat_hours) == (town.need.peak, town.need.seat_hours)
    assert low.people == pytest.approx(town.shifts.full_time / 2)
    assert low.yuan_a_week == pytest.approx(own.yuan_a_week / 2)
    assert price.table(found, ZH, found.cities["town"]).rows[1][0].endswith("（本方案）")
    assert answer.key_figures(found, ZH)[2].value == ZH.exact(town.shifts.yuan)
    surged = changed(view, ladder=ladder, of_ordinary=True)
    assert price.rungs(surged, surged.cities["town"]) == list(ladder)
    assert "连同激增" in price.table(surged, ZH, surged.cities["town"]).title
    assert "平常" in answer.key_figures(surged, ZH)[2].name


def test_overtime_and_holidays_are_told_and_what_is_beyond_the_law(view):
    paid = Overtime(ordinary=Paid(people=3, hours=20.0, yuan=2720.0), holidays=Paid(people=5, hours=40.0, yuan=8160.0))
    beyond = tuple(BeyondLaw(name=name, day=date(2021, 8, 2), hours=4.0, in_roster=4.0, called=0.0, of_day=0.0,
                             of_month=4.0) for name in ("甲", "乙", "甲"))
    ledger = Ledger(emergency=True, most_a_day=3, most_a_month=36, source="", rows=beyond)
    town = view.cities["town"]
    town = town.model_copy(update={"roster": town.roster.model_copy(update={"overtime": paid}), "ledger": ledger,
                                   "call_in": None, "lent": None})
    first, second = overtime.sentences(ZH, town)
    assert first == ("加班：排班表上 3 人共 20 小时，约 2,720 元；"
                     "法定节假日 5 人上班共 40 小时，按节假日倍数约 8,160 元。")
    assert second.startswith("其中 2 人共 12 小时超出劳动法第 41 条的限度（每天 3 小时、每月 36 小时），依第 42 条")
    unlawful = town.model_copy(update={"ledger": ledger.model_copy(update={"emergency": False})})
    assert overtime.sentences(EN, unlawful)[1].startswith("Against the law: 12 hours of 2 people")


def test_a_call_beyond_the_month_is_marked():
    assert roster.left_in_month(ZH, 3.5, True) == "3.5"
    marked = roster.left_in_month(ZH, -47.0, True)
    assert not marked.good
    assert roster.left_in_month(ZH, -47.0, False).text == "超出法定限度 47，没有依据"
    assert marked.text == "超出法定限度 47，依第 42 条"


def test_who_breaks_a_rule_is_named_and_minutes_are_hours(view):
    broken = view.cities["town"].roster.broken
    assert all(len(one.names) == one.people for one in broken)
    rule = Broken(rule="most_minutes", source="均衡工时 | even", people=4, amount=90.0, names=("甲", "乙", "丙", "丁"))
    row = roster.broken_table(ZH, "小城", (rule,)).rows[0]
    assert row[:4] == ("与平均工时的偏差（多）", "均衡工时", "4", "1.5 小时")
    assert row[4] == "甲、乙、丙等 4 人"
    days = rule.model_copy(update={"rule": "most_days_in_a_row", "amount": 3.0})
    assert roster.broken_table(ZH, "小城", (days,)).rows[0][3] == "3 天"


def test_no_word_calls_the_law_soft():
    said = str({part: texts("zh")[part] for part in ("staff", "standby", "ledger", "verdict", "lacking", "rule")})
    for word in ("软约束", "出路", "人日", "折价", "下界", "破例", "有名有姓", "组长·小时", "间隔"):
        assert word not in said


def day(without, kept, people):
    at = datetime(2021, 8, 2, 8)
    return StandbyDay(start=at, end=at.replace(hour=12), people=people, named=people, reached=False,
                      without=Figure(without, without, without), kept=Figure(kept, kept, kept), on_duty=1,
                      on_duty_reached=True)


def test_a_day_that_keeps_its_share_needs_nobody():
    class Asked:
        in_days = 0.9
    assert standby.people(ZH, Asked, day(1.0, 1.0, 4)) == "不必"
    assert standby.people(ZH, Asked, day(0.8, 0.85, 4)) == "4（仍不够）"


def test_the_paper_is_signed_and_says_when_it_was_made(made, view):
    html = (made.folder / "report.html").read_text(encoding="utf-8")
    for word in ("编制：", "审核：", "批准：", "日期：", "Drawn up by:"):
        assert f"<span>{word}</span>" in html
    made_at = datetime.fromisoformat(view.manifest.created)
    assert f"生成于 {made_at:%Y-%m-%d %H:%M}" in html


def test_lines_that_hide_one_another_are_dashed_and_said_to_be_the_same(view):
    table = view.done.intervals
    done = StaffingPlan(view.done.folder, view.manifest)
    done.__dict__["intervals"] = table.assign(erlang_dials=table["erlang_callers"], needed=100 * table["needed"])
    found = PlanView(done)
    assert need.by_formulas(found, ZH, "town").drawing.count("stroke-dasharray") == 2
    note = need.note(found, ZH, "town")
    assert "“Erlang C，按来电人数”与“Erlang C，按拨打次数”两条线相同" in note
    assert "贴着底线" in note


def test_a_surge_says_how_many_its_busiest_week_lacks_beside_ordinary_time(view):
    calm = town_with(view, 12)
    assert "平常" not in verdicts.headline(calm, ZH, "town")
    surged = weeks(changed(calm, of_ordinary=True, surge_people=20.5))
    assert "平常人数够，激增最忙的七天缺 9 人" in verdicts.headline(surged, ZH, "town")
    assert "9 people too few in the seven busiest days" in verdicts.headline(surged, EN, "town")
    assert any("需要 20.5 名全职人员，现有 12 名" in line for line in verdicts.sentences(surged, ZH, "town"))
    enough = weeks(changed(surged, surge_people=12.0))
    assert "缺" not in verdicts.headline(enough, ZH, "town").split("最缺")[0]
