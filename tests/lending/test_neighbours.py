"""Plans next to a plan: what the surfaces promise of them, which there are, and which of them simulation takes."""
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pytest

from optimizer.lending import whatif
from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.flow import draws, factors_of, flow
from optimizer.lending.inputs.promise import answered, at_once, gains, kept, losses
from optimizer.lending.inputs.province import province
from optimizer.lending.menu import drafts, improving
from optimizer.lending.menu.drafts import Draft, Trying
from optimizer.lending.menu.improving import affordable, improved, worth_a_try
from optimizer.lending.menu.stances import ON_DUTY
from optimizer.lending.model import hints, lending
from optimizer.lending.model.terms import allowed, with_terms, without_floors
from optimizer.lending.settings import DIALS_SEARCHED, DIALS_STARTED, GAP, NEIGHBOURS_TRIED
from optimizer.lending.trials import orders
from optimizer.lending.trials.neighbours import marginal, neighbours, people
from optimizer.lending.trials.orders import HOME_FIRST, Serves, Way
from optimizer.lending.trials.replay import DIALS, NOT_SEEN, ReplicationCache, simulate
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
    """West and north may lend people on duty to east, whose days differ; as if simulation had told what help brings and
    costs."""
    path = tmp_path_factory.mktemp("nearby") / "three.yaml"
    path.write_text(THREE, encoding="utf-8")
    return replace(ON_DUTY.known(knowledge(province(load(path)))), delivers={"east": 0.7}, costs=1.5)


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


def test_people_are_gains_less_losses_and_what_hours_are_to_be_worth(k, best):
    """A person for fifty hours of a lent seat."""
    plans = [best.lent, plan(WEST, 1), plan(NORTH, 3), plan(WEST, 6) | plan(NORTH, 5)]
    alone, *worth = people(k, [{}, *plans])
    for lent, value in zip(plans, worth, strict=True):
        more = sum(values.sum() for values in gains(k, lent).values())
        less = sum(values.sum() for values in losses(k, lent).values())
        hours = 0.02 * sum(lent.values())
        assert value - alone == pytest.approx(more - less - hours, abs=1e-6)
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


def whole_stints(found):
    """But for those that differ at one time of day."""
    return [one for one in found if one.kind == "moved" or len(one.times) > 1]


@dataclass(frozen=True)
class Seen:
    """A neighbour, and what is another in it."""

    kind: str
    lender: str
    other: str
    change: dict

    @property
    def times(self):
        return {slot[2:] for slot in self.change}


def seen(k, lent):
    return [Seen(one.kind, one.lender, one.other, change(lent, one.lent)) for one in neighbours(k, lent)]


def test_neighbours_differ_by_one_seat_for_a_lenders_whole_stint(k):
    k = replace(k, most=k.province.caps)
    lent = plan(WEST, 2, range(12, 18)) | plan(NORTH, 1, range(14, 16))
    hours = {"west": range(12, 18), "north": range(14, 16)}
    found = {(one.kind, one.lender, one.other): one.change for one in whole_stints(seen(k, lent))}
    assert found == {
        **{("less", name, ""): plan((name, "east"), -1, of) for name, of in hours.items()},
        **{("more", name, ""): plan((name, "east"), 1, of) for name, of in hours.items()},
        ("moved", "west", "north"): plan(WEST, -1, hours["west"]) | plan(NORTH, 1, hours["west"]),
        ("moved", "north", "west"): plan(NORTH, -1, hours["north"]) | plan(WEST, 1, hours["north"]),
    }


def test_or_by_one_seat_at_one_time_of_day(k):
    """A seat more at any open time, whether the lender lends then or not; one less where it does."""
    k = replace(k, most=k.province.caps)
    lent = plan(WEST, 2, range(12, 18)) | plan(NORTH, 1, range(14, 16))
    single = [one for one in seen(k, lent) if len(one.times) == 1]
    expected = [("more", name, plan((name, "east"), 1, [hour])) for name in ("west", "north") for hour in range(12, 20)]
    expected += [("less", "west", plan(WEST, -1, [hour])) for hour in range(12, 18)]
    expected += [("less", "north", plan(NORTH, -1, [hour])) for hour in range(14, 16)]
    assert sorted(map(str, expected)) == sorted(str((one.kind, one.lender, one.change)) for one in single)


def test_at_one_time_of_day_on_all_days_that_are_open_then(tmp_path):
    (tmp_path / "days.yaml").write_text("surgeline: 1\nextends: two-cities\nhorizon: {end: 2021-08-03}\n"
                                        "lending: {to: 2021-08-03}\n", encoding="utf-8")
    k = ON_DUTY.known(knowledge(province(load(tmp_path / "days.yaml"))))
    found = [change({}, one.lent) for one in neighbours(k, {})]
    assert {("west", "east", 0, 13): 1, ("west", "east", 1, 13): 1} in found
    assert {("west", "east", 1, 9): 1} in found     # seats are ready at noon of the first day


def test_who_lends_nothing_may_lend_when_others_do(k):
    lent = plan(WEST, 2, range(12, 18))
    found = {(one.kind, one.lender): one.change for one in whole_stints(seen(k, lent))}
    assert found["more", "north"] == plan(NORTH, 1, range(12, 18))
    assert not any((one.kind, one.lender) == ("less", "north") for one in seen(k, lent))
    assert ("moved", "north") not in found


def test_more_is_lent_only_where_limits_leave_room(k):
    """West gives all it may but for two hours, and moves of north's seats to west end there too."""
    limit = {hour: int(most) for hour, most in zip(range(12, 20), k.most["west"], strict=True)}
    lent = {(*WEST, 0, hour): most - (hour in (13, 17)) for hour, most in limit.items()} | plan(NORTH, 1)
    found = {(one.kind, one.lender): one.change for one in whole_stints(seen(k, lent))}
    assert found["more", "west"] == plan(WEST, 1, (13, 17))
    assert found["moved", "north"] == plan(NORTH, -1) | plan(WEST, 1, (13, 17))
    single = [one.change for one in seen(k, lent) if (one.kind, one.lender, len(one.times)) == ("more", "west", 1)]
    assert sorted(map(str, single)) == sorted(map(str, [plan(WEST, 1, [13]), plan(WEST, 1, [17])]))
    full = {(*WEST, 0, hour): most for hour, most in limit.items()}
    kinds = {(one.kind, one.lender) for one in neighbours(k, full | plan(NORTH, 1))}
    assert kinds == {("less", "west"), ("moved", "west"), ("less", "north"), ("more", "north")}


def test_next_to_nothing_is_a_seat_at_one_time_of_day(k):
    assert {(one.kind, one.lender, len(one.lent)) for one in neighbours(k, {})} == {("more", "west", 1),
                                                                                   ("more", "north", 1)}


def test_neighbours_come_in_the_order_of_what_they_promise(k, best):
    found = neighbours(k, best.lent)
    itself = people(k, [best.lent])[0]
    promised = [one.promised for one in found]
    assert promised == sorted(promised, reverse=True)
    assert promised == pytest.approx([people(k, [one.lent])[0] - itself for one in found])
    assert min(promised) < 0


def test_the_best_of_each_kind_that_keep_all_terms_are_tried_in_turn(k):
    """No more than three seats are lent at once: none is lent more, and floors forbid nothing."""
    k = with_terms(k, {"seats": k.province.agreement.keep.model_copy(update={"number": 3.0})})
    lent = plan(WEST, 2) | plan(NORTH, 1)
    found = neighbours(without_floors(k), lent)
    tries = worth_a_try(k, lent, 6)
    assert [one.kind for one in tries][:4] == ["less", "moved"] * 2
    assert all(allowed(k)(one.lent) for one in tries)
    assert not any(allowed(k)(one.lent) for one in found if one.kind == "more")
    for kind in ("less", "moved"):
        tried = [one.promised for one in tries if one.kind == kind]
        assert tried == [one.promised for one in found if one.kind == kind][:len(tried)]
    assert worth_a_try(k, lent, 1) == tries[:1]
    assert {name: set(seats) for name, seats in marginal(k, found).items()} == {"west": {"less"}, "north": {"less"}}


def test_a_seat_that_only_a_longer_stint_may_have_is_not_tried(k):
    """Seats stay for three hours: one more for an hour keeps no terms, for the whole stint it does."""
    k = with_terms(k, {"stint": k.province.agreement.keep.model_copy(update={"number": 10_800.0})})
    lent = plan(WEST, 2)
    tries = worth_a_try(k, lent, 50)
    assert {len(change(lent, one.lent)) for one in tries if (one.kind, one.lender) == ("more", "north")} == {8}


# --- what is simulated of them ---------------------------------------------------------------------------------------

def test_cities_that_a_plan_leaves_alone_are_counted_as_without_it(k):
    p, cities = k.province, list(k.province.scenario.cities)
    scenario = orders.with_plan(p, orders.levers_of(p, plan(NORTH, 2), Serves(Way("both"), Way("both"))))
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
SERVES = Serves(HOME_FIRST, HOME_FIRST)


def draft_of(k, lent=SMALL):
    return Draft(ON_DUTY, k, SERVES, lent)


@pytest.fixture(scope="module")
def trying(k):
    return Trying(ReplicationCache(5, k.province), 8, 25.0)


@pytest.fixture(scope="module", autouse=True)
def sooner():
    """No more are tried than in four steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(improving, "affordable", lambda trying: 4 * NEIGHBOURS_TRIED)
        yield


@pytest.fixture(scope="module")
def grown(k, trying):
    return improved(draft_of(k), trying)


def worth(counts, lent):
    """People of all cities, less one for every fifty hours of a seat."""
    return counts.people - 0.02 * sum(lent.values())


def test_a_plan_that_is_too_small_grows(k, grown, trying):
    assert [one.taken for one in grown.tests].count(True) == 4
    assert sum(Counter(grown.lent).values()) > sum(SMALL.values())
    assert [one.neighbour.lent for one in grown.tests if one.taken][-1] == grown.lent
    assert grown.merit(trying) > draft_of(k).merit(trying)


def test_no_more_plans_are_tried_than_can_be_afforded(k, grown, trying, monkeypatch):
    """By how many dials are simulated: those of the province and a fee for each replication."""
    assert NEIGHBOURS_TRIED < len(grown.tests) <= 4 * NEIGHBOURS_TRIED
    dials = trying.luck.of([k.province.scenario], 1)[0].values[0, :, :, DIALS].sum()
    assert affordable(Trying(trying.luck, 100, 1.0)) == int(DIALS_SEARCHED / (100 * (dials + DIALS_STARTED)))
    for most in (0, 1, 15):
        monkeypatch.setattr(improving, "affordable", lambda trying, most=most: most)
        tests = improved(draft_of(k), trying).tests
        assert len(tests) <= most
        assert [one.neighbour.lent for one in tests] == [one.neighbour.lent for one in grown.tests[:len(tests)]]


def test_whatever_is_taken_is_better_and_holds_and_is_worth_most(grown):
    for one in grown.tests:
        if one.taken:
            assert one.better
            assert one.holds
            assert one.people.mean > 0
    first = grown.tests[:NEIGHBOURS_TRIED]
    taken = [one for one in first if one.taken]
    assert len(taken) == 1
    assert taken[0].people.mean == max(one.people.mean for one in first if one.better)


def test_a_neighbour_is_measured_against_the_plan_on_the_same_luck(k, grown):
    p = k.province
    for first in grown.tests[:NEIGHBOURS_TRIED]:
        lent = first.neighbour.lent
        jobs = [Job.of(orders.with_plan(p, orders.levers_of(p, one, SERVES)), "kernel", 5) for one in (SMALL, lent)]
        itself, other = simulate(jobs, p.blocks, range(8))
        assert first.people.mean == pytest.approx((worth(other, lent) - worth(itself, SMALL)).mean())


def test_what_was_taken_is_better_on_other_luck_too(k, grown):
    p = k.province
    levers = [orders.levers_of(p, lent, SERVES) for lent in (SMALL, grown.lent)]
    before, after = simulate([Job.of(orders.with_plan(p, one), "kernel", 99) for one in levers], p.blocks, range(12))
    assert worth(after, grown.lent).mean() > worth(before, SMALL).mean()


@pytest.mark.parametrize(("mean", "holds", "taken"), [(1.0, True, True), (1.0, False, False), (-0.1, True, False)])
def test_nothing_is_taken_that_is_not_better_or_breaks_a_floor(k, trying, monkeypatch, mean, holds, taken):
    monkeypatch.setattr(improving, "tested", lambda draft, tries, trying: [
        drafts.Tested(one, Figure(mean, mean - 1, mean + 1), holds) for one in tries])
    found = improved(draft_of(k), trying)
    assert any(one.taken for one in found.tests) == taken
    assert (found.lent != SMALL) == taken


def test_the_limits_that_were_learnt_do_not_bound_the_search(k, trying, monkeypatch):
    """A limit may have been learnt on unlucky trials: simulation judges, not the limit."""
    learnt = replace(k, most={name: np.ones_like(most) for name, most in k.most.items()})
    seen = []

    def none_is_better(draft, tries, trying):
        seen.extend(tries)
        return [drafts.Tested(one, Figure(0.0, -1.0, 1.0), True) for one in tries]

    monkeypatch.setattr(improving, "tested", none_is_better)
    assert improved(draft_of(learnt, SMALL | plan(NORTH, 1)), trying).lent == SMALL | plan(NORTH, 1)
    assert "more" in [one.kind for one in seen]


def test_a_lever_set_that_was_there_is_left_as_it_is(k, trying):
    given = replace(draft_of(k, {}), given=orders.levers_of(k.province, SMALL))
    assert improved(given, trying) == given


def test_from_the_chosen_plan_the_search_comes_back_with_one_that_keeps_all(k, best, trying):
    found = improved(draft_of(k, best.lent), trying)
    assert len(found.tests) >= 3
    assert found.lent == next((one.neighbour.lent for one in reversed(found.tests) if one.taken), best.lent)
    free = replace(k, most=k.province.caps)
    assert allowed(free)(found.lent)
    for name, caps in k.province.caps.items():
        assert (at_once(k.province, found.lent, 0, name) <= caps).all()
    assert found.merit(trying) >= draft_of(k, best.lent).merit(trying)


def test_a_search_is_the_same_whenever_it_is_made(k, grown):
    again = improved(draft_of(k), Trying(ReplicationCache(5, k.province), 8, 25.0))
    assert again.lent == grown.lent
    assert again.tests == grown.tests


def test_what_is_asked_of_one_model_is_what_a_model_of_its_own_says(k):
    """With fewer seats, without a lender, and again with all: nothing stays behind."""
    alone = replace(k, most=k.most | {"west": np.zeros_like(k.most["west"])})
    wanted = [lending.solve(one).people for one in (with_terms(k, {"seats": 2}), alone, k)]
    for near in (lending.solve(k).lent, {}, plan(WEST, 1)):
        assert whatif.with_less(k, [(2, near), ("west", near), (99, near)]) == pytest.approx(wanted, rel=GAP)
    assert wanted[0] < wanted[2] > wanted[1]


def test_a_question_about_fewer_seats_starts_from_fewer_of_each(best):
    most = max(best.by_slot().values())
    half = whatif.fewer(best, most, most // 2)
    assert half == {slot: seats * (most // 2) // most for slot, seats in best.lent.items()}
    assert whatif.fewer(best, most, "west") == best.lent


# --- a plan from which the solver starts -----------------------------------------------------------------------------

def worthless(k):
    """A plan that no model can take: more than there are, at an hour at which no city lends."""
    return {**plan(WEST, 1000), (*NORTH, 0, 3): 5, ("nobody", "east", 0, 12): 2}


@pytest.mark.parametrize("near", [lambda k: lending.solve(k).lent, lambda k: {}, lambda k: plan(NORTH, 1, [12]),
                                  worthless])
def test_wherever_the_solver_starts_its_plan_is_as_good_as_the_gap_says(k, best, near):
    found = lending.solve(k, near(k))
    assert found.gap <= GAP
    assert found.objective == pytest.approx(best.objective, rel=2 * GAP)
    assert allowed(k)(found.lent)


def test_a_start_is_cut_back_to_what_floors_leave(k):
    """To two seats of the west, whoever they are for, and the north as it is."""
    less = replace(k, most=k.most | {"west": np.minimum(k.most["west"], 2)})
    cut = hints.within_limits(lending.build(less), {**plan(WEST, 5, [12]), **plan(NORTH, 1, [12])})
    assert cut == {(*WEST, 0, 12): min(2, int(less.most["west"][0])), (*NORTH, 0, 12): 1}
