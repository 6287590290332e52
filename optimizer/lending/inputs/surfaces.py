"""What cities answer with how many seats: the surfaces and the limits that a plan is made from.

A city's block is a hotline in its long run: finite lines, hang-ups, redials as a fixed point
(``sim.queueing.shared_line``). Two things are not exact there, and only simulation says what they cost. A block forgets
who waits when it ends, but for redials. And redials are fresh calls, as if long after: with few seats, and delays that
are short against a call, that is too few dials and too many people answered (``sim.queueing.erlang.with_redial`` has
the figures: with 10 seats and delays of half a call at most a fifth of the dials too few, and 3 % of the people too
many). So surfaces only say where to look:
what help brings is multiplied by delivered / promised after every trial, and what is reported as proved was simulated.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy.interpolate import RegularGridInterpolator

from optimizer.lending.inputs.province import City, Province, days_that_may_come
from optimizer.lending.settings import (
    ABSENCE_STEPS,
    DAYS_THAT_MAY_COME,
    LEAST_RATE,
    MOST_RATE,
    PLANES,
    REDIAL_COUNTS,
    SURFACE_RATES,
    SURFACE_SEATS,
)
from sim.core.arrays import Ints
from sim.queueing.erlang import Floats, erlang_a
from sim.queueing.shared_line import Hotline, long_run
from sim.scenario.lending_terms import Floor

Part = tuple[float, tuple[float, float], tuple[float, float]]  # seconds of a block, callers and seats from .. to


@dataclass(frozen=True)
class Surface:
    """People answered a second, by people a second who try, and by seats; and those who are left trying at the end."""

    rates: Floats     # [R]
    seats: Floats     # [S]
    answered: Floats  # [R, S] a second
    orbit: Floats     # [R, S] people who wait to dial again
    planes: dict[Part, list[Plane]] = field(default_factory=dict)  # above parts of it, as far as they were asked for

    def at(self, rates: Floats, seats: Floats) -> Floats:
        return read(self._answered, rates, seats)

    def left_trying(self, rates: Floats, seats: Floats) -> Floats:
        return read(self._orbit, rates, seats)

    @cached_property
    def _answered(self) -> RegularGridInterpolator:
        return between(self.rates, self.seats, self.answered)

    @cached_property
    def _orbit(self) -> RegularGridInterpolator:
        return between(self.rates, self.seats, self.orbit)


def between(rates: Floats, seats: Floats, values: Floats) -> RegularGridInterpolator:
    """Straight lines between the points of a table, and beyond its ends."""
    return RegularGridInterpolator((rates, seats), values, bounds_error=False, fill_value=None)


def read(lines: RegularGridInterpolator, rates: Floats, seats: Floats) -> Floats:
    found: Floats = lines(np.stack(np.broadcast_arrays(rates, seats), axis=-1))
    return found


def surface(city: City, block_s: float, most_seats: float, lines_per_guest: float) -> Surface:
    """What a city answers, from hardly anybody to far more than ever call, and with up to so many seats."""
    most = MOST_RATE * max(float(city.callers.max()) / block_s, 1e-6)
    rates = np.concatenate([[0.0], np.geomspace(LEAST_RATE * most, most, SURFACE_RATES - 1)])
    seats = np.unique(np.round(np.linspace(0, np.ceil(most_seats) + 1, SURFACE_SEATS))).astype(np.float64)
    usual = float(city.seats.mean())
    answered, orbit = np.zeros((len(rates), len(seats))), np.zeros((len(rates), len(seats)))
    for r, rate in enumerate(rates[1:], start=1):
        hall = Hotline(rate, city.handle_s, city.patience_s, None, city.after_busy, city.after_hang_up)
        found = long_run(hall, seats, lines=np.round(city.lines + lines_per_guest * np.maximum(seats - usual, 0)))
        answered[r] = rate * found.answered
        orbit[r] = found.dials_per_s * (found.blocked * city.after_busy * city.busy_delay_s
                                        + found.abandoned * city.after_hang_up * city.hang_up_delay_s)
    return Surface(rates, seats, answered, orbit)


@dataclass(frozen=True)
class Plane:
    """answered <= height + per_caller * callers + per_seat * seats, in people of one block."""

    height: float
    per_caller: float
    per_seat: float


def planes(s: Surface, block_s: float, callers: tuple[float, float], seats: tuple[float, float]) -> list[Plane]:
    """Planes that lie nowhere below the surface, between two numbers of callers of a block and two of seats; only those
    that say more than the others, and than that nobody is answered who does not call."""
    part = block_s, callers, seats
    if part not in s.planes:
        s.planes[part] = touching(s, *part)
    return s.planes[part]


def touching(s: Surface, block_s: float, callers: tuple[float, float], seats: tuple[float, float]) -> list[Plane]:
    """Planes above a part of the surface, each of which touches it."""
    low, high = callers[0] / block_s, max(callers[1], callers[0] * 1.001 + 1e-9) / block_s
    rate = np.linspace(low, high, PLANES)
    seat = np.linspace(*seats, PLANES) if seats[1] > seats[0] else seats[0] + np.array([0.0, 1e-6])
    found = slopes(s.at(*np.meshgrid(rate, seat, indexing="ij")), rate, seat)  # [planes, 2]
    bends = corners(s.rates, low, high), corners(s.seats, seat[0], seat[-1])
    height = (s.at(*np.meshgrid(*bends, indexing="ij")) - over(found, *bends)).max(axis=(1, 2))
    middle = (rate[1:] + rate[:-1]) / 2, (seat[1:] + seat[:-1]) / 2
    needed = lowest(block_s * (height[:, None, None] + over(found, *middle)), block_s * middle[0])
    return [Plane(float(height[n] * block_s), float(found[n, 0]), float(found[n, 1] * block_s)) for n in needed]


def corners(points: Floats, low: float, high: float) -> Floats:
    """Where a table bends between two ends, and these: between them it is nowhere higher above a plane."""
    return np.concatenate([[low], points[(points > low) & (points < high)], [high]])


def slopes(values: Floats, rate: Floats, seat: Floats) -> Floats:
    """[cells of a table, 2] how values rise with the rate and with seats."""
    by_rate, by_seat = np.diff(values, axis=0) / np.diff(rate)[:, None], np.diff(values, axis=1) / np.diff(seat)
    return np.stack([(by_rate[:, 1:] + by_rate[:, :-1]).ravel() / 2, (by_seat[1:] + by_seat[:-1]).ravel() / 2], axis=1)


def over(found: Floats, rate: Floats, seat: Floats) -> Floats:
    """[planes, R, S] heights of planes through nothing."""
    return found[:, 0, None, None] * rate[:, None] + found[:, 1, None, None] * seat


def lowest(people: Floats, callers: Floats) -> Ints:
    """Which planes are the lowest one somewhere, by more than next to nothing, and lower there than the callers."""
    people = np.round(people, 3)
    return np.unique(people.argmin(axis=0)[people.min(axis=0) < callers[:, None]])


# --- lenders ---------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Lender:
    """What lending does to a lender, by open block and seats lent (all that its cap allows)."""

    answered: list[Floats]  # [open blocks][0 .. most] people answered, on the mean of the days that may come
    most: Ints              # [open blocks] seats that may be lent with every floor held
    missed: dict[str, float]  # floors that do not hold even where nothing is lent, and how high they could be


@dataclass(frozen=True)
class Service:
    """Shares by callers a second and seats: of dials answered, answered within the clock, and of people answered."""

    rates: Floats
    seats: Floats
    shares: Floats  # [R, S, 3]

    def at(self, rates: Floats, seats: Floats) -> Floats:
        return read(between(self.rates, self.seats, self.shares), rates, seats)


DIALS, WITHIN, PEOPLE = range(3)


def service(city: City, rates: tuple[float, float], seats: tuple[float, float], within_s: float) -> Service:
    """How a hotline with lines enough does, redials being those that make themselves (``erlang_a``)."""
    grid = np.linspace(rates[0], max(rates[1], rates[0] + 1e-9), SURFACE_RATES)
    rows = np.arange(np.floor(seats[0]), np.ceil(seats[1]) + 2)
    callers, dials = np.broadcast_arrays(grid[:, None], grid[:, None])
    for _ in range(REDIAL_COUNTS):
        line = erlang_a(dials, city.handle_s, rows[None, :], city.patience_s)
        dials = callers / (1 - city.after_hang_up * line.abandoned)
    line = erlang_a(dials, city.handle_s, rows[None, :], city.patience_s)
    people = np.minimum(line.answered * dials / np.maximum(callers, 1e-12), 1.0)
    return Service(grid, rows, np.stack([line.answered, line.answered_within(within_s), people], axis=-1))


def lender(province: Province, name: str, floor: Floor) -> Lender:
    """Losses of a lender, and limits within a floor."""
    city, caps = province.cities[name], province.caps[name]
    busy, present = days_of(province, name)
    rates, own = city.callers[province.open_blocks] / province.block_s, city.seats[province.open_blocks]
    gone = province.loss(name) * np.arange(int(caps.max(initial=0)) + 1)
    s = service(city, (float(rates.min() * busy.min()), float(rates.max() * busy.max())),
                (max(float(own.min() * present.min() - gone.max()), 0.0), float(own.max() * present.max())),
                float(province.scenario.answered_within))
    seats = np.maximum(own[:, None, None] * present[None, :, None] - gone[None, None, :], s.seats[0])
    shares = s.at(rates[:, None, None] * busy[None, :, None], seats)  # [open blocks, days, seats lent, 3]
    held = holds(shares, floor) | (rates[:, None] == 0)  # nobody calls whom it could fail
    most = np.minimum(np.argmin(np.append(held, np.zeros((len(held), 1), bool), axis=1), axis=1) - 1, caps)
    worst = int(np.argmin(most))
    people = (shares[..., PEOPLE] * (rates[:, None] * busy)[..., None]).mean(axis=1) * province.block_s
    return Lender([row[:most + 1] for row, most in zip(people, caps, strict=True)], np.maximum(most, 0),
                  too_high(shares[worst], floor) if most[worst] < 0 else {})


def days_of(province: Province, name: str) -> tuple[Floats, Floats]:
    """[days] how busy and how well staffed the days are that may come, each as likely as the others."""
    busy = np.broadcast_to(days_that_may_come(province.cities[name].busyness_cv, DAYS_THAT_MAY_COME),
                           DAYS_THAT_MAY_COME)
    absence = province.scenario.cities[name].absence
    low, high = absence.range or (float(absence), float(absence))
    steps = (np.arange(DAYS_THAT_MAY_COME) * ABSENCE_STEPS % DAYS_THAT_MAY_COME + 0.5) / DAYS_THAT_MAY_COME
    return busy, (1 - (low + (high - low) * steps)) / max(1 - float(absence), 1e-9)


def holds(shares: Floats, floor: Floor) -> Floats:
    """[open blocks, seats lent] whether every floor holds: on the mean day, or on enough of the days. Drops of whole
    days only simulation tells."""
    return np.asarray(np.logical_and.reduce([enough(ok, floor) for ok in floors(shares, floor).values()]))


def enough(ok: Floats, floor: Floor) -> Floats:
    return np.asarray(ok.mean(axis=-2) >= (1.0 if floor.by == "mean" else float(floor.confidence)) - 1e-9)


def floors(shares: Floats, floor: Floor) -> dict[str, Floats]:
    """[..., days, seats lent] whether each floor holds; of means all days are one."""
    shares = shares.mean(axis=-3, keepdims=True) if floor.by == "mean" else shares
    answered, within = shares[..., DIALS], shares[..., WITHIN]
    held = {"answered": answered >= float(floor.answered), "within": within >= float(floor.within),
            "answered_drop": answered >= answered[..., :1] - float(floor.answered_drop) - 1e-12,
            "within_drop": within >= within[..., :1] - float(floor.within_drop) - 1e-12}
    return {name: np.asarray(ok) for name, ok in held.items()}


def too_high(shares: Floats, floor: Floor) -> dict[str, float]:
    """The floors that do not hold where nothing is lent, of one block, and how high they could be."""
    days = int(len(shares) * (1 - float(floor.confidence)) + 1e-9)
    could = {name: float(shares[:, 0, what].mean() if floor.by == "mean" else np.sort(shares[:, 0, what])[days])
             for name, what in (("answered", DIALS), ("within", WITHIN))}
    return {name: could[name] for name, ok in floors(shares, floor).items() if not enough(ok, floor)[0]}
