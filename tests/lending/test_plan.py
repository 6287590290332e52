"""Plans of help: every constraint of the model, what simulation proves of a plan, and what a planner gets."""
import json
import shutil
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from click.testing import CliRunner
from helping import with_terms
from hypothesis import given, settings
from hypothesis import strategies as st
from quick_plans import few_trials

from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.flow import draws, factors_of, flow
from optimizer.lending.inputs.province import province
from optimizer.lending.menu.drafts import Draft
from optimizer.lending.menu.proving import proved
from optimizer.lending.menu.stances import ON_DUTY
from optimizer.lending.model import lending
from optimizer.lending.model.terms import without_floors
from optimizer.lending.plan import Wish, plan
from optimizer.lending.settings import ABSENCES, GAP, PROOF_SEEDS, SEAT_HOUR_TIE, SECOND_SURGE_SEED
from optimizer.lending.trials import orders
from optimizer.lending.trials.comparison import of_rivals
from optimizer.lending.trials.corrections import cut, moved, parts_of
from optimizer.lending.trials.evaluation import Evaluation, judge
from optimizer.lending.trials.floors_of_days import OfDays, held_on_days
from optimizer.lending.trials.floors_of_means import OfMean
from optimizer.lending.trials.proof import Proof, looked_at, looks
from optimizer.lending.trials.replay import (
    ANSWERED,
    CALLERS,
    CALLERS_ANSWERED,
    DIALS,
    ReplicationCache,
    simulate,
    staffed,
)
from optimizer.lending.trials.rounds import chosen, cut_back
from sim.measures import facts
from sim.measures.statistics import Figure
from sim.reading.loading import load
from sim.scenario.quantities import Quantity
from sim.scenario.shipped import SHIPPED
from sim.studies.replication import Job
from sim.studies.study import simulate as replay
from sim.studies.study import study
from sim.world.build import build
from surgeline.cli import main


def solved(**more):
    """A province of people on duty, what is known of it, and the best plan."""
    k = ON_DUTY.known(knowledge(province(with_terms(**more))))
    return k.province, k, lending.solve(k)


def by_block(p, solution, lender="west"):
    """Seats lent in each open block."""
    found = []
    for block in p.open_blocks:
        found.append(sum(seats for (giver, _, *slot), seats in solution.lent.items()
                         if giver == lender and tuple(slot) == p.slot_of(block)))
    return np.array(found)


# --- the model -------------------------------------------------------------------------------------------------------

def test_seats_are_lent_where_callers_are_and_floors_hold():
    p, k, solution = solved()
    seats = by_block(p, solution)
    assert seats.max() > 0
    assert (seats <= np.minimum(p.caps["west"], k.most["west"])).all()
    assert solution.gap <= GAP
    assert solution.gains["east"].sum() > solution.losses["west"].sum() > 0


def test_nobody_lends_before_seats_are_ready():
    p = province(with_terms(agreed="2021-08-02 12:30"))
    assert p.blocks[p.open_blocks[0]].start == p.scenario.horizon.start + timedelta(hours=15)


NO_FLOOR = {"floor": {"answered_drop": "100 %", "within_drop": "100 %"}}


@pytest.mark.parametrize(("more", "holds"), [
    ({"seats": 2}, lambda seats: seats.max() == 2),
    ({"licences": {"east": 3}}, lambda seats: seats.max() == 3),
    ({"keep": 10}, lambda seats: seats.max() <= 3),
    ({"share": "20 %"}, lambda seats: 0 < seats.max() <= 2),
    ({"stint": "6 h"}, lambda seats: all(end - start >= 6 for start, end, _ in stints_of(seats))),
    ({"changes_a_day": 0}, lambda seats: len(set(seats)) == 1),
    ({"changes_a_day": 1}, lambda seats: np.count_nonzero(np.diff(seats)) <= 1),
    ({"seat_hour_cost": 1000}, lambda seats: seats.sum() == 0),
    ({"fairness": 1.0}, lambda seats: seats.max() > 0),
], ids=lambda what: str(what) if isinstance(what, dict) else "plan")
def test_each_constraint_holds(more, holds):
    p, _, solution = solved(**NO_FLOOR | more)
    assert holds(by_block(p, solution))


def stints_of(seats):
    return orders.stints({b: int(n) for b, n in enumerate(seats) if n})


def test_without_floors_more_is_lent():
    _, _, bound = solved()
    _, _, free = solved(**NO_FLOOR)
    assert sum(free.lent.values()) > sum(bound.lent.values())
    assert free.objective > bound.objective


def test_nobody_is_lent_whom_a_strict_floor_keeps():
    _, _, solution = solved(floor={"answered_drop": 0, "within_drop": 0, "confidence": 1})
    assert solution.lent == {}


@pytest.mark.parametrize("objective", ["people", "dials", "worst_city"])
def test_every_objective_lends_to_the_city_in_need(objective):
    _, _, solution = solved(objective=objective)
    assert solution.gains["east"].sum() > 0


def test_the_bound_is_above_every_plan_and_near_the_best():
    """Against the model's own surfaces, read at every number of seats that is the same all day."""
    p, k, solution = solved(**NO_FLOOR, hold="1 day", changes_a_day=0)
    values = []
    for seats in range(int(p.caps["west"].min()) + 1):
        more = np.zeros(len(p.blocks))
        more[p.open_blocks] = [seats * p.guest_worth("east", block) for block in p.open_blocks]
        answered = flow(p, "east", k.surfaces["east"], factors_of(draws(p), "east"), more).answered
        kept = sum(row[seats] for row in k.lenders["west"].answered)
        cost = (0.02 + SEAT_HOUR_TIE) * seats * len(p.open_blocks)     # fifty hours have to be worth a person
        values.append(answered.sum(axis=1).mean() + kept - cost)
    assert max(values) <= (solution.alone + solution.bound) * (1 + 1e-6)
    assert solution.alone == pytest.approx(values[0], rel=0.01)
    assert solution.bound == pytest.approx(max(values) - values[0], rel=0.05)


def test_a_gap_is_one_of_what_help_brings():
    """Not of all who are answered: to let nobody lend may be within a hundredth of that."""
    _, _, solution = solved(**NO_FLOOR)
    assert solution.gap <= GAP
    hours_are_to_be_worth = 0.02 * sum(solution.lent.values())
    assert solution.objective == pytest.approx(solution.people - hours_are_to_be_worth, rel=0.05)
    assert solution.objective < 0.2 * solution.alone


def test_nobody_lends_and_borrows_at_once():
    p, _, solution = solved(**NO_FLOOR, borrowers=["east", "west"], lenders=["east", "west"])
    for block in p.open_blocks:
        busy = {pair for (*pair, days, number), seats in
                ((list(slot), seats) for slot, seats in solution.lent.items())
                if (days, number) == p.slot_of(block) for pair in [tuple(pair)] if seats}
        assert len(busy) <= 1


# --- from seats to levers --------------------------------------------------------------------------------------------

@settings(deadline=None)
@given(st.dictionaries(st.integers(0, 11), st.integers(1, 6), max_size=12))
def test_stints_add_up_to_the_seats_of_each_block(seats):
    found = orders.stints(seats)
    for block in range(13):
        assert sum(n for start, end, n in found if start <= block < end) == seats.get(block, 0)
    assert all(n > 0 and start < end for start, end, n in found)


def test_levers_open_the_seats_of_the_plan():
    """Read back from the world that the engines see."""
    p, _, solution = solved(presence="100 %")
    setting = build(orders.with_plan(p, orders.levers_of(p, solution.lent)))
    pool = next(i for i, one in enumerate(setting.names.pools) if one.kind == "lent")
    seats = [int(setting.world.seats[p.blocks[block].first, pool]) for block in p.open_blocks]
    assert seats == by_block(p, solution).tolist()
    assert setting.world.seats[:p.blocks[p.open_blocks[0]].first, pool].sum() == 0


# --- simulated -------------------------------------------------------------------------------------------------------

def test_counts_are_those_of_the_metrics():
    scenario = load("two-cities")
    p = province(with_terms())
    job = Job.of(scenario, "kernel", 3)
    counts = simulate([job], p.blocks, range(2))[0]
    result = replay(scenario, replications=2, seed=3)
    for city in ("east", "west"):
        for name, what in (("dials", DIALS), ("answered", ANSWERED), ("callers", CALLERS),
                           ("callers_answered", CALLERS_ANSWERED)):
            assert counts.of(city, what).sum(axis=1).mean() == result.value(name, f"city:{city}").mean
    share = counts.values[:, 0, :, 2].sum(axis=1) / counts.of("east", DIALS).sum(axis=1)
    assert share.mean() == pytest.approx(result.value("answered_within_15s", "city:east").mean)
    assert facts.FLOW_FIELDS[0] == "dials"


@pytest.fixture(scope="module", autouse=True)
def sooner():
    with pytest.MonkeyPatch.context() as patch:
        few_trials(patch)
        yield


@pytest.fixture(scope="module")
def found():
    return plan(with_terms(), Wish(proof=30))


def test_a_plan_is_proved_on_luck_that_no_trial_has_seen(found):
    p, again = found.province, []
    assert not {0, SECOND_SURGE_SEED} & set(PROOF_SEEDS)      # of the trials, and of second surges
    for further in PROOF_SEEDS:     # the first one on which it is proved
        jobs = [Job.of(one, "kernel", 1 + further) for one in (p.scenario, found.scenario)]
        again.append(judge(p, [found.levers], *simulate(jobs, p.blocks, range(found.verdict.replications))).people)
    assert found.verdict.people in again
    assert found.verdict.people.low > 0
    assert found.verdict.holds
    assert chosen(found.trials) in found.trials


def test_not_lending_is_what_everything_is_compared_with(found):
    assert all(lever.kind != "lend" for lever in found.province.scenario.levers)
    assert set(found.rivals) == {"historical", "placed-anew", "same-share", "idle-seats", "overflow", "pooled"}
    assert found.rivals["pooled"].verdict.people.mean > found.verdict.people.mean


def test_floors_that_are_not_kept_are_cut(found):
    """To the part of its seats with which the hour just keeps its floor; other hours keep theirs."""
    k, lender = found.option.draft.known, "west"
    missed, kept = floor_at(lender, 13, -0.04), floor_at(lender, 14, -0.01)
    numbers = {found.province.slot_of(block)[1] for block in found.province.open_blocks}
    assert parts_of(k, [missed, kept], 1.0) == {
        lender: {number: pytest.approx(0.475) if number == 13 else 1.0 for number in numbers}}
    assert parts_of(k, [], 1.0) == {}


def test_a_whole_day_that_is_not_kept_is_cut_at_all_hours(found):
    """Four points where two are owed, of which the interval takes one: a quarter of the seats at all hours, and less
    where an hour is worse."""
    day = OfMean("west", None, "day_drop", -0.02, Figure(-0.04, -0.05, -0.03), 0.95)
    hour = OfMean("west", 13, "answered_drop", -0.02, Figure(-0.08, -0.09, -0.07), 0.95)
    parts = parts_of(found.option.draft.known, [day, hour], 1.0)["west"]
    assert parts[13] == pytest.approx(0.125)
    assert [parts[number] for number in (12, *range(14, 20))] == pytest.approx([0.25] * 7)
    assert parts_of(found.option.draft.known, [day], 4.0)["west"][12] == pytest.approx(0.375)


@pytest.mark.parametrize(("now", "part", "most", "cap", "wider", "limit"), [
    (4, 0.475, 7, 9, 1.0, 1),     # of four seats 1.9
    (4, 0.95, 7, 9, 1.0, 3),      # a seat fewer at the least
    (1, 0.95, 7, 9, 1.0, 0), (4, 0.0, 7, 9, 1.0, 0),
    (4, 0.95, 2, 9, 1.0, 2),      # a limit that was lower already stays
    (0, 0.5, 7, 9, 1.5, 7),       # nothing was lent then
    (6, 1.0, 6, 9, 1.5, 6), (6, 1.04, 6, 9, 1.5, 6),   # floors leave hardly any room
    (6, 1.4, 6, 9, 1.5, 8), (6, 9.0, 6, 20, 1.5, 9), (6, 9.0, 6, 7, 1.5, 7),   # half as many again, to the cap
    (5, 9.0, 6, 9, 1.5, 6),       # the plan did not use all of its limit
    (6, 9.0, 6, 9, 1.0, 6),       # where one only cuts
])
def test_a_limit_moves_to_what_just_keeps_all_floors(now, part, most, cap, wider, limit):
    assert moved(now, part, most, cap, wider) == limit


def floor_of(drops, confidence, lends=((True,),)):
    return held_on_days("west", 4, "answered_drop", -0.2, drops.mean(axis=1), drops, np.array(lends), confidence, 0.95)


def test_a_floor_is_held_where_enough_days_keep_it():
    """Ten days in each of twenty replications: all are answered without lending, with it nine tenths, and seven on two
    of the days."""
    drops = np.full((20, 10), -0.1)
    drops[3, 3] = drops[17, 7] = -0.3
    most, all_but_one = floor_of(drops, 0.95), floor_of(drops, 0.995)
    assert (most.kept.mean, most.worst, most.broken, most.proved) == (0.99, -0.1, False, True)
    assert most.kept.low == pytest.approx(0.9643, abs=1e-4)  # Clopper and Pearson: 198 of 200
    assert (all_but_one.worst, all_but_one.broken, all_but_one.near) == (-0.3, True, False)
    assert most.mean.mean == pytest.approx(-0.102)


def test_a_few_days_prove_nothing_though_all_of_them_keep_a_floor():
    few, many = floor_of(np.zeros((10, 1)), 0.9), floor_of(np.zeros((100, 1)), 0.9)
    assert (few.proved, few.near, few.provable(), few.provable(10), few.will_be_proved(10)) == (
        False, True, False, True, True)
    assert (many.proved, many.provable()) == (True, True)


def test_a_floor_that_gives_way_on_one_day_of_each_replication_is_broken():
    """Though nineteen of twenty days keep it."""
    drops = np.full((50, 20), -0.1)
    drops[:, 5] = -0.4
    floor = floor_of(drops, 0.9)
    assert (floor.kept.mean, floor.broken, floor.proved, floor.worst) == (0.95, True, False, -0.4)


def test_days_on_which_nothing_is_lent_prove_nothing():
    drops, lends = np.zeros((40, 2)), np.zeros((40, 2), bool)
    drops[:8], lends[:8] = -0.3, True
    assert floor_of(drops, 0.8).kept.mean == 0.8
    assert floor_of(drops, 0.8, lends).kept.mean == 0.0


def floor_at(lender, number, drop):
    """A floor of two points at a time of day, with the drop that was simulated on all days."""
    kept = float(drop >= -0.02)
    return OfDays(lender, number, "answered_drop", -0.02, 0.9, Figure(drop, drop - 0.001, drop + 0.001), drop,
                Figure(kept, kept, kept), kept, 100, 0.95)


def test_a_limit_shrinks_where_a_floor_gives_way_by_as_much_as_its_drop_is_too_large():
    p, k, _ = solved()
    places = {p.slot_of(block)[1]: o for o, block in enumerate(p.open_blocks)}
    lent = {("west", "east", *p.slot_of(block)): 4 for block in p.open_blocks}
    number, other = 13, 14
    before = k.most["west"].copy()
    cut(k, lent, [floor_at("west", number, -0.04), floor_at("west", number, -0.03)], 1.0)
    assert k.most["west"][places[number]] == 1  # of four seats 0.95 * 0.02 / 0.04
    assert k.most["west"][places[other]] == before[places[other]]
    cut(k, {}, [floor_at("west", other, -0.04)], 1.0)  # nothing was lent then
    assert k.most["west"].tolist() == [before[0], 1, *before[2:]]


def test_a_proof_looks_with_a_quarter_half_and_all_of_its_replications():
    assert [list(looks(number)) for number in (200, 30, 10, 2)] == [[50, 100, 200], [8, 15, 30], [5, 10], [2]]


def verdict_of(*floors):
    return Evaluation(2, Figure(1.0, 0.0, 2.0), {}, {}, {}, list(floors), {})


def of_mean(mean, half):
    return OfMean("west", 13, "answered_drop", -0.02, Figure(mean, mean - half, mean + half), 0.99)


@pytest.mark.parametrize(("first", "looked"), [
    ((-0.01, 0.005), [50]),              # proved
    ((-0.015, 0.009), [50, 100, 200]),   # not yet, but four times as many replications promise to prove it
    ((-0.018, 0.009), [50]),             # no hope of it
    ((-0.03, 0.001), [50])])
def test_a_proof_ends_where_all_is_proved_or_nothing_to_be_hoped_for(monkeypatch, first, looked):
    """Means stay here as they are at the first look, and intervals shrink with the root of the replications."""
    asked = []

    def seen(province, levers, luck, number):
        asked.append(number)
        mean, half = first
        return verdict_of(of_mean(mean, half * (50 / number)**0.5))

    monkeypatch.setattr("optimizer.lending.trials.proof.seen", seen)
    p = province(with_terms())
    proof = looked_at(p, (), ReplicationCache(5, p), 200)
    assert asked == looked
    assert proof.replications == asked[-1]


def greedy():
    """All that terms allow, of a lender whose floor allows less."""
    p, k, _ = solved()
    lent = {("west", "east", *p.slot_of(block)): int(cap) for block, cap in zip(p.open_blocks, p.caps["west"],
                                                                                  strict=True)}
    return p, Draft(ON_DUTY, k, orders.FOR_BORROWERS, lent)


def test_a_plan_whose_floor_gives_way_in_the_proof_is_cut_back_and_proved_on_other_luck():
    p, draft = greedy()
    before, lucks = dict(draft.lent), [ReplicationCache(seed, p) for seed in (5, 6, 7)]
    found, proof = proved(draft, lucks, 48)
    assert proof.levers == found.levers
    assert proof.luck.seed > 5
    assert found.lent != before
    assert all(seats <= before[slot] for slot, seats in found.lent.items())
    jobs = [Job.of(one, "kernel", proof.luck.seed) for one in (p.scenario, orders.with_plan(p, found.levers))]
    again = judge(p, [found.levers], *simulate(jobs, p.blocks, range(proof.replications)))
    assert again.people == proof.verdict.people


def test_what_is_cut_back_lends_at_no_time_more_and_less_where_a_floor_gave_way():
    _, draft = greedy()
    lent = lending.solve(cut_back(draft.known, draft.lent, [of_mean(-0.04, 0.0)], 1.0)).lent
    assert all(seats <= draft.lent[slot] for slot, seats in lent.items())
    assert lent["west", "east", 0, 13] <= 3     # half of seven
    assert draft.known.most["west"][1] == 3


def test_a_plan_that_is_proved_at_once_is_left_as_it_is():
    """And one whose last proof fails is told as it is, with the floor that gives way."""
    p, draft = greedy()
    modest = replace(draft, lent={("west", "east", 0, 13): 1})
    found, proof = proved(modest, [ReplicationCache(seed, p) for seed in (5, 6)], 200)
    assert found == modest
    assert (proof.luck.seed, proof.verdict.holds) == (5, True)
    found, proof = proved(draft, [ReplicationCache(5, p)], 48)
    assert found == draft
    assert not proof.verdict.holds


def test_no_replication_is_simulated_twice(monkeypatch):
    """And those that are added to some are as if they had been simulated at once."""
    p, simulated = province(with_terms()), []
    once = simulate([Job.of(p.scenario, "kernel", 3)], p.blocks, range(5))[0]

    def counting(jobs, blocks, replications, *how):
        simulated.append((len(jobs), replications))
        return simulate(jobs, blocks, replications, *how)

    monkeypatch.setattr("optimizer.lending.trials.replay.simulate", counting)
    luck, calm = ReplicationCache(3, p), p.scenario.model_copy(update={"surges": ()})
    first = luck.of([p.scenario], 2)[0]
    both = luck.of([p.scenario, calm, p.scenario], 5)
    fewer = luck.of([calm], 3)[0]
    assert simulated == [(1, range(2)), (1, range(5)), (1, range(2, 5))]
    assert (both[0].values == once.values).all()
    assert (both[2].values == once.values).all()
    assert (first.values == once.values[:2]).all()
    assert (fewer.values == both[1].values[:3]).all()


def test_a_policy_that_is_the_plan_itself_is_no_rival(found):
    luck = ReplicationCache(2, found.province)
    proof = Proof(luck, found.levers, 6, found.verdict)
    policies = {"placed-anew": found.scenario, "same-share": found.policies["same-share"]}
    rivals = of_rivals(found.province, policies, proof)
    assert set(rivals) == {"same-share"}
    one = rivals["same-share"]
    itself, other = luck.of([found.scenario, policies["same-share"]], one.verdict.replications)
    assert one.behind.mean == pytest.approx((itself.people - other.people).mean())


def test_every_term_that_hinders_has_a_price(found):
    """By the model, and none costs less than nothing; without floors more is answered."""
    assert set(found.asked.prices) == {"share", "keep", "floor"}
    assert all(price >= 0 for price in found.asked.prices.values())
    _, k, best = solved()
    free = lending.solve(without_floors(k))
    assert free.people > best.people


# --- what a planner gets ---------------------------------------------------------------------------------------------

SMALL = """
surgeline: 1
extends: two-cities
title: {zh: "<b>两城</b>", en: "[/red]<b>two</b>"}
"""


def command(*words, folder):
    return CliRunner().invoke(main, [*map(str, words)], catch_exceptions=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    here = tmp_path_factory.mktemp("plan")
    (here / "mine.yaml").write_text(SMALL)
    done = command("plan", here / "mine.yaml", "--replications", 12, "--lang", "en", "--out", here / "out", folder=here)
    assert done.exit_code == 0, done.output
    return here / "out"


def test_the_folder_has_the_plan_its_order_and_its_report(folder):
    assert {path.name for path in folder.iterdir()} == {"manifest.json", "plan.yaml", "policies.yaml",
                                                        "order.html", "order.xlsx", "report.html", "mine.yaml"}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["kind"] == "plan"
    assert manifest["effect"]["replications"] in (5, 6, 12)     # the looks of a proof
    assert manifest["stance"] in {one["name"] for one in manifest["menu"]}


def test_the_plan_is_a_scenario_that_is_replayed_as_it_was_proved(folder):
    scenario, manifest = load(folder / "plan.yaml"), json.loads((folder / "manifest.json").read_text())
    how = {"replications": manifest["effect"]["replications"], "seed": 2}
    result = replay(scenario, **how)
    alone = replay(province(load(folder / "mine.yaml")).scenario, **how)
    more = result.value("callers_answered").mean - alone.value("callers_answered").mean
    assert more == pytest.approx(manifest["effect"]["people"]["mean"])


def test_policies_are_variants_that_do_what_the_plan_was_measured_against(folder):
    """Replayed on the same luck. Routing is one for the whole horizon: it only counts since seats are ready."""
    scenario, manifest = load(folder / "policies.yaml"), json.loads((folder / "manifest.json").read_text())
    assert scenario.levers == load(folder / "plan.yaml").levers
    number = manifest["rivals"]["same-share"]["replications"]
    done = study(scenario, ["none", "same-share", "idle-seats"], replications=number, seed=2, workers=1)
    for name in ("same-share", "idle-seats"):
        more = (done.results[name].value("callers_answered").mean - done.results["none"].value("callers_answered").mean)
        assert more == pytest.approx(manifest["rivals"][name]["people"]["mean"])
    assert {"overflow", "pooled", "historical"} <= set(scenario.variants)


def test_a_plan_stands_on_all_files_of_a_scenario_whatever_it_is_called(tmp_path):
    """A name of its own, a base beside it that is called as one that ships, and a table of numbers."""
    (tmp_path / "two-cities.yaml").write_text(SMALL.replace("extends: two-cities", "extends: base/two-cities.yaml"))
    (tmp_path / "base").mkdir()
    shutil.copy(SHIPPED / "two-cities.yaml", tmp_path / "base" / "two-cities.yaml")
    (tmp_path / "mine.yaml").write_text("surgeline: 1\nextends: two-cities\nname: another\nstaff: {table: staff.csv}\n")
    (tmp_path / "staff.csv").write_text("start,east,west\n2021-08-02 00:00,7,12\n")
    done = command("plan", tmp_path / "mine.yaml", "--replications", 10, "--out", tmp_path / "out", folder=tmp_path)
    assert done.exit_code == 0, done.output
    planned, mine = load(tmp_path / "out" / "plan.yaml"), load(tmp_path / "mine.yaml")
    assert planned.staff == mine.staff
    same = {"levers": (), "title": mine.title, "name": "", "people": mine.people}  # a call-in says on what terms
    assert planned.model_copy(update=same) == mine.model_copy(update={"levers": (), "name": "", "observed": ()})


@pytest.mark.parametrize("name", ["order.html", "report.html"])
def test_pages_escape_and_fetch_nothing(folder, name):
    text = (folder / name).read_text()
    assert "<b>两城" not in text
    assert "<b>two" not in text
    assert "&lt;b&gt;" in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text
    assert "<script" not in text


def test_reports_are_built_again_from_the_folder_alone(folder):
    before = {name: (folder / name).read_text() for name in ("order.html", "report.html")}
    for name in before:
        (folder / name).unlink()
    assert command("report", folder, folder=folder).exit_code == 0
    assert {name: (folder / name).read_text() for name in before} == before


def test_a_window_without_a_whole_block_has_no_plan(tmp_path):
    (tmp_path / "late.yaml").write_text("surgeline: 1\nextends: two-cities\nlending: {agreed: 2021-08-02 17:30}\n")
    done = command("plan", tmp_path / "late.yaml", "--lang", "en", "--out", tmp_path / "out", folder=tmp_path)
    assert done.exit_code == 3
    assert not (tmp_path / "out").exists()


def test_too_few_replications_prove_no_plan(tmp_path):
    done = command("plan", "two-cities", "--replications", 9, "--lang", "en", "--out", tmp_path / "o", folder=tmp_path)
    assert done.exit_code == 2
    assert "10 or more" in done.output


def test_where_no_city_is_struck_it_is_said_that_borrowers_must_be_named(tmp_path):
    done = command("plan", "jiangsu-everyday", "--lang", "en", "--out", tmp_path / "out", folder=tmp_path)
    assert done.exit_code == 3
    assert "every city borrows (lending.borrowers" in " ".join(done.output.split())
    assert not (tmp_path / "out").exists()


# --- who lends, who borrows, and on which days -----------------------------------------------------------------------

def test_a_city_that_has_no_surge_may_borrow():
    found = plan(with_terms(borrowers=["west"], lenders=["east"], **NO_FLOOR), Wish(proof=10))
    assert found.province.borrowers == ("west",)
    assert set(found.verdict.gains) == {"west"}


def test_a_city_that_lends_and_borrows_has_floors_too():
    p = province(with_terms(borrowers=["east", "west"], lenders=["east", "west"]))
    levers = orders.levers_of(p, {("west", "east", 0, 12): 6, ("west", "east", 0, 13): 6})
    jobs = [Job.of(one, "kernel", 1) for one in (p.scenario, orders.with_plan(p, levers))]
    verdict = judge(p, [levers], *simulate(jobs, p.blocks, range(20)))
    assert {(floor.lender, floor.number) for floor in verdict.floors} == {("west", 12), ("west", 13), ("west", None)}
    assert not verdict.holds


def test_absence_goes_through_its_range_from_replication_to_replication():
    scenario = with_terms()
    absent = Quantity(number=0.1, range=(0.0, 0.5), kind="assumed")
    cities = {name: city.model_copy(update={"absence": absent}) for name, city in scenario.cities.items()}
    job = Job.of(scenario.model_copy(update={"cities": cities}), "kernel", 1)
    shares = [float(staffed(job, r).scenario.cities["west"].absence) for r in range(ABSENCES + 1)]
    assert shares == pytest.approx([0.05, 0.15, 0.25, 0.35, 0.45, 0.05])
    assert staffed(Job.of(scenario, "kernel", 1), 3).scenario == scenario


def test_replications_are_in_their_order_whatever_order_they_are_computed_in():
    p = province(with_terms())
    job = Job.of(p.scenario, "kernel", 3)
    together = simulate([job], p.blocks, range(7))[0]
    assert (together.values[5] == simulate([job], p.blocks, range(5, 6))[0].values[0]).all()


# --- bad input -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("says", "wrong"), [
    ('lending.borrowers[0]: "est" is no city; did you mean', "borrowers: [est]"),
    ('lending.lenders[0]: "nowhere" is no city; known are east, west', "lenders: [nowhere]"),
    ('lending.classes[0]: "urgnt" is no class; did you mean "urgent"?', "classes: [urgnt]"),
    ('lending.floors.wst: "wst" is no city; did you mean "west"?', "floors: {wst: {answered: 90 %}}"),
    ('lending.licences.wst: "wst" is no city; did you mean "west"?', "licences: {wst: 3}"),
    ("lending: nobody is left to lend", "borrowers: [east, west]"),
    ("lending.lenders[0]: west has 14 seats and keeps 14: it has none to lend", "lenders: [west]\n  keep: 14"),
    ("lending.lenders: names nobody; name a city", "lenders: []"),
    ("lending.pairs: is no term any more: name borrowers and lenders instead", "pairs: [[west, east]]"),
    ("lending.quantum: is no term any more: leave it out", "quantum: 2"),
    ("lending.off_duty: is no term any more: a plan says itself who is called in; leave it out", "off_duty: 50 %"),
    ("lending.call_in_cost: must be", "call_in_cost: -1"),
    ("lending.block: must divide a day", "block: 7 h"),
    ("lending.hold: must be whole days", "hold: 36 h"),
    ("lending.hours: must end later", 'hours: ["20:00", "08:00"]'),
])
def test_terms_that_make_no_sense_are_told(tmp_path, says, wrong):
    (tmp_path / "wrong.yaml").write_text(f"surgeline: 1\nextends: two-cities\nlending:\n  {wrong}\n")
    done = command("check", tmp_path / "wrong.yaml", "--lang", "en", folder=tmp_path)
    assert done.exit_code == 2
    assert says in done.output


@pytest.mark.parametrize(("says", "wrong"), [
    ("lending.agreed: seats are ready on 2021-08-01 10:00, outside the horizon", "agreed: 2021-08-01 08:00"),
    ("lending.floor.answered: west does not keep it in 90% of the days", "floor: {answered: 100 %}"),
    ("lending.floors.west.within: west does not keep it", "floors: {west: {within: 100 %}}"),
])
def test_terms_that_nobody_can_keep_are_told_where_they_stand(tmp_path, says, wrong):
    (tmp_path / "wrong.yaml").write_text(f"surgeline: 1\nextends: two-cities\nlending:\n  {wrong}\n")
    done = command("plan", tmp_path / "wrong.yaml", "--lang", "en", "--out", tmp_path / "out", folder=tmp_path)
    assert done.exit_code == 2
    assert "wrong.yaml:4:" in done.output
    assert says in done.output
    assert not (tmp_path / "out").exists()
