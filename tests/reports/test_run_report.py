"""The report of a small run: what it says is what the run found, and it needs nothing but itself."""
from __future__ import annotations

import html
import re
import subprocess
import sys
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from sim.measures.statistics import Figure
from sim.reading.loading import load
from sim.scenario.quantities import Name
from sim.studies.study import simulate
from sim.studies.validation import against_record
from sim.world.distributions import mean_s, table_ms
from surgeline.cli import main
from surgeline.folders import run as run_folder
from surgeline.reports import files_of, write
from surgeline.reports.page import charts, places, svg
from surgeline.reports.page.charts import RATES, rate_class
from surgeline.reports.page.words import Words
from surgeline.reports.run import assumed, daily, flow, patience, seats
from surgeline.reports.run.answer import key_figures, sentences
from surgeline.reports.run.view import RunView

HOSTILE = "<img src=x onerror=alert(1)>"
SCENARIO = f"""
surgeline: 1
extends: two-cities
title: {{zh: "{HOSTILE}两座小城", en: "{HOSTILE} Two cities"}}
about: {{zh: "=1+1", en: "</style><script>alert(2)</script>"}}
horizon: {{start: 2021-08-02, end: 2021-08-03, interval: 15 min}}
cities:
  east: {{name: {{zh: "东城<b>", en: "East<b>ville"}}}}
levers:
  replace:
  - {{kind: lend, lender: west, borrower: east, seats: 4, from: 2021-08-02 12:00, to: 2021-08-03}}
  - {{kind: desk, name: "=cmd|' /C calc'!A0", cities: [east], seats: {{assume: 3, range: [1, 5], why: "@SUM(A1)"}},
     from: 2021-08-02 12:00, to: 2021-08-03}}
observed:
  - {{metric: dials, scope: "city:east", value: 1500, within: 90 %, source: "+1 {HOSTILE}"}}
  - {{metric: answer_rate_dials, scope: "city:east", any_interval: true, below: 0.99, source: somebody}}
"""
PLAIN = "surgeline: 1\nextends: two-cities\nsurges: []\nlevers: []\ntitle: {zh: 平日, en: Plain}\n"
GAINS = [{"variant": "at-once", "name": {"zh": f"立即支援{HOSTILE}", "en": "help at once"},
          "callers_answered_province": {"mean": 75.0, "low": 40.0, "high": 110.0},
          "callers_answered": {"mean": 120.0, "low": 90.0, "high": 150.0},
          "lenders": [{"city": "west", "answer_rate_callers": {"mean": -0.004, "low": -0.005, "high": -0.003}}]}]


def small_run(folder: Path, text: str, replications: int, gains: list[dict[str, Any]]) -> run_folder.Run:
    file = folder / "small.yaml"
    file.write_text(text, encoding="utf-8")
    result = simulate(load(file), replications=replications)
    run = run_folder.write(result, against_record(result, {}), folder / "run", None, gains, write)
    return run_folder.Run.read(run.folder)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return small_run(tmp_path_factory.mktemp("report"), SCENARIO, 3, GAINS)


@pytest.fixture(scope="module")
def page(run):
    return (run.folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def book(run):
    return openpyxl.load_workbook(run.folder / "report.xlsx")


def test_every_report_is_written(run):
    assert all((run.folder / name).stat().st_size > 5000 for name in files_of(run_folder.Run))


# --- the page --------------------------------------------------------------------------------------------------------

def test_the_page_needs_nothing_but_itself(page):
    assert "<script" not in page
    assert "javascript:" not in page
    assert not re.search(r"\son\w+\s*=\s*[\"']", page)
    assert set(re.findall(r"https?://[^\s\"'<)]+", page)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"url\s*\(|@import|<(link|iframe|img|object|embed)\b", page)


def test_what_a_scenario_says_is_escaped(page):
    assert HOSTILE not in page
    assert html.escape(HOSTILE) in page
    assert "<b>ville" not in page


def test_the_languages_are_switched_without_script(page):
    assert 'type="radio" name="language" id="show-zh" checked' in page
    assert re.search('<main id="zh"[^>]* lang="zh-CN">', page)
    assert re.search('<main id="en"[^>]* lang="en">', page)
    assert "#show-zh:checked ~ #en, #show-en:checked ~ #zh { display: none; }" in page


def test_both_languages_have_the_same_charts_and_tables(page):
    zh, en = page.split('<main id="en"')
    for tag in ("<section", "<svg", "<table", "<tr", "<td", "<th"):
        assert zh.count(tag) == en.count(tag) > 0, tag


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_answer_says_what_the_run_found(run, page, lang):
    w, b = Words(lang), RunView(run)
    day = b.worst_day(b.lead)
    assert b.lead.scope == "city:east"
    first, busy, short, gain = sentences(b, w)
    assert w.percent(run.value("blocked_share", "city:east", day).mean) in busy
    for metric, told in (("dials", w.count), ("callers", w.count), ("callers_answered", w.count),
                         ("answer_rate_dials", w.per_hundred), ("answer_rate_callers", w.per_hundred)):
        assert told(run.value(metric, "city:east", day).mean) in first
    told = {"zh": ("全省全程可多接通 75 人（95 % 区间 40 至 110）：", "东城<b>多接通 120 人（95 % 区间 90 至 150），",
                   "其余各市合计少接通 45 人；", "支援市接通率（按人）最多下降 0.4 个百分点（西城）。"),
            "en": ("75 more people would get through in the province over the whole time (95 % interval 40 to 110): ",
                   "in East<b>ville 120 more people (95 % interval 90 to 150), ",
                   "in the other cities together 45 fewer people; ",
                   "the largest fall of a lender's answer rate by caller would be 0.4 percentage points (Westville).")}
    assert gain.endswith("".join(told[lang]))
    hours = seats.table_of(b, b.lead, b.step)
    hours = hours[hours["hour"] // 24 == (day - b.days[0]).days]
    worst = hours.loc[(hours["need"] - hours["open"]).idxmax()]
    assert worst["need"] - worst["open"] >= 1
    for seat in (worst["need"], worst["open"], worst["need"] - worst["open"]):
        assert w.exact(seat) in short
    assert html.escape(first) in html.unescape(page).replace("<", "&lt;").replace(">", "&gt;")


def test_a_variant_in_which_others_call_is_no_plan(tmp_path):
    text = PLAIN + """variants:
  at-once: ~
  longer-shared: ~
  flu: {name: {zh: 流感, en: Flu}, change: {absences: [{city: east, from: 2021-08-02, to: 2021-08-02, share: 30 %}]}}
"""
    gains = [{**GAINS[0], "variant": "flu", "name": {"zh": "流感", "en": "Flu"}}]
    told = sentences(RunView(small_run(tmp_path, text, 2, gains)), Words("en"))
    assert told[-1].startswith("In \"Flu\" other people call or come to work")
    assert not any("more people would get through" in one for one in told)


def test_busy_signals_and_a_record_that_is_missed_stand_on_the_first_screen(tmp_path):
    text = SPOTLIGHT + "{from: 2021-08-02, to: 2021-08-02}\nobserved: " \
        "[{metric: dials, value: 9, within: 9 %, source: x}, {metric: dials, value: 4000, within: 90 %, source: x}]\n"
    run = small_run(tmp_path, text, 2, [])
    told = sentences(RunView(run), Words("en"))
    share = Words("en").percent(run.value("blocked_share", "city:east", datetime(2021, 8, 2)).mean)
    assert any(f"{share} of the dials met a busy signal" in one for one in told)
    assert any("1 of 2 figures do not agree" in one for one in told)


def test_what_a_table_of_seats_says_is_not_assumed_of_people(tmp_path):
    (tmp_path / "staff.csv").write_text("start,east,west\n2021-08-02 00:00,9,9\n")
    page = (small_run(tmp_path, PLAIN.replace("levers: []", "levers: ~") + "variants: ~\nstaff: {table: staff.csv}\n"
                      "cities: {east: {shrinkage: {assume: 20 %, range: [10 %, 30 %], why: so}}}\n", 2, []).folder
            / "report.html").read_text(encoding="utf-8")
    assumed_part = page[page.index("要紧的假设</h2>"):page.index('<main id="en"')]
    assert "休息与培训" not in assumed_part
    assert "当天上班的比例" not in page


def test_whom_the_bot_settled_is_told(tmp_path):
    bot = "{kind: bot, cities: [east], share: 50 %, from: 2021-08-02, to: 2021-08-02}"
    run = small_run(tmp_path, PLAIN.replace("levers: []", f"levers: {{replace: [{bot}]}}"), 2, [])
    settled = Words("en").count(run.value("served_by_bot").mean)
    assert any(f"the bot settled the matter of {settled}" in one for one in sentences(RunView(run), Words("en")))
    assert settled in {one.value for one in key_figures(RunView(run), Words("en"))}


def test_a_place_with_enough_seats_lacks_none(tmp_path):
    many = "cities: {east: {seats: 60, agents: 300}, west: {seats: 60, agents: 300}}\n"
    run = small_run(tmp_path, PLAIN + many, 2, [])
    assert len(sentences(RunView(run), Words("zh"))) == 1


def test_the_page_of_one_city_speaks_of_no_others_nor_of_callers_whom_it_has_not(tmp_path):
    text = PLAIN.replace("两", "一") + "cities: {west: ~}\nvariants: ~\nlending: ~\n"
    page = (small_run(tmp_path, text, 2, []).folder / "report.html").read_text(encoding="utf-8")
    assert "各市并列" not in page
    assert "city by city" not in page
    told = page[page.index("要紧的假设"):page.index('<main id="en"')]
    assert "（日常）" in told
    assert "紧急" not in told


def test_the_worst_day_is_the_one_with_most_people_unanswered(run):
    b = RunView(run)
    left = {day: run.value("callers", "city:east", day).mean - run.value("callers_answered", "city:east", day).mean
            for day in b.days}
    assert b.worst_day(b.lead) == max(left, key=left.__getitem__)


def test_the_headline_decides_which_rate_leads(run):
    by_callers, by_dials = (run.scenario.model_copy(update={"headline": which}) for which in ("callers", "dials"))
    firsts = []
    for scenario in (by_callers, by_dials):
        manifest = run.manifest.model_copy(update={"scenario": scenario})
        firsts.append(sentences(RunView(run_folder.Run(run.folder, manifest)), Words("zh"))[0])
    assert firsts[0].index("每百人") < firsts[0].index("每百次")
    assert firsts[1].index("每百次") < firsts[1].index("每百人")


def test_one_replication_has_no_interval(tmp_path):
    run = small_run(tmp_path, PLAIN, 1, [])
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    first = sentences(RunView(run), Words("zh"))[0]
    assert "区间" not in first
    assert "给不出区间" in page
    assert "nan" not in re.sub(r"[a-z]*nan[a-z]+", "", page.lower())
    assert all(figure.range == "" for figure in key_figures(RunView(run), Words("zh")))


def test_a_city_alone_has_no_map(tmp_path):
    text = SCENARIO.split("levers:")[0] + "levers: []\nfocus: [east]\n"
    run = small_run(tmp_path, text, 1, [])
    only_east = {"east": run.scenario.cities["east"]}
    alone = run.manifest.model_copy(update={"scenario": run.scenario.model_copy(update={"cities": only_east})})
    page_of_one = tmp_path / "one.html"
    files_of(run_folder.Run)["report.html"](run_folder.Run(run.folder, alone), page_of_one)
    assert Words("zh")("map.title") not in page_of_one.read_text(encoding="utf-8")


# --- figures ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("of", ["dials", "callers"])
def test_the_bars_add_up_to_all_dials_and_all_callers(run, of):
    b = RunView(run)
    table = b.by_step(b.lead.cities, b.step)
    bars = table[list(flow.DIALS if of == "dials" else flow.CALLERS)]
    assert bars.columns.is_unique
    assert list(bars.sum(axis=1)) == pytest.approx(list(table[of]))


def test_the_daily_count_runs_from_22_to_22(run):
    b = RunView(run)
    table = daily.counts(b, b.lead)
    whole = run.intervals[run.intervals["city"] == "east"]
    assert list(table["hours"]) == [22, 24]
    before = whole[whole["start"].dt.strftime("%d %H:%M") < "02 22:00"]
    assert table["dials"][0] == pytest.approx(before["dials"].sum())
    assert table["dials"].sum() == pytest.approx(whole[whole["start"] < "2021-08-03 22:00"]["dials"].sum())


def test_helpers_of_the_daily_count_are_those_of_the_run(run):
    b = RunView(run)
    guests = run.pools[run.pools["kind"] != "own"]
    until = guests[guests["start"] < "2021-08-03 22:00"]
    assert daily.counts(b, b.lead)["helped"].sum() == pytest.approx(until["answered"].sum())


def test_equal_assumptions_are_told_once(run):
    b = RunView(run)
    rows = [assumed.label(b, Words("en"), one) for one in assumed.groups(b, Words("en"), "assumed")]
    assert len(rows) == len(set(rows))
    assert rows[0].startswith("surge")


def test_means_of_laws_come_from_their_tables(run):
    law = run.scenario.classes["everyday"].talk
    assert mean_s(table_ms(law)) == pytest.approx(180, rel=0.001)


def test_rates_have_five_classes():
    assert [rate_class(rate) for rate in (0, *RATES, 1)] == [0, 1, 2, 3, 4, 4]


@pytest.mark.parametrize(("x", "zh", "en"), [
    (0, "0", "0"), (791.4, "791", "791"), (9_668, "9,670", "9,670"), (9_996, "1.0 万", "10,000"),
    (26_700, "2.7 万", "26,700"), (1_008_000, "100.8 万", "1.01 million"), (-61_234, "−6.1 万", "−61,200"),
    (float("nan"), "–", "–"),
])
def test_counts_are_said_as_each_language_says_them(x, zh, en):
    assert Words("zh").count(x) == zh
    assert Words("en").count(x) == en


def test_figures_survive_json():
    alone, name = Figure(1.0, float("nan"), float("nan")), Name(zh="一", en="one")
    found = run_folder.Gain(variant="x", name=name, lenders=(), callers_answered=alone,
                            callers_answered_province=Figure(1.0, 0.0, 2.0))
    back = run_folder.Gain.model_validate_json(found.model_dump_json())
    assert back.callers_answered_province == Figure(1.0, 0.0, 2.0)
    assert str(back.callers_answered) == str(alone)


# --- the workbook ----------------------------------------------------------------------------------------------------

def test_the_workbook_has_its_sheets(book):
    assert book.sheetnames == ["摘要", "逐日", "每日22时", "各市", "半小时座席", "支援", "记录对照", "场景设定", "假设",
                               "运行"]
    assert all(sheet.freeze_panes == "B3" and sheet.max_row >= 3 for sheet in book)


def test_nothing_in_the_workbook_is_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    suspicious = [cell for cell in cells if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@"))]
    assert len(suspicious) >= 2
    assert any("=cmd|' /C calc'!A0" in str(cell.value) for cell in book["支援"]["B"])
    assert all(cell.quotePrefix for cell in suspicious)


def test_the_days_of_the_workbook_are_those_of_the_run(run, book):
    b = RunView(run)
    heads = [cell.value for cell in book["逐日"][2]]
    row = [cell.value for cell in book["逐日"][3]]
    day = row[heads.index("Day")]
    assert row[heads.index("dials")] == pytest.approx(run.value("dials", b.lead.scope, day).mean)
    assert row[heads.index("answer rate by caller, 95 % low")] == pytest.approx(
        run.value("answer_rate_callers", b.lead.scope, day).low)


# --- what is said where little, or nothing, happened -----------------------------------------------------------------

ALONE = """
surgeline: 1
title: {{zh: 小城, en: Small}}
horizon: {{start: 2021-08-02, end: 2021-08-02, interval: 15 min}}
cities:
  east: {{name: {{zh: 东城, en: Eastville}}, calls_a_day: {calls}, seats: 10, agents: 10, shifts: days, absence: 0,
    shrinkage: 0}}
shifts: {{days: [{{start: "08:00", hours: 12, share: 100 %}}]}}
profiles: {{plain: {{day: [1]}}}}
everyday: {{main: {{profile: plain}}}}
classes:
  main:
    name: {{zh: 日常, en: everyday}}
    patience: {patience}
    talk: {{law: exponential, mean: 3 min}}
    after_busy: {{share: 0, delay: {{law: fixed, mean: 1 min}}}}
    after_hanging_up: {{share: 0, delay: {{law: fixed, mean: 1 min}}}}
"""
ASSUMED = "{law: exponential, mean: {assume: 1 min, range: [30 s, 40 min], why: nobody knows}}"


def alone(folder: Path, calls: int, patience: str = "for ever") -> RunView:
    return RunView(small_run(folder, ALONE.format(calls=calls, patience=patience), 2, []))


def test_what_became_of_the_dials_adds_up_to_all_of_them(tmp_path):
    b = alone(tmp_path, 8000)
    told = flow.lead(b, Words("zh"))
    answered, waiting = (float(share) for share in re.findall(r"(?:接通|期末在排队) ([\d.]+)\s%", told))
    assert answered == pytest.approx(100 * b.run.value("answer_rate_dials", "city:east").mean, abs=0.05)
    assert answered + waiting == pytest.approx(100)
    assert "忙音" not in told
    assert "放弃" not in told


@pytest.mark.parametrize("parts", [(1, 1, 1), (2, 0, 0, 1), (0.2, 0.3, 0.5), (5, 7, 11, 13)])
def test_shares_in_thousandths_add_up(parts):
    found = flow.thousandths(parts)
    assert sum(found) == 1000
    assert all(abs(n - 1000 * part / sum(parts)) < 1 for n, part in zip(found, parts, strict=True))


def test_a_day_without_calls_is_said_and_not_drawn(tmp_path):
    b = alone(tmp_path, 0)
    page = (b.run.folder / "report.html").read_text(encoding="utf-8")
    assert sentences(b, Words("zh")) == ["8 月 2 日，东城无人来电。"]
    assert sentences(b, Words("en")) == ["2 August: nobody called in Eastville."]
    assert Words("zh")("rates.title") not in page
    assert "nan" not in re.sub(r"[a-z]*nan[a-z]+", "", page.lower())


@pytest.mark.parametrize(("calls", "law", "said"), [
    (8000, ASSUMED, True), (8000, "{law: exponential, mean: 1 min}", False), (8000, "for ever", False),
    (20, ASSUMED, False),
])
def test_the_answer_hangs_on_patience_where_it_is_assumed_and_many_hang_up(tmp_path, calls, law, said):
    """More than a twentieth of the dials; few do where few call, though nobody is there at night."""
    b = alone(tmp_path, calls, law)
    b.run.intervals.loc[:, "abandoned"] *= 1.0 if calls > 1000 else 0.0
    for w in (Words("zh"), Words("en")):
        line = patience.of_run(b, w)
        assert bool(line) == said
        assert not said or w("patience.range", value=w("number.seconds", x="60"),
                             span=w("number.seconds", x="30–2,400")) in line


def test_pools_are_called_by_words_in_the_language_of_the_page(run):
    s, zh, en = run.scenario, Words("zh"), Words("en")
    assert places.pool(s, zh, "province-remote 2") == "省级远程座席"
    assert places.pool(s, en, "province-remote") == "province's remote desk"
    assert places.pool(s, zh, "=cmd|' /C calc'!A0") == "省级座席（=cmd|' /C calc'!A0）"
    assert places.pool(s, zh, "省热线") == places.pool(s, en, "省热线") == "省热线"
    assert places.pool(s, zh, "west→east") == "西城→东城<b>"
    assert places.scope(s, zh, "class:urgent+everyday") == "紧急、日常类"


@pytest.mark.parametrize(("x", "told", "changed"), [
    (0, "0", "0"), (0.5, "0.5", "+0.5"), (-6.04, "−6.0", "−6.0"), (4, "4", "+4"), (9.96, "10", "+10"),
    (1234.4, "1,234", "+1,234"),
])
def test_small_means_keep_a_decimal(x, told, changed):
    assert Words("zh").exact(x) == told
    assert Words("en").change(x) == changed


def test_no_report_needs_figures_by_interval_of_the_table_of_metrics(run):
    length = pd.Timedelta(seconds=run.scenario.horizon.interval_s)
    assert not (run.metrics["to"] - run.metrics["from"] == length).any()
    for scope, *metrics in (("city:east", "median_wait_s"), ("city:east", "dials", "answered_within_15s")):
        found = run.by_interval(scope, *metrics)
        assert set(found["metric"]) == set(metrics)
        assert ((found["to"] - found["from"]) == length).all()
    by_interval = run.by_interval("city:east", "dials")
    assert by_interval["mean"].sum() == pytest.approx(run.value("dials", "city:east").mean, rel=1e-5)


def test_a_report_is_built_without_engines_and_solvers():
    heavy = ("numba", "ortools", "SALib", "simpy", "distributed", "altair", "vl_convert", "sim.core.engines")
    code = f"import sys, surgeline.commands.report, surgeline.problems; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_page_is_not_large(run):
    assert (run.folder / "report.html").stat().st_size < 200_000


# --- axes ------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("low", "high", "marks"), [
    (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]), (0, 123_000, [0, 20_000, 40_000, 60_000, 80_000, 100_000, 120_000]),
    (-2.4, 8.1, [-2, 0, 2, 4, 6, 8]), (0, 0.003, [0, 0.0005, 0.001, 0.0015, 0.002, 0.0025, 0.003]),
])
def test_axes_have_round_numbers(low, high, marks):
    assert svg.ticks(low, high) == pytest.approx(marks)
    assert svg.rounded(low, high)[0] <= low < high <= svg.rounded(low, high)[1]


def test_labels_of_an_axis_keep_apart():
    shown = charts.fitting({20.0 * i: f"{i:02}:00" for i in range(22)}, 440.0)
    ends = sorted((x - svg.wide(name) / 2, x + svg.wide(name) / 2) for x, name in shown.items())
    assert 5 < len(shown) < 22
    assert all(one[1] < other[0] for one, other in pairwise(ends))
    assert ends[0][0] >= 0
    assert ends[-1][1] <= 440


# --- a day that is chosen --------------------------------------------------------------------------------------------

def test_a_report_may_be_about_another_day_than_the_worst(tmp_path):
    made = run_folder.write(simulate(load("jiangsu-everyday"), replications=1), [], tmp_path / "week", None, [], write)
    chosen = f"{made.scenario.horizon.start:%Y-%m-%d}"
    done = CliRunner().invoke(main, ["report", str(tmp_path / "week"), "--day", chosen, "--lang", "en"])
    assert done.exit_code == 0, done.output
    page = (tmp_path / "week" / "report.html").read_text(encoding="utf-8")
    assert "is the day that was asked for (--day)" in page
    wrong = CliRunner().invoke(main, ["report", str(tmp_path / "week"), "--day", "1999-01-01", "--lang", "en"])
    assert wrong.exit_code == 2
    assert "1999-01-01 is no day of this run" in " ".join(wrong.output.split())


SPOTLIGHT = "surgeline: 1\nextends: two-cities\nhorizon: {end: 2021-08-04}\nspotlight: "


def test_the_first_screen_may_be_about_a_span(tmp_path):
    run = small_run(tmp_path, SPOTLIGHT + "{from: 2021-08-03, to: 2021-08-04}\n", 3, [])
    days = [run.value("callers", "city:east", day).mean for day in (datetime(2021, 8, 3), datetime(2021, 8, 4))]
    span = run.value("callers", "city:east", datetime(2021, 8, 3), datetime(2021, 8, 5))
    assert span.mean == pytest.approx(sum(days))
    assert span.low < span.mean < span.high
    b = RunView(run)
    assert sentences(b, Words("en"))[0].startswith("On 3 August to 4 August, ")
    assert key_figures(b, Words("en"))[1].value == Words("en").count(span.mean)
    assert b.worst_day(b.lead) > datetime(2021, 8, 2)  # the charts are about one of these days
    page = (run.folder / "report.html").read_text(encoding="utf-8")
    assert "8 月 3 日至 8 月 4 日是场景文件选定的日子" in page
    assert sentences(RunView(run, datetime(2021, 8, 2)), Words("en"))[0].startswith("On 2 August, ")


def test_hours_of_the_only_day_may_be_in_the_spotlight(tmp_path):
    text = "surgeline: 1\nextends: two-cities\nspotlight: {from: 2021-08-02 10:00, to: 2021-08-02 14:00}\n"
    run = small_run(tmp_path, text, 2, [])
    assert sentences(RunView(run), Words("en"))[0].startswith("On 2 August 10:00–14:00, ")
    assert not run.metrics.duplicated(["metric", "scope", "from", "to"]).any()
