"""Plans next to a plan: what the surfaces promise of them, which there are, and which of them simulation takes."""
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from optimizer.lending import whatif
from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.flow import draws, factors_of, flow
from optimizer.lending.inputs.promise import answered, at_once, gains, kept, losses
from optimizer.lending.inputs.province import province
from optimizer.lending.model import lending
from optimizer.lending.model.terms import allowed, with_terms
from optimizer.lending.settings import GAP, SEARCH_STEPS
from optimizer.lending.trials import neighbours as nearby
from optimizer.lending.trials import orders
from optimizer.lending.trials.neighbours import marginal, neighbours, people, search, worth_a_try
from optimizer.lending.trials.replay import NOT_SEEN, ReplicationCache, simulate
from sim.measures.statistics import Figure
from sim.reading.loading import load
from sim.studies.replication import Job

THREE = """
surgeline: 1
extends: two-cities
cities:
  north: {name: {zh: 北城, en: Northville}, tile: [0, 1], calls_a_day: 300, seats: 14, agents: 26, shifts: days,
          absence: 0, shrinkage: 20 %, lines_per_seat: 2}
surges:
  replace:
  - city: east
    class: everyday
    profile: plain
    busyness_cv: 0.2
    shocks: [{at: 2021-08-02 10:00, callers: 2500, half_life: 4 h}]
"""
WEST, NORTH = ("west", "east"), ("north", "east")


@pytest.fixture(scope="module")
def k(tmp_path_factory):
    """West and north may lend to east, whose days differ; as if simulation had told what help brings and costs."""
    path = tmp_path_factory.mktemp("nearby") / "three.yaml"
    path.write_text(THREE, encoding="utf-8")
    return replace(knowledge(province(load(path))), delivers={"east": 0.7}, costs=1.5)


@pytest.fixture(scope="module")
def best(k):
    return lending.solve(k)


def plan(pair, seats, hours=range(12, 20)):
    return {(*pair, 0, hour): seats for hour in hours}


# --- what is promised ------------------------------------------------------------------------------------------------

def test_promised_gains_are_those_of_callers_who_flow_on(k, best):
    """The flow with so many more seats less the flow without, draw by draw."""
    p, days = k.province, draws(k.province)
    assert len(days) == 3
    for lent in (best.lent, plan(WEST, 2) | plan(NORTH, 1, range(14, 17)), plan(NORTH, 4, [13])):
        more = np.zeros(len(p.blocks))
        for (_, _, _, hour), seats in lent.items():
            more[hour] += seats * p.guest_worth("east", hour)
        factors, expected = factors_of(days, "east"), np.zeros(len(p.blocks))
        for draw, factor in zip(days, factors, strict=True):
            helped, alone = (flow(p, "east", k.surfaces["east"], np.array([factor]), seats).answered[0]
                             for seats in (more, 0.0))
            expected += 0.7 * draw.weight * (helped - alone)
        assert gains(k, lent)["east"] == pytest.approx(expected)
        assert expected.sum() > 1


def test_promised_losses_are_read_from_what_lenders_answer(k):
    lent = plan(WEST, 2) | plan(NORTH, 1, range(14, 17))
    found, rows = losses(k, lent), {name: one.answered for name, one in k.lenders.items()}
    assert found["west"] == pytest.approx([1.5 * (row[0] - row[2]) for row in rows["west"]])
    assert found["north"] == pytest.approx([1.5 * (row[0] - row[1]) * (14 <= hour < 17)
                                            for hour, row in zip(range(12, 20), rows["north"], strict=True)])
    assert found["west"].min() > 0


def test_the_solver_promises_what_the_surfaces_do(k, best):
    for of_solver, mine in ((best.gains, gains(k, best.lent)), (best.losses, losses(k, best.lent))):
        assert of_solver.keys() == mine.keys()
        for name, values in mine.items():
            assert of_solver[name].tolist() == values.tolist()


def test_people_are_gains_less_losses(k, best):
    plans = [best.lent, plan(WEST, 1), plan(NORTH, 3), plan(WEST, 6) | plan(NORTH, 5)]
    alone, *worth = people(k, [{}, *plans])
    for lent, value in zip(plans, worth, strict=True):
        more = sum(values.sum() for values in gains(k, lent).values())
        less = sum(values.sum() for values in losses(k, lent).values())
        assert value - alone == pytest.approx(more - less, abs=1e-6)
        assert more > less > 0


def test_nothing_lent_gains_and_loses_nothing(k):
    assert all((values == 0).all() for found in (gains(k, {}), losses(k, {})) for values in found.values())
    assert answered(k, "east", [{}, {}]).shape == (2, len(k.province.blocks))
    assert kept(k, "west", {}).shape == (len(k.province.open_blocks),)


# --- which plans there are -------------------------------------------------------------------------------------------

def change(before, after):
    """Seats more, by slot."""
    return {slot: after.get(slot, 0) - before.get(slot, 0) for slot in before.keys() | after.keys()
            if after.get(slot, 0) != before.get(slot, 0)}


def test_neighbours_differ_by_one_seat_for_a_lenders_whole_stint(k):
    k = replace(k, most=k.province.caps)
    lent = plan(WEST, 2, range(12, 18)) | plan(NORTH, 1, range(14, 16))
    hours = {"west": range(12, 18), "north": range(14, 16)}
    found = {(one.kind, one.lender, one.other): change(lent, one.lent) for one in neighbours(k, lent)}
    assert found == {
        **{("less", name, ""): plan((name, "east"), -1, of) for name, of in hours.items()},
        **{("more", name, ""): plan((name, "east"), 1, of) for name, of in hours.items()},
        ("moved", "west", "north"): plan(WEST, -1, hours["west"]) | plan(NORTH, 1, hours["west"]),
        ("moved", "north", "west"): plan(NORTH, -1, hours["north"]) | plan(WEST, 1, hours["north"]),
    }


def test_who_lends_nothing_may_lend_when_others_do(k):
    lent = plan(WEST, 2, range(12, 18))
    found = {(one.kind, one.lender): change(lent, one.lent) for one in neighbours(k, lent)}
    assert found["more", "north"] == plan(NORTH, 1, range(12, 18))
    assert ("less", "north") not in found
    assert ("moved", "north") not in found


def test_more_is_lent_only_where_limits_leave_room(k):
    """West gives all it may but for two hours, and moves of north's seats to west end there too."""
    limit = {hour: int(most) for hour, most in zip(range(12, 20), k.most["west"], strict=True)}
    lent = {(*WEST, 0, hour): most - (hour in (13, 17)) for hour, most in limit.items()} | plan(NORTH, 1)
    found = {(one.kind, one.lender): one.lent for one in neighbours(k, lent)}
    assert change(lent, found["more", "west"]) == plan(WEST, 1, (13, 17))
    assert change(lent, found["moved", "north"]) == plan(NORTH, -1) | plan(WEST, 1, (13, 17))
    full = {(*WEST, 0, hour): most for hour, most in limit.items()}
    kinds = {(one.kind, one.lender) for one in neighbours(k, full | plan(NORTH, 1))}
    assert kinds == {("less", "west"), ("moved", "west"), ("less", "north"), ("more", "north")}


def test_nothing_is_next_to_nothing(k):
    assert neighbours(k, {}) == []
    assert search(k, {}, None) == ({}, [])


def test_neighbours_come_in_the_order_of_what_they_promise(k, best):
    found = neighbours(k, best.lent)
    itself = people(k, [best.lent])[0]
    promised = [one.promised for one in found]
    assert promised == sorted(promised, reverse=True)
    assert promised == pytest.approx([people(k, [one.lent])[0] - itself for one in found])
    assert min(promised) < 0


def test_only_the_best_of_each_kind_that_keep_all_terms_are_tried(k):
    k = with_terms(k, {"seats": k.province.agreement.keep.model_copy(update={"number": 3.0})})
    lent = plan(WEST, 2) | plan(NORTH, 1)
    found = neighbours(k, lent)
    tries = worth_a_try(k, found)
    assert [one.kind for one in tries] == ["less", "moved"]
    assert all(allowed(k)(one.lent) for one in tries)
    assert not any(allowed(k)(one.lent) for one in found if one.kind == "more")
    for one in tries:
        assert one.promised == max(other.promised for other in found if other.kind == one.kind)
    assert {name: set(seats) for name, seats in marginal(k, found).items()} == {"west": {"less"}, "north": {"less"}}


# --- what is simulated of them ---------------------------------------------------------------------------------------

def test_cities_that_a_plan_leaves_alone_are_counted_as_without_it(k):
    p, cities = k.province, list(k.province.scenario.cities)
    scenario = orders.with_plan(p, orders.levers_of(p, plan(NORTH, 2), "both"))
    whole = simulate([Job.of(scenario, "kernel", 3)], p.blocks, range(6))[0]
    assert (ReplicationCache(3, p).of([scenario], 6)[0].values == whole.values).all()

    alone, helped = (Job.of(one, "kernel", 3) for one in (p.scenario, scenario))
    counts = simulate([helped], p.blocks, range(6), beside=alone)[0].values
    assert {city for c, city in enumerate(cities) if (counts[:, c] == NOT_SEEN).all()} == {"west"}
    assert (counts[:, [cities.index("east"), cities.index("north")]] >= 0).all()
    calm = Job.of(scenario.model_copy(update={"surges": ()}), "kernel", 3)
    for job in (alone, calm):
        assert (simulate([job], p.blocks, range(6), beside=alone)[0].values >= 0).all()


# --- which of them simulation takes ----------------------------------------------------------------------------------

SMALL = plan(WEST, 1)


def trying(k, replications=8):
    lucks = [ReplicationCache(5 + step, k.province) for step in range(SEARCH_STEPS)]
    return lambda lent, tries, step: nearby.tested(k.province, lent, "borrower", tries, lucks[step], replications, 200)


@pytest.fixture(scope="module")
def searched(k):
    return search(k, SMALL, trying(k))


def test_a_plan_that_is_too_small_grows(k, searched):
    lent, tests = searched
    assert [one.taken for one in tests].count(True) == 2
    assert sum(Counter(lent).values()) > sum(SMALL.values())
    assert [one.neighbour.lent for one in tests if one.taken][-1] == lent


def test_whatever_is_taken_is_better_and_holds_and_is_the_best_of_its_step(searched):
    steps, lent = [], SMALL
    for one in searched[1]:
        if not steps or one.neighbour.kind in [other.neighbour.kind for other in steps[-1]]:
            steps.append([])
        steps[-1].append(one)
    assert len(steps) == 2
    for step in steps:
        taken = [one for one in step if one.taken]
        assert len(taken) == 1
        assert taken[0].better
        assert taken[0].holds
        assert taken[0].people.low > 0
        assert taken[0].people.mean == max(one.people.mean for one in step if one.better)
        assert change(lent, taken[0].neighbour.lent)
        lent = taken[0].neighbour.lent


def test_a_neighbour_is_measured_against_the_plan_on_the_same_luck(k, searched):
    first = searched[1][0]
    p = k.province
    jobs = [Job.of(orders.with_plan(p, orders.levers_of(p, lent)), "kernel", 5)
            for lent in (SMALL, first.neighbour.lent)]
    itself, other = simulate(jobs, p.blocks, range(8))
    assert first.people.mean == pytest.approx((other.people - itself.people).mean())


def test_what_was_taken_is_better_on_other_luck_too(k, searched):
    p = k.province
    jobs = [Job.of(orders.with_plan(p, orders.levers_of(p, lent)), "kernel", 99) for lent in (SMALL, searched[0])]
    before, after = simulate(jobs, p.blocks, range(12))
    assert (after.people - before.people).mean() > 0


@pytest.mark.parametrize(("low", "holds", "taken"), [(1.0, True, True), (1.0, False, False), (-0.1, True, False)])
def test_nothing_is_taken_that_is_not_surely_better_or_breaks_a_floor(k, low, holds, taken):
    def verdict(lent, tries, step):
        return [nearby.Tested(one, Figure(5.0, low, 9.0), holds) for one in tries]

    lent, tests = search(k, SMALL, verdict)
    assert any(one.taken for one in tests) == taken
    assert (lent != SMALL) == taken


def test_the_limits_that_were_learnt_do_not_bound_the_search(k):
    """A limit may have been learnt on unlucky trials: simulation judges, not the limit."""
    learnt = replace(k, most={name: np.ones_like(most) for name, most in k.most.items()})
    seen = []

    def none_is_better(lent, tries, step):
        seen.extend(tries)
        return [nearby.Tested(one, Figure(0.0, -1.0, 1.0), True) for one in tries]

    search(learnt, SMALL | plan(NORTH, 1), none_is_better)
    assert "more" in [one.kind for one in seen]


def test_from_the_chosen_plan_the_search_comes_back_with_one_that_keeps_all(k, best):
    lent, tests = search(k, best.lent, trying(k))
    assert len(tests) >= 3
    assert lent == next((one.neighbour.lent for one in reversed(tests) if one.taken), best.lent)
    free = replace(k, most=k.province.caps)
    assert allowed(free)(lent)
    for name, caps in k.province.caps.items():
        assert (at_once(k.province, lent, 0, name) <= caps).all()


def test_what_is_asked_of_one_model_is_what_a_model_of_its_own_says(k):
    """With fewer seats, without a lender, and again with all: nothing stays behind."""
    alone = replace(k, most=k.most | {"west": np.zeros_like(k.most["west"])})
    wanted = [whatif.people(lending.solve(one)) for one in (with_terms(k, {"seats": 2}), alone, k)]
    assert whatif.with_less(k, [2, "west", 99]) == pytest.approx(wanted, rel=GAP)
    assert wanted[0] < wanted[2] > wanted[1]
