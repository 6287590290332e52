"""How exact the formulas are: ``python tests/proofs/formulas.py [CASES]``.

The formulas of ``sim/queueing`` against the chains that they stand for, whose states are summed
one by one in decimals of 40 digits, on lines drawn from a wide range: up to 5,000 seats and 100,000 lines, loads from
a twentieth to twenty times the seats and as near to them as one in 100,000, patience from a second to a fortnight.
Prints the largest relative error of every measure that is not next to nothing, and ends with 1 where one is above what
its docstring says.

Then redials as fresh Poisson calls (``with_redial``, and ``long_run`` in the same words) against the exact chain, in
which callers who failed wait for their next dial: those on the line and those who wait are two numbers of one state.
This is no rounding but an approximation, so the table says how far off it is, by seats and by the delay.
"""
from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from decimal import Decimal, localcontext
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.queueing.erlang import Measures, erlang_a, erlang_b, finite_line, with_redial
from sim.queueing.shared_line import Hotline, long_run

Floats = npt.NDArray[np.float64]
DIGITS, LEAST = 40, Decimal(10)**-18
WITHIN_S = 20.0
SAID = {"erlang_b": 1e-11, "erlang_a": 1e-9, "finite_line": 1e-9, "long_run": 1e-9}
SHARES = ("blocked", "abandoned", "answered", "waits", "mean_wait_answered_s", "mean_wait_joined_s", "occupancy",
          "mean_queue", "within")
HANDLE_S = 240.0


# --- chains in decimals ----------------------------------------------------------------------------------------------

def chain(dials_per_s: float, ends: Iterator[Decimal], lines: int) -> list[Decimal]:
    """Shares of time with 0, 1, ... calls; the rates at which 1, 2, ... calls become one less."""
    states = [Decimal(1)]
    for _, end in zip(range(lines), ends, strict=False):
        states.append(states[-1] * Decimal(dials_per_s) / end)
    whole = sum(states)
    return [state / whole for state in states]


def exact_line(dials_per_s: float, handle_s: float, seats: int, lines: int, patience_s: float) -> dict[str, Decimal]:
    """All measures of a finite line."""
    with localcontext() as context:
        context.prec = DIGITS
        serves = seats / Decimal(handle_s)
        quits = Decimal(0) if patience_s == math.inf else 1 / Decimal(patience_s)
        ends = [min(j, seats) / Decimal(handle_s) + max(j - seats, 0) * quits for j in range(1, lines + 1)]
        states = chain(dials_per_s, iter(ends), lines)
        found = dict.fromkeys(SHARES, Decimal(0)) | {
            "blocked": states[-1], "answered": sum(states[:min(seats, lines)], Decimal(0)),
            "waits": sum(states[seats:lines], Decimal(0)),
            "occupancy": sum((min(j, seats) * p for j, p in enumerate(states)), Decimal(0)) / max(seats, 1),
            "mean_queue": sum((max(j - seats, 0) * p for j, p in enumerate(states)), Decimal(0))}
        found["within"], wait_s = found["answered"], Decimal(0)
        for place, soon in enumerate(soon_enough(serves, quits, lines - seats), start=1):
            end, state = ends[seats + place - 1], states[seats + place - 1]
            wait_s += 1 / end
            found["answered"] += state * serves / end
            found["within"] += state * serves / end * soon
            found["abandoned"] += state * place * quits / end
            found["mean_wait_answered_s"] += state * serves / end * wait_s
            found["mean_wait_joined_s"] += state * place / end
        found["mean_wait_answered_s"] /= max(found["answered"], Decimal(10)**-400)
        found["mean_wait_joined_s"] /= 1 - states[-1]
        return found


def soon_enough(serves: Decimal, quits: Decimal, places: int) -> Iterator[Decimal]:
    """Chance that somebody who is answered from the first, the second, ... place waits no longer than 20 s: the wait is
    a sum of exponentials, of which one more is there at every place."""
    limit = Decimal(WITHIN_S)
    last, part = (-(serves + quits) * limit).exp(), 1 - (-quits * limit).exp()
    soon = 1 - last
    for place in range(1, places + 1):
        yield soon
        last *= (serves * limit if not quits else part * (serves / quits + place)) / place
        soon -= last


# --- redials, exactly ------------------------------------------------------------------------------------------------

class Again(NamedTuple):
    """A line whose callers dial again."""

    callers_per_s: float
    seats: int
    lines: int
    patience_s: float
    after_busy: float
    after_abandon: float
    delay_s: float


class Exactly(NamedTuple):
    dials_per_s: float
    callers_answered: float


def exact_redials(line: Again) -> Exactly:
    """From the chain of calls on the line and people who wait to dial again, of whom there may be so many that more
    would not matter."""
    most = 64
    while True:
        calls, waiting, lost = solved(line, most)
        if lost < 1e-12:
            break
        most *= 2
    dials = line.callers_per_s + waiting / line.delay_s
    return Exactly(dials, float(calls @ np.minimum(np.arange(len(calls)), line.seats)) / HANDLE_S / line.callers_per_s)


def solved(line: Again, most: int) -> tuple[Floats, float, float]:
    """Shares of time by calls on the line, mean people who wait to dial again, and the share with ``most`` of them:
    from the last number of people back to none, each by those with one more."""
    calls = np.arange(line.lines + 1)
    busy, more = np.minimum(calls, line.seats) / HANDLE_S, np.maximum(calls - line.seats, 0) / line.patience_s
    joins = np.diag(line.after_abandon * more[1:], -1)
    joins[-1, -1] = line.after_busy * line.callers_per_s
    here = (np.diag(np.full(line.lines, line.callers_per_s), 1)
            + np.diag(busy[1:] + (1 - line.after_abandon) * more[1:], -1))
    dial = np.diag(np.ones(line.lines), 1)
    dial[-1, -1] = 1 - line.after_busy

    def leaving(people: int) -> Floats:
        """The block of the generator for so many people: what goes on among them, less all that leaves."""
        up = joins if people < most else 0 * joins
        return here - np.diag((here + up + people / line.delay_s * dial).sum(axis=1))

    ratios, last = [], leaving(most)
    for people in range(most, 0, -1):
        ratios.append(joins @ np.linalg.inv(-last))
        last = leaving(people - 1) + ratios[-1] @ (people / line.delay_s * dial)
    first = np.linalg.svd(last.T)[2][-1]
    levels = [np.abs(first)]
    for ratio in reversed(ratios):
        levels.append(levels[-1] @ ratio)
    states = np.array(levels) / np.sum(levels)
    return states.sum(axis=0), float(states.sum(axis=1) @ np.arange(most + 1)), float(states[-1].sum())


def redial_gaps(line: Again) -> tuple[float, float]:
    """How much too many dials, and callers answered, the approximation has; relatively."""
    exact = exact_redials(line)
    told = with_redial(line.callers_per_s, HANDLE_S, line.seats, line.lines, line.patience_s,
                       after_busy=line.after_busy, after_abandon=line.after_abandon)
    return told.dials_per_s / exact.dials_per_s - 1, told.callers_answered / exact.callers_answered - 1


SEATS, DELAYS, PERSISTENCE = (1, 2, 5, 10, 20), (0.1, 0.5, 1, 3, 10, 100), (0.5, 0.8, 0.95, 1)


def lines_that_are_dialled_again(seats: int, delay: float, again: float) -> Iterator[Again]:
    """Loads from light to three times the seats, or to where those who never give up would dial without end; no place
    to wait, or as many as seats; patience of half a handling time or two."""
    for load, room, patience, hang_up in product((0.5, 0.8, 0.95, 1.2, 2, 3), (0, 1), (0.5, 2), (0.5, 1)):
        if (room or (patience, hang_up) == (0.5, 0.5)) and (again < 1 or load < 0.9):
            yield Again(load * seats / HANDLE_S, seats, seats + room * seats, patience * HANDLE_S, again,
                        hang_up * again, delay * HANDLE_S)


# --- what is printed -------------------------------------------------------------------------------------------------

class Line(NamedTuple):
    dials_per_s: float
    seats: int
    lines: int
    patience_s: float


def drawn(number: int) -> Iterator[Line]:
    """Lines from a wide range; the first is one on which rounding once showed."""
    yield Line(20.83125, 5000, 100_007, math.inf)
    luck = np.random.default_rng(1)
    for _ in range(number):
        seats = int(10**luck.uniform(0, 3.7))
        near = luck.random() < 0.5
        load = 1 + luck.choice([-1, 1]) * 10**luck.uniform(-5, -1) if near else 10**luck.uniform(-1.3, 1.3)
        patience_s = math.inf if luck.random() < 0.3 else float(10**luck.uniform(0, 6))
        yield Line(float(load * seats / HANDLE_S), seats, seats + int(10**luck.uniform(0, 4.7)), patience_s)


def told(measures: Measures[float]) -> dict[str, float]:
    return {name: float(measures.answered_within(WITHIN_S) if name == "within" else getattr(measures, name))
            for name in SHARES}


def errors(line: Line) -> Iterator[tuple[str, str, float]]:
    """(formula, measure, relative error) of all formulas that say something of a line."""
    rate, seats, lines, patience_s = line
    exact = exact_line(rate, HANDLE_S, seats, lines, patience_s)
    yield from against("finite_line", told(finite_line(rate, HANDLE_S, seats, lines, patience_s)), exact)
    if patience_s < math.inf:
        found = long_run(Hotline(rate, HANDLE_S, patience_s, lines), seats)
        yield from against("long_run", {name: float(getattr(found, name)) for name in SHARES[:3]}, exact)
        if exact["blocked"] < exact["abandoned"] * Decimal(10)**-14:  # as good as a line without end
            yield from against("erlang_a", {name: value for name, value in told(
                erlang_a(rate, HANDLE_S, seats, patience_s)).items() if name != "blocked"}, exact)
    loss = exact_line(rate, HANDLE_S, seats, seats, 1.0)
    yield from against("erlang_b", {"blocked": float(erlang_b(rate * HANDLE_S, seats))}, loss)


def against(formula: str, values: dict[str, float], exact: dict[str, Decimal]) -> Iterator[tuple[str, str, float]]:
    """Relative errors; what is next to nothing is left out."""
    for name, value in values.items():
        if exact[name] > LEAST:
            yield formula, name, float(abs(Decimal(value) - exact[name]) / exact[name])


def rounding(number: int) -> int:
    """Prints the largest errors; how many are above what is said."""
    worst: dict[tuple[str, str], tuple[float, Line]] = {}
    for line in drawn(number):
        for formula, name, error in errors(line):
            worst[formula, name] = max(worst.get((formula, name), (0.0, line)), (error, line))
    print("| formula | measure | largest relative error | said | seats, lines, load, patience |\n"
          "| --- | --- | --- | --- | --- |")
    for (formula, name), (error, line) in sorted(worst.items()):
        where = f"{line.seats:,}, {line.lines:,}, {line.dials_per_s * HANDLE_S:,.6g}, {line.patience_s:,.3g} s"
        print(f"| `{formula}` | {name} | {error:.1e} | {SAID[formula]:.0e} | {where} |")
    return sum(error > SAID[formula] for (formula, _), (error, _) in worst.items())


def redials() -> None:
    print("\n| seats | delay, in handling times | chance of another dial | dials | callers answered |\n"
          "| --: | --: | --: | --- | --- |")
    for seats, delay, again in product(SEATS, DELAYS, PERSISTENCE):
        gaps = np.array([redial_gaps(line) for line in lines_that_are_dialled_again(seats, delay, again)])
        (dials, answered), (most_dials, most_answered) = gaps.min(axis=0), gaps.max(axis=0)
        print(f"| {seats} | {delay} | {again:.0%} | {dials:+.1%} to {most_dials:+.1%} "
              f"| {answered:+.1%} to {most_answered:+.1%} |", flush=True)


if __name__ == "__main__":
    above = rounding(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
    redials()
    sys.exit(1 if above else 0)
