"""What a plan is made from: what cities answer, what lenders may give, and what simulation has told of both."""
from __future__ import annotations

from dataclasses import dataclass, field, replace

from optimizer.lending.inputs.province import Province
from optimizer.lending.inputs.second_surges import SecondSurge, struck
from optimizer.lending.inputs.surfaces import Lender, Surface, lender, surface
from sim.core.arrays import Ints
from sim.scenario.messages import Message, either, say


@dataclass
class Estimates:
    """What is known of cities: it grows as plans are simulated."""

    province: Province
    surfaces: dict[str, Surface]
    lenders: dict[str, Lender]
    most: dict[str, Ints]        # by lender and open block: seats with every floor held
    delivers: dict[str, float]   # by borrower: what help brings, as a part of what its surface promises
    costs: float                 # what lending costs all lenders, as a part of what their losses say
    strikes: list[SecondSurge]        # second surges that a plan is armed against
    brings: dict[str, float] = field(default_factory=dict)  # by lender: what a seat of its people on duty brings, as a
                                                            # part of one that answers for nobody else; 1 if left out

    def worth(self, source: str, borrower: str, block: int) -> float:
        """Own seats that a seat of a source is worth to a borrower."""
        return self.province.worth(source, borrower, block) * self.brings.get(source, 1.0)

    def apart(self) -> Estimates:
        """The same, to learn something else of."""
        return replace(self, most={name: seats.copy() for name, seats in self.most.items()},
                       delivers={**self.delivers}, brings={**self.brings})


class NoPlanError(Exception):
    """Nothing can be planned: the message says which constraints stand against each other."""

    def __init__(self, message: Message):
        super().__init__(message)
        self.message = message


class FloorError(Exception):
    """Floors that lenders miss even where they lend nothing: by lender and name of the floor, how high it could be."""

    def __init__(self, missed: dict[str, dict[str, float]]):
        super().__init__(", ".join(f"{lender}: {' and '.join(floors)}" for lender, floors in missed.items()))
        self.missed = missed


def knowledge(province: Province) -> Estimates:
    """Surfaces of the borrowers, losses and limits of the lenders.

    :raises NoPlanError: where no block is open, or nobody may lend.
    :raises FloorError: where a lender misses a floor even if it lends nothing.
    """
    if not province.open_blocks:
        raise NoPlanError(say("no block of {hours:g} h lies between the moment in which seats are ready "
                              "({ready:%Y-%m-%d %H:%M}) and the end", hours=province.block_s / 3600,
                              ready=province.agreement.ready))
    if not province.pairs:
        raise NoPlanError(
            say("there is nobody who may lend: there is but one city") if len(province.cities) == 1 else
            say("there is nobody who may lend: every city borrows (lending.borrowers, or the cities in focus); name "
                "those that do"))
    if not province.offered and not any((province.cities[name].duty[province.open_blocks] >= 1).any()
                                        for name in province.lenders):
        raise NoPlanError(say("no seat of {lenders} is on duty in any block in which help is allowed",
                              lenders=either(province.lenders)))
    lenders = {name: lender(province, name, province.agreement.floor_of(name)) for name in province.lenders}
    missed = {name: one.missed for name, one in lenders.items() if one.missed}
    if missed:
        raise FloorError(missed)
    surfaces = {name: borrower_surface(province, name) for name in dict.fromkeys(b for _, b in province.pairs)}
    return Estimates(province, surfaces, lenders, {name: one.most.copy() for name, one in lenders.items()},
                     dict.fromkeys(surfaces, 1.0), 1.0, struck(province))


def borrower_surface(province: Province, name: str) -> Surface:
    spec = province.scenario.cities[name]
    worth = max(province.guest_worth(name, b) for b in province.open_blocks)
    most = max(province.most_help(name, b) for b in province.open_blocks)
    per_guest = float(spec.lines_per_seat or 0) / max(worth, 1e-9)
    return surface(province.cities[name], province.block_s, float(province.cities[name].seats.max()) + most, per_guest)
