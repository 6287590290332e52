"""The queueing examples of pyworkforce's README, and the same line overloaded: ``python -m
benchmarks.staffing.pyworkforce_queues``.

Inputs are those of its README (MIT; Rodrigo Arenas): 100 calls in half an hour, three minutes each, to be answered
within 20 s, occupancy of at most 85 %. Results of Erlang C are those of version 0.5.1, of Erlang A those that the
README of a later version prints. The latter are shown, not asked for: where patience is exponential, those who hang up
are the mean wait over the mean patience, and theirs are not (0.1258 of 5 minutes is 0.0252). Where load reaches the
seats, 0.5.1 returns what stands here as ``THEIRS_OVERLOADED``, a probability above one. The right answers are plain:
without hang-ups all wait and nobody is answered in time; with hang-ups no more can be answered than the seats can talk
to.
"""
from __future__ import annotations

import sys
from collections.abc import Iterator

from benchmarks.staffing.table import head, row, yes
from optimizer.staffing.need.formulas import seats_needed
from sim.queueing.erlang import erlang_a, erlang_c

CALLS, HANDLE_S, INTERVAL_S, WITHIN_S, PATIENCE_S = 100.0, 180.0, 1800.0, 20.0, 300.0
RATE = CALLS / INTERVAL_S
LOAD = RATE * HANDLE_S
MOST_OCCUPANCY, MOST_ABANDONED = 0.85, 0.05
THEIRS = {0.80: (14, 0.8884), 0.85: (14, 0.8884), 0.90: (15, None)}     # by target: seats, share within 20 s
THEIRS_PATIENT = (13, 0.8584, 0.0253)                                   # seats, share within 20 s, abandoned
THEIRS_OVERLOADED = {5: 4.4092, 8: 1.9568, 9: 1.4196, 10: 1.0}          # by seats: probability of waiting
ROUNDED = 6e-5                                                          # they print four digits
Row = tuple[str, str, str, bool]


def enough(target: float) -> Iterator[Row]:
    """The fewest seats where all wait until they are answered."""
    seats = int(seats_needed(CALLS, HANDLE_S, INTERVAL_S, target, WITHIN_S))
    line = erlang_c(RATE, HANDLE_S, seats)
    theirs, within = THEIRS[target]
    good = seats <= theirs and float(line.occupancy) <= MOST_OCCUPANCY
    yield f"Erlang C, {target:.0%}: seats", str(seats), str(theirs), good
    if within is not None:
        ours = float(line.answered_within(WITHIN_S))
        yield f"Erlang C, {target:.0%}: within 20 s", f"{ours:.4f}", f"{within:.4f}", abs(ours - within) < ROUNDED


def patient() -> Iterator[Row]:
    """The fewest seats where callers hang up after five minutes on the average."""
    seats = int(seats_needed(CALLS, HANDLE_S, INTERVAL_S, 0.80, WITHIN_S, PATIENCE_S, 1 - MOST_ABANDONED))
    line = erlang_a(RATE, HANDLE_S, seats, PATIENCE_S)
    theirs, within, abandoned = THEIRS_PATIENT
    yield "Erlang A, 80 %: seats", str(seats), str(theirs), seats <= theirs and float(line.occupancy) <= MOST_OCCUPANCY
    same = erlang_a(RATE, HANDLE_S, theirs, PATIENCE_S)
    gone = float(same.mean_wait_joined_s) / PATIENCE_S
    yield (f"Erlang A, {theirs} seats: within 20 s", f"{float(same.answered_within(WITHIN_S)):.4f}", f"{within:.4f}",
           float(same.answered_within(WITHIN_S)) <= 1 - float(same.abandoned))
    yield (f"Erlang A, {theirs} seats: abandoned", f"{float(same.abandoned):.4f}", f"{abandoned:.4f}",
           abs(float(same.abandoned) - gone) < 1e-9)


def overloaded(seats: int) -> Iterator[Row]:
    """Ten Erlangs on ten seats and fewer."""
    line, theirs = erlang_c(RATE, HANDLE_S, seats), f"{THEIRS_OVERLOADED[seats]:.4f}"
    good = float(line.waits) == 1 and float(line.answered_within(WITHIN_S)) == 0
    yield f"Erlang C, {seats} seats: waits", f"{float(line.waits):.4f}", theirs, good
    answered = float(erlang_a(RATE, HANDLE_S, seats, PATIENCE_S).answered)
    yield f"Erlang A, {seats} seats: answered", f"{answered:.4f}", "", 0 < answered < seats / LOAD + 1e-12


def main() -> int:
    head("example", "ours", "pyworkforce", "right, or no worse")
    rows = [*(one for target in THEIRS for one in enough(target)), *patient(),
            *(one for seats in THEIRS_OVERLOADED for one in overloaded(seats))]
    for what, ours, theirs, good in rows:
        row((what, ours, theirs, yes(good)))
    return 0 if all(good for *_, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
