"""`surgeline staff --ill`: the verdict first, then who and why the others not, by name and with numbers."""
import re
from dataclasses import replace
from datetime import datetime
from typing import get_args

import numpy as np
import pytest

from optimizer.staffing.planning.illness import Illness
from optimizer.staffing.revising.added_duties import interval_spans
from optimizer.staffing.revising.on_the_day import who_can_take
from optimizer.staffing.revising.overtime import Account, LimitOf, Terms
from optimizer.staffing.revising.take_over import Reach
from optimizer.staffing.rosters.problem import Duty, LimitName, Person, Problem, Rule, Wish, cover_by_interval
from sim.measures.statistics import Figure
from surgeline.commands import ill
from surgeline.folders.rules_passed import Passed
from surgeline.reports.page import rules
from surgeline.reports.page.words import Words

WORDS = {"zh": Words("zh"), "en": Words("en")}
NIGHT, NOON = Duty("夜", 1320, 600, 540, night=True), Duty("中", 840, 480, 480)
REST = Rule("least_rest", 660, "custom", "欧洲的惯例 | European custom", 1.0)
LAW = Rule("least_rest", 240, "law", "劳动法第 41 条 | Labour Law art. 41")
LOST = Figure(-40.0, -45.0, -35.0)
NONE = Figure(-0.2, -0.8, 0.3)


def found(rows: dict[str, str], undone=LOST, yuan_a_call=60.0, **people) -> Illness:
    """Zhang cannot do the first night; a message of noon. Rows: N, M or . a day."""
    persons = tuple(Person(name, "full", **people.get(name, {})) for name in rows)
    cover = cover_by_interval(np.ones((2, 24), int), (NIGHT, NOON), 680.0, 0.0)
    problem = Problem(2, (NIGHT, NOON), persons, cover)
    roster = np.array([["NM".find(letter) for letter in row] for row in rows.values()])
    answer = who_can_take(problem, roster, "Zhang", 0, 720, Account(problem, Terms(wage=1.0)), interval_spans(2, 24),
                          Reach())
    return Illness(datetime(2021, 8, 3), answer, undone, tuple((offer, Figure(-1.0, -2.0, 0.0))
                                                               for offer in answer.best), yuan_a_call, {"Li": "0025-1"})


def shown(of: Illness, capsys, lang: str, monkeypatch) -> str:
    monkeypatch.setenv("COLUMNS", "400")
    ill.show_answer(of, "Zhang", WORDS[lang])
    return capsys.readouterr().out


def test_the_first_line_is_that_nobody_need_take_it(capsys, monkeypatch):
    of = found({"Zhang": "N.", "Li": ".."}, NONE)
    assert not of.needed
    assert shown(of, capsys, "zh", monkeypatch).splitlines()[0] == (
        "不必找人顶班：少 Zhang 一人，本市接通人数 −0.2（95 % 区间 −0.8–0.3），"
        "不值顶班的 1,080 元（一个接通值 60 元）。")
    assert shown(of, capsys, "en", monkeypatch).startswith("Nobody need take it: without Zhang, people answered")


def test_the_first_line_is_whom_to_ask(capsys, monkeypatch):
    of = found({"Zhang": "N.", "Li": ".."})
    assert of.needed
    assert shown(of, capsys, "zh", monkeypatch).splitlines()[0] == (
        "请 Li（22:00–08:00）顶班：没有人顶，本市接通人数 −40（95 % 区间 −45–−35）；有人顶，−1（95 % 区间 −2–0）。")


def test_the_first_line_is_that_nobody_can(capsys, monkeypatch):
    of = found({"Zhang": "N.", "Li": ".."}, Li={"leave": frozenset([0])})
    assert shown(of, capsys, "zh", monkeypatch).splitlines()[0] == "没有人能顶：本市接通人数 −40（95 % 区间 −45–−35）。"


@pytest.mark.parametrize(("undone", "yuan", "needed"), [
    (LOST, 60.0, True), (LOST, 20.0, False),                    # 45 callers are worth 900 yuan of 1,080
    (Figure(-0.5, -0.9, 0.1), 9000.0, False),                   # not one caller
    (Figure(-2.0, -9.0, 5.0), 200.0, True),                     # as many as the interval lets be lost
    (Figure(-40.0, float("nan"), float("nan")), 60.0, True),    # one replication
])
def test_it_is_worth_what_callers_are_worth(undone, yuan, needed):
    assert found({"Zhang": "N.", "Li": ".."}, undone, yuan).needed is needed


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
    assert "Wu 不行：同一时间已在岗。" in zh
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
    assert (told["needed"], told["pairs"], li["call_by"]) == (True, [], "2021-08-03T20:00:00")
    assert li["breaks"] == [{"rule": "least_rest", "reached": 6.0, "limit": 11.0, "kind": "custom",
                             "source": "欧洲的惯例 | European custom"}]


def test_who_is_asked_stands_with_a_phone(capsys, monkeypatch):
    of = found({"Zhang": "N.", "Li": "..", "Wang": ".."})
    assert "Li 0025-1" in shown(of, capsys, "zh", monkeypatch)
    told = {one["name"]: one["phone"] for one in ill.summary(of)["candidates"]}
    assert told == {"Li": "0025-1", "Wang": None}
