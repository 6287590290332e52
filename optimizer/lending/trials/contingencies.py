"""A plan in second surges: what is done about each, and what that is worth, in simulation."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from optimizer.lending.inputs.estimates import Estimates
from optimizer.lending.inputs.promise import at_once
from optimizer.lending.inputs.province import A_DAY, BORROWER, LENDER, Lent, Pair, Province
from optimizer.lending.inputs.second_surges import SecondSurge
from optimizer.lending.model.lending import Answer, Solution
from optimizer.lending.trials import orders
from optimizer.lending.trials.evaluation import judge
from optimizer.lending.trials.orders import Serves
from optimizer.lending.trials.replay import Counts, ReplicationCache
from sim.measures.statistics import Figure, figure
from sim.scenario.lending_terms import LenderSurge
from sim.scenario.lever import Lever


@dataclass(frozen=True)
class Contingency:
    """What is done about a second surge."""

    strike: LenderSurge
    recalled: dict[str, int]      # by borrower: seats that go home, at the most
    called: dict[str, int]        # by lender: seats that are called in
    people: Figure                # answered more than if the plan were held to, on the same luck
    dropped: tuple[int, int]      # floors of the struck city that give way: if the plan is held to, and if not
    floors: int                   # of so many

    @property
    def worth_it(self) -> bool:
        """Whether something is to be done, or the plan is to be held to."""
        return self.people.low > 0 or self.dropped[1] < self.dropped[0]


def armed(estimates: Estimates, found: Solution, serves: Serves, luck: ReplicationCache,
          replications: int) -> tuple[dict[str, int], list[Contingency]]:
    """By lender the seats that stand by, at the most, and what is done about each second surge.

    :param found: the plan, and what the model adds to it.
    """
    standing = {name: int(at_once(estimates.province, found.standby, LENDER, name).max()) for name in estimates.lenders}
    return ({name: seats for name, seats in standing.items() if seats},
            [tried(estimates.province, found.lent, answer, serves, luck, replications) for answer in found.answers])


def tried(province: Province, lent: Lent, answer: Answer, serves: Serves, luck: ReplicationCache,
          replications: int) -> Contingency:
    """Not lending, holding to the plan, and doing something about it, on the same luck."""
    struck = answer.struck
    there = struck.province
    plans = [orders.levers_of(province, lent, serves), answered(province, lent, answer, serves)]
    alone, held, changed = luck.of([orders.with_plan(there, levers) for levers in ((), *plans)], replications)
    given_way, floors = zip(*(dropped(struck, levers, alone, counts)
                              for levers, counts in zip(plans, (held, changed), strict=True)), strict=True)
    return Contingency(struck.strike, most_by(answer.back, BORROWER), most_by(answer.called, LENDER),
                 figure(changed.people - held.people), (given_way[0], given_way[1]), floors[0])


def answered(province: Province, lent: Lent, answer: Answer, serves: Serves) -> tuple[Lever, ...]:
    """The plan as it is changed once the surge is seen, day by day."""
    daily = province.under(hold=A_DAY)
    seats = {(pair, block): lent.get((*pair, *province.slot_of(block)), 0) + answer.called.get((pair, block), 0)
             - answer.back.get((pair, block), 0) for pair in province.pairs for block in province.open_blocks}
    by_slot = {(*pair, *daily.slot_of(block)): number for (pair, block), number in seats.items() if number}
    return orders.levers_of(daily, by_slot, serves)


def most_by(seats: Mapping[tuple[Pair, int], int], side: int) -> dict[str, int]:
    """By lender or borrower: seats at once, at the most."""
    by_block: dict[tuple[str, int], int] = {}
    for (pair, block), number in seats.items():
        by_block[pair[side], block] = by_block.get((pair[side], block), 0) + number
    return {city: max(n for (of, _), n in by_block.items() if of == city) for city, _ in by_block}


def dropped(struck: SecondSurge, levers: tuple[Lever, ...], alone: Counts, counts: Counts) -> tuple[int, int]:
    """Floors of the struck city that give way once something can be done, and of how many."""
    window = replace(struck.province, open_blocks=sorted(struck.answer))
    floors = [floor for floor in judge(window, [levers], alone, counts).floors
              if floor.lender == struck.strike.city and floor.bound < 0]
    return sum(floor.broken for floor in floors), len(floors)
