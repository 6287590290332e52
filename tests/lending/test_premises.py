"""What a plan brings where callers of the surge, or presence of lent seats, are at an end of their range."""
from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ordered import CALL_IN, LEND

from optimizer.lending.inputs.province import province
from optimizer.lending.settings import PREMISE_DAYS, PREMISE_LEAST
from optimizer.lending.trials import limits, orders
from optimizer.lending.trials.evaluation import Evaluation, seen
from optimizer.lending.trials.premises import Premise, is_of_surge, premises, with_callers, with_presence
from optimizer.lending.trials.replay import CALLERS, CALLERS_ANSWERED, ReplicationCache
from sim.measures.statistics import Figure
from sim.reading.loading import load
from sim.scenario.levers import ONE_LEVER
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import quantities
from surgeline.folders.lending_plan import AtAnEnd, at_an_end

FOR_EAST = LEND | {"serves": "borrower", "keep_idle": 0, "resume_idle": None}
FIXED = FOR_EAST | {"presence": "80 %"}             # no range
RANGED = FOR_EAST | {"presence": {"assume": "70 %", "range": ["20 %", "90 %"], "why": "invented"}}
SURGES = """surgeline: 1
extends: two-cities
surges:
  new-rule:
    city: east
    class: everyday
    profile: plain
    by_day: {2021-08-02: {assume: 100, range: [50, 300], why: invented}}
    life_cycle: {outbreak: 2021-08-02 08:00, plateau: 2021-08-02 10:00, decline: 2021-08-02 15:00,
                 end: 2021-08-02 20:00, callers_a_day: {assume: 40, range: [20, 80], why: invented}}
    shocks:
      - {at: 2021-08-02 10:00, callers: {assume: 700, range: [400, 1000], why: invented},
         half_life: {assume: 90 min, range: [30 min, 180 min], why: invented}}
      - {at: 2021-08-02 12:00, callers: 10, half_life: 60 min}
    busyness_cv: {assume: 0.1, range: [0, 0.5], why: invented}
"""


def levers(*raw: dict) -> tuple:
    return tuple(ONE_LEVER.validate_python(one, context={"file": True}) for one in raw)


def shocked(tmp_path, callers: str):
    """The province of the two cities, with so many callers of the surge."""
    surges = f"""surgeline: 1
extends: two-cities
surges: {{new-rule: {{city: east, class: everyday, profile: plain, shocks: [
  {{at: 2021-08-02 10:00, callers: {callers}, half_life: 90 min}}]}}}}
"""
    (tmp_path / "mine.yaml").write_text(surges, encoding="utf-8")
    return province(load(tmp_path / "mine.yaml"))


def number_of(p) -> int:
    return limits.replications(p, PREMISE_DAYS, PREMISE_LEAST)


@pytest.fixture(scope="module")
def cities():
    return province(load("two-cities"))


# --- which assumptions count -----------------------------------------------------------------------------------------

def test_callers_of_surges_are_all_that_say_how_many_call_because_of_them(tmp_path):
    """Not how long they do, how much days differ, what is everyday, or how long anybody waits."""
    (tmp_path / "mine.yaml").write_text(SURGES, encoding="utf-8")
    every = quantities(load(tmp_path / "mine.yaml"))
    found = {where[2:]: float(one) for where, one in every if is_of_surge(where, one)}
    assert found == {("by_day", "2021-08-02"): 100, ("life_cycle", "callers_a_day"): 40, ("shocks", 0, "callers"): 700,
                     ("shocks", 1, "callers"): 10}


@pytest.mark.parametrize("where", [
    ("cities", "east", "calls_a_day"), ("surges", 0, "shocks", 0, "half_life"), ("surges", 0, "busyness_cv"),
    ("classes", "everyday", "patience", "mean"), ("everyday", "everyday", "share"), ("everyday_level",),
    ("levers", 0, "presence"), ("cities", "by_day", "seats"), ("classes", "callers", "unsettled")], ids=str)
def test_nothing_else_is_callers_of_a_surge(where):
    assert not is_of_surge(where, Quantity(number=1.0))


def test_both_ends_of_all_ranges_are_moved_together_and_nothing_else(tmp_path):
    (tmp_path / "mine.yaml").write_text(SURGES, encoding="utf-8")
    scenario, planned = load(tmp_path / "mine.yaml"), levers(RANGED)
    few, many = with_callers(scenario, planned)
    assert [case[:2] for case in (few, many)] == [("callers", None)] * 2
    assert few[3] == many[3] == planned
    assumed = dict(quantities(scenario))
    for case, wanted in ((few, {50, 20, 400}), (many, {300, 80, 1000})):
        changed = {where: float(one) for where, one in quantities(case[2]) if float(one) != float(assumed[where])}
        assert set(changed.values()) == wanted
        assert all(is_of_surge(where, assumed[where]) for where in changed)
        assert case[2].surges[0].shocks[1] == scenario.surges[0].shocks[1]     # without a range it stays
        assert case[2].levers == scenario.levers


def test_where_no_number_of_callers_has_a_range_there_is_no_case(tmp_path):
    p = shocked(tmp_path, "700")
    assert with_callers(p.scenario, levers(RANGED)) == []
    found = premises(p, levers(RANGED), ReplicationCache(3, p))
    assert [(one.what, one.value) for one in found] == [("presence", 0.2), ("presence", 0.9)]


@given(st.lists(st.tuples(st.floats(0, 500), st.floats(0, 500), st.floats(0, 500)), min_size=1, max_size=4))
def test_ends_are_the_lowest_and_the_highest_of_each_surge(cities, numbers):
    """Surges of by_day, one for each triple: its number lies between the others."""
    scenario = cities.scenario
    triples = [sorted(three) for three in numbers]
    surges = tuple(scenario.surges[0].model_copy(update={"shocks": (), "by_day": {
        scenario.horizon.start.date(): Quantity(number=middle, kind="assumed", range=(low, high))}})
        for low, middle, high in triples)
    few, many = with_callers(scenario.model_copy(update={"surges": surges}), ())
    for case, k in ((few, 0), (many, 2)):
        assert [float(one) for surge in case[2].surges for one in surge.by_day.values()] == [
            three[k] for three in triples]


# --- presence --------------------------------------------------------------------------------------------------------

def test_presence_is_moved_where_it_has_a_range_and_nowhere_else():
    scenario = load("two-cities")
    planned = levers(RANGED, FIXED, CALL_IN)
    for case, wanted in zip(with_presence(scenario, planned), (0.2, 0.9), strict=True):
        what, _, there, (ranged, fixed, called) = case
        assert (what, there) == ("presence", scenario)
        assert float(ranged.presence) == wanted
        assert ranged.model_copy(update={"presence": planned[0].presence}) == planned[0]
        assert (fixed, called) == planned[1:]


@pytest.mark.parametrize("raw", [(), (FIXED,), (CALL_IN,), (FIXED, CALL_IN)], ids=len)
def test_without_a_range_of_presence_there_is_no_case(raw):
    assert with_presence(load("two-cities"), levers(*raw)) == []


def test_presence_of_a_desk_is_moved_with_that_of_lent_seats():
    desk = {"kind": "desk", "name": "far", "cities": ["east"], "seats": 2, "from": "2021-08-02 12:00",
            "to": "2021-08-02 18:00", "presence": RANGED["presence"]}
    for (_, value, _, moved), wanted in zip(with_presence(load("two-cities"), levers(RANGED, desk)), (0.2, 0.9),
                                            strict=True):
        assert value == wanted
        assert [float(one.presence) for one in moved] == [wanted] * 2


OTHER = RANGED | {"presence": {"assume": "16 %", "range": ["5 %", "40 %"], "why": "invented"}}


@pytest.mark.parametrize(("raw", "values"), [
    ((RANGED, CALL_IN), [0.2, 0.9]), ((RANGED, RANGED), [0.2, 0.9]), ((RANGED, OTHER), [None, None]),
    ((OTHER, RANGED), [None, None]), ((RANGED, FIXED), [None, None]), ((FIXED, RANGED), [None, None])],
    ids=["with a call", "alike", "unlike", "unlike the other way", "one fixed", "the first fixed"])
def test_one_presence_is_told_only_where_all_seats_have_it(raw, values):
    """Seats of a plan that is from a file may differ: then no number is true of all."""
    found = with_presence(load("two-cities"), levers(*raw))
    assert [value for _, value, *_ in found] == values
    least = min(float(one.presence) for one in found[0][3] if one.kind == "lend")
    assert least == (0.05 if OTHER in raw else 0.2)


# --- what is found there ---------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def found(cities):
    return premises(cities, levers(RANGED), ReplicationCache(5, cities))


def test_a_plan_that_does_nothing_has_no_premises(cities):
    assert premises(cities, (), ReplicationCache(5, cities)) == []


def test_there_are_both_ends_of_both_the_low_one_first(found):
    assert [(one.what, one.value) for one in found] == [
        ("callers", None), ("callers", None), ("presence", 0.2), ("presence", 0.9)]
    assert {one.verdict.replications for one in found} == {PREMISE_DAYS}      # a day each


def test_as_many_call_as_the_ends_say(found):
    """600 of everyday and the surge's 400, or 1,000; of these a thousandth and a half calls after midnight."""
    few, many, *present = (one.verdict.callers["east"].mean for one in found)
    late = 0.5 ** (14 / 1.5)
    assert few == pytest.approx(600 + 400 * (1 - late), abs=4 * (1000 / PREMISE_DAYS) ** 0.5)
    assert many == pytest.approx(600 + 1000 * (1 - late), abs=4 * (1600 / PREMISE_DAYS) ** 0.5)
    for one in present:
        assert one == pytest.approx(600 + 700 * (1 - late), abs=4 * (1300 / PREMISE_DAYS) ** 0.5)


def test_each_case_is_judged_against_not_lending_in_the_same_world(cities, found):
    """Reckoned anew: where more call, more call without the plan too, and the plan is no cause of that."""
    luck = ReplicationCache(5, cities)
    for one, (_, _, scenario, of) in zip(found, [*with_callers(cities.scenario, levers(RANGED)),
                                                 *with_presence(cities.scenario, levers(RANGED))], strict=True):
        helped = orders.with_plan(replace(cities, scenario=scenario), of)
        assert helped.surges == scenario.surges
        alone, with_it = luck.of([scenario, helped], PREMISE_DAYS)
        assert alone.of("east", CALLERS).sum() == with_it.of("east", CALLERS).sum()
        more = (with_it.values - alone.values)[..., CALLERS_ANSWERED].sum(axis=(1, 2)).mean()
        assert one.verdict.people.mean == pytest.approx(more)
        rates = [(counts.of("east", CALLERS_ANSWERED).sum(axis=1) / counts.of("east", CALLERS).sum(axis=1)).mean()
                 for counts in (alone, with_it)]
        assert (one.verdict.before["east"].mean, one.verdict.after["east"].mean) == pytest.approx(rates)
    few, many = (one.verdict.before["east"].mean for one in found[:2])
    assert few > many + 0.05


def test_seats_that_are_there_more_bring_more(found):
    *_, least, most = (one.verdict for one in found)
    assert 0 < least.people.mean < most.people.mean
    assert least.people.high < most.people.low
    assert least.before == most.before


def test_at_the_assumed_value_a_plan_brings_what_it_brings(tmp_path):
    """On the same luck, whatever is moved to where it was."""
    p = shocked(tmp_path, "{assume: 700, range: [700, 700], why: invented}")
    planned = levers(LEND | {"presence": {"assume": "80 %", "range": ["80 %", "80 %"], "why": "invented"}}, CALL_IN)
    found = premises(p, planned, ReplicationCache(7, p))
    wanted = seen(p, planned, ReplicationCache(7, p), number_of(p))
    assert len(found) == 4
    for one in found:
        for name in ("people", "gains", "lenders", "rates", "callers", "before", "after", "floors"):
            assert getattr(one.verdict, name) == getattr(wanted, name)
        for name, gained in wanted.gained_by_block.items():
            assert np.array_equal(one.verdict.gained_by_block[name], gained)


# --- in the manifest -------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("given_way", [0, 2])
def test_a_manifest_counts_the_floors_that_surely_give_way(given_way):
    """Those that only seem to are none."""
    some = {"east": Figure(900.0, 890.0, 910.0)}
    floors = [SimpleNamespace(surely_broken=k < given_way, broken=True) for k in range(5)]
    verdict = Evaluation(16, Figure(30.0, 20.0, 40.0), {}, {}, {}, floors, {}, some, some, some)
    entry = AtAnEnd.model_validate(at_an_end(Premise("presence", 0.15, verdict)))
    assert (entry.what, entry.value, entry.given_way, entry.floors) == ("presence", 0.15, given_way, 5)
    assert (entry.callers["east"].mean, entry.after["east"].low, entry.people.high) == (900, 890, 40)
