"""What the first screen of a staffing plan says: kept or not, who is missing by which limit, when, and against what."""
from datetime import date, datetime

import numpy as np
import pytest
from one_city import of_many, surgeline, text

from sim.measures.statistics import Figure
from sim.scenario.quantities import plain
from surgeline.folders.rules_passed import Passed
from surgeline.folders.staffing_plan import (
    BeyondLaw,
    Broken,
    CalledIn,
    ChangedCell,
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


def shown(view, needed, there, late=0.0):
    """The same plan with other seats: [half-hours] needed and on duty, and how many of 100 calls are late."""
    table = view.done.intervals.assign(needed=needed, on_duty=there, offered=100.0, within=1 - np.asarray(late) / 100)
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


def test_the_worst_moment_is_when_most_calls_are_late_and_people_are_missing(made):
    """On the second day eight seat-hours are missing: one from one to two, and seven from 9 to 11 o'clock; half an hour
    there has most calls that are late but for one on the first day, in which as many are there as are needed."""
    needed, there, late = np.full(96, 4), np.full(96, 4), np.full(96, 9.0)
    there[10] = 2
    there[[50, 51]] = 3
    there[[66, 67, 68, 69]] = 1, 0, 0, 1
    late[20], late[66:70] = 90, (30, 80, 50, 40)
    found = with_service(shown(PlanView(StaffingPlan(made.folder, made.manifest)), needed, there, late), 0.7, 0.9, 0.0)
    worst = lacking.worst(found, "town")
    assert (worst.start, worst.end) == (datetime(2021, 8, 3, 9), datetime(2021, 8, 3, 11))
    assert (worst.at, worst.needed, worst.there) == (datetime(2021, 8, 3, 9, 30), 4, 0)
    assert worst.hours == pytest.approx(8.0 + 1.0)
    assert lacking.when(found, ZH, "town") == ("最缺的时段：8 月 3 日 09:00–11:00，其中 09:30 没有及时接通的来电最多，"
                                               "要 4 席、在岗 0 席；共 2 天有缺座，合计 9 席·小时，其次是 8 月 2 日。")
    assert "最缺的是 8 月 3 日 09:30（要 4 席，在岗 0 席）" in verdicts.headline(found, ZH, "town")


def test_the_day_that_lacks_most_seats_is_not_that_of_the_worst_moment(made):
    """As in Suzhou: many hours that lack a few on one day, and one that lacks many on another."""
    needed, there, late = np.full(96, 4), np.full(96, 4), np.zeros(96)
    there[10:40], late[10:40] = 2, 20
    there[70], late[70] = 1, 60
    found = with_service(shown(PlanView(StaffingPlan(made.folder, made.manifest)), needed, there, late), 0.7, 0.9, 0.0)
    worst = lacking.worst(found, "town")
    assert (worst.at, worst.start, worst.end) == (datetime(2021, 8, 3, 11), datetime(2021, 8, 3, 11),
                                                  datetime(2021, 8, 3, 11, 30))
    assert worst.days == (datetime(2021, 8, 3), datetime(2021, 8, 2))
    assert "8 月 3 日 11:00" in verdicts.headline(found, ZH, "town")
    assert "8 月 3 日 11:00–11:30，其中 11:00" in lacking.when(found, ZH, "town")


def test_a_target_that_is_kept_with_people_enough_has_no_worst_moment(view):
    there = np.full(96, 4)
    there[66] = 3
    found = shown(view, np.full(96, 4), there, 10)
    well, missed = (weeks(with_service(town_with(found, 20), share, 0.99, 0.0)) for share in (0.9, 0.7))
    assert verdicts.headline(well, ZH, "town") == "达标，人数不缺。"
    assert "零星缺座：共 1 天有，合计 0.5 席·小时，不影响达标。" in verdicts.sentences(well, ZH, "town")
    assert "最缺的是" in verdicts.headline(missed, ZH, "town")
    lacks = weeks(with_service(town_with(found, 5), 0.9, 0.99, 0.0))
    assert "达标，至少缺 5 人，最缺的是" in verdicts.headline(lacks, ZH, "town")


def left_by_people(hours, *binds):
    return short(4.0).model_copy(update={"left": 2 * hours, "binds": binds})


def test_where_more_people_would_not_do_it_says_what_binds_and_no_number_of_people(view):
    found = town_with(view, 9, shortage=left_by_people(31.0, "workplaces", "fixed_days"), missing_hours=41.0)
    town = found.cities["town"]
    assert lacking.people(found, town) == 0
    for w, says, number in ((ZH, "缺 41 人·小时，单加人补不齐（卡在工位 6 个、已定的日子）", "至少缺"),
                            (EN, "more people alone do not fill (what binds: 6 workplaces, days that are fixed)",
                             "people at least")):
        said = verdicts.headline(found, w, "town")
        assert says in said
        assert number not in said
    sentence = lacking.sentence(found, ZH, town)
    assert sentence.startswith("缺 41 人·小时，其中 31 人·小时加多少人也补不齐（已证明）：按工时折算需要 10 名")
    assert "再加 4 人才排得满" not in sentence
    assert "工位（6 个" in sentence
    assert "已定的日子（新来的人只能排在其后）" in sentence
    row = need.cities_table(found, ZH).rows[0]
    assert (row[-2], row[-1].text.strip("✓✗ "), row[-1].good) == ("–", "加人补不齐", False)
    assert answer.key_figures(found, ZH)[1].range == "现有 9 人，单加人补不齐"


def test_odd_ends_that_nobody_can_fill_leave_the_number_of_people(view):
    found = town_with(view, 12, shortage=left_by_people(2.0, "shifts"))
    assert lacking.people(found, found.cities["town"]) == 4
    assert "至少再加 4 人，此外 2 人·小时加人也补不齐" in lacking.sentence(found, ZH, found.cities["town"])


def test_a_surge_that_lacks_people_all_day_says_why_they_are_not_crowded_into_the_morning(view):
    late = [97] * 48 + [90] * 48
    surged = changed(shown(view, 40, [41] * 12 + [10] * 36 + [30] * 48, late), of_ordinary=True)
    assert lacking.all_day(surged, ZH, "town")[0].startswith("8 月 2 日从早到晚几乎都缺人")
    both = changed(shown(view, 40, 10, 97), of_ordinary=True)
    assert "at nearly all hours of 2 August to 3 August: a seat" in lacking.all_day(both, EN, "town")[0]
    assert lacking.all_day(changed(shown(view, 40, [41] * 96, 97), of_ordinary=True), ZH, "town") == []
    assert lacking.all_day(changed(PlanView(view.done), of_ordinary=False), ZH, "town") == []


def test_what_an_emergency_would_lift_is_said_in_a_surge_that_has_none(view):
    def with_emergency(on):
        rules = view.scenario.workforce("town").rules.model_copy(update={"emergency": on})
        force = view.scenario.workforce("town").model_copy(update={"rules": rules})
        scenario = view.scenario.model_copy(update={"people": {**view.scenario.people, "town": force}})
        surged = with_service(changed(view, of_ordinary=True), 0.5, 0.9, 0.3)
        return PlanView(StaffingPlan(view.done.folder, surged.manifest.model_copy(update={"scenario": scenario})))
    [said] = verdicts.emergency(with_emergency(False), ZH, "town")
    assert "每天 3 小时、每月 36 小时" in said
    assert "第 42 条" in said
    assert verdicts.emergency(with_emergency(True), ZH, "town") == []
    assert verdicts.emergency(changed(view, of_ordinary=False), ZH, "town") == []


def test_a_target_is_told_with_the_decimals_that_it_has(view):
    target = view.manifest.target.model_copy(update={"share": plain(0.999), "answered": plain(0.9975)})
    asked = PlanView(StaffingPlan(view.done.folder, view.manifest.model_copy(update={"target": target})))
    assert "99.9\u00a0% 的来电" in answer.target(asked, ZH)
    assert "99.75\u00a0% 接通" in answer.target(asked, ZH)
    said = verdicts.sentences(asked, ZH, "town")[1]
    assert "要求 99.9\u00a0%" in said
    assert ZH.target(0.8) == "80\u00a0%"


def test_what_changes_is_told_without_the_points_of_the_objective(view):
    cell = ChangedCell(name="王一", day=date(2021, 8, 3), before="休", before_time="", after="白",
                       after_time="08:00–16:30", hours=8.0, nights=0, notice_h=32.0)
    of = Changes(told=datetime(2021, 8, 1), published=60, people=1, yuan=150.0, saves=150403.0, frozen=0,
                 frozen_kept=True, cells=(cell,))
    for w in (ZH, EN):
        [said] = changes.sentences(w, view.cities["town"].roster.model_copy(update={"changes": of}))
        assert "150" not in said
        assert w("staff.yuan") not in said


def test_workplaces_that_do_not_hold_the_fullest_half_hour_are_said_not_to_do(view):
    """Of 100 workplaces 88 seats are open at the telephone; over all calls they would do."""
    most = view.cities["town"].need
    for peak, each, outside in ((89, "interval", True), (88, "interval", False), (89, "day", False)):
        target = view.manifest.target.model_copy(update={"each": each})
        asked = PlanView(StaffingPlan(view.done.folder, view.manifest.model_copy(update={"target": target})))
        found = changed(asked, at_workplaces=0.9, workplaces=100, need=most.model_copy(update={"peak": peak}))
        assert ("本市工位全开也守不住，须外援" in verdicts.headline(found, ZH, "town")) is outside
        said = [one for one in verdicts.from_outside(found, ZH, "town") if one.startswith("外援")]
        assert bool(said) is outside
        assert not said or "要 89 席，本市 100 个工位全坐满、扣除小休与培训只开得出 88 席" in said[0]


def test_rules_that_calls_break_are_counted_by_people_and_times(view):
    def call(name, *breaks):
        return CalledIn(name=name, day=date(2021, 8, 2), start="06:00", end="08:00", kind="comes_earlier", hours=2.0,
                        rate=1.5, left_month=20.0, breaks=breaks, rest=9.0, call_by=datetime(2021, 8, 1, 20))
    rest = Passed(rule="least_rest", reached=9.0, limit=11, kind="custom", source="班次间隔 | rest")
    calls = [call("甲", rest), call("乙", rest), call("乙", rest), call("丙")]
    [row] = roster.broken_table(ZH, "小城", (), calls).rows
    assert row == ("两班之间的休息（增援）", "班次间隔", "2", "3 次", "乙、甲")
    assert roster.broken_table(EN, "Town", (), calls).rows[0][3] == "3 times"


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
    assert bool(list(verdicts.from_outside(found, EN, "town"))) is outside


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
    low, own = price.rungs(surged, surged.cities["town"])
    assert low == ladder[0]
    assert (own.peak, own.seat_hours, own.people) == (town.need.peak, town.need.seat_hours, 2.0)
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


def test_a_target_that_overtime_keeps_is_told_so(view):
    paid = Overtime(ordinary=Paid(people=3, hours=208.0, yuan=28_288.0), holidays=Paid(people=0, hours=0.0, yuan=0.0))
    short_of_two = town_with(view, 8, overtime=paid)
    kept = weeks(with_service(short_of_two, 0.91, 0.99, 0.0))
    assert verdicts.headline(kept, ZH, "town").startswith("达标，靠排班表上 208 小时加班（不加班至少缺 2 人）")
    assert "by 208 h of overtime in the roster" in verdicts.headline(kept, EN, "town")
    missed = weeks(with_service(short_of_two, 0.5, 0.99, 0.4))
    assert "至少缺 2 人" in verdicts.headline(missed, ZH, "town").split("，最缺")[0]
    assert "加班" not in verdicts.headline(missed, ZH, "town")
