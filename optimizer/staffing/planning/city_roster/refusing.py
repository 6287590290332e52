"""What is fixed in a roster that no plan can be made around."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from optimizer.staffing.rosters.evaluate import Broken, broken_rules
from optimizer.staffing.rosters.problem import Problem
from optimizer.staffing.rosters.solve import only_pins
from sim.scenario.messages import SEMICOLON, Message, Several, say
from sim.scenario.problems import UserError
from sim.scenario.work_rules import CITED, SEPARATOR

MOST_TOLD = 5


def refuse_what_is_fixed(problem: Problem, first: date) -> None:
    """:raises UserError: where cells that stay as they are break rules that must never be broken, whatever else is
        planned."""
    found = list(broken_by_pins(problem))
    if found:
        told = Several(tuple(in_words(one, first) for one in found[:MOST_TOLD]), SEMICOLON)
        raise UserError(say("what is frozen or fixed in the roster breaks rules: {told}. Change these cells, or empty "
                            "them so that they are planned anew", told=told))


def broken_by_pins(problem: Problem) -> Iterator[Broken]:
    """Rules without a price that a row breaks whose other days are all off: more work would break them as well."""
    for person, row in zip(problem.people, only_pins(problem), strict=True):
        if any(cell.duty is not None for cell in person.pins):
            yield from (one for one in broken_rules(problem, person, row.tolist()) if one.rule.price is None)


def in_words(one: Broken, first: date) -> Message:
    chinese = one.rule.source.partition(SEPARATOR)[0]
    day = first + timedelta(days=one.day or 0)
    return say("{name} from {day} on ({rule})", name=one.person, day=str(day), rule=CITED.get(chinese, one.rule.source))
