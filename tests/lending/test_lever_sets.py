"""Lever sets that a scenario or its variants have already keep their name on the way to a menu."""
from helping import with_terms

from optimizer.lending.inputs.estimates import knowledge
from optimizer.lending.inputs.province import province
from optimizer.lending.menu.drafts import Draft
from optimizer.lending.menu.stances import ON_DUTY, WITHIN
from optimizer.lending.menu.there_already import of_others, there_already
from optimizer.lending.trials.orders import FOR_BORROWERS
from sim.scenario.levers import Lend

LEND = {"kind": "lend", "lender": "west", "borrower": "east", "seats": 2, "from": "2021-08-02 12:00",
        "to": "2021-08-02 20:00", "hours": ["12:00", "20:00"]}


def of_scenario():
    """The two small cities, which lend two seats; a variant of them lends three."""
    scenario = with_terms()
    two, three = (Lend.model_validate(LEND | {"seats": seats}) for seats in (2, 3))
    variant = next(iter(scenario.variants.values())).model_copy(update={"levers": (three,), "change": {}})
    return scenario.model_copy(update={"levers": (two,), "variants": {"three": variant}})


def draft_of(stance):
    return Draft(stance, stance.known(knowledge(province(of_scenario()))), FOR_BORROWERS, {})


def test_a_lever_set_is_called_what_its_variant_is_and_the_scenarios_own_nothing():
    found = [one for one in there_already(draft_of(ON_DUTY), of_scenario()) if one.given is not None]
    assert {one.variant: float(one.given[0].seats) for one in found} == {"": 2, "three": 3}


def test_plans_that_were_found_are_no_variants():
    found = [one for one in there_already(draft_of(ON_DUTY), of_scenario()) if one.given is None]
    assert found
    assert {one.variant for one in found} == {None}


def test_a_stance_that_asks_more_takes_the_name_over_with_the_levers():
    three = next(one for one in there_already(draft_of(ON_DUTY), of_scenario()) if one.variant == "three")
    [again] = of_others(draft_of(WITHIN), [three])
    assert (again.variant, again.given, again.stance) == ("three", three.given, WITHIN)
