"""In which way each lender lends: measured for all of them, chosen by what they can give with their floors held, known
to the model and to what the surfaces promise, and written so that it can be read back."""
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from helping import with_terms
from ordered import ordered
from ortools.math_opt.python import mathopt
from quick_plans import few_trials

from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.promise import by_pair, gains, helped, losses, worth_of
from optimizer.lending.inputs.province import province
from optimizer.lending.menu import making, menu
from optimizer.lending.menu.drafts import Trying
from optimizer.lending.menu.stances import ON_DUTY, STANCES, WITHIN
from optimizer.lending.model import lending
from optimizer.lending.model.constraints import lent_as
from optimizer.lending.model.highs import run
from optimizer.lending.model.terms import with_terms as under_other_terms
from optimizer.lending.settings import LEAST_FACTOR, LEVELS, LEVELS_KEPT_IDLE, MOST_FACTOR
from optimizer.lending.trials import limits, rounds
from optimizer.lending.trials.corrections import Trial
from optimizer.lending.trials.evaluation import Evaluation
from optimizer.lending.trials.floors_of_means import OfMean
from optimizer.lending.trials.limits import Harm, Level, limited, measured
from optimizer.lending.trials.orders import FOR_BORROWER, HOME_FIRST, Serves, Way, levers_of
from optimizer.lending.trials.replay import ReplicationCache
from sim.measures.statistics import Figure
from sim.reading.loading import load
from sim.scenario.levers import Lend
from sim.scenario.people_levers import CallIn
from sim.world.build import build
from surgeline.cli import main
from surgeline.folders import edited_plan
from surgeline.folders.lending_plan import LendingPlan, dumped, instead
from surgeline.reports.lending_order import acd
from surgeline.reports.lending_order.view import OrderView
from surgeline.reports.page.words import Words

THREE = """
surgeline: 1
extends: two-cities
cities:
  north: {name: {zh: 北城, en: Northville}, tile: [0, 1], calls_a_day: 500, seats: 14, agents: 26, shifts: days,
          absence: 0, shrinkage: 20 %, lines_per_seat: 2}
surges:
  replace:
  - {city: east, class: everyday, profile: plain, shocks: [{at: 2021-08-02 10:00, callers: 2500, half_life: 4 h}]}
lending:
  second_surges: [{city: west, from: 2021-08-02 14:00, to: 2021-08-02 19:00, times: 3, chance: 30 %}]
"""
HOURS = range(12, 20)
TWO_IDLE = Way("home_first", 2)
NOTHING = Level(0.0, {})


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    """West and north, each of which may lend seven seats from noon to eight, and east, which borrows."""
    path = tmp_path_factory.mktemp("ways") / "three.yaml"
    path.write_text(THREE, encoding="utf-8")
    k = ON_DUTY.known(knowledge(province(load(path))))
    assert {name: caps.tolist() for name, caps in k.province.caps.items()} == {"west": [7] * 8, "north": [7] * 8}
    return k


def plan(seats, lender="west", hours=HOURS):
    return {(lender, "east", 0, hour): seats for hour in hours}


# --- chosen by lender ------------------------------------------------------------------------------------------------

def level(part, brings=1.0, costs=1.0, **least):
    """What each lender's day keeps, where it may drop by two points."""
    return Level(part, {(name, None): {"day_drop": (value, -0.02)} for name, value in least.items()}, brings, costs)


def test_each_lender_lends_in_the_way_in_which_it_can_bring_most(three):
    """With no idle seats west drops by ten points and keeps a fifth of its seven seats: one an hour, worth 8 * 0.9.
    With two idle it keeps all: 56 * 0.6. North keeps all either way: 56 * 0.9 beat 56 * 0.6."""
    k = three.apart()
    harms = [Harm(HOME_FIRST, [NOTHING, level(1.0, 0.9, 0.5, west=-0.1, north=-0.01)]),
             Harm(TWO_IDLE, [NOTHING, level(1.0, 0.6, 0.3, west=-0.02, north=0.0)])]
    assert limited(k, harms, 1.0) == {"west": TWO_IDLE, "north": HOME_FIRST}
    assert {name: most.tolist() for name, most in k.most.items()} == {"west": [7] * 8, "north": [7] * 8}
    assert k.brings == {"west": 0.6, "north": 0.9}
    assert k.costs == pytest.approx(0.4)                    # half of 0.5 and 0.3
    generous = three.apart()                                # four times as far: five of seven
    assert limited(generous, harms[:1], 4.0) == {"west": HOME_FIRST, "north": HOME_FIRST}
    assert generous.most["west"].tolist() == [5] * 8        # 0.08 of 0.1


def test_what_seats_bring_is_read_where_as_many_are_lent_as_the_floors_allow(three):
    """One of west's seven and all of north's are 64 of 112: between a fifth, where seats bring all, and all seats,
    which bring four fifths."""
    k = three.apart()
    harm = Harm(HOME_FIRST, [NOTHING, level(0.2, 1.0, 0.4), level(1.0, 0.8, 0.9, west=-0.1, north=-0.01)])
    limited(k, [harm], 1.0)
    between = (64 / 112 - 0.2) / 0.8
    assert k.brings == {name: pytest.approx(1 - 0.2 * between) for name in ("west", "north")}
    assert k.costs == pytest.approx(0.4 + 0.5 * between)


@pytest.mark.parametrize(("least", "seats", "way"), [
    (-0.07, 2, HOME_FIRST),       # 0.02 of 0.07: two seats, which both stay idle, against one that helps
    (-0.14 / 3, 3, TWO_IDLE),     # 0.02 of 0.0467: three seats, worth 24 * 0.6 against 8 * 0.9
])
def test_seats_that_all_stay_idle_bring_nothing(three, least, seats, way):
    k = three.apart()
    harms = [Harm(HOME_FIRST, [NOTHING, level(1.0, 0.9, west=-0.1)]),
             Harm(TWO_IDLE, [NOTHING, level(1.0, 0.6, west=least)])]
    assert limits.most_of(k.province, harms[1].levels, "west", 1.0).tolist() == [seats] * 8
    assert limited(k, harms, 1.0) == {"west": way}
    assert k.most["west"].tolist() == [1 if way == HOME_FIRST else seats] * 8
    assert "north" not in k.brings                          # of whom nothing was measured
    assert k.most["north"].tolist() == three.most["north"].tolist()


def test_who_can_lend_in_no_way_lends_nothing_in_the_first(three):
    k = three.apart()
    broken = {"answered": (0.7, 0.8)}
    harms = [Harm(way, [NOTHING, Level(0.35, {("west", None): broken})]) for way in (HOME_FIRST, TWO_IDLE)]
    assert limited(k, harms, 1.0) == {"west": HOME_FIRST}
    assert k.most["west"].tolist() == [0] * 8


# --- measured --------------------------------------------------------------------------------------------------------

@pytest.fixture
def told(monkeypatch):
    """Have each look tell of a drop; returns the looks that were taken: how many stay idle, and how many seats there
    are at once at the most."""
    def of(*drops, people=60.0):
        found, looks = iter(drops), []

        def seen(province, levers, luck, replications):
            drop = next(found)
            looks.append((max((one.keep_idle for one in levers), default=0),
                          sum(float(one.seats) for one in levers)))
            floor = OfMean("west", 13, "answered_drop", -0.02, Figure(drop, drop, drop), 0.95)
            more, fewer = (Figure(number, number, number) for number in (people, -people / 10))
            return Evaluation(4, floor.mean, {"east": more}, {"west": fewer}, {}, [floor], {})

        monkeypatch.setattr(limits, "seen", seen)
        return looks
    return of


def of_ways(k, *ways):
    return measured(k, ways, ReplicationCache(5, k.province), 4, 4.0)


@pytest.mark.parametrize(("drops", "ways"), [
    ([-0.02] * 6, 1), ([*[-0.01] * 5, -0.021], 2),
    ([-0.01, -0.03, *[-0.01] * 4], 2),        # luck made it keep the floor again: it gave way all the same
    ([-0.06], 2),                             # beyond what the most generous plan bears: no more levels
])
def test_another_way_is_measured_only_where_floors_bind(three, told, drops, ways):
    looks = told(*drops, *[0.0] * 20)
    found = of_ways(three, HOME_FIRST, TWO_IDLE)
    assert [one.way for one in found] == [HOME_FIRST, TWO_IDLE][:ways]
    assert [one.part for one in found[0].levels] == [0.0, *LEVELS[:len(drops)]]
    assert [idle for idle, _ in looks[:len(drops)]] == [0] * len(drops)
    if ways > 1:
        assert [one.part for one in found[1].levels] == [0.0, *LEVELS_KEPT_IDLE]
        assert looks[len(drops):] == [(0, 0), (2, 2 * 4), (2, 2 * 6), (2, 2 * 7)]    # of seven: two seats are none


@pytest.mark.parametrize(("drop", "drops", "ways"), [
    (-0.0099, 0.5, 1), (-0.0101, 0.5, 2),       # half of two points
    (-0.0101, 1.0, 1), (-0.0201, 1.0, 2), (-0.0201, 2.5, 1)])
def test_floors_bind_where_they_do_for_the_plan_that_lets_service_drop_least(three, told, drop, drops, ways):
    told(*[drop] * 20)
    luck = ReplicationCache(5, three.province)
    assert len(measured(three, [HOME_FIRST, TWO_IDLE], luck, 4, 4.0, drops)) == ways


def test_what_is_owed_at_the_least_binds_all_plans_alike():
    harm = Harm(HOME_FIRST, [NOTHING, Level(0.1, {("west", None): {"answered": (0.7, 0.8)}})])
    assert [harm.floors_bind(drops) for drops in (0.5, 1.0, 2.5)] == [True] * 3


def test_a_menu_measures_the_other_way_where_half_of_the_drops_bind_and_a_rolling_plan_does_not(three, told):
    """A drop of a point and a half: two points allow it, the half that ``unnoticed`` has does not."""
    ways = []
    for stances in (STANCES, [WITHIN]):
        told(*[-0.015] * 20)
        trying = Trying(ReplicationCache(5, three.province), 4, 4.0)
        ways.append([one.way for one in making.harm_of_lending(three, stances, trying)])
    assert ways == [[HOME_FIRST, TWO_IDLE], [HOME_FIRST]]


def test_a_level_tells_what_part_of_the_promise_came(three, told):
    """Sixty people more of so many promised, and six fewer of so many, or of one where less than one was."""
    told(*[0.0] * 6)
    [harm] = of_ways(three, HOME_FIRST)
    promised = []
    for one in harm.levels[1:]:
        lent = limits.lent_by_all(three.province, one.part)
        promised.append(sum(values.sum() for values in losses(three, lent).values()))
        assert one.brings == pytest.approx(60 / gains(three, lent)["east"].sum())
        assert one.costs == pytest.approx(min(6 / max(promised[-1], 1), MOST_FACTOR))
    assert promised[0] < 1 < promised[-1]
    assert (harm.levels[0].brings, harm.levels[0].costs) == (1.0, 1.0)


@pytest.mark.parametrize(("promised", "people", "part"), [
    ([3.0, 5.0], [4.0, 2.0], 0.75),
    ([0.25, 0.25], [2.0], 2.0),         # of a person, not of half of one
    ([3.0, 5.0], [-4.0, 2.0], 0.1),     # no factor is below what the model may learn, or above it:
    ([3.0, 5.0], [0.4], 0.1),
    ([0.25, 0.25], [9.0], 3.0),         # nine people of half of one are luck
])
def test_what_part_of_the_promise_came_is_no_more_than_the_model_may_learn(promised, people, part):
    assert limits.of_promised({"east": np.array(promised)}, people) == pytest.approx(part)


@pytest.mark.parametrize(("people", "factor"), [(-60.0, LEAST_FACTOR), (60_000.0, MOST_FACTOR)])
def test_no_lender_learns_wilder_factors_from_unlucky_levels(three, told, people, factor):
    told(*[0.0] * 6, people=people)
    k = three.apart()
    limited(k, of_ways(three, HOME_FIRST), 1.0)
    assert (k.brings, k.costs) == ({"west": factor}, factor)


# --- known to the model and to what surfaces promise -----------------------------------------------------------------

@pytest.mark.parametrize("brings", [{}, {"west": 0.5}, {"west": 0.5, "north": 0.25}, {"north": 0.0}], ids=str)
def test_the_model_and_the_promise_count_a_lenders_seats_alike(three, brings):
    """Of four seats of west and three of north, in seats of east's own."""
    k, lent = replace(three, brings=brings), plan(4) | plan(3, "north", range(14, 17))
    model, promised = lending.build(k), helped(worth_of(k, "east"), by_pair(k.province, lent))
    for o, block in enumerate(k.province.open_blocks):
        guest = k.province.guest_worth("east", block)
        north = 3 * (block in range(14, 17))
        assert promised[o] == pytest.approx(guest * (4 * brings.get("west", 1.0) + north * brings.get("north", 1.0)))
        at = {x: lent.get(slot, 0) for slot, x in model.lent.items()}
        assert mathopt.evaluate_expression(model.helped("east", block), at) == pytest.approx(promised[o])


def test_what_a_seat_brings_changes_what_the_solver_promises_and_whom_it_asks(three):
    """Who bring nothing are asked for nothing, though as many of others would be lent."""
    k = replace(three, brings={"west": 0.0}, strikes=[])
    lent, usual = lending.solve(k).lent, lending.solve(replace(k, brings={})).lent
    assert {slot[0] for slot in usual} == {"west", "north"}
    assert {slot[0] for slot in lent} == {"north"}
    less, whole = (replace(k, brings=brings) for brings in ({"west": 0.5, "north": 0.5}, {}))
    assert 0 < gains(less, usual)["east"].sum() < gains(whole, usual)["east"].sum()
    assert gains(less, plan(6))["east"] == pytest.approx(gains(whole, plan(3))["east"])


def test_the_goal_of_the_solver_is_worth_what_surfaces_promise(three):
    """West's four seats at half are two: the same goal but for what lending costs west."""
    k = replace(three, strikes=[], costs=0.0)
    model, half = lending.build(replace(k, brings={})), lending.build(replace(k, brings={"west": 0.5}))
    lent_as(model, plan(2))
    lent_as(half, plan(4))
    cost = (float(k.province.agreement.seat_hour_cost) * 2) * len(HOURS)
    assert run(half.solver).objective_value() == pytest.approx(run(model.solver).objective_value() - cost, rel=1e-4)


def test_seats_that_are_recalled_take_back_what_they_brought_and_no_more(three):
    """In a second surge west's four seats go home: east is as without help, not worse."""
    k = replace(three, brings={"west": 0.5})
    model = lending.build(k)
    struck = model.courses[1]
    assert struck.back
    for pair, block in struck.back:
        at = {x: 4 if slot[0] == "west" else 0 for slot, x in model.lent.items()} | dict.fromkeys(
            struck.called.values(), 0) | {x: 4 * (where == (pair, block)) for where, x in struck.back.items()}
        assert mathopt.evaluate_expression(model.helped("east", block, struck), at) == pytest.approx(0.0)
        one = {**at, struck.called[("north", "east"), block]: 1}
        assert mathopt.evaluate_expression(model.helped("east", block, struck), one) == pytest.approx(
            k.province.guest_worth("east", block))


def test_other_terms_keep_what_seats_bring(three):
    k = replace(three, brings={"west": 0.5})
    for terms in ({"seats": 3}, {"share": 0.3}):
        changed = {name: getattr(with_terms(**{name: value}).lending, name) for name, value in terms.items()}
        assert under_other_terms(k, changed).brings == {"west": 0.5}


def test_what_a_stance_or_a_copy_learns_of_ways_no_other_knows():
    whole = replace(knowledge(province(with_terms())), brings={"west": 0.5})
    copies = [stance.known(whole) for stance in STANCES] + [whole.apart()]
    for k, one in enumerate(copies):
        one.brings["west"] = float(k)
    assert whole.brings == {"west": 0.5}
    assert [one.brings["west"] for one in copies] == list(range(7))


# --- as levers -------------------------------------------------------------------------------------------------------

def test_seats_that_all_stay_idle_are_no_lever(three):
    """Of west, of which two stay idle; north lends two in its own way."""
    lent = plan(2, hours=[12, 14]) | plan(3, hours=[13]) | plan(2, "north", [12])
    serves = Serves(HOME_FIRST, FOR_BORROWER, {"west": TWO_IDLE})
    west, north = sorted(levers_of(three.province, lent, serves), key=lambda one: one.keep_idle, reverse=True)
    assert (west.lender, west.hours, float(west.seats), west.keep_idle) == ("west", (780, 840), 3, 2)
    assert (north.lender, north.hours, float(north.seats), north.keep_idle) == ("north", (720, 780), 2, 0)
    assert levers_of(three.province, plan(2), serves) == ()


def test_people_who_are_called_in_do_not_follow_their_citys_way():
    p = WITHIN.within(province(with_terms()))
    serves = Serves(HOME_FIRST, FOR_BORROWER, {"west": TWO_IDLE, "west+": TWO_IDLE})
    lent = plan(3) | plan(1, "west+") | {("east+", "east", 0, hour): 1 for hour in range(12, 16)}
    found = levers_of(p, lent, serves)
    lends = {(one.serves, one.keep_idle, float(one.off_duty)) for one in found if isinstance(one, Lend)}
    assert lends == {("home_first", 2, 0.0), ("borrower", 0, 1.0)}
    assert sum(isinstance(one, CallIn) for one in found) == 1


STEPS = plan(3, hours=[12, 14, 15]) | plan(5, hours=[13])


@pytest.fixture(scope="module")
def idle():
    """Levers of three, five and three seats, of which two stay idle: two stints, the upper one of two seats."""
    found = levers_of(ON_DUTY.within(province(with_terms())), STEPS, Serves(FOR_BORROWER, FOR_BORROWER,
                                                                             {"west": TWO_IDLE}))
    assert sorted((one.hours, float(one.seats), one.keep_idle) for one in found) == [
        ((720, 960), 3, 2), ((780, 840), 2, 2)]
    return found


def test_stints_on_top_of_each_other_keep_as_many_idle_as_one(idle):
    """One group of seats, of which two stay idle."""
    setting = build(ON_DUTY.within(province(with_terms())).scenario.model_copy(update={"levers": idle}))
    [pool] = [k for k, one in enumerate(setting.names.pools) if one.kind == "lent"]
    assert setting.world.pool_release[pool] == 2


def test_a_plan_that_keeps_seats_idle_is_written_and_read_back_the_same(idle, tmp_path):
    """The upper stint's two seats by themselves would all stay idle: with those below they do not."""
    (tmp_path / "plan.yaml").write_text(dumped({"surgeline": 1, "extends": "two-cities", "levers": instead(*idle)}),
                                        encoding="utf-8")
    again = load(tmp_path / "plan.yaml").levers
    assert list(map(edited_plan.canonical, again)) == list(map(edited_plan.canonical, idle))
    assert [one.keep_idle for one in edited_plan.read(tmp_path / "plan.yaml", None).levers] == [2, 2]


def test_an_order_says_how_many_seats_the_acd_keeps_idle(idle, tmp_path):
    """Once, though there are two stints."""
    view = OrderView(ordered(tmp_path, *(one.model_dump(by_alias=True) for one in idle)))
    zh, en = (acd.settings(view, Words(lang), "west") for lang in ("zh", "en"))
    assert [said.count("空闲多于 2 席时才接受援市来电") for said in zh] == [1]
    assert [said.count("more than 2 of them are idle") for said in en] == [1]


def test_a_plan_whose_seats_stay_idle_is_planned_written_and_ordered(tmp_path, monkeypatch):
    few_trials(monkeypatch)
    monkeypatch.setattr(making, "KEPT_IDLE", (2,))
    monkeypatch.setattr(menu, "there_already", lambda *_: [])      # no levers of the scenario in the plan's place
    done = CliRunner().invoke(main, ["plan", "two-cities", "--choose", "on_duty", "--replications", "10", "--lang",
                                     "zh", "--out", str(tmp_path / "out")], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    manifest = LendingPlan.read(tmp_path / "out").manifest
    assert {(one.serves, one.keep_idle) for one in manifest.lends} == {("home_first", 2)}
    again = load(tmp_path / "out" / "plan.yaml").levers
    assert list(map(edited_plan.canonical, again)) == list(map(edited_plan.canonical, manifest.levers))
    assert "空闲多于 2 席时才接受援市来电" in (tmp_path / "out" / "order.html").read_text(encoding="utf-8")


# --- cut back --------------------------------------------------------------------------------------------------------

def drop(mean, number=13, lender="west"):
    return OfMean(lender, number, "answered_drop", -0.02, Figure(mean, mean, mean), 0.95)


def test_a_plan_is_cut_back_from_what_it_lent_whatever_other_trials_taught(three):
    """Four seats of west until six, where another trial had left it one at three and seven at seven; at one the floor
    allows half of them, and a little less."""
    k, lent = three.apart(), plan(4, hours=range(12, 18)) | plan(5, "north")
    k.most["west"][:] = [7, 7, 7, 1, 7, 7, 7, 7]
    k.most["north"][:] = 2
    less = rounds.cut_back(k, lent, [drop(-0.04)], 1.0)
    assert less.most["west"].tolist() == [4, 1, 4, 4, 4, 4, 0, 0]         # of four seats 0.95 * 0.02 / 0.04
    assert less.most["north"].tolist() == [5] * 8
    assert k.most["west"].tolist() == [7, 1, 7, 1, 7, 7, 7, 7]            # which becomes known
    found = lending.solve(less).lent
    assert found.keys() <= lent.keys()
    assert all(seats <= lent[slot] for slot, seats in found.items())
    assert found["west", "east", 0, 13] <= 1


def test_cutting_back_keeps_what_seats_bring_and_cost(three):
    k = replace(three.apart(), brings={"west": 0.5}, costs=0.3, delivers={"east": 0.8})
    less = rounds.cut_back(k, plan(4), [drop(-0.04)], 1.0)
    assert (less.brings, less.costs, less.delivers) == ({"west": 0.5}, 0.3, {"east": 0.8})


@pytest.fixture
def trials(three, monkeypatch):
    """What is tried of one knowledge, where a plan's floor at one in the afternoon drops by this much and the model
    learns something each time."""
    def of(drops, learns):
        found, taught = iter(drops), iter(learns)

        def tried(province, solution, serves, luck, replications, times):
            mean = next(found)
            verdict = Evaluation(4, Figure(1.0, 0.0, 2.0), {}, {}, {}, [drop(mean)], {})
            return Trial(solution, (), serves, verdict, verdict.unsure(times), 1.0)

        def learn(estimates, trial, times):
            seats = next(taught)
            if seats is not None:
                estimates.most["west"][:] = seats
            return seats is not None

        monkeypatch.setattr(rounds, "tried", tried)
        monkeypatch.setattr(rounds, "learn", learn)
        monkeypatch.setattr(rounds, "simulated_together", lambda *_: None)
        k = replace(three.apart(), strikes=[])
        k.most["west"][:] = 6
        return rounds.rounds([k], [Serves(HOME_FIRST)], ReplicationCache(5, k.province), 4, 4.0)[0]
    return of


def seats_at(trial, hour):
    return trial.solution.lent.get(("west", "east", 0, hour), 0)


def test_a_plan_that_has_doubts_in_all_rounds_is_cut_back_once(trials):
    """The first was the best of them; the second round's limits are forgotten."""
    first, second, last = trials([-0.03, -0.03, -0.01], [2, 1])
    assert (seats_at(first, 14), seats_at(second, 14)) == (6, 2)
    assert seats_at(last, 13) == 3                   # of six 0.95 * 0.02 / 0.03
    assert seats_at(last, 14) == 6
    assert all(seats <= first.solution.lent[slot] for slot, seats in last.solution.lent.items())


def test_a_plan_without_doubts_is_not_cut_back(trials):
    assert len(trials([-0.03, -0.01], [2, 1])) == 2
    assert len(trials([-0.01], [None])) == 1
