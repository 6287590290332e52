"""The menu of plans: whom each stance asks, what a plan asks of people, which is recommended, and that no plan of it is
worse than one that asks less or was there already."""
import json
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from click.testing import CliRunner
from helping import with_terms
from quick_plans import few_trials
from two_neighbours import two_neighbours

from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.promise import cost
from optimizer.lending.inputs.province import province
from optimizer.lending.menu.drafts import Draft, Trying
from optimizer.lending.menu.hours import cost_of, lent_by
from optimizer.lending.menu.making import at_least_as_good, first_solved, ways_called_in, ways_on_duty
from optimizer.lending.menu.menu import MenuInputs, drafts
from optimizer.lending.menu.options import Asked, Option, asked_of, recommended, same_as, without_doubles
from optimizer.lending.menu.proving import proved
from optimizer.lending.menu.so_far import SoFar
from optimizer.lending.menu.stances import ON_DUTY, STANCES, WITHIN, scaled
from optimizer.lending.menu.there_already import of_others, there_already
from optimizer.lending.model.lending import solve
from optimizer.lending.model.terms import allowed, without_floors
from optimizer.lending.plan import NAMES, Wish, plan
from optimizer.lending.progress import Progress
from optimizer.lending.settings import GAP
from optimizer.lending.trials import orders
from optimizer.lending.trials.benchmark_policies import idle_seats_lent, same_share_lent
from optimizer.lending.trials.evaluation import Evaluation
from optimizer.lending.trials.floors_of_means import OfMean
from optimizer.lending.trials.orders import FOR_BORROWER, FOR_BORROWERS, HOME_FIRST, Serves, Way
from optimizer.lending.trials.proof import Proof
from optimizer.lending.trials.replay import ReplicationCache
from sim.measures.statistics import Figure
from sim.scenario.lending_terms import Floor
from sim.scenario.levers import Lend
from sim.scenario.people_levers import CallIn
from surgeline.cli import main

STANCE = {stance.name: stance for stance in STANCES}
WIDE = {"answered_drop": "4 %", "within_drop": "10 %", "day_drop": "6 %"}
ALL_HOME_FIRST = Serves(HOME_FIRST, HOME_FIRST)


# --- stances ---------------------------------------------------------------------------------------------------------

def test_the_menu_goes_from_who_asks_least_to_who_asks_for_everything():
    assert NAMES == ("unnoticed", "on_duty", "called_in", "within", "emergency", "everything")
    for i, one in enumerate(STANCES):
        assert one.asks_no_more_than(one)
        assert one.asks_no_more_than(STANCES[-1])
        assert not any(later.asks_no_more_than(one) for later in STANCES[i + 1:])


@pytest.mark.parametrize(("one", "no_more_than"), [
    ("unnoticed", {"unnoticed", "on_duty", "within", "emergency", "everything"}),
    ("on_duty", {"on_duty", "within", "emergency", "everything"}),
    ("called_in", {"called_in", "within", "emergency", "everything"}),     # nobody on duty, so no more than within
    ("within", {"within", "emergency", "everything"}), ("emergency", {"emergency", "everything"}),
    ("everything", {"everything"})])
def test_what_one_stance_allows_another_one_allows(one, no_more_than):
    assert {name for name in NAMES if STANCE[one].asks_no_more_than(STANCE[name])} == no_more_than


@pytest.mark.parametrize(("name", "sources", "emergency", "answered", "ordinary"), [
    ("unnoticed", {"west"}, False, 0.01, True), ("on_duty", {"west"}, False, 0.02, True),
    ("called_in", {"west+", "east+"}, False, 0.02, True), ("within", {"west", "west+", "east+"}, False, 0.02, True),
    ("emergency", {"west", "west+", "east+"}, True, 0.02, False),
    ("everything", {"west", "west+", "east+"}, True, 0.05, False)])
def test_a_stance_asks_only_some_and_lets_service_drop_so_far(name, sources, emergency, answered, ordinary):
    p = STANCE[name].within(province(with_terms()))
    assert {source for source, _ in p.pairs} == sources
    assert p.emergency is emergency
    assert float(p.agreement.floor_of("west").answered_drop) == pytest.approx(answered)
    assert STANCE[name].ordinary is ordinary


def test_drops_are_scaled_of_every_lender_and_what_is_owed_at_the_least_is_not():
    floor = Floor.model_validate({"answered": "80 %", "answered_drop": "3 %", "within_drop": "60 %", "day_drop": "1 %",
                                  "confidence": "95 %"})
    wide = scaled(floor, 2.5)
    assert [float(one) for one in (wide.answered, wide.answered_drop, wide.within_drop, wide.day_drop, wide.confidence)
            ] == pytest.approx([0.8, 0.075, 1.0, 0.025, 0.95])      # nobody can miss more than all
    terms = with_terms(floors={"west": {"answered_drop": "4 %"}}).lending
    assert float(STANCE["unnoticed"].terms(terms).floor_of("west").answered_drop) == pytest.approx(0.02)
    assert ON_DUTY.terms(terms) is terms


def test_what_one_stance_learns_another_does_not_know():
    whole = knowledge(province(with_terms()))
    one, other = ON_DUTY.known(whole), WITHIN.known(whole)
    one.most["west"][:], one.delivers["east"] = 0, 0.1
    assert other.most["west"].min() > 0
    assert other.delivers == whole.delivers == {"east": 1.0}
    assert STANCE["called_in"].known(whole).most == {}


def test_where_calls_go_to_guests_first_people_who_are_called_in_answer_for_the_borrower_alone_to_begin_with():
    first, usual = province(with_terms(first=True)), province(with_terms())
    assert ways_on_duty(first) == ways_on_duty(usual) == (HOME_FIRST, Way("home_first", 2))
    assert ways_called_in(first) == (FOR_BORROWER, HOME_FIRST)
    assert ways_called_in(usual) == (HOME_FIRST, FOR_BORROWER)


# --- when levers act -------------------------------------------------------------------------------------------------

def lend(**more):
    return Lend.model_validate({"kind": "lend", "lender": "neighbour", "borrower": "town", "seats": 4,
                                "from": "2021-07-31 08:00", "to": "2021-08-02 16:00", "hours": ["08:00", "16:00"],
                                "presence": "100 %"} | more)


def call(**more):
    return CallIn.model_validate({"kind": "call_in", "city": "town", "people": 3, "from": "2021-07-31 07:00",
                                  "to": "2021-08-01 12:00", "hours": ["08:00", "12:00"]} | more)


@pytest.mark.parametrize(("more", "times"), [
    ({}, [("31 08", "31 16"), ("01 08", "01 16"), ("02 08", "02 16")]),
    ({"from": "2021-08-01 10:00", "to": "2021-08-02 09:00"}, [("01 10", "01 16"), ("02 08", "02 09")]),
    ({"from": "2021-08-01 17:00", "to": "2021-08-02 08:00"}, []),
    ({"from": "2021-07-31", "to": "2021-08-01 23:00", "hours": ["22:00", "06:00"]},
     [("31 00", "31 06"), ("31 22", "01 06"), ("01 22", "01 23")]),
])
def test_a_lever_acts_at_hours_of_each_day(more, times):
    span = lend(**more).span
    found = [tuple(f"{at:%d %H}" for at in one) for one in span.stretches()]
    assert found == times
    for quarter in range(4 * 24 * 4):       # as the world has it
        at = datetime(2021, 7, 31) + timedelta(minutes=15 * quarter)
        assert span.covers(at) == any(begin <= at < end for begin, end in span.stretches())


def test_hours_of_seats_and_of_people_have_to_be_worth_something(tmp_path):
    """Half a person an hour of a seat, a tenth of one an hour of somebody called in, of whom five man four seats."""
    changes = {"shrinkage: 0": "shrinkage: 20 %", "seat_hour_cost: 0": "seat_hour_cost: 0.5"}
    p = province(two_neighbours(tmp_path, **changes))
    assert lend().span.total_hours == 24
    assert cost_of(p, [lend()]) == pytest.approx(0.5 * 4 * 24)
    assert cost_of(p, [lend(off_duty="100 %")]) == pytest.approx(0.1 * 5 * 24)
    assert cost_of(p, [lend(off_duty="25 %"), call()]) == pytest.approx(0.5 * 3 * 24 + 0.1 * 1.25 * 24 + 0.1 * 3 * 8)
    assert cost_of(p, []) == 0


def test_levers_of_a_plan_cost_what_the_model_says(tmp_path):
    """And lend what it lends."""
    k = WITHIN.known(knowledge(province(two_neighbours(tmp_path, **{"seat_hour_cost: 0": "seat_hour_cost: 0.5"}))))
    lent = solve(k).lent
    levers = orders.levers_of(k.province, lent)
    assert cost_of(k.province, levers) == pytest.approx(cost(k.province, lent))
    assert lent_by(k.province, levers) == {slot: n for slot, n in lent.items() if slot[0] != "town+"}


# --- whom it asks ----------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    return province(two_neighbours(tmp_path_factory.mktemp("towns"), "overtime_month: 1, weekly_rest: 3",
                                   **{"shrinkage: 0": "shrinkage: 20 %"}))


def test_nobody_is_asked_by_seats_on_duty(towns):
    assert asked_of(towns, [lend()]) == Asked(0, 0, 0, 0, 0, True)
    assert asked_of(towns, []) == Asked(0, 0, 0, 0, 0, True)


def test_people_hours_and_yuan_are_those_of_all_days(towns):
    """Three of the town on two days for four hours, and five of the neighbour on three days for eight."""
    found = asked_of(towns, [call(), lend(off_duty="100 %")])
    assert found.people == pytest.approx(3 * 2 + 5 * 3)
    assert found.hours == pytest.approx(3 * 2 * 4 + 5 * 3 * 8)
    price = 2 * float(towns.scenario.staffing_terms.prices.hour)      # twice the usual on a day of rest
    assert found.yuan == pytest.approx(price * (24 + 120))


def test_hours_beyond_the_limits_are_counted_by_month_and_city(towns):
    """An hour a month each: the town's 24 people may work 24 hours in July and 24 in August, the neighbour's 40 hours.
    What is left of one month or city is of no use in another."""
    july, august = {"to": "2021-07-31 12:00"}, {"from": "2021-08-01 07:00", "to": "2021-08-02 12:00"}
    assert asked_of(towns, [call(people=6, **july)]).beyond == 0
    assert asked_of(towns, [call(people=10, **july)]).beyond == pytest.approx(16)
    assert asked_of(towns, [call(people=10, **july), call(people=1, **august)]).beyond == pytest.approx(16)
    assert asked_of(towns, [call(people=5, **august)]).beyond == pytest.approx(16)
    whole = [call(people=10, **july), lend(off_duty="100 %", to="2021-07-31 16:00")]      # 40 hours of the neighbour
    assert asked_of(towns, whole).beyond == pytest.approx(16)
    assert asked_of(towns, [lend(off_duty="100 %")]).beyond == pytest.approx(120 - 40 - 40 - 0)


def test_days_of_rest_beyond_those_that_can_be_spared_are_counted_by_week(towns):
    """Three days of rest a week leave half a day of 24 people: twelve days off in the week."""
    assert towns.off_duty["town"].days == pytest.approx(12)
    assert asked_of(towns, [call(people=6)]).rest == 0
    assert asked_of(towns, [call(people=8)]).rest == pytest.approx(4)


# --- which is recommended --------------------------------------------------------------------------------------------

def option(name, people, broken=False, declared=False, levers=()):
    floor = OfMean("west", 12, "answered_drop", -0.02, Figure(*((-0.03,) * 3 if broken else (-0.01,) * 3)), 0.95)
    verdict = Evaluation(9, Figure(people, people - 1, people + 1), {}, {}, {}, [floor], {})
    draft = Draft(STANCE[name], None, FOR_BORROWERS, {}, given=(*levers, lend(seats=people)))
    return Option(draft, Proof(None, (), 9, verdict), Asked(0, 0, 0, 0, 0, declared))


@pytest.mark.parametrize(("menu", "name"), [
    ([("unnoticed", 90), ("on_duty", 99), ("within", 100)], "on_duty"),    # asks least of those that bring 98 of 100
    ([("unnoticed", 98), ("on_duty", 99), ("within", 100)], "unnoticed"),
    ([("unnoticed", 96), ("on_duty", 97), ("within", 100)], "within"),
    ([("on_duty", 50), ("within", 100)], "within"),
    ([("on_duty", 50), ("within", 100), ("everything", 500)], "within"),   # nobody may ask for wider floors
    ([("within", 100), ("emergency", 200)], "within"),                     # nobody has said that it is one
    ([("within", 100), ("emergency", 200, False, True)], "emergency"),
    ([("within", 100), ("everything", 200, False, True)], "within"),
    ([("on_duty", 90), ("within", 100, True)], "on_duty"),                 # a floor gives way
    ([("on_duty", 90, True), ("within", 100, True)], "within"),            # of all: then what brings most
])
def test_who_asks_least_for_nearly_as_much_is_recommended(menu, name):
    assert recommended([option(*one) for one in menu]).name == name


def test_doubles_fall_out_and_the_one_that_asks_less_stays():
    same, other = option("unnoticed", 50), option("on_duty", 60)
    again = replace(option("within", 60), draft=replace(option("within", 60).draft, given=other.draft.given))
    assert [one.name for one in without_doubles([same, other, again])] == ["unnoticed", "on_duty"]
    assert same_as(again, [same, other]) is other


# --- what is there already -------------------------------------------------------------------------------------------

TWO = {"kind": "lend", "lender": "west", "borrower": "east", "seats": 4, "from": "2021-08-02 12:00",
       "to": "2021-08-02 20:00", "presence": "80 %"}


def draft_of(stance=ON_DUTY, lent=None, **terms):
    k = stance.known(knowledge(province(with_terms(**terms))))
    return Draft(stance, k, ALL_HOME_FIRST, lent or {})


def found_already(*levers, stance=ON_DUTY, **terms):
    """Names of lever sets that may stand in a draft's place, where the scenario has these levers and no variants."""
    scenario = with_terms(**terms)
    raw = tuple(Lend.model_validate(TWO | one) for one in levers)
    scenario = scenario.model_copy(update={"levers": raw, "variants": {}})
    return [one.given for one in there_already(draft_of(stance, **terms), scenario) if one.given is not None]


def test_a_lever_set_of_the_scenario_is_taken_as_it_stands():
    [given] = found_already({})
    assert [(one.pair, float(one.seats), one.serves) for one in given] == [(("west", "east"), 4, "borrower")]


@pytest.mark.parametrize(("lever", "terms"), [
    ({"from": "2021-08-02 11:00"}, {}),                 # seats are ready at noon
    ({"to": "2021-08-02 21:00"}, {}),                   # after the hours of duty
    ({"seats": 8}, {}), ({}, {"seats": 3}), ({}, {"licences": {"east": 3}}), ({}, {"share": "20 %"}),
    ({}, {"stint": "9 h"}),
    ({"lender": "east", "borrower": "west"}, {}), ({"off_duty": "50 %"}, {}),
], ids=str)
def test_a_lever_set_that_the_terms_or_the_stance_do_not_allow_is_no_plan_of_the_menu(lever, terms):
    assert found_already(lever, **terms) == []


def test_who_is_called_in_by_a_lever_set_must_be_asked_by_the_stance():
    """West has one workplace left, so one person comes."""
    one = {"seats": 2, "off_duty": "50 %", "to": "2021-08-02 16:00"}
    assert found_already(one, stance=ON_DUTY) == []
    assert len(found_already(one, stance=WITHIN)) == 1
    assert found_already(one | {"seats": 4}, stance=WITHIN) == []


def test_policies_stand_there_where_the_terms_allow_them():
    """Of stances that let service drop as far as the terms do; with the people who are called in of the draft."""
    own = {("east+", "east", 0, hour): 1 for hour in range(12, 16)}
    draft = draft_of(WITHIN, lent=own)
    lents = [one.lent for one in there_already(draft, with_terms())]
    p = draft.known.province
    assert {**same_share_lent(p), **own} in lents
    assert {**idle_seats_lent(p), **own} in lents
    assert list(there_already(draft_of(STANCE["unnoticed"]), with_terms())) == []
    assert list(there_already(draft_of(STANCE["called_in"]), with_terms())) == []
    keeps = allowed(without_floors(draft_of(seats=2).known))
    assert all(keeps(one.lent) for one in there_already(draft_of(seats=2), with_terms(seats=2)))


def test_plans_of_stances_that_ask_no_more_are_there_too():
    whole = [draft_of(stance, lent={("west", "east", 0, 12): 1 + i}) for i, stance in enumerate(STANCES[:4])]
    assert [one.lent["west", "east", 0, 12] for one in of_others(whole[3], whole[:3])] == [1, 2, 3]
    assert [one.lent["west", "east", 0, 12] for one in of_others(whole[2], whole[:2])] == []
    assert {one.stance.name for one in of_others(whole[3], whole[:3])} == {"within"}


def test_a_lever_set_that_brings_more_for_too_many_hours_does_not_take_a_plans_place():
    """At ten people an hour nobody is lent, whoever lent before."""
    scenario = with_terms(seat_hour_cost=10)
    draft = draft_of(seat_hour_cost=10)
    trying = Trying(ReplicationCache(1, draft.known.province), 8, 25.0)
    others = list(there_already(draft, scenario))
    assert any(one.given for one in others)
    assert all(one.seen(trying).people.mean > 0 for one in others if one.given)
    assert at_least_as_good(draft, others, trying).levers == ()


def test_a_lever_set_whose_floor_gives_way_in_the_proof_is_cut_back_and_not_left_out():
    [given] = found_already({"seats": 7})
    draft = replace(draft_of(floor=WIDE), given=given)
    p = draft.known.province
    assert draft.seats == {("west", "east", 0, hour): 7 for hour in range(12, 20)}
    found, proof = proved(draft, [ReplicationCache(seed, p) for seed in (5, 6, 7)], 200)
    assert found.given is None
    assert 0 < sum(found.lent.values()) < sum(draft.seats.values())
    assert proof.luck.seed > 5


# --- a menu ----------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module", autouse=True)
def sooner():
    with pytest.MonkeyPatch.context() as patch:
        few_trials(patch)
        yield


SCENARIO = with_terms(floor=WIDE)


@pytest.fixture(scope="module")
def menu_inputs():
    p = province(SCENARIO)
    lucks = {}

    def luck(further):
        return lucks.setdefault(further, ReplicationCache(1 + further, p))

    return MenuInputs(SCENARIO, knowledge(p), luck, 48, Progress(None), SoFar())


@pytest.fixture(scope="module")
def cooked(menu_inputs):
    return drafts(menu_inputs)


@pytest.fixture(scope="module")
def trying(menu_inputs):
    return menu_inputs.trying(12)


def test_a_plan_that_asks_more_is_not_worse(cooked, trying):
    """On the luck of the trials, after what its hours are to be worth; judged by its own floors."""
    assert [one.stance.name for one in cooked] == list(NAMES)
    for one, other in product(cooked, cooked):
        if one.stance.asks_no_more_than(other.stance):
            assert other.merit(trying) >= one.merit(trying)


def test_no_plan_is_worse_than_policies_and_lever_sets_that_keep_its_floors(cooked, trying):
    for draft in cooked:
        for other in there_already(draft, SCENARIO):
            assert draft.merit(trying) >= other.merit(trying)
    on_duty = next(one for one in cooked if one.stance is ON_DUTY)
    assert len(list(there_already(on_duty, SCENARIO))) >= 3
    assert on_duty.merit(trying)[1] > 0


def test_each_plan_keeps_the_terms_and_asks_only_whom_its_stance_does(cooked):
    for draft in cooked:
        keeps_terms = allowed(without_floors(draft.known))
        assert keeps_terms(draft.seats)
        assert {slot[:2] for slot in draft.seats} <= set(draft.known.province.pairs)


@pytest.fixture(scope="module")
def found():
    return plan(SCENARIO, Wish(proof=48))


def test_a_plan_that_asks_more_is_not_worse_on_the_luck_of_the_proof_up_to_its_interval(found):
    for one, other in product(found.menu, found.menu):
        if one.draft.stance.asks_no_more_than(other.draft.stance) and one.proof.verdict.holds:
            people, more = one.proof.verdict.people, other.proof.verdict.people
            assert more.high >= people.low


def test_the_menu_has_no_doubles_and_stands_in_its_order(found):
    names = [one.name for one in found.menu]
    assert names == [name for name in NAMES if name in names]
    levers = [one.draft.levers for one in found.menu]
    assert all(levers[i] != levers[j] for i in range(len(levers)) for j in range(i))
    assert found.recommended == recommended(found.menu).name == found.option.name
    assert found.levers == found.option.proof.levers


def test_what_is_told_of_a_plan_is_counted_from_its_levers(found):
    for one in found.menu:
        came = sum(float(lever.people) if isinstance(lever, CallIn) else float(lever.seats) * float(lever.off_duty)
                   for lever in one.draft.levers)
        assert one.asked.people == pytest.approx(came)      # of a single day; a guest's seat takes one person
        assert (one.asked.hours > 0) == (came > 0)
        assert not (one.draft.stance.calls == "nobody" and came)


def test_the_same_seed_gives_the_same_menu(found):
    again = plan(SCENARIO, Wish(proof=48))
    assert [(one.name, one.draft.levers, one.proof.verdict.people) for one in again.menu] == [
        (one.name, one.draft.levers, one.proof.verdict.people) for one in found.menu]


@pytest.mark.parametrize("name", NAMES)
def test_any_plan_of_the_menu_can_be_chosen(found, name):
    """One that is what another plan is, is that one."""
    chosen = plan(SCENARIO, Wish(proof=48, choose=name))
    assert [one.name for one in chosen.menu] == [one.name for one in found.menu]
    assert chosen.recommended == found.recommended
    if name in [one.name for one in found.menu]:
        assert chosen.option.name == name
    assert chosen.levers == next(one for one in found.menu if one.name == chosen.option.name).draft.levers
    assert chosen.scenario.levers[-len(chosen.levers):] == chosen.levers or not chosen.levers


# --- what a planner gets ---------------------------------------------------------------------------------------------

def command(*words):
    return CliRunner().invoke(main, [*map(str, words)], catch_exceptions=False)


def test_a_plan_that_is_not_recommended_is_ordered_where_it_is_chosen(tmp_path):
    done = command("plan", "two-cities", "--replications", 10, "--choose", "called_in", "--lang", "en", "--out",
                   tmp_path / "out")
    assert done.exit_code == 0, done.output
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    by_name = {one["name"]: one for one in manifest["menu"]}
    assert manifest["stance"] == "called_in"
    assert manifest["recommended"] in by_name
    assert manifest["levers"] == by_name["called_in"]["levers"]
    assert {lever["kind"] for lever in manifest["levers"]} <= {"call_in", "lend"}
    assert by_name["called_in"]["people"] > 0
    assert all(lever["kind"] == "call_in" or lever["off_duty"]["number"] == 1 for lever in manifest["levers"])


@pytest.mark.parametrize("name", ["best", "On_Duty", ""])
def test_a_plan_that_is_none_of_the_menu_is_refused(tmp_path, name):
    done = command("plan", "two-cities", "--choose", name, "--lang", "en", "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "--choose" in done.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("stances", [STANCES, STANCES[2:]], ids=["all", "nobody on duty alone"])
def test_first_plans_are_as_good_as_if_each_had_been_looked_for_by_itself(stances):
    """From whichever plan the solver starts: that of people on duty, which brings more than the others, or none."""
    k = knowledge(province(with_terms()))
    found = first_solved(k, stances, Trying(ReplicationCache(1, k.province), 2, 1.0))
    for stance, one in zip(stances, found, strict=True):
        mine = stance.known(k)
        assert one.objective == pytest.approx(solve(mine).objective, rel=2 * GAP)
        assert one.gap <= GAP
        assert allowed(mine)(one.lent)
