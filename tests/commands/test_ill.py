"""`surgeline staff --ill`: the verdict first, then who and why the others not, by name and with numbers."""
import re
from dataclasses import replace
from datetime import datetime
from typing import get_args

import numpy as np
import pytest

from optimizer.staffing.planning.illness import Brought, Illness, worth_knowing
from optimizer.staffing.planning.left_on_duty import Hall, OnDuty, left_of, on_duty
from optimizer.staffing.planning.worth_of_calls import Worth
from optimizer.staffing.revising.added_duties import interval_spans
from optimizer.staffing.revising.on_the_day import who_can_take
from optimizer.staffing.revising.overtime import Account, LimitOf, Terms
from optimizer.staffing.revising.take_over import Reach
from optimizer.staffing.rosters.problem import Cell, Duty, LimitName, Person, Problem, Rule, Wish, cover_by_interval
from sim.measures.statistics import Figure
from surgeline.commands import ill
from surgeline.folders.rules_passed import Passed
from surgeline.reports.page import rules
from surgeline.reports.page.words import Words

WORDS = {"zh": Words("zh"), "en": Words("en")}
NIGHT, NOON = Duty("夜", 1320, 600, 540, night=True), Duty("中", 840, 480, 480)
REST = Rule("least_rest", 660, "custom", "欧洲的惯例 | European custom", 1.0)
LAW = Rule("least_rest", 240, "law", "劳动法第 41 条 | Labour Law art. 41")
SHIFT = 1320, 1920
FIXED = {"pins": (Cell(0, "中"),)}
LOST = Figure(-40.0, -45.0, -35.0)
NONE = Figure(-0.2, -0.8, 0.3)


def found(rows: dict[str, str], undone=LOST, yuan_a_call=60.0, brought=-1.0, leaders=0, **people) -> Illness:
    """Zhang cannot do the first night; a message of noon. Rows: N, M or . a day. ``brought`` callers more than with the
    roster as it was, whoever takes it."""
    persons = tuple(Person(name, "full", **people.get(name, {})) for name in rows)
    cover = cover_by_interval(np.ones((2, 24), int), (NIGHT, NOON), 680.0, 0.0)
    problem = Problem(2, (NIGHT, NOON), persons, cover)
    roster = np.array([["NM".find(letter) for letter in row] for row in rows.values()])
    answer = who_can_take(problem, roster, "Zhang", 0, 720, Account(problem, Terms(wage=1.0)), interval_spans(2, 24),
                          Reach())
    planned = on_duty(problem, roster)
    nobody = np.zeros_like(planned.at_work)
    hall = Hall(planned, OnDuty(nobody, nobody, nobody), nobody > 0, leaders)   # nobody is expected to call
    took = tuple(Brought(offer, Figure(brought, brought - 1, brought + 1),
                         left_of(hall, answer.problem, answer.taken_by(*offer), (answer.start, answer.end)))
                 for offer in worth_knowing(answer, hall, left_of(hall, answer.problem, answer.roster, SHIFT)))
    return Illness(datetime(2021, 8, 3), answer, undone, left_of(hall, answer.problem, answer.roster, SHIFT), leaders,
                   took, Worth(680.0, 680 / yuan_a_call), {"Li": "0025-1"})


def shown(of: Illness, capsys, lang: str, monkeypatch) -> str:
    monkeypatch.setenv("COLUMNS", "400")
    ill.show_answer(of, "Zhang", WORDS[lang])
    return capsys.readouterr().out


def test_the_first_line_is_that_nobody_need_take_it(capsys, monkeypatch):
    of = found({"Zhang": "N.", "Li": ".."}, NONE)
    assert not of.needed
    assert shown(of, capsys, "zh", monkeypatch).splitlines()[0] == (
        "不必找人顶班：少 Zhang 一人，本市接通人数 −0.2（95 % 区间 −0.8–0.3），"
        "不值顶全班最便宜的 1,080 元（一个接通值 60 元）。")
    assert shown(of, capsys, "en", monkeypatch).startswith("Nobody need take it: without Zhang, people answered")


def test_the_first_line_is_whom_to_ask(capsys, monkeypatch):
    of = found({"Zhang": "N.", "Li": ".."})
    assert of.needed
    assert shown(of, capsys, "zh", monkeypatch).splitlines()[0] == (
        "请 Li（22:00–08:00）顶班：没有人顶，本市接通人数 −40（95 % 区间 −45–−35）；有人顶，−1（95 % 区间 −2–0）。")
    assert shown(of, capsys, "zh", monkeypatch).splitlines()[1] == "没有人顶：当班最少 0 人（22:00–08:00）。"


def test_the_first_line_is_that_nobody_can(capsys, monkeypatch):
    of = found({"Zhang": "N.", "Li": ".."}, Li={"leave": frozenset([0])})
    assert shown(of, capsys, "zh", monkeypatch).splitlines()[0] == "没有人能顶：本市接通人数 −40（95 % 区间 −45–−35）。"


@pytest.mark.parametrize(("undone", "yuan", "needed"), [
    (LOST, 60.0, True), (LOST, 20.0, False),                    # 44 callers are worth 880 yuan of 1,080
    (LOST, 24.6, True), (LOST, 24.5, False),
    (Figure(-0.5, -0.9, 0.1), 9000.0, False),                   # not one caller
    (Figure(-2.0, -9.0, 5.0), 200.0, True),                     # as many as the interval lets be lost
    (Figure(-40.0, float("nan"), float("nan")), 60.0, True),    # one replication
])
def test_it_is_worth_what_callers_are_worth(undone, yuan, needed):
    assert found({"Zhang": "N.", "Li": ".."}, undone, yuan).needed is needed


def test_the_cheapest_who_fill_it_are_what_it_is_weighed_against(capsys, monkeypatch):
    """Li comes first and is paid 2,000 yuan, Wu fills it as well for 1,080."""
    plain = found({"Zhang": "N.", "Li": "..", "Wu": ".."}, Figure(-10.0, -12.0, -8.0), brought=0.0, yuan_a_call=91.0)
    li, wu = plain.answer.candidates
    dear = (replace(li, pay=2000.0),)
    answer = replace(plain.answer, candidates=(*dear, wu))
    assert (answer.best, answer.cheapest) == ((dear,), (wu,))
    of = replace(plain, answer=answer, brought=tuple(replace(plain.brought[0], offer=one) for one in (dear, (wu,))))
    assert [of.pays(one) for one in of.brought] == [False, True]     # 12 callers are worth 1,092 yuan
    assert shown(of, capsys, "zh", monkeypatch).startswith("请 Wu（22:00–08:00）顶班：")
    less = replace(of, worth=Worth(680.0, 680 / 89))
    assert not less.needed
    assert "不值顶全班最便宜的 1,080 元（一个接通值 89 元）" in shown(less, capsys, "zh", monkeypatch)


def test_a_part_that_is_worth_its_pay_is_asked_for_alone(capsys, monkeypatch):
    """Li stays after the own shift: three hours of ten at one and a half times the pay."""
    of = found({"Zhang": "N.", "Li": "MM"}, brought=-35.0, Li=FIXED)
    [one] = of.brought
    assert of.answer.cheapest is None
    assert of.answer.pieces == of.answer.offers == (one.offer,)
    assert (of.more(one), of.pays(one)) == (10.0, True)
    assert shown(of, capsys, "zh", monkeypatch).startswith("请 Li（22:00–01:00）顶班：")
    dear = found({"Zhang": "N.", "Li": "MM"}, brought=-44.0, Li=FIXED)
    assert "没有人能顶全班，顶一段最便宜的 243 元也不值（一个接通值 60 元）" in shown(dear, capsys, "zh", monkeypatch)
    assert "值 60 元，要付 243 元。" in shown(dear, capsys, "zh", monkeypatch)
    en = shown(dear, capsys, "en", monkeypatch)
    assert "; nobody can take all of it, and no part is worth its pay, 243 yuan at the least" in en
    assert "A call answered is worth 60 yuan: an hour of a seat that is lacking counts 680 yuan, " in en


def test_a_shift_without_a_leader_is_told_and_who_may_lead(capsys, monkeypatch):
    """Wu works the night too and does not lead: callers lose nothing, and still no leader is there."""
    of = found({"Zhang": "N.", "Wu": "N.", "Li": "..", "Xu": ".."}, NONE, leaders=1, Zhang={"leads": True},
               Xu={"leads": True})
    zh, en = (shown(of, capsys, lang, monkeypatch) for lang in ("zh", "en"))
    assert zh.startswith("按来电不必找人顶班，但缺组长：")
    assert zh.splitlines()[1:3] == ["没有人顶：当班最少 1 人（22:00–08:00）。",
                                    "没有人顶，22:00–08:00 没有组长（要求 1 名）：能带班的有 Xu。"]
    assert "Xu（组长）" in zh
    assert "Li（组长）" not in zh
    assert "no leader is there 22:00–08:00 (wanted: 1): who can come and may lead: Xu." in en
    assert any(one.person == "Xu" for each in of.brought for one in each.offer)
    none = found({"Zhang": "N.", "Wu": "N.", "Li": ".."}, NONE, leaders=1, Zhang={"leads": True})
    assert "：叫得到的人都不能带班。" in shown(none, capsys, "zh", monkeypatch)


def test_wishes_and_numbers_stand_in_the_row_and_sources_below(capsys, monkeypatch):
    of = found({"Zhang": "N.", "Li": ".M"}, Li={"limits": (REST,), "wishes": (Wish(0, None, False, 9.0),)})
    zh, en = (shown(of, capsys, lang, monkeypatch) for lang in ("zh", "en"))
    assert "当天愿休、只休息 6 小时（惯例 11 小时）" in zh
    assert "惯例 11 小时：欧洲的惯例。" in zh.splitlines()
    assert "wishes to be off, only 6 h of rest (custom: 11 h)" in en
    assert "08-03 20:00" in zh      # two hours before it begins


def test_who_cannot_is_named_with_the_number_and_the_law(capsys, monkeypatch):
    noon = {name: {"limits": (replace(LAW, value=480),)} for name in "ABCDEFG"}
    rows = {"Zhang": "N."} | dict.fromkeys("ABCDEFG", ".M") | {"Wu": "N."}
    zh, en = (shown(found(rows, **noon), capsys, lang, monkeypatch) for lang in ("zh", "en"))
    assert "A、B、C、D、E等 7 人不行：只休息 6 小时（法律 8 小时，劳动法第 41 条）。" in zh
    assert "Wu 不行：同一时间已在岗。" in zh      # that very night
    assert "A, B, C, D, E and others, 7 in all, can't: only 6 h of rest (law: 8 h, Labour Law art. 41)." in en
    assert "Wu can't: at work at that time." in en
    assert not re.search(r"\b1 people", en)


def test_what_is_not_shown_is_counted(capsys, monkeypatch):
    of = found({"Zhang": "N."} | dict.fromkeys("ABCDEFGHIJKL", ".."))
    assert len(of.answer.offers) == 12
    assert "另有 2 种顶法，全部见 --json。" in shown(of, capsys, "zh", monkeypatch)


@pytest.mark.parametrize("name", [*get_args(LimitName), *get_args(LimitOf)])
def test_every_limit_has_words_with_its_numbers(name):
    one = Passed(rule=name, reached=7.5, limit=3.5, kind="contract", source="")
    for w in WORDS.values():
        assert {"7.5", "3.5"} <= set(re.findall(r"[0-9.]+", rules.told(w, one)))


def test_machines_are_told_pairs_numbers_and_when_to_ask():
    told = ill.summary(found({"Zhang": "N.", "Li": ".M"}, Li={"limits": (REST,)}))
    [li] = told["candidates"]
    assert told["left"] == {"at_work": 0, "at_phones": 0, "nobody": [], "leaderless": []}
    assert told["yuan_a_call"] == pytest.approx(60)
    assert [(one["names"], one["yuan"], one["worth"], one["pays"]) for one in told["brought"]] == [
        (["Li"], 1080.0, pytest.approx(44 * 60), True)]
    assert (told["needed"], told["pairs"], li["call_by"]) == (True, [], "2021-08-03T20:00:00")
    assert li["breaks"] == [{"rule": "least_rest", "reached": 6.0, "limit": 11.0, "kind": "custom",
                             "source": "欧洲的惯例 | European custom"}]


def test_who_is_asked_stands_with_a_phone(capsys, monkeypatch):
    of = found({"Zhang": "N.", "Li": "..", "Wang": ".."})
    assert "Li 0025-1" in shown(of, capsys, "zh", monkeypatch)
    told = {one["name"]: one["phone"] for one in ill.summary(of)["candidates"]}
    assert told == {"Li": "0025-1", "Wang": None}
