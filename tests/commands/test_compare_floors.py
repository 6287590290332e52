"""Comparisons know floors: each variant against not lending on the same luck, and the best breaks none."""
import json
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from optimizer.lending.inputs.province import province, without_lending
from optimizer.lending.trials.evaluation import judge
from optimizer.lending.trials.replay import ReplicationCache
from sim.reading.loading import load
from sim.scenario.levers import Lend
from sim.studies.selection import Selection
from sim.studies.study import study
from surgeline.cli import main
from surgeline.commands.floors import FloorJudge, Keeping, case, without_help
from surgeline.folders.comparison import Comparison
from surgeline.folders.lending_plan import floor as as_written
from surgeline.reports import sentences_of

LEND = "kind: lend, lender: west, borrower: east, from: 2021-08-02 10:00, to: 2021-08-02 20:00, presence: 80 %"
GREEDY = f"""
surgeline: 1
extends: two-cities
variants:
  longer-shared: ~
  greedy: {{name: {{zh: 借到底, en: lend all}}, levers: [{{{LEND}, seats: 7}}]}}
"""
ALL_GREEDY = f"""
surgeline: 1
extends: two-cities
levers: {{replace: [{{{LEND}, seats: 6}}]}}
variants:
  none: ~
  at-once: ~
  longer-shared: ~
  greedy: {{name: {{zh: 借到底, en: lend all}}, levers: [{{{LEND}, seats: 7}}]}}
"""


def compared(folder, text, *words):
    (folder / "these.yaml").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["compare", str(folder / "these.yaml"), *words, "--lang", "en", "--json",
                                     "--out", str(folder / "out")])
    assert done.exit_code == 0, done.output
    return Comparison.read(Path(json.loads(done.output)["folder"]))


@pytest.fixture(scope="module")
def greedy(tmp_path_factory):
    return compared(tmp_path_factory.mktemp("greedy"), GREEDY)


def lends(seats=4, start="10:00", end="20:00", **more):
    return Lend.model_validate({"kind": "lend", "lender": "west", "borrower": "east", "seats": seats,
                                "from": f"2021-08-02 {start}", "to": f"2021-08-02 {end}", **more})


# --- what is found ---------------------------------------------------------------------------------------------------

def test_what_breaks_a_floor_is_not_called_best(greedy):
    variants = {one.variant: one for one in greedy.manifest.variants}
    most = max(variants, key=lambda name: variants[name].figures.answer_rate_callers.mean)
    assert most == "greedy"
    assert variants["greedy"].breaks
    assert not variants["at-once"].breaks
    assert (greedy.manifest.choice.best, list(greedy.manifest.choice.barred)) == ("at-once", ["greedy"])
    more = variants["greedy"].figures.callers_answered.mean - variants["at-once"].figures.callers_answered.mean
    assert greedy.manifest.choice.barred["greedy"].mean == pytest.approx(more)
    assert greedy.manifest.choice.decided_after == 10
    assert variants["none"].floors is None


def test_floors_are_those_that_a_plan_is_judged_by(greedy):
    """The same luck, as many replications, against not lending: in hours that the terms allow, the same figures."""
    scenario = load("two-cities")
    two = province(scenario)
    levers = (lends(presence=0.8, hours=["08:00", "22:00"]),)
    n = greedy.manifest.replications
    counts = ReplicationCache(1, two).of([without_lending(scenario), scenario.variant("at-once")], n)
    own = judge(two, [levers], *counts)
    expected = [as_written(two, one) for one in own.floors]
    found = {(one.hour, one.name): one.mean.mean for one in greedy.manifest.variants[2].floors}
    assert greedy.manifest.variants[2].variant == "at-once"
    assert len(expected) == 17    # two floors in each of eight hours from noon on, and the whole day
    assert {(one.hour, one.name): one.mean.mean for one in expected} == pytest.approx(
        {(one.hour, one.name): found[one.hour, one.name] for one in expected})
    assert len(found) == 21       # and before the seats could be ready: 10:00 and 11:00


def test_the_answer_says_whose_floor_and_when_and_what_is_better(greedy):
    broken = next(one for one in greedy.manifest.variants if one.variant == "greedy").breaks
    first = f"{broken[0].hour:02}:00"
    best, floors, better = sentences_of(greedy, "en")
    assert best.startswith('Of 4 variants, 3 break no floor of a lender, and of these "help at once" is the best')
    assert f'broken with "lend all" (Westville {first}' in floors
    assert 'holds as far as seen with "as it is"' in floors or 'proved with "as it is"' in floors
    assert '"no help"' not in floors
    people = round(greedy.manifest.choice.barred["greedy"].mean)
    assert better.startswith(f'"lend all" would answer {people} people more in Eastville than the best')
    assert f"but breaks floors: Westville {first}" in better
    page = (greedy.folder / "report.html").read_text(encoding="utf-8")
    assert "breaks a floor, not chosen" in page
    assert "底线失守，不参选" in page


def test_where_all_break_a_floor_that_is_said(tmp_path):
    done = compared(tmp_path, ALL_GREEDY, "--replications", "10")
    assert all(one.breaks for one in done.manifest.variants)
    assert (done.manifest.choice.best, done.manifest.choice.barred) == ("greedy", {})
    for lang, words in (("en", "All 2 variants break a floor of a lender, and none can be taken as it stands."),
                        ("zh", "2 个方案都让支援市的底线失守，没有一个可以照用。")):
        assert sentences_of(done, lang)[0].startswith(words)


def test_without_terms_nothing_new_is_said(tmp_path):
    done = compared(tmp_path, GREEDY.replace("variants:", "lending: ~\nvariants:"))
    assert [one.floors for one in done.manifest.variants] == [None] * 4
    assert done.manifest.choice.best == "greedy"
    assert len(sentences_of(done, "zh")) == 1
    assert "底线" not in (done.folder / "report.html").read_text(encoding="utf-8")


def test_a_study_goes_on_until_the_best_of_those_that_keep_floors_is_told():
    """What is told apart only from what breaks a floor is not chosen yet."""
    scenario = load("two-cities")
    judge = FloorJudge.of(scenario, {"base": scenario}, 1, workers=1)
    rule = Keeping(Selection(), judge)
    found = study(scenario, ["none", "at-once"], replications=10, workers=1)
    judge.told[10] = {}
    assert rule(found)
    assert rule.choose(found).left == [2]
    broken = judge_of_broken(scenario)
    judge.told[10] = {"at-once": (broken,)}
    choice = rule.choose(found)
    assert choice.out_after[2] is None
    assert [i for i in choice.left if i in rule.among(found)] == [0]
    judge.told[10] = dict.fromkeys(found.results, (broken,))
    assert rule.among(found) == [0, 1, 2]


def judge_of_broken(scenario):
    """A floor that is broken."""
    floors = FloorJudge.of(scenario, {"base": scenario}, 1, workers=1).floors(2)["base"]
    return floors[0].model_copy(update={"broken": True})


# --- what is judged against what -------------------------------------------------------------------------------------

def of(*levers):
    """A case of two cities with these levers alone."""
    scenario = load("two-cities")
    variant = scenario.with_levers(levers)
    return case(variant, without_help(scenario))


def test_only_variants_in_which_cities_help_are_judged():
    assert of() is None
    assert of({"kind": "call_in", "city": "west", "people": 1, "from": "2021-08-02", "to": "2021-08-02"}) is None
    assert of(lends(seats=0)) is None
    assert of(lends(), {"kind": "recall", "lender": "west", "borrower": "east", "at": "2021-08-02 10:00"}) is None
    assert of({"kind": "route", "policy": "dedicated"}) is None


def test_a_loan_counts_until_it_is_called_home():
    found = of(lends(), {"kind": "recall", "lender": "west", "borrower": "east", "at": "2021-08-02 12:00"})
    assert found.lent[0].end == datetime(2021, 8, 2, 12)


def test_a_loan_counts_from_the_start_of_its_block():
    found = of(lends(start="10:30", end="10:50", hours=["10:20", "22:00"]))
    assert (found.lent[0].start, found.lent[0].hours) == (datetime(2021, 8, 2, 10), (600, 1320))
    judge = FloorJudge(1, 1, {"late": found})
    assert {one.hour for one in judge.floors(2)["late"] if one.name == "within_drop"} == {10}


def test_where_calls_are_routed_every_city_that_does_not_borrow_gives_all_day():
    judge = FloorJudge(1, 1, {"pooled": of({"kind": "route", "policy": "pooled"})})
    floors = judge.floors(2)["pooled"]
    assert {one.lender for one in floors} == {"west"}
    assert len(floors) == 2 * 24 + 1


def test_who_lends_beside_the_terms_owes_floors_too():
    back = lends().model_copy(update={"lender": "east", "borrower": "west"})
    judge = FloorJudge(1, 1, {"back": of(back)})
    assert {one.lender for one in judge.floors(2)["back"]} == {"east"}


def test_more_callers_are_held_against_more_callers():
    scenario = load("two-cities")
    busier = scenario.change({"everyday_level": 2.0})
    found = FloorJudge.of(scenario, {"base": scenario, "busier": busier}, 1, workers=1)
    assert float(found.cases["busier"].province.scenario.everyday_level) == 2
    assert len(found.alike()) == 2
    found.floors(2)
    assert len(found.lucks) == 2
