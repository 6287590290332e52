"""From a record to the scenario of its evening, and what a planner gets of it."""
import json
from datetime import date, datetime

import numpy as np
import pytest
from acd import counted
from click.testing import CliRunner

from optimizer.lending.inputs.order_in_force import in_force
from optimizer.lending.settings import ENOUGH
from sim.fitting.counts import Counts
from sim.fitting.evening import Recorded, evening
from sim.fitting.expected import spread_of_surge
from sim.reading.loading import load
from sim.scenario.levers import Desk, Lend
from sim.scenario.scenario import Scenario
from sim.world.build import build
from surgeline.cli import main
from surgeline.folders.lending_plan import LendingPlan, seat_hours
from surgeline.reports.lending_plan.changes import differences

THREE = """
surgeline: 1
extends: two-cities
title: {zh: "<b>三天</b>", en: "three days"}
horizon: {start: 2021-08-02, end: 2021-08-04}
observed: []
lending: {agreed: 2021-08-01 10:00, to: 2021-08-04, second_surges: [LATER]}
surges:
  replace:
  - {city: east, class: everyday, profile: plain,
     by_day: {2021-08-02: {assume: 700, range: [300, 1400], why: x},
              2021-08-03: {assume: 900, range: [400, 1800], why: x}, 2021-08-04: 600}}
levers:
  replace:
  - {kind: lend, lender: west, borrower: east, seats: 2, from: 2021-08-02 12:00, to: 2021-08-03 20:00,
     hours: ["12:00", "20:00"]}
  - {kind: desk, name: later, cities: [east], seats: 1, from: 2021-08-04 08:00, to: 2021-08-04}
"""
LATER = "{city: west, from: 2021-08-04 10:00, to: 2021-08-04 18:00, times: 3, chance: 20 %}"
EIGHT_PM = datetime(2021, 8, 2, 20)


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    path = tmp_path_factory.mktemp("evening") / "mine.yaml"
    path.write_text(THREE.replace("LATER", LATER), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def scenario(mine):
    return load(mine)


def all_answered(scenario, times=1.0):
    """A day on which everybody was answered at once."""
    setting = build(scenario)
    east = [q for q, (city, _) in enumerate(setting.names.queues) if city == "east"]
    dials = times * setting.demand.mean[:80, east].sum(axis=1)
    return Recorded(datetime(2021, 8, 2), Counts(dials, dials, 0 * dials, 0 * dials))


def mean_of(scenario, city):
    setting = build(scenario)
    return setting.demand.mean[:, [q for q, (name, _) in enumerate(setting.names.queues) if name == city]].sum(axis=1)


def test_a_day_as_planned_changes_nothing_of_tomorrow(scenario):
    found = evening(scenario, EIGHT_PM, {"east": all_answered(scenario)})
    one = found.cities["east"]
    assert one.estimate.total.mean == pytest.approx(one.planned_today[:80].sum())
    assert one.factors.course.mean == pytest.approx(1, abs=0.01)
    assert mean_of(found.scenario, "east")[:96] == pytest.approx(mean_of(scenario, "east")[:96], rel=0.03)
    assert mean_of(found.scenario, "east")[96:] == pytest.approx(mean_of(scenario, "east")[96:], rel=0.03)
    assert mean_of(found.scenario, "west") == pytest.approx(mean_of(scenario, "west"))


def test_a_busier_day_raises_the_rest_of_it_and_tomorrow(scenario):
    found = evening(scenario, EIGHT_PM, {"east": all_answered(scenario, 1.5)})
    before, now = (mean_of(one, "east") for one in (scenario, found.scenario))
    assert now[:80] == pytest.approx(1.5 * before[:80], rel=0.02)
    assert (now[80:96] > 1.2 * before[80:96]).all()
    course = found.cities["east"].factors.course.mean
    surge = before[96:192].sum() - 600
    assert 1.2 < course < 2.2
    assert now[96:192].sum() == pytest.approx(600 + course * surge, rel=0.01)
    tomorrow = next(one for one in found.scenario.surges if date(2021, 8, 3) in one.by_day)
    assert float(tomorrow.busyness_cv) == pytest.approx(found.cities["east"].tomorrow.surge_cv, abs=0.001)


def test_a_surge_that_no_scenario_foresaw_goes_on_tomorrow(scenario):
    """Three times an ordinary day, of which the scenario knows nothing: 600 everyday and 1,200 more."""
    calm = scenario.model_copy(update={"surges": ()})
    found = evening(calm, EIGHT_PM, {"east": all_answered(calm, 3.0)})
    one, now = found.cities["east"], mean_of(found.scenario, "east")
    assert one.factors.unforeseen == pytest.approx(1200, rel=0.02)
    assert now[:96].sum() == pytest.approx(1800, rel=0.05)
    assert now[96:192].sum() == pytest.approx(600 + one.factors.unforeseen, rel=0.01)
    assert one.tomorrow.total.low < 0.6 * one.tomorrow.total.mean
    assert {surge.klass for surge in found.scenario.surges} == {"everyday"}


def test_what_comes_after_the_evening_is_not_looked_at(scenario):
    record = all_answered(scenario)
    later = Recorded(record.start, Counts(*(np.concatenate([values, np.full(8, 9999.0)]) for values in (
        record.counts.dials, record.counts.answered, record.counts.hung_up, record.counts.busy))))
    one, two = (evening(scenario, EIGHT_PM, {"east": of}) for of in (record, later))
    assert one.scenario == two.scenario


def test_the_range_of_a_surge_is_read_as_an_interval(scenario):
    """900 people, 400 to 1,800: 1,400 are 3.92 standard deviations."""
    assert spread_of_surge(scenario, "east", slice(96, 192)) == pytest.approx(1400 / 3.92 / 900)
    assert spread_of_surge(scenario, "east", slice(192, 288)) == 0.25
    assert spread_of_surge(scenario, "west", slice(0, 96)) == 0


def test_seats_lent_today_stay_as_desks_and_are_lent_from_tomorrow_on(scenario):
    levers = evening(scenario, EIGHT_PM, {"east": all_answered(scenario)}).scenario.levers
    desk, = (one for one in levers if isinstance(one, Desk) and one.name != "later")
    lent, = (one for one in levers if isinstance(one, Lend))
    assert (desk.cities, float(desk.seats), desk.start, desk.end, desk.hours) == (
        ("east",), 2, datetime(2021, 8, 2, 12), datetime(2021, 8, 3), (720, 1200))
    assert (lent.start, lent.end) == (datetime(2021, 8, 3), datetime(2021, 8, 3, 20))


def test_seats_taken_of_what_is_offered_stay_today_and_are_decided_of_anew_from_tomorrow_on(scenario):
    """A plan leaves out what its scenario takes of offers: what stands today is none of these."""
    far = {"kind": "desk", "name": "far", "cities": ["east"], "from": "2021-08-02", "to": "2021-08-03"}
    data = scenario.model_dump(mode="json", by_alias=True, exclude_unset=True)
    data["lending"]["offers"] = [far | {"seats": 5}]
    data["levers"].append(far | {"seats": 2, "hours": ["12:00", "20:00"]})
    found = evening(Scenario.model_validate(data), EIGHT_PM, {"east": all_answered(scenario)}).scenario
    today, tomorrow = (one for one in found.levers if isinstance(one, Desk) and one.name.startswith("far"))
    assert (today.name, today.start, today.end) == ("far-today", datetime(2021, 8, 2), datetime(2021, 8, 3))
    assert (float(today.seats), today.hours) == (2, (720, 1200))
    assert (tomorrow.name, tomorrow.start) == ("far", datetime(2021, 8, 3))
    assert [found.lending.offers_like(one) for one in (today, tomorrow)] == [[], [0]]


def test_an_order_that_has_ended_goes_on_as_on_its_last_day(scenario):
    here, = in_force(scenario.levers, date(2021, 8, 3))
    assert (here.start, here.end) == (datetime(2021, 8, 3), datetime(2021, 8, 3, 20))
    later, = in_force(scenario.levers, date(2021, 8, 4))
    assert (later.start, later.end) == (datetime(2021, 8, 4), datetime(2021, 8, 4, 20))
    assert in_force((), date(2021, 8, 4)) == ()


def test_changes_are_the_hours_in_which_seats_differ():
    assert differences([(480, 720, 3.0), (720, 840, 2.0)], [(480, 600, 3.0), (600, 840, 5.0)]) == [
        (600, 720, 3.0, 5.0), (720, 840, 2.0, 5.0)]
    assert differences([(480, 720, 3.0)], []) == [(480, 720, 3.0, 0)]


# --- what a planner gets ---------------------------------------------------------------------------------------------

def command(*words):
    return CliRunner().invoke(main, [*map(str, words)], catch_exceptions=False)


@pytest.fixture(scope="module")
def day(mine, scenario):
    """East's first day, simulated, as an ACD has it until eight in the evening."""
    counts = counted(scenario, "east", 3).counts
    rows = [f"2021-08-02,{i // 4:02}:{i % 4 * 15:02},{counts.dials[i]:.0f},{counts.answered[i]:.0f},"
            f"{counts.hung_up[i]:.0f},{counts.busy[i]:.0f}" for i in range(88)]
    path = mine.with_name("day.csv")
    path.write_text("\n".join(["日期,时间,拨打,接通,挂断,忙音", *rows]) + "\n", encoding="gb18030")
    return path


@pytest.fixture(scope="module")
def done(mine, day):
    out = mine.with_name("out")
    result = command("plan", mine, "--actual", day, "--at", "20:00", "--replications", 10, "--lang", "en", "--out", out)
    assert result.exit_code == 0, result.output
    return out, result.stdout


def test_the_plan_is_of_tomorrow_and_tells_of_the_record(done):
    out, said = done
    assert "Eastville, today until 20:00" in said
    m = LendingPlan.read(out).manifest
    assert (m.record.at, m.record.tomorrow) == (EIGHT_PM, date(2021, 8, 3))
    assert all(lever.start >= datetime(2021, 8, 3) for lever in m.levers)
    assert m.scenario.horizon.start == datetime(2021, 8, 2)
    assert sum(float(one.seats) for one in m.record.in_force) == 2
    assert m.record.called == ()
    east = m.record.cities["east"]
    assert sum(east.dials.values()) > sum(east.fresh.values()) > 0
    assert len(east.dials) == 20
    assert len(east.foreseen) == 28


def test_a_plan_folder_says_what_policies_lend_and_how_much_is_enough(done):
    m = LendingPlan.read(done[0]).manifest
    assert m.enough == ENOUGH
    assert (m.rivals["overflow"].seat_hours, m.rivals["pooled"].seat_hours) == (None, None)
    policies = load(done[0] / "policies.yaml")
    assert m.rivals["same-share"].seat_hours == seat_hours(policies.variant("same-share"))


def test_plan_and_scenario_of_the_evening_are_files_that_can_be_run(done):
    out, _ = done
    files = [out / f"{name}.yaml" for name in ("from-record", "plan", "policies")]
    result = command("check", *files)   # levers and second surges of other days are in none of them
    assert result.exit_code == 0, result.output
    again, told = load(out / "from-record.yaml"), LendingPlan.read(out).manifest.scenario
    assert mean_of(again, "east") == pytest.approx(mean_of(told, "east"), rel=1e-6)


def test_the_report_is_built_again_from_the_folder_alone(done):
    report = done[0] / "report.html"
    before = report.read_bytes()
    report.unlink()
    assert command("report", done[0]).exit_code == 0
    assert report.read_bytes() == before
    assert "From today" in before.decode()


def test_a_broken_record_ends_with_2_and_writes_nothing(mine, day, tmp_path):
    broken = tmp_path / "broken.csv"
    text = day.read_text("gb18030").replace("00:30", "00:37").replace("2021-08-02,05:00", "2021-08-02,5点半")
    broken.write_text(text, encoding="utf-8")
    result = command("plan", mine, "--actual", broken, "--lang", "en", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "broken.csv" in result.output
    assert result.output.count("\n") > 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("options", "says"), [
    (["--at", "20:00"], "--at does nothing without --actual"),
    (["--order", "x.yaml"], "--order does nothing without --actual"),
    (["--actual", "DAY", "--rolling", "22:00"], "leave one out"),
    (["--actual", "DAY", "--on", "2021-08-02"], "plan a day after it")])
def test_options_that_do_not_go_together_are_refused(mine, day, tmp_path, options, says):
    words = [day if word == "DAY" else word for word in options]
    result = command("plan", mine, *words, "--lang", "en", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert says in result.output


def test_machines_read_what_the_record_says(done):
    said = json.loads((done[0] / "manifest.json").read_text(encoding="utf-8"))["record"]
    assert said["file"] == "day.csv"
    assert said["cities"]["east"]["counts_busy"]


@pytest.mark.parametrize(("horizon", "says"), [
    ("{start: 2021-08-02, end: 2021-08-02}", "let its horizon end later"),
    ("{start: 2021-08-02 06:00, end: 2021-08-04}", "let its horizon start earlier")])
def test_a_scenario_that_lacks_part_of_today_or_tomorrow_is_refused(day, tmp_path, horizon, says):
    text = THREE.replace("{start: 2021-08-02, end: 2021-08-04}", horizon).split("levers:")[0].replace(
        "agreed: 2021-08-01 10:00, to: 2021-08-04, second_surges: [LATER]", "agreed: 2021-08-02 06:00, to: 2021-08-04")
    if "end: 2021-08-02" in horizon:
        text = text.replace("2021-08-03: {assume: 900, range: [400, 1800], why: x}, 2021-08-04: 600}", "}")
        text = text.replace(", to: 2021-08-04", ", to: 2021-08-02")
    (tmp_path / "short.yaml").write_text(text + "levers: []\n", encoding="utf-8")
    result = command("plan", tmp_path / "short.yaml", "--actual", day, "--lang", "en", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert says in result.output
