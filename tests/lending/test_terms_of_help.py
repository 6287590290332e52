"""Terms of help: which of them stand against any help, which plans they allow, and what a planner is told."""
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from helping import with_terms

from optimizer.lending.inputs.estimates import NoPlanError, knowledge
from optimizer.lending.inputs.province import province
from optimizer.lending.menu.stances import ON_DUTY
from optimizer.lending.model import lending
from optimizer.lending.model.terms import allowed, conflicts, possible
from optimizer.lending.trials.rounds import refuse_impossible
from sim.reading.loading import load
from surgeline.cli import main

STRICT = {"answered_drop": 0, "within_drop": 0, "confidence": 1}
NO_FLOOR = {"answered_drop": "100 %", "within_drop": "100 %"}
OPEN = range(12, 20)  # hours in which seats may be lent


@pytest.fixture(scope="module")
def within():
    """What is known under other terms, of people on duty only; the tables of cities, which depend on floors only, are
    made once for each."""
    made = {}

    def make(floor=None, **more):
        if str(floor) not in made:
            made[str(floor)] = ON_DUTY.known(knowledge(province(with_terms(floor=floor or {}))))
        k, terms = made[str(floor)], with_terms(floor=floor or {}, **more).lending
        p = replace(k.province, agreement=terms)
        return replace(k, province=p, most={"west": np.minimum(k.most["west"], p.caps["west"])})
    return make


# --- which terms stand against any help ------------------------------------------------------------------------------

FORBIDDEN = [
    ("share", {"share": "5 %"}),
    ("keep", {"keep": 13}),
    ("licences", {"licences": {"east": 0}}),
    ("seats", {"seats": 0}),
    ("stint", {"stint": "9 h"}),
    ("stint", {"stint": "13 h"}),
    ("fairness", {"fairness": 0.5}),
    ("floor", {"floor": STRICT}),
]


@pytest.mark.parametrize(("name", "terms"), FORBIDDEN, ids=str)
def test_a_term_that_alone_forbids_any_help_is_named(within, name, terms):
    k = within(**terms)
    assert not possible(k)
    assert conflicts(k) == [[name]]
    with pytest.raises(NoPlanError, match=rf"without lending\.{name} some could be"):
        refuse_impossible(k)


@pytest.mark.parametrize("terms", [
    {"licences": {"east": 1}}, {"seats": 1}, {"stint": "8 h"}, {"fairness": 1.0}, {"keep": 11}, {"share": "10 %"}],
    ids=str)
def test_terms_that_leave_room_for_one_seat_forbid_nothing(within, terms):
    k = within(**terms)
    assert possible(k)
    refuse_impossible(k)


@pytest.mark.parametrize(("terms", "together"), [
    ({"seats": 0, "licences": {"east": 0}}, {"seats", "licences"}),
    ({"stint": "9 h", "seats": 0}, {"seats", "stint"}),
    ({"keep": 13, "floor": STRICT}, {"keep", "floor"})], ids=lambda what: str(sorted(what)))
def test_of_two_terms_that_both_forbid_it_both_are_named(within, terms, together):
    """Neither alone is in the way; without both some help is possible, and without one of them none."""
    k = within(**terms)
    assert not possible(k)
    assert [set(names) for names in conflicts(k)] == [together]
    with pytest.raises(NoPlanError, match=" and ".join(f"lending.{name}" for name in conflicts(k)[0])):
        refuse_impossible(k)


def test_of_two_terms_that_only_together_forbid_it_both_are_named(within):
    """A seat stays all day or not at all, and floors leave none in the first hours."""
    k = within(stint="8 h")
    k = replace(k, most={"west": np.minimum(k.most["west"], [0, 0, 3, 3, 3, 3, 3, 3])})
    assert not possible(k)
    assert conflicts(k) == [["stint"], ["floor"]]


@pytest.mark.parametrize("terms", [terms for _, terms in FORBIDDEN if "floor" not in terms], ids=str)
def test_a_citys_own_people_who_are_called_in_are_no_help_from_others(terms):
    """Where terms keep everybody else at home it may still call in its own."""
    k = knowledge(province(with_terms(**terms)))
    assert possible(k)
    own = {("east+", "east", 0, hour): 1 for hour in range(12, 16)}
    assert allowed(k)(own)
    assert not allowed(ON_DUTY.known(k))(own)


# --- which plans the terms allow -------------------------------------------------------------------------------------

EACH_TERM = [
    {}, {"seats": 2}, {"licences": {"east": 3}}, {"keep": 10}, {"share": "20 %"}, {"stint": "6 h"},
    {"changes_a_day": 1}, {"fairness": 1.0}]


@pytest.mark.parametrize("terms", EACH_TERM, ids=str)
def test_the_solvers_own_plan_keeps_the_terms(within, terms):
    k = within(**terms)
    lent = lending.solve(k).lent
    assert lent
    assert allowed(k)(lent)


def day(**by_hour):
    """Seats that west lends east, by hour: ``h12=3``."""
    return {("west", "east", 0, int(hour[1:])): seats for hour, seats in by_hour.items()}


def flat(seats, hours=OPEN):
    return {("west", "east", 0, hour): seats for hour in hours}


@pytest.mark.parametrize(("terms", "kept", "broken"), [
    ({}, flat(7), flat(8)),
    ({"share": "20 %"}, flat(2), flat(3)),
    ({"keep": 10}, flat(2), flat(3)),
    ({"licences": {"east": 3}}, flat(3), flat(3) | day(h15=4)),
    ({"seats": 2}, flat(2), flat(2) | day(h19=3)),
    ({"stint": "3 h"}, day(h13=2, h14=2, h15=2), day(h13=2, h14=2)),
    ({"stint": "3 h"}, day(h13=1, h14=2, h15=2, h16=1), day(h13=1, h14=2, h15=1)),
    ({"changes_a_day": 1}, flat(3) | day(h12=2), flat(3) | day(h14=2)),
])
def test_a_plan_that_breaks_a_term_is_not_allowed(within, terms, kept, broken):
    """Next to one that just keeps it; floors are out of the way."""
    k = within(**{"floor": NO_FLOOR} | terms)
    assert allowed(k)(kept)
    assert not allowed(k)(broken)


def test_limits_of_floors_are_kept(within):
    k = within()
    limit = {hour: int(most) for hour, most in zip(OPEN, k.most["west"], strict=True)}
    assert min(limit.values()) < min(k.province.caps["west"])
    plan = {("west", "east", 0, hour): seats for hour, seats in limit.items()}
    assert allowed(k)(plan)
    tight = min(limit, key=limit.get)
    assert not allowed(k)(plan | {("west", "east", 0, tight): limit[tight] + 1})


def test_nobody_gives_more_than_its_fair_part(tmp_path):
    """Of two lenders that are alike, none gives more than 1.2 times its half."""
    (tmp_path / "three.yaml").write_text(THREE, encoding="utf-8")
    k = knowledge(province(load(tmp_path / "three.yaml")))
    north = {("north", "east", 0, hour): 2 for hour in OPEN}
    assert allowed(k)(flat(2) | north)
    assert allowed(k)(flat(3) | north)
    assert not allowed(k)(flat(4) | north)
    assert not allowed(k)(flat(2))


THREE = """
surgeline: 1
extends: two-cities
cities:
  north: {name: {zh: 北城, en: Northville}, tile: [0, 1], calls_a_day: 500, seats: 14, agents: 26, shifts: days,
          absence: 0, shrinkage: 20 %, lines_per_seat: 2}
lending: {fairness: 1.2}
"""


def test_nobody_lends_and_borrows_in_the_same_block():
    there_and_back = {("west", "east", 0, 12): 1, ("east", "west", 0, 12): 1}
    one_after_the_other = {("west", "east", 0, 12): 1, ("east", "west", 0, 13): 1}
    k = knowledge(province(with_terms(borrowers=["east", "west"], lenders=["east", "west"], floor=NO_FLOOR)))
    assert allowed(k)(one_after_the_other)
    assert not allowed(k)(there_and_back)


# --- what a planner is told ------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("says", "terms"), [
    ("without lending.floor some could be", "floor: {answered_drop: 0, within_drop: 0, confidence: 100 %}"),
    ("without lending.licences some could be", "licences: {east: 0}"),
    ("without lending.seats and lending.stint some could be", "seats: 0\n  stint: 9 h"),
])
def test_terms_that_allow_no_help_are_told_and_nothing_is_written(tmp_path, says, terms):
    nobody = 'people: {all: {call_in: {willing: 0}}}\n'
    (tmp_path / "mine.yaml").write_text(f"surgeline: 1\nextends: two-cities\n{nobody}lending:\n  {terms}\n",
                                        encoding="utf-8")
    done = CliRunner().invoke(main, ["plan", str(tmp_path / "mine.yaml"), "--lang", "en", "--out",
                                     str(tmp_path / "out")], catch_exceptions=False)
    assert done.exit_code == 3
    assert says in " ".join(done.output.split())
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]
