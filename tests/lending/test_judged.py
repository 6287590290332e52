"""A plan that somebody has edited: what it does, its floors wherever it lends, and every term that it breaks."""
from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from helping import with_terms
from ordered import CALL_IN, DAY

from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.province import province
from optimizer.lending.judged import Judged, judged
from optimizer.lending.menu.stances import STANCES
from optimizer.lending.model.lending import solve
from optimizer.lending.trials.broken.every import broken_terms
from optimizer.lending.trials.broken.hours import blocks_away
from optimizer.lending.trials.orders import levers_of
from sim.scenario.levers import ONE_LEVER, Lend
from sim.scenario.scenario import Horizon
from sim.studies.study import simulate as replay
from surgeline.cli import main
from surgeline.folders.lending_plan import LendingPlan, dumped

LEND = {"kind": "lend", "lender": "west", "borrower": "east", "seats": 2, "from": f"{DAY} 12:00", "to": f"{DAY} 16:00",
        "hours": ["12:00", "16:00"], "serves": "home_first"}


def levers(*raw: dict) -> tuple:
    return tuple(ONE_LEVER.validate_python(one) for one in raw)


def found(*raw: dict, replications: int = 6, **terms: object) -> Judged:
    return judged(with_terms(**terms), levers(*raw), replications=replications, workers=1)


def broken(*raw: dict, **terms: object) -> dict[str, tuple[float | None, float | None]]:
    """By term: what the plan has, and what the term allows."""
    return {one.term: (one.found, one.limit) for one in broken_terms(province(with_terms(**terms)), levers(*raw))}


def test_what_a_plan_does_is_what_it_does_when_it_is_replayed():
    scenario, planned = with_terms(), levers(LEND, CALL_IN | {"people": 1})
    alone = province(scenario).scenario
    one = judged(scenario, planned, seed=4, replications=8, workers=1)
    with_it = alone.model_copy(update={"levers": (*alone.levers, *planned)})
    more = [replay(each, replications=8, seed=5).value("callers_answered").mean for each in (with_it, alone)]
    assert one.verdict.people.mean == pytest.approx(more[0] - more[1])
    assert one.verdict.replications == 8
    parts = [*one.verdict.gains.values(), *one.verdict.lenders.values()]
    assert sum(part.mean for part in parts) == pytest.approx(one.verdict.people.mean)


def test_floors_are_owed_outside_the_hours_and_by_lenders_that_were_not_asked():
    early = LEND | {"from": f"{DAY} 07:15", "hours": ["07:15", "09:00"]}
    one = found(early, lenders=["east"], borrowers=["west"])
    numbers = {floor.number for floor in one.verdict.floors if floor.lender == "west"}
    assert numbers == {7, 8, None}
    assert {each.term for each in one.broken} >= {"borrowers", "agreed", "hours", "block"}


def test_a_plan_that_keeps_the_terms_breaks_none():
    assert broken(LEND) == {}
    assert broken(LEND, seats=2, licences={"east": 2}, stint="4 h", changes_a_day=2, hold="1 d") == {}


@pytest.mark.parametrize(("change", "terms", "wanted"), [
    ({"seats": 8}, {}, {"share": (8, 7)}),
    ({"seats": 2}, {"keep": 12}, {"keep": (2, 0)}),
    ({}, {"seats": 1}, {"seats": (2, 1)}),
    ({}, {"licences": {"east": 1}}, {"licences": (2, 1)}),
    ({}, {"stint": "6 h"}, {"stint": (4, 6)}),
    ({}, {"changes_a_day": 0}, {"changes_a_day": (1, 0)}),
    ({"hours": ["12:30", "16:00"]}, {}, {"block": (None, 60)}),
    ({"to": "2021-08-03 12:00", "hours": ["12:00", "21:00"]}, {}, {"to": (None, None), "hours": (None, None)}),
    ({"from": f"{DAY} 08:00", "hours": ["08:00", "12:00"]}, {}, {"agreed": (None, None)}),
    ({"from": f"{DAY} 08:00", "hours": ["12:00", "16:00"]}, {}, {}),
    ({"presence": "50 %"}, {}, {"presence": (None, None)}),
    ({"classes": ["everyday"]}, {}, {"classes": (None, None)}),
    ({"seats": 8, "off_duty": "25 %"}, {}, {}),      # six of people on duty, of whom seven may go
    ({"seats": 12, "off_duty": "25 %"}, {}, {"share": (9, 7)}),
    ({"seats": 9, "off_duty": "100 %"}, {"keep": 13, "stint": "6 h"}, {}),     # terms are about people on duty
    ({"seats": 9, "off_duty": "100 %"}, {"seats": 8, "licences": {"east": 7}}, {"seats": (9, 8), "licences": (9, 7)}),
    ({"lender": "east", "borrower": "west"}, {}, {"borrowers": (None, None)}),
])
def test_each_term_that_is_broken_is_named_with_what_it_allows(change, terms, wanted):
    assert broken(LEND | change, **terms) == wanted


def test_hours_that_are_to_hold_for_days_and_do_not():
    scenario = with_terms(to="2021-08-05", hold="2 d")
    longer = Horizon.model_validate({"start": DAY, "end": "2021-08-05", "interval": "15 min"})
    p = province(scenario.model_copy(update={"horizon": longer}))
    [one] = broken_terms(p, levers(LEND))
    assert (one.term, one.city, one.other, one.limit) == ("hold", "west", "east", 2)
    assert f"{one.at:%Y-%m-%d}" == "2021-08-03"
    assert broken_terms(p, levers(LEND | {"to": "2021-08-03 16:00"})) == []


@pytest.mark.parametrize("stance", STANCES, ids=lambda stance: stance.name)
def test_a_plan_of_ours_breaks_no_term(stance):
    """Whomever it calls in."""
    agreed = province(with_terms(stint="3 h", changes_a_day=2))
    lent = solve(stance.known(knowledge(agreed))).lent
    assert lent
    mine = [one for one in levers_of(agreed, lent) if isinstance(one, Lend)]
    assert broken_terms(agreed, mine) == []


def test_each_seat_stays_for_the_blocks_in_which_it_is_away():
    assert sorted(blocks_away([0, 2, 5, 5, 2, 0, 1])) == [1, 2, 4, 4]
    assert blocks_away([0, 0]) == []


# --- what a planner gets ---------------------------------------------------------------------------------------------

def command(*words: object):
    return CliRunner().invoke(main, [*map(str, words)], catch_exceptions=False)


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """A plan that lends too much at noon, from a file that somebody has written."""
    here = tmp_path_factory.mktemp("edited")
    harsh = LEND | {"seats": 10, "from": f"{DAY} 12:00", "to": f"{DAY} 13:00", "hours": ["12:00", "13:00"],
                    "serves": "borrower"}
    (here / "plan.yaml").write_text(dumped({"surgeline": 1, "extends": "two-cities", "levers": {
        "replace": [harsh, LEND | {"from": f"{DAY} 13:00", "hours": ["13:00", "16:00"]}]}}))
    done = command("plan", "--from", here / "plan.yaml", "--replications", 20, "--lang", "en", "--out", here / "out")
    assert done.exit_code == 0, done.output
    return here / "out", " ".join(done.output.split())


def test_broken_floors_and_terms_are_said_first_by_city_and_time(edited):
    _, said = edited
    assert "Floors broken: Westville 12:00–13:00" in said
    assert "Westville lends 10 seats on 2 Aug 12:00, by the share of those on duty at most 7" in said
    assert said.index("Floors broken") < said.index("order.html")


def test_an_edited_plan_is_a_folder_that_can_be_edited_again(edited):
    folder, _ = edited
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "plan.yaml", "order.html", "order.xlsx",
                                                        "report.html"}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["edited"], manifest["edition"], manifest["kind"]) == ("plan.yaml", 1, "plan")
    again = folder.parent / "again"
    done = command("plan", "--from", folder / "order.xlsx", "--replications", 20, "--lang", "zh", "--out", again)
    assert done.exit_code == 0, done.output
    assert "失守的底线：西城 12:00–13:00" in done.output
    first, second = (LendingPlan.read(one).manifest for one in (folder, again))
    assert second.edition == 2
    assert second.effect == first.effect
    assert second.scenario == first.scenario
    assert (again / "plan.yaml").read_text() == (folder / "plan.yaml").read_text()
    assert command("report", again, "--lang", "en").exit_code == 0


def test_the_report_of_an_edited_plan_says_nothing_of_a_search(edited):
    text = (edited[0] / "report.html").read_text()
    for searched in ("与其他做法相比", "逐轮求解", "多几席、少几席"):
        assert searched not in text
    assert "突破的条件" in text


@pytest.mark.parametrize(("words", "said"), [
    (("plan",), "--from FILE"), (("plan", "--from", "FILE", "--rolling", "22:00"), "--rolling"),
    (("plan", "--from", "FILE", "--on", DAY), "--on"), (("plan", "--from", "FILE", "--replications", 5), "10 or more"),
    (("plan", "--from", "FILE", "--choose", "within"), "--choose does nothing"),
    (("plan", "--from", "FILE", "--actual", "day.csv"), "--actual does nothing"),
    (("plan", "--from", "FILE", "--at", "22:00"), "--at does nothing"),
    (("plan", "two-cities", "--rolling", "22:00", "--choose", "within"), "--choose does nothing"),
    (("plan", "--from", "none.yaml"), "none.yaml")])
def test_what_means_nothing_is_refused(edited, words, said):
    file = edited[0] / "plan.yaml"
    done = command(*(file if word == "FILE" else word for word in words), "--lang", "en")
    assert done.exit_code == 2
    assert said in done.output


def test_a_planners_own_files_stand_beside_the_plan(tmp_path):
    (tmp_path / "mine.yaml").write_text("surgeline: 1\nextends: two-cities\nstaff: {table: staff.csv}\n")
    (tmp_path / "staff.csv").write_text("start,east,west\n2021-08-02 00:00,7,12\n")
    (tmp_path / "plan.yaml").write_text(dumped({"surgeline": 1, "extends": "mine.yaml", "levers": {"replace": [LEND]}}))
    done = command("plan", "--from", tmp_path / "plan.yaml", "--replications", 10, "--out", tmp_path / "a")
    assert done.exit_code == 0, done.output
    assert {"mine.yaml", "staff.csv", "plan.yaml"} <= {path.name for path in (tmp_path / "a").iterdir()}
    done = command("plan", "--from", tmp_path / "a" / "plan.yaml", "--replications", 10, "--out", tmp_path / "b")
    assert done.exit_code == 0, done.output


def test_terms_that_somebody_adds_to_the_plan_count_and_stay(edited, tmp_path):
    file = edited[0] / "mine.yaml"
    file.write_text((edited[0] / "plan.yaml").read_text() + "lending: {share: 100 %}\n")
    done = command("plan", "--from", file, "--replications", 10, "--lang", "en", "--out", tmp_path / "c")
    file.unlink()
    assert done.exit_code == 0, done.output
    assert "by the share" not in done.output
    assert float(LendingPlan.read(tmp_path / "c").manifest.scenario.lending.share) == 1


GROUPED = """
surgeline: 1
extends: two-cities
lever_groups: {helpers: [{kind: desk, name: province, cities: [east], seats: 1, from: 2021-08-02, to: 2021-08-02}]}
levers: [helpers]
variants: {fewer: {name: {zh: 更少, en: fewer}, without: [helpers]}}
"""


def test_a_plan_can_be_judged_in_another_scenario_whose_levers_stay(edited, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(GROUPED)
    for file in ("plan.yaml", "order.xlsx"):
        out = tmp_path / file.partition(".")[0]
        done = command("plan", "--from", edited[0] / file, other, "--replications", 10, "--out", out)
        assert done.exit_code == 0, done.output
        manifest = LendingPlan.read(out).manifest
        assert [one.kind for one in manifest.scenario.levers] == ["desk"]
        assert [one.kind for one in manifest.levers] == ["lend", "lend"]
        assert manifest.scenario.name == "other"
        assert "extends: other.yaml" in (out / "plan.yaml").read_text()


def test_what_is_wrong_in_an_edited_file_has_its_line(edited, tmp_path):
    file = tmp_path / "plan.yaml"
    file.write_text((edited[0] / "plan.yaml").read_text().replace("seats: 10", "seats: ten"))
    done = command("plan", "--from", file, "--lang", "en", "--out", tmp_path / "d")
    assert done.exit_code == 2
    assert "plan.yaml:16:12: levers[0].seats" in done.output
    assert not (tmp_path / "d").exists()
