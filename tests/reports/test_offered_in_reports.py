"""Desks, volunteers and people at home on the sheets of an order and on the page of its plan, in both languages."""
from __future__ import annotations

from datetime import datetime

import pytest
from browser import browser
from helping import with_terms
from ordered import CALL_IN, CLOUD, DAY, DESK, EVERY_KIND, LEND, LEVELS, OFFERED, UNICOM, VOLUNTEERS, figure, ordered
from pictures import LANGS, faults

from surgeline.reports.lending_order import acd, people, report
from surgeline.reports.lending_order.view import OrderView
from surgeline.reports.lending_plan import answer, edited, effects, menu, offered, refusals, whatif, whom
from surgeline.reports.page.blocks import Table
from surgeline.reports.page.forms import Fields, Lines, Sheet
from surgeline.reports.page.words import HARD_SPACE, Words

ZH, EN = Words("zh"), Words("en")
TERMS = with_terms(offers=OFFERED)


def soft(text: str) -> str:
    """With spaces at which lines may break."""
    return text.replace(HARD_SPACE, " ")


def sheets(tmp_path, *levers: dict, w: Words = ZH, **more: object) -> list[Sheet]:
    return report.sheets(OrderView(ordered(tmp_path, *levers, **more)), w)


def part(sheet: Sheet, title: str) -> list[str]:
    """What stands in a part of a sheet; nothing where there is none."""
    for one in sheet.parts:
        if one.title.startswith(title):
            return [" ".join(map(str, line if isinstance(line, tuple) else (line,))) for block in one.blocks
                    for line in (block.rows if isinstance(block, Table) else
                                 block.items if isinstance(block, Fields) else
                                 block.lines if isinstance(block, Lines) else ())]
    return []


# --- the province's sheet --------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("w", "names", "totals"), [
    (ZH, ["请志愿者（人）", "省级座席（席）", "运营商座席（unicom）（席）", "云坐席（人）"],
     ("增设（席）", "本市增加（人）")),
    (EN, ["brings volunteers", "province's desk, seats", "operators (unicom), seats", "has people answer from home"],
     ("seats of desks", "people added at home"))], ids=LANGS)
def test_the_grid_has_a_row_for_each_desk_and_adds_up(tmp_path, w, names, totals):
    table = next(block for one in sheets(tmp_path, LEND, *OFFERED, w=w)[0].parts for block in one.blocks
                 if isinstance(block, Table))
    titles = [column.title for column in table.columns]
    hours = slice(titles.index("11"), titles.index("19") + 2)
    rows = {row[1]: [float(cell or 0) for cell in row[hours]] for row in table.rows if row[hours][-1]}
    assert {row[0] for row in table.rows if row[1] in names} == {"东城" if w is ZH else "Eastville"}
    brought, province, unicom, at_home = (rows[name] for name in names)
    desks, own = (rows[name] for name in totals)
    assert desks == [a + b for a, b in zip(province, unicom, strict=True)]
    assert own == [a + b for a, b in zip(brought, at_home, strict=True)]
    assert (province[-1], unicom[-1], at_home[-1], desks[-1]) == (18, 8, 16, 26)


def test_a_desk_has_no_sheet_and_is_told_on_the_provinces(tmp_path):
    found = sheets(tmp_path, DESK, UNICOM | {"seats": 1, "hours": ["14:00", "15:00"]})
    assert [one.title for one in found] == ["全省总表：两座小城", "东城：受援", "东城支援申请"]
    assert part(found[0], "增设座席") == [
        "省级座席：接东城来电，8/2 12:00–18:00 3 席。负责人 ________ 电话 ________",
        "运营商座席（unicom）：接东城来电，8/2 14:00–15:00 1 席。负责人 ________ 电话 ________"]
    assert ("主送", "东城、省级座席、运营商座席（unicom）") in found[0].head.items
    assert part(sheets(tmp_path, LEND, VOLUNTEERS)[0], "增设座席") == []


def test_people_at_home_are_told_beside_those_who_are_called_in(tmp_path):
    said = part(sheets(tmp_path, CALL_IN, CLOUD | {"to": "2021-08-03"})[0], "总体")
    assert "召回 0＋2＝2 人次：0 人次由支援市召回、坐支援席，2 人次由本市召回、接本市来电。" in said
    assert "另有云坐席 4 人次，由本市休班的人在家接听。" in said
    assert not any("居家" in line for line in part(sheets(tmp_path, LEND)[0], "总体"))


# --- a city's sheet --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("w", "title", "rows"), [
    (ZH, "任务", ["8/2 12:00–20:00 请志愿者（人） 3 本市招来并先培训的志愿者",
                "8/2 11:00–19:00 云坐席（人） 2 休班、已休息满 11 小时的人，在家登录",
                "8/2 12:00–18:00 接收省级座席 3 省里安排的座席，不占本市大厅",
                "8/2 14:00–18:00 接收运营商座席（unicom） 2 运营商安排的座席，不占本市大厅"]),
    (EN, "What to do", ["2 Aug 12:00–20:00 brings volunteers 3 volunteers whom the city finds and trains first",
                        "2 Aug 11:00–19:00 has people answer from home 2 off duty, rested for 11 h, logged in at home",
                        "2 Aug 12:00–18:00 receives seats: province's desk 3 seats that the province runs outside the "
                        "hall",
                        "2 Aug 14:00–18:00 receives seats: operators (unicom) 2 seats that an operator runs outside "
                        "the hall"])], ids=LANGS)
def test_a_city_is_told_what_comes_to_it_and_who_they_are(tmp_path, w, title, rows):
    assert part(sheets(tmp_path, *OFFERED, w=w)[1], title) == rows


@pytest.mark.parametrize(("lever", "zh", "en"), [
    (DESK, "本市座席全忙后，来电同时排入省级座席，等得最久的先送。",
     "calls wait for the outside seats too (province's desk), the longest wait first."),
    (UNICOM | {"classes": ["everyday"]}, "来电先送运营商座席（unicom），无空闲再送本市座席。只接：日常。",
     "calls go to the outside seats first (operators (unicom)), and to own seats where none is idle. Only: everyday."),
    (CLOUD, "居家的人登录本市队列，技能与本市座席相同。", "people at home log in to the city's own queue")])
def test_the_acd_is_set_to_what_the_lever_says(tmp_path, lever, zh, en):
    view = OrderView(ordered(tmp_path, lever))
    assert acd.settings(view, ZH, "east") == [zh]
    assert en in acd.settings(view, EN, "east")[0]


def test_accounts_and_a_test_of_connection_are_for_seats_of_desks_too(tmp_path):
    found = part(sheets(tmp_path, LEND, DESK)[2], "值班")
    assert "账号 7 个，由受援市开通" in found      # four lent, three of the desk
    assert "接通测试完成不晚于 8/2 12:00" in found
    assert not any(line.startswith("账号") for line in part(sheets(tmp_path, CLOUD)[1], "值班"))


def test_only_own_people_are_called_and_have_a_legal_ground(tmp_path):
    of_desk, of_brought, of_home = (sheets(tmp_path, one)[1] for one in (DESK, VOLUNTEERS, CLOUD))
    assert part(of_home, "召集名单（共 2 人）")[0] == "8/2 09:00 通知 2 人，8/2 11:00 起在家接听；合计 16 人·小时。"
    assert "召回的人合计 16 人·小时" in part(of_home, "加班")[0]
    for sheet in (of_desk, of_brought):
        assert part(sheet, "召集名单") == []
        assert part(sheet, "加班") == []
    assert part(of_brought, "志愿者：培训与上岗") == ["8/2 08:00 起培训 3 名志愿者，8/2 12:00 上岗；合计 24 人·小时。"]


def test_who_stays_at_home_is_relieved_as_others_are(tmp_path):
    """Sixteen hours, and nobody stays for more than eight."""
    long = CLOUD | {"from": f"{DAY} 06:00", "to": f"{DAY} 22:00", "hours": ["06:00", "22:00"]}
    assert people.to_call(OrderView(ordered(tmp_path, CLOUD)), "east") == 2
    assert people.to_call(OrderView(ordered(tmp_path, long)), "east") == 4


def test_a_request_asks_for_seats_of_desks_too(tmp_path):
    request = sheets(tmp_path, LEND, DESK)[-1]
    assert [row.split()[:3] for row in part(request, "请求的座席")] == [
        ["8/2", "12:00–12:30", "3"], ["8/2", "12:30–18:00", "7"]]


# --- the page of the plan --------------------------------------------------------------------------------------------

def entry(*levers: dict) -> dict:
    effect = {"replications": 10, "people": figure(30.0), "gains": {"east": figure(30.0)}, "lenders": {},
              "rates": {"east": figure(0.04), "west": figure(0.0)}, "floors": (), "holds": True}
    return {"name": "on_duty", "levers": levers, "effect": effect, "seats": 4, "people": 0.0, "hours": 0.0,
            "yuan": 0.0, "beyond": 0.0, "ordinary": True, "drops": 1.0}


def with_menu(folder, *levers: dict, **more: object):
    return ordered(folder, *levers, edited="", menu=[entry(*levers)], stance="on_duty", recommended="on_duty", **more)


@pytest.mark.parametrize(("levers", "scenario", "zh", "en"), [
    ((LEND, *OFFERED), TERMS, "不召回任何人；另请省级座席 3 席、运营商座席（unicom）2 席、志愿者 3 人、云坐席 2 席",
     "nobody called in; besides, at most: province's desk 3, operators (unicom) 2, volunteers 3, people at home 2"),
    ((LEND,), TERMS, "不召回任何人；条件里另可请的都不请", "nobody called in; nobody else of those offered"),
    ((LEND,), with_terms(), "不召回任何人", "nobody called in")], ids=["uses them", "uses none", "offers none"])
def test_a_plan_in_a_line_says_how_many_it_uses_of_those_offered(tmp_path, levers, scenario, zh, en):
    done = with_menu(tmp_path, *levers, scenario=scenario)
    for w, said in ((ZH, zh), (EN, en)):
        line = soft(menu.section(done, w).blocks[-1].rows[0][2])
        assert line.endswith(f"4 席；{said}" if w is ZH else f"Westville; {said}")


def test_stints_that_follow_each_other_are_never_there_at_once(tmp_path):
    early, late = DESK | {"to": f"{DAY} 15:00"}, DESK | {"seats": 2, "from": f"{DAY} 15:00"}
    done = ordered(tmp_path, early, late)
    assert list(map(soft, offered.named(done, ZH, done.manifest.levers))) == ["省级座席 3 席"]
    both = ordered(tmp_path, DESK, late).manifest.levers
    assert offered.most_at_once(TERMS, both) == 5


def test_the_answer_says_who_is_asked(tmp_path):
    first = soft(answer.sentences(with_menu(tmp_path, LEND, DESK, CLOUD), ZH)[0])
    assert first.startswith("1 个市支援东城，同一时刻最多 4 席，不召回任何人，另请省级座席 3 席、云坐席 2 席：")
    alone = with_menu(tmp_path, VOLUNTEERS)
    assert soft(answer.sentences(alone, ZH)[0]).startswith("没有城市把座席借给东城，不召回任何人，另请志愿者 3 人：")
    assert soft(answer.sentences(alone, EN)[0]).startswith(
        "No city lends seats to Eastville, nobody called in; besides, at most: volunteers 3.")


def test_an_edited_plan_says_desks_apart_from_people(tmp_path):
    done = ordered(tmp_path, DESK, VOLUNTEERS, CLOUD)
    assert "：1 个市增加人手，同一时刻最多 5 人，另请省级座席 3 席。" in soft(edited.sentences(done, ZH)[0])
    [table] = edited.people_section(done, ZH).blocks
    assert [row[1:] for row in table.rows] == [
        ("省级座席（席）", "8/2 12:00–18:00 3 席", "18"), ("请志愿者（人）", "8/2 12:00–20:00 3 人", "24"),
        ("云坐席（人）", "8/2 11:00–19:00 2 人", "16")]


def test_people_at_home_do_not_end_help_early(tmp_path):
    """Nobody limits how long they stay but those who plan; who is called in comes once for eight hours at most."""
    early = {"to": f"{DAY} 13:00", "hours": ["11:00", "13:00"]}
    assert whom.called_once(with_menu(tmp_path, CLOUD | early), ZH) == ""
    assert whom.called_once(with_menu(tmp_path, CALL_IN | early | {"from": f"{DAY} 08:00"}), ZH) != ""


@pytest.mark.parametrize(("levers", "told"), [((LEND,), True), ((LEND, DESK), False), ((LEND, VOLUNTEERS), False)])
def test_pooling_is_measured_only_against_those_on_duty(tmp_path, levers, told):
    pooled = entry()["effect"] | {"behind": figure(1.0)}
    assert bool(effects.near_pooling(ordered(tmp_path, *levers, rivals={"pooled": pooled}).manifest, ZH)) == told


def test_plans_next_to_this_one_name_whom_the_terms_offer(tmp_path):
    near = {"kind": "moved", "borrower": "east", "people": figure(0.0), "holds": True, "taken": False}
    done = ordered(tmp_path, LEND, scenario=TERMS, neighbours=[
        near | {"lender": "*0", "other": "east*2"}, near | {"lender": "east*3", "other": "west"}])
    assert [whatif.changed(done, ZH, one) for one in done.manifest.neighbours] == [
        "改由东城（志愿者）代替省级座席借给东城一席", "改由西城（在岗）代替东城（云坐席）借给东城一席"]


def test_seats_that_are_offered_are_worth_what_theirs_are(tmp_path):
    done = ordered(tmp_path, LEND, VOLUNTEERS, scenario=TERMS, refusals={"west": 40.0, "east": 3.0}, marginal={
        "west": {"more": 2.0, "less": -1.0}, "east*2": {"less": -4.0}, "east*3": {"more": 1.0}, "*0": {"less": -9.0}})
    assert [row[3] for row in refusals.table(done, ZH).rows] == ["在岗 −1", "志愿者 −4"]


@pytest.mark.parametrize(("found", "zh", "en"), [
    ({"found": 6.0, "limit": 3.0}, "东城 8/2 14:00 另请 6（席或人），条件只给 3",
     "Eastville takes 6 of a desk, of volunteers or of people at home on 2 Aug 14:00, at most 3 are offered"),
    ({}, "东城 8/2 14:00 另请的座席或人，条件里没有",
     "Eastville takes a desk, volunteers or people at home on 2 Aug 14:00 that nobody offers")])
def test_what_is_beyond_the_offers_is_a_broken_term(tmp_path, found, zh, en):
    broken = {"term": "offers", "city": "east", "at": datetime(2021, 8, 2, 14)} | found
    done = ordered(tmp_path, DESK, broken_terms=[broken])
    assert edited.section(done, ZH).blocks[0].rows == (("lending.offers", zh),)
    assert edited.section(done, EN).blocks[0].rows == (("lending.offers", en),)


# --- on paper --------------------------------------------------------------------------------------------------------

@pytest.mark.browser
@pytest.mark.parametrize("levers", [(*EVERY_KIND, DESK, UNICOM, CLOUD), OFFERED], ids=["every kind", "offered"])
def test_every_text_of_the_sheets_can_be_read(tmp_path, levers):
    times = [LEVELS["times"][0] | {"start": 60 * h, "end": 60 * h + 60} for h in range(6, 20)]
    done = ordered(tmp_path, *levers, levels={city: LEVELS | {"times": times} for city in ("west", "east")})
    report.ORDER.write_html(done, tmp_path / "order.html")
    with browser() as shown:
        assert list(faults(shown, tmp_path / "order.html")) == []
