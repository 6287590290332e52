"""Other numbers at some places of a scenario, and everything else as it is."""
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.reading.loading import load
from sim.scenario.assumptions import with_numbers
from sim.scenario.scenario import quantities
from sim.scenario.shipped import shipped

SCENARIOS = {name: load(name) for name in shipped()}
PLACES = {name: dict(quantities(scenario)) for name, scenario in SCENARIOS.items()}


def other_number(quantity, u):
    """A number inside the range that is not the quantity's own, or any other one where there is no room."""
    low, high = quantity.range or (0.0, 2 * quantity.number + 1)
    number = low + (high - low) * u
    return number if number != quantity.number else (low if low != number else high + 1)


def as_written(part, numbers=None):
    """A scenario as a manifest has it, with other numbers put in by hand."""
    data = part.model_dump(mode="json", by_alias=True)
    for where, number in (numbers or {}).items():
        at = data
        for step in where:
            at = at[step]
        at["number"] = number
    return data


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_quantity_can_be_changed_alone(name):
    scenario, places, dice = SCENARIOS[name], PLACES[name], random.Random(name)
    assert places
    for where, quantity in places.items():
        number = other_number(quantity, dice.random())
        found = dict(quantities(with_numbers(scenario, {where: number})))
        assert found[where].number == number
        assert {w: q for w, q in found.items() if q != places[w]} == {
            where: quantity.model_copy(update={"number": number})}
        assert list(found) == list(places)


@pytest.mark.parametrize("name", SCENARIOS)
def test_nothing_else_changes(name):
    """All that a manifest says is the same, but for the number."""
    scenario, dice = SCENARIOS[name], random.Random(name)
    before = as_written(scenario)
    for where in dice.sample(list(PLACES[name]), 15):
        number = other_number(PLACES[name][where], dice.random())
        assert as_written(with_numbers(scenario, {where: number})) == as_written(scenario, {where: number}) != before
    assert as_written(scenario) == before


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_many_quantities_change_together(data):
    name = data.draw(st.sampled_from(sorted(SCENARIOS)))
    places = PLACES[name]
    chosen = data.draw(st.lists(st.sampled_from(list(places)), unique=True, max_size=12))
    numbers = {where: other_number(places[where], data.draw(st.floats(0, 1))) for where in chosen}
    found = dict(quantities(with_numbers(SCENARIOS[name], numbers)))
    assert {where: found[where].number for where in chosen} == numbers
    assert {where: found[where] for where in places if where not in numbers} == {
        where: places[where] for where in places if where not in numbers}


def test_no_numbers_leave_a_scenario_as_it_is():
    for scenario in SCENARIOS.values():
        assert with_numbers(scenario, {}) == scenario


LENDING = [name for name in SCENARIOS if any(where[0] == "levers" and where[-1] == "seats" for where in PLACES[name])]


@pytest.mark.parametrize("name", LENDING)
def test_levers_find_the_changed_numbers(name):
    scenario = SCENARIOS[name]
    where = next(where for where in PLACES[name] if where[0] == "levers" and where[-1] == "seats")
    changed = with_numbers(scenario, {where: PLACES[name][where].number + 1})
    assert changed.levers[where[1]].seats.number == PLACES[name][where].number + 1
    assert changed.effects != scenario.effects
