"""Plans made each evening: what an evening may know, what it plans, and the folder of what it brought."""
import json
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from click.testing import CliRunner

from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.province import province
from optimizer.lending.model.lending import solve
from optimizer.lending.model.terms import allowed
from optimizer.lending.rolling import (
    by_day,
    evenings_of,
    everyday,
    forecasts,
    foreseen,
    planned,
    seats_at_once,
    starts,
    ways,
)
from optimizer.lending.settings import DAYS_AHEAD
from optimizer.lending.trials import orders
from optimizer.lending.trials.neighbours import people
from sim.reading.loading import load
from sim.scenario.levers import ONE_LEVER
from sim.world.build import build
from surgeline.cli import main
from surgeline.folders.rolling_plan import order_row

THREE = """
surgeline: 1
extends: two-cities
title: {zh: "<b>三天</b>", en: "[/red]<b>three</b> days"}
horizon: {start: 2021-08-02, end: 2021-08-04}
observed: []
lending: {to: 2021-08-04, seat_hour_cost: 0}
surges:
  replace:
  - {city: east, class: everyday, profile: plain, busyness_cv: 0.1,
     by_day: {2021-08-02: 700, 2021-08-03: 900, 2021-08-04: 600}}
"""
AGREED = "lending: {to: 2021-08-04, seat_hour_cost: 0}"
DAY = timedelta(days=1)
TEN = 22 * 60
FIRST = datetime(2021, 8, 2)


@pytest.fixture(scope="module")
def k(tmp_path_factory):
    path = tmp_path_factory.mktemp("rolling") / "three.yaml"
    path.write_text(THREE, encoding="utf-8")
    return by_day(knowledge(province(load(path))))


@pytest.fixture(scope="module")
def p(k):
    return k.province


@pytest.fixture(scope="module")
def seen(p):
    """A course of events that no forecast can know: no two hours are alike."""
    rng = np.random.default_rng(5)
    return {"east": np.round(p.cities["east"].callers * rng.uniform(0.6, 1.6, len(p.blocks)), 3)}


@pytest.fixture(scope="module")
def usual(p):
    return everyday(p)["east"]


def at(day, hour, minute=0):
    return FIRST + timedelta(days=day, hours=hour, minutes=minute)


def hour_of(moment):
    return round((moment - FIRST).total_seconds() / 3600)


# --- what is known of an evening -------------------------------------------------------------------------------------

EVENINGS = [at(-1, 22), at(0, 5), at(0, 11), at(0, 12, 30), at(0, 22), at(1, 0), at(1, 22), at(2, 7, 59), at(2, 18)]


@pytest.mark.parametrize("evening", EVENINGS, ids=str)
def test_a_forecast_is_the_same_hour_of_the_last_day_or_the_everyday_as_busy_as_it_is_now(p, seen, usual, evening):
    found = foreseen(p, seen, evening)["east"]
    known = [b for b, block in enumerate(p.blocks) if block.end <= evening]
    assert found[known].tolist() == seen["east"][known].tolist()
    last = known[-2:]  # the last two hours tell how busy the first day is
    times = max(seen["east"][last].sum() / usual[last].sum(), 1.0) if known else 1.0
    over = p.blocks[known[-1]].end if known else FIRST  # of what was seen the last 24 hours before this moment count
    for b in range(len(known), len(p.blocks)):
        moment = p.blocks[b].start
        while moment >= over:
            moment -= DAY
        assert over - DAY <= moment < over
        assert found[b] == pytest.approx(seen["east"][hour_of(moment)] if moment >= FIRST else times * usual[b])


def test_the_everyday_is_that_of_a_province_without_surges(p, usual, tmp_path):
    (tmp_path / "calm.yaml").write_text(THREE.split("surges:")[0].replace("lending: {", "lending: {borrowers: [east], ")
                                        + "surges: []\n", encoding="utf-8")
    calm = province(load(tmp_path / "calm.yaml")).cities["east"].callers
    assert usual.tolist() == calm.tolist()
    assert usual.sum() == pytest.approx(3 * 600)
    assert (usual < p.cities["east"].callers).all()


@pytest.mark.parametrize("evening", EVENINGS, ids=str)
def test_a_forecast_looks_at_nothing_that_is_to_come(p, seen, evening):
    later = [b for b, block in enumerate(p.blocks) if block.end > evening]
    other = {"east": seen["east"].copy()}
    other["east"][later] = 9999
    before, after = (foreseen(p, one, evening)["east"] for one in (seen, other))
    assert before.tolist() == after.tolist()


def test_an_evenings_plan_looks_at_nothing_that_is_to_come(k, p, seen):
    evening = at(0, 22)
    ahead, behind = {"east": seen["east"].copy()}, {"east": seen["east"].copy()}
    ahead["east"][22:] *= 3
    behind["east"][8:22] *= 0.2
    plans = [planned(k, foreseen(p, one, evening), evening, DAYS_AHEAD) for one in (seen, ahead, behind)]
    assert plans[0]
    assert plans[1] == plans[0]
    assert plans[2] != plans[0]


def test_plans_made_anew_change_only_after_what_is_new(k, p, seen):
    """The second day's callers are seen on its evening: the third day is planned otherwise, and nothing before it."""
    other = {"east": seen["east"].copy()}
    other["east"][24:46] *= 0.2
    evenings = evenings_of(p, TEN)
    one, two = (ways(k, course, evenings, [course] * len(evenings)) for course in (seen, other))
    changed = {slot for slot in one["rolling"].keys() | two["rolling"].keys()
               if one["rolling"].get(slot) != two["rolling"].get(slot)}
    assert changed
    assert {slot[2] for slot in changed} == {2}
    assert one["once"] == two["once"]
    assert one["hindsight"] != two["hindsight"]


def test_forecasts_are_those_of_the_evening_before(p, seen):
    evenings = evenings_of(p, TEN)
    found = forecasts(p, seen, evenings, [seen] * len(evenings))["east"]
    for evening in evenings:
        of_evening = foreseen(p, seen, evening)["east"]
        for b, block in enumerate(p.blocks):
            if evening <= block.start < evening + DAY:
                assert found[b] == of_evening[b]
    late = forecasts(p, seen, evenings[1:], [seen] * (len(evenings) - 1))["east"]
    assert late[:22].tolist() == seen["east"][:22].tolist()
    assert late[22:].tolist() == found[22:].tolist()


# --- evenings --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("minute", "first", "number"), [
    (TEN, at(-1, 22), 3), (20 * 60, at(-1, 20), 3), (12 * 60, at(0, 12), 3), (11 * 60, at(0, 11), 3),
    (0, at(0, 0), 3), (8 * 60, at(0, 8), 3), (12 * 60 + 30, at(-1, 12, 30), 4), (13 * 60, at(-1, 13), 4)])
def test_evenings_are_a_day_apart_from_the_last_one_before_seats_are_ready(p, minute, first, number):
    """Seats are ready at noon of the first day."""
    assert evenings_of(p, minute) == [first + i * DAY for i in range(number)]


@pytest.mark.parametrize("minute", [TEN, 11 * 60, 12 * 60, 12 * 60 + 30, 0, 18 * 60])
def test_every_block_is_planned_by_just_one_evening(p, minute):
    evenings = evenings_of(p, minute)
    for block in p.open_blocks:
        assert sum(evening <= p.blocks[block].start < evening + DAY for evening in evenings) == 1


# --- ways to plan ----------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def found(k, p, seen):
    evenings = evenings_of(p, TEN)
    return ways(k, seen, evenings, [seen] * len(evenings))


def test_each_evening_orders_the_next_day(k, p, seen, found):
    ordered = {}
    for evening in evenings_of(p, TEN):
        plan = planned(k, foreseen(p, seen, evening), evening, DAYS_AHEAD)
        assert all(evening <= starts(p, slot) < evening + DAYS_AHEAD * DAY for slot in plan)
        ordered |= {slot: seats for slot, seats in plan.items() if starts(p, slot) < evening + DAY}
    assert found["rolling"] == ordered
    assert {slot[2] for slot in ordered} == {0, 1, 2}


def test_all_ways_lend_in_open_blocks_within_the_terms(k, p, found):
    open_at = {p.blocks[block].start for block in p.open_blocks}
    assert set(found) == {"rolling", "knowing", "once", "hindsight"}
    assert found["knowing"] == found["rolling"]    # where the estimate is what came
    for plan in found.values():
        assert {starts(p, slot) for slot in plan} <= open_at
        assert allowed(k)(plan)


def test_one_plan_is_made_on_the_first_evening_from_the_everyday(k, p, usual, found):
    """Nothing is seen yet."""
    assert found["once"] == planned(k, {"east": usual}, at(-1, 22), 3)
    assert {slot[2] for slot in found["once"]} == {0, 1, 2}
    assert sum(found["once"].values()) < sum(found["hindsight"].values())


def test_hindsight_promises_at_least_as_much_as_the_other_ways(k, p, seen, found):
    """Valued under the callers who came; the solver may miss the best plan by its gap."""
    cities = p.cities | {"east": replace(p.cities["east"], callers=seen["east"], busyness_cv=0.0)}
    true = replace(k, province=replace(p, cities=cities))
    alone, *worth = people(true, [{}, *(found[way] for way in ("hindsight", "rolling", "once"))])
    best, rolling, once = (value - alone for value in worth)
    assert best > 0
    assert best >= rolling - 0.01 * best
    assert best > once


def test_seats_at_once_are_those_of_the_plan(p, found):
    seats = seats_at_once(p, found["rolling"])
    assert seats.sum() == sum(found["rolling"].values())
    at_ten = [number for (*_, day, hour), number in found["rolling"].items() if (day, hour) == (1, 10)]
    assert seats[hour_of(at(1, 10))] == sum(at_ten) > 0
    assert not seats[[b for b in range(len(p.blocks)) if b not in p.open_blocks]].any()


def test_what_is_known_by_day_holds_no_hours_over_several_days(tmp_path):
    (tmp_path / "held.yaml").write_text(THREE.replace("{to: 2021-08-04, seat", "{to: 2021-08-04, hold: 3 days, seat"))
    k = knowledge(province(load(tmp_path / "held.yaml")))
    assert {k.province.slot_of(block)[0] for block in k.province.open_blocks} == {0}
    p = by_day(k).province
    assert {p.slot_of(block)[0] for block in p.open_blocks} == {0, 1, 2}


# --- what a planner gets ---------------------------------------------------------------------------------------------

def command(*words):
    return CliRunner().invoke(main, [*map(str, words)], catch_exceptions=False)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    here = tmp_path_factory.mktemp("evenings")
    (here / "mine.yaml").write_text(THREE, encoding="utf-8")
    result = command("plan", here / "mine.yaml", "--rolling", "22:00", "--replications", 2, "--lang", "en", "--json",
                     "--out", here / "out")
    assert result.exit_code == 0, result.output
    return here / "out", result.stdout


@pytest.fixture(scope="module")
def manifest(done):
    return json.loads((done[0] / "manifest.json").read_text(encoding="utf-8"))


def test_the_folder_has_what_each_way_brought_and_a_report(done, manifest):
    assert {path.name for path in done[0].iterdir()} == {"manifest.json", "report.html", "orders"}
    assert (manifest["kind"], manifest["at"], manifest["evenings"], manifest["replications"]) == (
        "rolling", "22:00", 3, 2)
    assert manifest["effects"].keys() == {"rolling", "knowing", "once", "hindsight"}
    assert manifest["differences"].keys() == {"knowing", "once", "hindsight"}
    for way, difference in manifest["differences"].items():
        means = [manifest["effects"][name]["people"]["mean"] for name in ("rolling", way)]
        assert difference["mean"] == pytest.approx(means[0] - means[1])


def test_forecasts_of_the_folder_are_near_what_was_seen(manifest, usual):
    """No evening foresees what comes after the last one. Who called is estimated: near those who did, and not the same.
    """
    forecast, seen = manifest["forecast"]["east"], manifest["seen"]["east"]
    assert len(forecast) == len(seen) == 72
    assert all(seen[moment] == int(seen[moment]) for moment in seen)
    for moment, value in forecast.items():
        when = datetime.fromisoformat(moment)
        before = f"{when - DAY:%Y-%m-%dT%H:%M}"
        if before in seen and when < at(2, 22):
            assert value == pytest.approx(seen[before], rel=0.5, abs=12)
        else:
            least = usual[hour_of(when)] if when < at(2, 22) else seen[moment]
            assert value >= least - 0.01
            assert when < at(1, 0) or value == pytest.approx(least, abs=0.01)
    known = [moment for moment in forecast if at(1, 0) <= datetime.fromisoformat(moment) < at(2, 22)]
    before = sum(seen[f"{datetime.fromisoformat(moment) - DAY:%Y-%m-%dT%H:%M}"] for moment in known)
    assert sum(forecast[moment] for moment in known) == pytest.approx(before, rel=0.1)


def test_seats_of_the_folder_are_lent_in_the_hours_of_duty_only(manifest):
    for seats in manifest["seats"].values():
        assert len(seats) == 72
        hours = {int(moment[11:13]) for moment, number in seats.items() if number}
        assert hours <= set(range(8, 20))
        assert not any(number for moment, number in seats.items() if datetime.fromisoformat(moment) < at(0, 12))


def test_machines_read_what_the_folder_says(done, manifest):
    said = json.loads(done[1])
    assert said["folder"] == str(done[0])
    assert said["effects"] == manifest["effects"]
    assert "scenario" not in said


def test_the_report_is_built_again_from_the_folder_alone(done):
    report = done[0] / "report.html"
    before = report.read_bytes()
    report.unlink()
    assert command("report", done[0]).exit_code == 0
    assert report.read_bytes() == before


def test_the_report_escapes_and_fetches_nothing(done):
    text = (done[0] / "report.html").read_text(encoding="utf-8")
    assert "<b>三天" not in text
    assert "<b>three" not in text
    assert "&lt;b&gt;三天" in text
    assert "&lt;b&gt;three" in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text
    assert "<script" not in text


def test_an_evening_at_which_the_last_block_begins_plans_it(p):
    last = p.blocks[p.open_blocks[-1]].start
    assert evenings_of(p, 60 * last.hour)[-1] == last


def test_second_surges_of_the_terms_are_not_foreseen_of_an_evening(tmp_path):
    strike = "{city: west, from: 2021-08-03 10:00, to: 2021-08-03 18:00, times: 3, chance: 20 %}"
    text = THREE.replace(AGREED, f"lending: {{to: 2021-08-04, second_surges: [{strike}]}}")
    (tmp_path / "three.yaml").write_text(text, encoding="utf-8")
    struck = knowledge(province(load(tmp_path / "three.yaml")))
    assert len(struck.strikes) == 1
    callers = {"east": struck.province.cities["east"].callers}
    assert planned(by_day(struck), callers, FIRST + timedelta(hours=22), DAYS_AHEAD)


@pytest.mark.parametrize("terms", ["agreed: 2021-08-02 12:00, to: 2021-08-04", "to: 2021-08-04 14:00"])
def test_hours_that_hold_for_days_begin_when_seats_are_ready_and_end_with_the_help(tmp_path, terms):
    """Read back from the world that the engines see."""
    text = THREE.replace(AGREED, f"lending: {{hold: 3 days, presence: 100 %, {terms}}}")
    (tmp_path / "three.yaml").write_text(text, encoding="utf-8")
    whole = province(load(tmp_path / "three.yaml"))
    setting = build(orders.with_plan(whole, orders.levers_of(whole, solve(knowledge(whole)).lent)))
    pool = next(i for i, one in enumerate(setting.names.pools) if one.kind == "lent")
    lent = {b for b, block in enumerate(whole.blocks) if setting.world.seats[block.first:block.last, pool].any()}
    assert lent
    assert lent <= set(whole.open_blocks)


@pytest.mark.parametrize("time", ["25:00", "22", "ten", "22:61", ""])
def test_a_time_that_is_none_is_refused(tmp_path, time):
    refused = command("plan", "two-cities", "--rolling", time, "--lang", "en", "--out", tmp_path / "out")
    assert refused.exit_code == 2
    assert "--rolling" in refused.output
    assert not (tmp_path / "out").exists()


def test_each_evening_has_a_table_of_its_order(done, manifest):
    folder, files = done[0] / "orders", sorted(manifest["orders"])
    assert files == ["2021-08-01T22:00", "2021-08-02T22:00", "2021-08-03T22:00"]
    assert sorted(path.name for path in folder.iterdir()) == [f"{evening.replace(':', '')}.csv" for evening in files]
    for evening, levers in manifest["orders"].items():
        head, *rows = (folder / f"{evening.replace(':', '')}.csv").read_text("utf-8-sig").splitlines()
        assert head.startswith("市 city,接谁的来电 whose calls,席或人 seats or people,谁来 who,")
        assert len(rows) == len(levers)
        day = f"{datetime.fromisoformat(evening) + DAY:%Y-%m-%d}"
        assert all(f",{day},{day}," in row for row in rows)


@pytest.mark.parametrize(("lever", "row"), [
    ({"kind": "lend", "lender": "west", "borrower": "east", "seats": 2},
     ("西城 Westville", "东城 Eastville", "2", "在岗 on duty", "2021-08-03", "2021-08-03", "08:00", "16:00")),
    ({"kind": "lend", "lender": "west", "borrower": "east", "seats": 2, "off_duty": "100 %"},
     ("西城 Westville", "东城 Eastville", "2", "召回 called in", "2021-08-03", "2021-08-03", "08:00", "16:00")),
    ({"kind": "call_in", "city": "east", "people": 3, "from": "2021-08-03 06:00"},
     ("东城 Eastville", "东城 Eastville", "3", "召回 called in", "2021-08-03", "2021-08-03", "08:00", "16:00")),
    ({"kind": "call_in", "city": "east", "people": 3, "from": "2021-08-02 20:00"},     # called the evening before
     ("东城 Eastville", "东城 Eastville", "3", "召回 called in", "2021-08-03", "2021-08-03", "08:00", "16:00")),
    ({"kind": "call_in", "city": "east", "people": 3, "from": "2021-08-02 23:00", "hours": ["08:00", "24:00"],
      "to": "2021-08-03"},
     ("东城 Eastville", "东城 Eastville", "3", "召回 called in", "2021-08-02", "2021-08-03", "08:00", "24:00")),
])
def test_a_row_says_whose_people_come_when(lever, row):
    one = ONE_LEVER.validate_python({"from": "2021-08-03 08:00", "to": "2021-08-03 16:00",
                                     "hours": ["08:00", "16:00"]} | lever)
    assert order_row(load("two-cities"), one) == row
