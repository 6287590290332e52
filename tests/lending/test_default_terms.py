"""Plans of scenarios that say nothing of help, and of a few days of long ones."""
import json
from datetime import date, datetime

import pytest
from click.testing import CliRunner
from helping import with_terms
from quick_plans import few_trials

from optimizer.lending.inputs.default_terms import on_days, terms_of
from optimizer.lending.inputs.province import province
from sim.reading.loading import load
from surgeline.cli import main

SILENT = "surgeline: 1\nextends: two-cities\nlending: ~\n"


def planned(*words):
    return CliRunner().invoke(main, ["plan", *map(str, words)], catch_exceptions=False)


@pytest.fixture
def silent(tmp_path):
    (tmp_path / "silent.yaml").write_text(SILENT, encoding="utf-8")
    return tmp_path / "silent.yaml"


# --- terms -----------------------------------------------------------------------------------------------------------

def test_what_a_scenario_says_holds():
    scenario = with_terms(share="10 %")
    assert terms_of(scenario) is scenario.lending


def test_help_is_ready_on_the_first_day_of_the_surge():
    scenario = load("suzhou-2022")
    terms = terms_of(scenario)
    assert (terms.ready, terms.end) == (datetime(2022, 3, 12), datetime(2022, 3, 25))
    assert (float(terms.stint), terms.changes_a_day, terms.hold_days) == (7200, 3, 1)
    p = province(scenario.model_copy(update={"lending": terms}))
    assert p.borrowers == ("suzhou",)
    assert len(p.lenders) == 12
    assert p.blocks[p.open_blocks[0]].start == datetime(2022, 3, 12, 8)


def test_where_the_surge_begins_with_the_horizon_help_does_too(silent):
    assert terms_of(load(silent)).ready == datetime(2021, 8, 2)


def test_such_a_scenario_is_planned_and_its_terms_are_said(silent, tmp_path, monkeypatch):
    few_trials(monkeypatch)
    done = planned(silent, "--replications", 10, "--lang", "zh", "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert "场景没有写 lending，按默认条件求方案" in done.output
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["effect"]["people"]["low"] > 0
    assert load(tmp_path / "out" / "plan.yaml").levers


def test_nobody_helps_where_every_city_is_in_focus(tmp_path):
    (tmp_path / "calm.yaml").write_text(SILENT + "surges: ~\nlevers: ~\nvariants: ~\n", encoding="utf-8")
    assert planned(tmp_path / "calm.yaml", "--out", tmp_path / "out").exit_code == 3


# --- days ------------------------------------------------------------------------------------------------------------

def test_a_month_is_cut_to_days_and_the_one_before_them():
    scenario = load("nanjing-2021")
    cut = on_days(scenario, scenario.lending, date(2021, 7, 25), date(2021, 7, 26))
    assert (cut.horizon.start, cut.horizon.end) == (datetime(2021, 7, 24), datetime(2021, 7, 27))
    assert (cut.lending.ready, cut.lending.end) == (datetime(2021, 7, 25), datetime(2021, 7, 27))
    assert cut.lending.second_surges == ()      # Yangzhou's begins on 28 July
    assert cut.lending.hold_days == 1           # every day has hours of its own
    p = province(cut)
    assert {p.day(block) for block in p.open_blocks} == {1, 2}


def test_days_do_not_make_help_ready_before_it_is():
    scenario = with_terms()
    cut = on_days(scenario, scenario.lending, date(2021, 8, 2), date(2021, 8, 2))
    assert cut.lending.ready == scenario.lending.ready
    assert cut.horizon == scenario.horizon


@pytest.mark.parametrize(("said", "zh", "en"), [
    ("morgen", "--on：请写某一天，或起止两天", "--on: write a day"), ("2021-08-02..", "--on：请写", "--on: write"),
    ("2021-08-02..2021-08-01", "--on：请写", "--on: write"), ("2021-08-02..2021-08-02..2021-08-02", "请写", "write"),
    ("2021-08-05", "--on：2021-08-05 不在 2021-08-02 至 2021-08-02 之内", "is not within 2021-08-02 to 2021-08-02"),
    ("2021-08-01..2021-08-02", "不在", "is not within")])
def test_other_days_are_refused(said, zh, en, tmp_path):
    for lang, words in (("zh", zh), ("en", en)):
        done = planned("two-cities", "--on", said, "--lang", lang, "--out", tmp_path / "out")
        assert done.exit_code == 2
        assert words in done.output.replace("\n", "")
    assert not (tmp_path / "out").exists()


def test_a_plan_of_a_day_is_a_scenario_of_that_day(tmp_path, monkeypatch):
    few_trials(monkeypatch)
    (tmp_path / "long.yaml").write_text("surgeline: 1\nextends: two-cities\nhorizon: {end: 2021-08-05}\n"
                                        "lending: {to: 2021-08-05}\n", encoding="utf-8")
    done = planned(tmp_path / "long.yaml", "--on", "2021-08-02", "--replications", 10, "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert load(tmp_path / "out" / "plan.yaml").horizon == load("two-cities").horizon
