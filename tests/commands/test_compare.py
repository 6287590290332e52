"""Comparisons from the command line to the page: what is said is what was found, and what is wrong is told."""
import html
import json
import re
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import CliRunner

from sim.measures.statistics import each_of, figure
from sim.reading.loading import load
from sim.studies.selection import Selection, rate
from sim.studies.study import key_of, study
from surgeline.cli import main
from surgeline.commands import compare as compare_command
from surgeline.folders import comparison as comparison_folder
from surgeline.folders import run as run_folder
from surgeline.folders.comparison import Comparison
from surgeline.reports import files_of, sentences_of
from surgeline.reports.comparison.answer import change, key_figures, more, points
from surgeline.reports.comparison.view import ComparisonView
from surgeline.reports.page.words import Words
from surgeline.reports.run.answer import in_hundred

HOSTILE = "<img src=x onerror=alert(1)>"
SCENARIO = f"""
surgeline: 1
extends: two-cities
title: {{zh: "{HOSTILE}两座小城", en: "[/red]{HOSTILE} Two cities"}}
horizon: {{start: "2021-08-02 08:00", end: "2021-08-02 16:00", interval: 30 min}}
variants:
  none: {{name: {{zh: "=1+1{HOSTILE}", en: "no help{HOSTILE}"}}, levers: []}}
  the-same:
    name: {{zh: 一样, en: the same}}
    levers: [{{kind: lend, lender: west, borrower: east, seats: 4, from: 2021-08-02 12:00, to: 2021-08-02 20:00,
              presence: 80 %}}]
"""
PLAN = f"""
surgeline: 1
extends: small.yaml
title: {{zh: "早两小时{HOSTILE}", en: two hours earlier}}
levers: {{replace: [{{kind: lend, lender: west, borrower: east, seats: 4, from: 2021-08-02 10:00,
                    to: 2021-08-02 20:00, presence: 80 %}}]}}
"""
FILES = {"manifest.json", "metrics.csv", "metrics_by_interval.parquet", "intervals.parquet", "pools.parquet",
         "helped.parquet"}


def answer_of(comparison, lang):
    """What a comparison says in a sentence."""
    return sentences_of(comparison, lang)[0]


def said(*words):
    """What a command prints, and its exit code."""
    result = CliRunner().invoke(main, [*map(str, words), "--lang", "en"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("comparing")
    for name, text in (("small", SCENARIO), ("earlier", PLAN)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def printed(here):
    """What the command printed for machines."""
    code, text = said("compare", here / "small.yaml", "--variant", "none", "--variant", "the-same",
                      "--levers", here / "earlier.yaml", "--json", "--out", here / "whole")
    assert code == 0
    return json.loads(text)


@pytest.fixture(scope="module")
def compared(printed):
    return comparison_folder.Comparison.read(Path(printed["folder"]))


@pytest.fixture(scope="module")
def page(compared):
    return (compared.folder / "report.html").read_text(encoding="utf-8")


@pytest.fixture
def copy(compared, tmp_path):
    return Path(shutil.copytree(compared.folder, tmp_path / "copy"))


# --- what is found ---------------------------------------------------------------------------------------------------

def test_the_best_is_chosen_and_told_to_machines(printed):
    assert [one["variant"] for one in printed["variants"]] == ["base", "none", "the-same", "earlier"]
    choice = printed["choice"]
    assert (choice["best"], choice["left"]) == ("earlier", ["earlier"])
    assert choice["decided_after"] == printed["replications"] >= choice["first_stage"] == 10
    assert (choice["probability"], choice["indifference"], printed["capped"]) == (0.95, 0.005, False)
    assert printed["objective"] == {"metric": "answer_rate_callers", "cities": ["east"], "weights": "callers"}
    first, *others = printed["variants"]
    assert first["differences"] is None
    assert all(one["differences"]["callers_answered"]["mean"] is not None for one in others)
    assert others[1]["common_luck"] is None
    assert others[0]["common_luck"] > 1


def test_figures_are_those_of_the_study(compared, here):
    scenario = load(here / "small.yaml")
    again = study(scenario, ["none"], replications=compared.manifest.replications, workers=1)
    mine, its = (rate(result, "callers") for result in reversed(again.results.values()))
    told = compared.manifest.variants[1]
    expected = figure(mine - its, each_of(3))
    assert compared.manifest.confidence_each == pytest.approx(1 - 0.05 / 3)
    assert told.figures.answer_rate_callers.mean == pytest.approx(mine.mean())
    assert told.differences.answer_rate_callers.low == pytest.approx(expected.low)
    assert told.differences.answer_rate_callers.high == pytest.approx(expected.high)


def test_a_comparison_is_one_folder_with_a_run_for_each(compared):
    names = {one.variant for one in compared.manifest.variants}
    assert {path.name for path in compared.folder.iterdir()} == {"manifest.json", "differences.parquet", *names,
                                                                 *files_of(Comparison)}
    for name in names:
        run = run_folder.Run.read(compared.folder / name)
        assert {path.name for path in run.folder.iterdir()} == FILES
        assert run.manifest.replications == compared.manifest.replications
    assert not [path for path in compared.folder.parent.iterdir() if path.name.startswith(".")]


def figures(run):
    """All of a run: over the whole, the days and the intervals."""
    return pd.concat([run.metrics, run_folder.read_parquet(run.folder / "metrics_by_interval.parquet")])


def test_differences_are_those_of_the_runs(compared):
    table = run_folder.read_parquet(compared.folder / "differences.parquet")
    keys = ["metric", "scope", "from", "to"]
    assert list(table) == ["variant", *keys, "unit", "mean", "low", "high", "replications"]
    means = {name: figures(run_folder.Run.read(compared.folder / name)).set_index(keys)["mean"]
             for name in ("base", "none")}
    mine = table[(table["variant"] == "none") & (table["metric"] == "dials")].set_index(keys)["mean"]
    expected = (means["none"] - means["base"]).loc[mine.index]
    assert len(mine) > 16
    assert mine.to_numpy() == pytest.approx(expected.to_numpy(), abs=0.01)
    assert not table[table["variant"] == "the-same"]["mean"].any()


def test_the_choice_of_few_replications_is_left_open(here):
    code, text = said("compare", here / "small.yaml", "--variant", "none", "--replications", "2",
                      "--out", here / "few")
    few = comparison_folder.Comparison.read(here / "few")
    assert code == 0
    assert few.manifest.choice.decided_after is None
    assert few.manifest.choice.left == ("base", "none")
    assert "2 replications can't tell yet" in text.replace("\n", " ")
    assert Words("en")("compare.outcome_few", n=2, first=10) in (here / "few" / "report.html").read_text("utf-8")


def test_one_replication_has_no_intervals(here):
    assert said("compare", here / "small.yaml", "--replications", "1", "--out", here / "one")[0] == 0
    page = (here / "one" / "report.html").read_text(encoding="utf-8")
    assert "nan" not in re.sub(r"[a-z]*nan[a-z]+", "", page.lower())
    assert "95 % 区间" not in answer_of(comparison_folder.Comparison.read(here / "one"), "zh")


def test_variants_that_do_the_same_are_told_to(here):
    assert said("compare", here / "small.yaml", "--variant", "the-same", "--out", here / "same")[0] == 0
    same = comparison_folder.Comparison.read(here / "same")
    assert same.manifest.choice.left == ("base", "the-same")
    assert answer_of(same, "zh") == Words("zh")("compare.all_same", n=2, place="东城")


def test_who_is_within_the_indifference_zone_is_told(compared):
    few = [one if i != 1 else one.model_copy(update={"figures": compared.manifest.variants[3].figures})
           for i, one in enumerate(compared.manifest.variants)]
    near = comparison_folder.Comparison(compared.folder, compared.manifest.model_copy(update={"variants": tuple(few)}))
    assert f'within 0.5 percentage points of it: "no help{HOSTILE}"' in answer_of(near, "en")
    assert "within" not in answer_of(compared, "en")


def test_the_rule_is_part_of_what_names_an_unfinished_study():
    scenario = load("two-cities")
    keys = {key_of(scenario, {}, 1, "kernel", 10, None, rule)
            for rule in (None, Selection(), Selection(indifference=0.01))}
    assert len(keys) == 3


# --- the page --------------------------------------------------------------------------------------------------------

def test_the_page_needs_nothing_but_itself_and_escapes(page):
    assert "<script" not in page
    assert HOSTILE not in page
    assert html.escape(HOSTILE) in page
    assert set(re.findall(r"https?://[^\s\"'<)]+", page)) <= {"http://www.w3.org/2000/svg"}


def test_both_languages_have_the_same_charts_and_tables(page):
    zh, en = page.split('<main id="en"')
    for tag in ("<section", "<svg", "<table", "<tr", "<td", "<th"):
        assert zh.count(tag) == en.count(tag) > 0, tag


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_numbers_of_the_page_are_those_of_the_folder(compared, page, lang):
    w, c = Words(lang), ComparisonView(compared)
    best = compared.manifest.variants[3].differences
    answer = html.escape(answer_of(compared, lang)).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")
    assert answer in page
    for text in (w.per_hundred(best.answer_rate_callers.mean), in_hundred(best.answer_rate_callers)(
            best.answer_rate_callers.low), w.count(best.callers_answered.mean), w.exact(best.callers_answered.high)):
        assert text in answer
    for one in c.others:
        assert change(w, one.differences.callers_answered, more) in page
        for city in ("east", "west"):
            assert change(w, c.in_city(one, city), points(c.in_city(one, city))) in page


def test_cities_in_the_page_come_from_the_table_of_differences(compared):
    c = ComparisonView(compared)
    assert c.in_city(c.best, "east").mean == pytest.approx(c.best.differences.answer_rate_callers.mean)
    assert len(c.over_time(c.best, c.metric, "city:east")) == 16


def test_the_workbook_has_its_sheets_and_no_formula(compared):
    book = openpyxl.load_workbook(compared.folder / "report.xlsx")
    assert book.sheetnames == ["摘要", "方案", "时间", "各市", "底线", "选择", "运行"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    heads, row = ([cell.value for cell in book["方案"][i]] for i in (2, 6))
    assert row[heads.index("Key")] == "earlier"
    assert row[heads.index("answer rate by caller")] == pytest.approx(
        compared.manifest.variants[3].figures.answer_rate_callers.mean)


def test_the_report_is_built_again(copy, page):
    for name in files_of(Comparison):
        (copy / name).unlink()
    assert said("report", copy)[0] == 0
    assert (copy / "report.html").read_text(encoding="utf-8") == page


NOBODY = """
surgeline: 1
extends: two-cities
surges: []
levers: []
focus: [east]
cities: {east: {calls_a_day: 0}, west: {calls_a_day: 0}}
variants:
  at-once: ~
  longer-shared: ~
  more:
    name: {zh: 增派, en: more}
    levers: [{kind: call_in, city: east, people: 1, from: 2021-08-02, to: 2021-08-02}]
"""


def test_where_nobody_calls_there_is_nothing_to_compare(tmp_path):
    (tmp_path / "nobody.yaml").write_text(NOBODY, encoding="utf-8")
    code, text = said("compare", tmp_path / "nobody.yaml", "--variant", "more", "--replications", "2",
                      "--out", tmp_path / "out")
    assert code == 0
    nothing = "Nobody called in Eastville under any of the 2 variants: there is nothing to compare."
    assert nothing in " ".join(text.split())
    assert "nan" not in text
    assert text.count("–") >= 3
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert nothing in page
    assert "nan" not in re.sub(r"[a-z]*nan[a-z]+", "", page.lower())


def test_where_a_variant_keeps_everybody_away_no_rate_is_compared(tmp_path):
    (tmp_path / "away.yaml").write_text(SCENARIO.partition("variants:")[0] + """variants:
  away:
    name: {zh: 都不打, en: nobody dials}
    levers: [{kind: divert, cities: [east, west], share: 0, before_dialling: 100 %, from: 2021-08-02, to: 2021-08-02}]
""", encoding="utf-8")
    code, text = said("compare", tmp_path / "away.yaml", "--variant", "away", "--replications", "2",
                      "--out", tmp_path / "out")
    assert code == 0, text
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    for words in (text, page):
        assert not re.search(r"(?<![a-z])nan(?![a-z])", words.lower())
    assert "as nobody calls in one of the two" in " ".join(page.split()), text


def test_the_province_comes_first_then_who_gains_and_who_pays(compared):
    c = ComparisonView(compared)
    here, whole = c.best.differences.callers_answered, c.best.differences.callers_answered_province
    told = answer_of(compared, "zh")
    if abs(whole.mean - here.mean) < 0.5:
        assert f"东城全程多接通 {Words('zh').exact(here.mean)} 人" in told
    else:
        assert told.index("全省全程") < told.index("其中东城") < told.index("其余各市合计")
    figures = {figure.name: figure.value for figure in key_figures(c, Words("zh"))}
    assert figures["多接通人数"].lstrip("+") in told


# --- what is wrong ---------------------------------------------------------------------------------------------------

def test_a_folder_that_is_broken_is_told_in_words(copy):
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    for change_it, words in (
        (lambda m: m.pop("choice"), "its manifest lacks choice"),
        (lambda m: m["choice"].update(best="nobody"), "in its manifest is not as this version writes it"),
        (lambda m: m["variants"][1].update(differences=None), "in its manifest is not as this version writes it"),
        (lambda m: m["variants"][1].update(variant="gone"), "gone is no run folder"),
    ):
        broken = json.loads(json.dumps(manifest))
        change_it(broken)
        (copy / "manifest.json").write_text(json.dumps(broken), encoding="utf-8")
        code, text = said("report", copy)
        assert (code, text.count("\n")) == (2, 1)
        assert words in text
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (copy / "differences.parquet").unlink()
    assert said("report", copy)[0] == 2


@pytest.mark.parametrize(("words", "told"), [
    (["two-cities", "--variant", "nome"], "'nome' is no variant of two-cities; did you mean none ("),
    (["jiangsu-everyday"], "jiangsu-everyday has no variants: write some under variants:"),
    (["small.yaml", "--levers", "later.yaml"], "later.yaml must be small in all but its levers, and differs in "
                                               "horizon.end, cities.east.seats"),
    (["small.yaml", "--levers", "None.yaml"], 'None.yaml: "None" is taken or no name for a variant: rename the file'),
    (["own.yaml"], "own has a variant named base"),
])
def test_what_cannot_be_compared_is_told(here, monkeypatch, words, told):
    monkeypatch.chdir(here)
    Path("None.yaml").write_text(PLAN, encoding="utf-8")
    Path("own.yaml").write_text(SCENARIO.replace("  none:", "  base:"), encoding="utf-8")
    Path("later.yaml").write_text(PLAN + 'horizon: {end: "2021-08-02 18:00"}\ncities: {east: {seats: 13}}\n',
                                  encoding="utf-8")
    code, text = said("compare", *words, "--out", "never")
    assert code == 2
    assert told in text
    assert not Path("never").exists()


def test_a_folder_that_is_there_is_not_written_over(compared, here):
    code, text = said("compare", here / "small.yaml", "--out", compared.folder)
    assert (code, "is there already" in text) == (2, True)


def test_nothing_is_left_of_a_comparison_that_fails(here, monkeypatch):
    def fail(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(compare_command.reports, "write", fail)
    code, text = said("compare", here / "small.yaml", "--variant", "none", "--replications", "1",
                      "--out", here / "failed")
    assert (code, "No space left" in text) == (2, True)
    assert not [path for path in here.iterdir() if "failed" in path.name]


def test_what_a_scenario_says_is_no_markup(here):
    code, text = said("compare", here / "small.yaml", "--variant", "none", "--replications", "2",
                      "--out", here / "[bold]out")
    assert code == 0
    assert "[/red]" in text
    assert "[bold]out" in text
