"""The sheets of an order: who gets one, what stands on it, what adds up, and that each is a page of paper."""
from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from browser import browser
from ordered import AT_HOME, CALL_IN, DAY, EVERY_KIND, LEND, LEVELS, MORE, STANDBY, VOLUNTEERS, ordered
from pictures import LANGS, faults

from surgeline.reports.lending_order import acd, city, levels, people, report
from surgeline.reports.lending_order.view import OTHERS, OrderView
from surgeline.reports.page.blocks import Table
from surgeline.reports.page.forms import BLANK, Fields, Lines, Sheet, Signed
from surgeline.reports.page.words import Words

ZH, EN = Words("zh"), Words("en")


def sheets(tmp_path, *levers: dict, w: Words = ZH, **more: object) -> list[Sheet]:
    return report.sheets(OrderView(ordered(tmp_path, *levers, **more)), w)


def said(sheet: Sheet) -> str:
    """All words of a sheet."""
    parts = [sheet.title, *(text for item in sheet.head.items for text in item)]
    for part in sheet.parts:
        parts.append(part.title)
        for block in part.blocks:
            parts += {Table: lambda b: [*(str(cell) for row in b.rows for cell in row), b.title, b.note],
                      Fields: lambda b: [text for item in b.items for text in item],
                      Lines: lambda b: list(b.lines), Signed: lambda b: [*b.says, *b.by]}[type(block)](block)
    return " ".join(parts)


def grid(sheet: Sheet) -> Table:
    return next(block for part in sheet.parts for block in part.blocks if isinstance(block, Table))


# --- who gets one ----------------------------------------------------------------------------------------------------

def test_the_province_comes_first_then_lenders_then_borrowers_then_requests(tmp_path):
    found = sheets(tmp_path, *EVERY_KIND)
    assert [one.title for one in found] == ["全省总表：两座小城", "西城：支援东城、增加人手", "东城：受援、增加人手",
                                            "东城支援申请"]
    assert [one.way for one in found] == ["landscape", "portrait", "portrait", "portrait"]
    assert [fact for one in found for fact in one.facts if fact.startswith("第")] == [
        f"第 {k} 张，共 4 张" for k in range(1, 5)]


def test_a_city_that_only_calls_its_own_people_has_a_sheet_and_nobody_asks(tmp_path):
    found = sheets(tmp_path, CALL_IN)
    assert [one.title for one in found] == ["全省总表：两座小城", "西城：增加人手"]
    assert "支援应答" not in said(found[1])


def test_where_nothing_is_asked_for_there_is_no_order(tmp_path):
    [one] = sheets(tmp_path)
    assert "不下调度令" in said(one)


def test_days_that_differ_have_a_grid_each(tmp_path):
    found = sheets(tmp_path, LEND | {"to": "2021-08-03 20:00"}, MORE)
    assert [one.way for one in found].count("landscape") == 2


def test_second_surges_have_a_sheet_and_lines_for_whoever_acts(tmp_path):
    strike = {"city": "west", "start": f"{DAY} 15:00", "end": f"{DAY} 20:00", "times": 2.0, "chance": 0.1,
              "recalled": {"east": 2}, "called": {"east": 1}, "people": {"mean": 9.0, "low": 5.0, "high": 13.0},
              "dropped": (2, 0), "floors": 4, "worth_it": True}
    found = sheets(tmp_path, LEND, strikes=(strike,), standby={"west": 3})
    assert [one.title for one in found][1] == "若支援市遭遇第二场激增"
    assert "西城自 8/2 起来电为平日的 2 倍" in said(found[2])
    assert "撤回东城\u00a02\u00a0席" in said(found[2])
    assert "3 席" in said(found[2])
    assert "即支援 1 席" in said(found[3])
    assert "即支援" not in said(sheets(tmp_path, LEND, strikes=(strike | {"worth_it": False},))[3])


# --- what adds up ----------------------------------------------------------------------------------------------------

def test_the_grid_adds_up_by_hour_and_by_city_and_its_effects_to_the_headline(tmp_path):
    table = grid(sheets(tmp_path, *EVERY_KIND, people=30.0, gains=33.4, loses=-3.6)[0])
    titles = [column.title for column in table.columns]
    first, last = titles.index("9"), titles.index("一天合计")
    rows = {(row[0], row[1]): [float(cell or 0) for cell in row[first:last + 1]] for row in table.rows}
    lent, more = rows["合计", "借出（席）"], rows["合计", "本市增加（人）"]
    assert lent == rows["西城", "借给东城（席，在岗）"]
    parts = [hours for (city, what), hours in rows.items() if city != "合计" and what.endswith("（人）")]
    assert more == pytest.approx([sum(column) for column in zip(*parts, strict=True)])
    for hours in rows.values():
        assert hours[-1] == pytest.approx(sum(hours[:-1]))
    at = titles.index("本市来电多接通")
    effects = [int(row[at].replace("−", "-")) for row in table.rows if row[at]]
    assert effects == [-3, 33, 30] or effects == [-4, 34, 30]
    assert sum(effects[:-1]) == effects[-1]


def test_what_cities_without_an_order_gain_or_lose_is_told_together(tmp_path):
    view = OrderView(ordered(tmp_path, LEND, people=25.0, gains=33.4, loses=-3.6))
    assert sum(view.people.values()) == 25
    assert view.people[OTHERS] == pytest.approx(-4.8, abs=1)
    assert any(row[0] == "其余各市" for row in grid(report.sheets(view, ZH)[0]).rows)


def test_the_cost_of_a_refusal_has_a_column_of_its_own_or_none(tmp_path):
    with_it = grid(sheets(tmp_path, LEND)[0])
    assert with_it.columns[-1].title == "若推辞"
    assert with_it.rows[0][-1] == "40"
    assert "不与前列相加" in with_it.note
    without = grid(sheets(tmp_path, LEND, refusals={})[0])
    assert without.columns[-1].title == "本市接通率"
    assert "若推辞" not in without.note


# --- what stands on a city's sheet -----------------------------------------------------------------------------------

def test_a_lenders_sheet_has_all_that_its_duty_leader_needs(tmp_path):
    text = said(sheets(tmp_path, *EVERY_KIND)[1])
    for part in ("two-cities-20210802-01", "签发单位", "签收人", "值班负责人", "电话", "就绪不晚于",
                 "接通测试完成不晚于", "账号", "应答口径", "开始", "结束", "召集名单", "召回线", "备勤到岗期限",
                 "劳动法第 41 条", "劳动法第 44 条", "报送：09:45、12:00、20:30",
                 "一席按每小时 72\u00a0% 的时间在位计", "支援应答", "部分执行"):
        assert part in text, part
    assert "08:00 班 4 人" in text
    assert "8/2 10:00 通知 2 人，8/2 12:00 到岗；合计 16 人·小时" in text


def test_what_is_to_be_filled_in_is_blank(tmp_path):
    sheet = sheets(tmp_path, LEND)[1]
    blanks = {name for part in sheet.parts for block in part.blocks if isinstance(block, Fields)
              for name, value in block.items if value == BLANK}
    assert {"值班负责人", "电话", "测试结果与测试人", "应答口径与版本", "加班小时"} <= blanks


def test_a_request_asks_for_what_is_ordered(tmp_path):
    text = said(sheets(tmp_path, LEND, MORE)[-1])
    for part in ("12:30–14:00 4", "14:00–16:00 6", "16:00–18:00 4", "批准", "费用由谁承担"):
        assert part in text, part


@pytest.mark.parametrize(("lever", "zh", "en"), [
    (LEND, "东城来电为第 2 优先级。该组空闲多于 1 席时才接受援市来电。停接后，空闲多于 2 席才重新开始。",
     "more than 1 of them are idle. Once help has stopped it begins again when more than 2 are idle."),
    (LEND | {"keep_idle": 0, "resume_idle": None}, "本市没有人等时才接受援市来电。",
     "only while nobody of their own city waits."),
    (LEND | {"serves": "both", "keep_idle": 0, "resume_idle": None}, "等得最久的先接",
     "whoever has waited longest first"),
    (LEND | {"serves": "borrower", "keep_idle": 0, "resume_idle": None, "classes": ["everyday"]},
     "只登录东城的支援组队列，不接西城来电。东城本市座席全忙后，来电同时排入该组，等得最久的先送。只接：日常。",
     "the longest wait first. Only: everyday."),
    (CALL_IN, "召回的人登录本市队列", "people who are called in log in to the city's own queue"),
    (STANDBY, "备勤到岗的人登录本市队列", "people from standby log in"),
    (VOLUNTEERS | {"city": "west"}, "志愿者培训后登录本市队列", "volunteers, once trained, log in"),
])
def test_what_the_acd_is_set_to_comes_from_the_lever(tmp_path, lever, zh, en):
    view = OrderView(ordered(tmp_path, lever))
    assert zh in " ".join(acd.settings(view, ZH, "west"))
    assert en in " ".join(acd.settings(view, EN, "west"))


def test_levels_are_numbers_by_time_with_their_rules(tmp_path):
    view = OrderView(ordered(tmp_path, LEND))
    lender, borrower = levels.table(view, ZH, "west"), levels.table(view, ZH, "east")
    assert [row[0] for row in lender.rows] == ["召回线", "不支援时平常", "按方案预计"]
    assert lender.columns[1].title == "12–13"
    assert lender.rows[0][1] == "93.0"
    assert "2 个百分点" in levels.rules(view, ZH, "west")[0]
    assert "10\u00a0% 的日子" in levels.rules(view, ZH, "west")[0]
    assert [row[0] for row in borrower.rows] == ["按方案预计", "升级线", "放回线"]
    assert "20\u00a0% 的日子" in levels.rules(view, ZH, "east")[0]
    of_one = OrderView(ordered(tmp_path, CALL_IN))
    alone = levels.table(of_one, ZH, "west")
    assert [row[0] for row in alone.rows] == ["不支援时平常", "按方案预计", "升级线"]
    assert levels.rules(of_one, ZH, "west")[0].startswith("升级：")
    assert levels.table(OrderView(ordered(tmp_path, LEND, levels={})), ZH, "west") is None


def test_overtime_has_its_legal_ground_and_none_where_nobody_is_called(tmp_path):
    assert people.ground(OrderView(ordered(tmp_path, LEND)), ZH, "west") == [ZH("order.no_overtime")]
    off = LEND | {"off_duty": "50 %"}
    view = OrderView(ordered(tmp_path, off))
    assert people.to_call(view, "west") == 2
    assert "11 人·小时" in people.ground(view, ZH, "west")[0]
    assert any("Labour Law art. 41" in line for line in people.ground(view, EN, "west"))


def test_people_follow_where_a_day_is_longer_than_one_stays(tmp_path):
    long = CALL_IN | {"from": f"{DAY} 06:00", "to": f"{DAY} 24:00", "hours": ["06:00", "24:00"]}
    assert people.to_call(OrderView(ordered(tmp_path, CALL_IN)), "west") == 2     # eight hours at work
    assert people.to_call(OrderView(ordered(tmp_path, long)), "west") == 4        # sixteen, and nobody stays for more


OFF = LEND | {"off_duty": "100 %", "serves": "borrower", "keep_idle": 0, "resume_idle": None}


def test_all_who_are_called_in_are_counted_wherever_they_sit(tmp_path):
    first = sheets(tmp_path, OFF, MORE, AT_HOME)[0]
    view = OrderView(ordered(tmp_path, OFF, MORE, AT_HOME))
    lent, own = people.times_called(view)
    assert own == 1
    assert f"召回 {ZH.few(lent)}＋1＝{ZH.few(lent + 1)} 人次" in said(first)
    table = grid(first)
    titles = [column.title for column in table.columns]
    rows = {(row[0], row[1]): [float(cell or 0) for cell in row[titles.index("12"):titles.index("一天合计") + 1]]
            for row in table.rows}
    called, added, everybody = (rows["合计", name] for name in (
        "其中召回来坐（人）", "本市增加（人）", "召回合计（人）"))
    assert called[-1] == pytest.approx(5.5 * lent, abs=0.1)
    assert everybody == pytest.approx([one + other for one, other in zip(called, added, strict=True)], abs=0.11)
    assert ("西城", "借给东城（席，部分召回）") in rows
    assert "召回合计" not in said(sheets(tmp_path, LEND)[0])


def test_a_lender_knows_when_to_call_whom_for_its_loan(tmp_path):
    sheet = sheets(tmp_path, OFF | {"seats": 12})[1]
    text, number = said(sheet), people.to_call(OrderView(ordered(tmp_path, OFF | {"seats": 12})), "west")
    assert f"8/2 10:30 通知 {number} 人，8/2 12:30 到岗" in text
    assert "到岗前须休满 11 小时：8/2 01:30 之后才下班的人不通知" in text
    assert "来几人支援几席，不从在岗班次抽人" in text
    boxes = [name for part in sheet.parts if part.title.startswith("召集名单") for block in part.blocks
             if isinstance(block, Fields) for name, _ in block.items]
    assert [name for name in boxes if name.isdigit()] == [str(k) for k in range(1, number + 1)]
    assert "通知" not in said(sheets(tmp_path, LEND)[1])


def test_seats_of_people_on_duty_and_of_people_called_in_are_told_apart(tmp_path):
    text = said(sheets(tmp_path, OFF, MORE)[1])
    assert "支援东城 4 召回休班人员" in text
    assert "支援东城 2 08:00 班 2 人" in text


def test_where_only_people_called_in_sit_there_is_no_level_of_recall(tmp_path):
    text = said(sheets(tmp_path, OFF)[1])
    assert "不设召回线" in text
    assert "不支援时平常" not in text


def test_a_release_that_is_never_met_is_no_rule(tmp_path):
    never = {city: LEVELS | {"releases": 0.0} for city in ("west", "east")}
    text = said(sheets(tmp_path, LEND, levels=never)[2])
    assert "到 8/2 18:00 结束" in text
    assert "放回线" not in text


def test_a_day_off_that_is_worked_is_given_back_or_paid_and_a_holiday_is_paid(tmp_path):
    view = OrderView(ordered(tmp_path, OFF))
    text = " ".join(people.ground(view, ZH, "west"))
    for part in ("先安排补休，不能补休的付 200\u00a0%（法律：劳动法第 44 条）",
                 "经工会与本人同意，每月加班不超过 36 小时", "每周至少休息 1 日（法律：劳动法第 38 条）"):
        assert part in text, part
    assert "每天至多" not in text
    s = view.s
    force = s.workforce("west").model_copy(update={"holidays": (date(2021, 8, 2),)})
    on_a_holiday = s.model_copy(update={"people": {"west": force}})
    on_holiday = OrderView(ordered(tmp_path, OFF, scenario=on_a_holiday))
    assert "付 300\u00a0%，不以补休代替" in " ".join(people.ground(on_holiday, ZH, "west"))


def test_an_emergency_names_its_article_and_who_approves_it(tmp_path):
    text = " ".join(people.ground(OrderView(ordered(tmp_path, OFF, stance="emergency")), ZH, "west"))
    assert "劳动法第 42 条" in text
    assert "批准人（签字）：____" in text
    assert "36 小时" not in text


def test_midnight_is_the_end_of_a_day():
    assert people.moment(ZH, datetime(2021, 8, 2)) == "8/1 24:00"
    assert people.moment(ZH, datetime(2021, 8, 2, 0, 15)) == "8/2 00:15"


@pytest.mark.parametrize(("ends", "times"), [
    ("18:00", ["12:45", "18:30"]), ("22:00", ["12:45", "22:00", "22:30"])])
def test_it_is_reported_after_the_start_at_noon_in_the_evening_and_after_the_stop(tmp_path, ends, times):
    lever = LEND | {"to": "2021-08-03 00:00", "hours": ["12:30", ends]}
    assert city.told_at(OrderView(ordered(tmp_path, lever)), "west") == times
    early = lever | {"from": f"{DAY} 08:00", "hours": ["08:00", ends]}
    assert city.told_at(OrderView(ordered(tmp_path, early)), "west")[:2] == ["08:15", "12:00"]


# --- on paper --------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def shown():
    with browser() as one:
        yield one


@pytest.mark.browser
@pytest.mark.parametrize("levers", [EVERY_KIND, (LEND,)], ids=["every kind", "one loan"])
def test_each_sheet_is_a_page_and_every_text_can_be_read(tmp_path, shown, levers):
    times = [LEVELS["times"][0] | {"start": 60 * h, "end": 60 * h + 60} for h in range(6, 20)]
    done = ordered(tmp_path, *levers, levels={city: LEVELS | {"times": times} for city in ("west", "east")})
    page = tmp_path / "order.html"
    report.ORDER.write_html(done, page)
    assert list(faults(shown, page)) == []
    for lang in LANGS:
        shown.show(page, lang, paper=True)
        assert len(re.findall(rb"/Type\s*/Page\b", shown.print())) == len(report.sheets(OrderView(done), ZH))


# --- seats of a lender that are set in two ways ----------------------------------------------------------------------

def test_seats_that_are_set_by_who_sits_there_say_who_does(tmp_path):
    duty = LEND | {"keep_idle": 2, "resume_idle": None}
    called = LEND | {"keep_idle": 0, "resume_idle": None, "off_duty": "100 %"}
    view = OrderView(ordered(tmp_path, duty, called))
    [one] = acd.settings(view, ZH, "west")
    assert "在岗人员坐的席空闲多于 2 席时才接受援市来电。召回人员坐的席在本市没有人等时才接受援市来电。" in one
    [one] = acd.settings(view, EN, "west")
    assert "Those manned by people on duty take a borrowed call only while more than 2 of them are idle." in one
    assert "Those manned by people called in take a borrowed call only while nobody of their own city waits." in one


def test_seats_that_serve_by_who_sits_there_are_two_settings_that_say_who_does(tmp_path):
    called = LEND | {"serves": "borrower", "keep_idle": 0, "resume_idle": None, "off_duty": "100 %"}
    first, second = acd.settings(OrderView(ordered(tmp_path, LEND, called)), ZH, "west")
    assert first.startswith("借给东城的座席（在岗人员坐）同时登录两市队列")
    assert second.startswith("借给东城的座席（召回人员坐）只登录东城的支援组队列")


def test_seats_that_are_set_in_two_ways_with_the_same_people_are_two_settings(tmp_path):
    more = LEND | {"keep_idle": 3, "resume_idle": None, "hours": ["18:00", "19:00"]}
    settings = acd.settings(OrderView(ordered(tmp_path, LEND, more)), ZH, "west")
    assert ["空闲多于 1 席" in one for one in settings] == [True, False]
    assert ["空闲多于 3 席" in one for one in settings] == [False, True]


def test_seats_that_are_set_alike_are_one_setting_whoever_sits_there(tmp_path):
    [one] = acd.settings(OrderView(ordered(tmp_path, LEND, LEND | {"off_duty": "100 %"})), ZH, "west")
    assert one.startswith("借给东城的座席同时登录两市队列")
