"""Many people at once: each in turn walks where the flow of all still lacks people; then single people answer.

The flow says how many are on each duty of each day. Rows are whole and leave and wishes are people's own, so that not
all of it can be followed; the searches for days and exchanges do the rest.
"""
from __future__ import annotations

import time

import numpy as np

from optimizer.staffing.rosters.columns import Column, cheapest_column
from optimizer.staffing.rosters.flow import Flow, Stream
from optimizer.staffing.rosters.instance import Bands, Instance
from optimizer.staffing.rosters.making import Making, best_answer
from optimizer.staffing.rosters.problem import OFF

STIFFNESS = 0.5   # times the dearest person missing: what a person beside the flow costs, on one duty of a day


def following(instance: Instance, streams: list[Stream], flow: Flow, bands: Bands, until: float,
              rng: np.random.Generator) -> Making:
    """A row for each person: of whoever has come, each part of the flow shall have had its part. Out of time, the rest
    answers what cover there is."""
    stream_of = {person: k for k, stream in enumerate(streams) for person in stream.people}
    stiff = STIFFNESS * float(instance.missing.max(initial=0.0)) or 1.0
    ahead = [np.full(on_duty.shape, 0.5) for on_duty in flow.on_duty]   # of a step, what it costs is in the middle
    there, columns = np.zeros(len(instance.need)), list[Column]()
    for person in (int(one) for one in rng.permutation(instance.people)):
        k = stream_of[person]
        ahead[k] -= flow.on_duty[k] / len(streams[k].people)
        if time.perf_counter() > until:
            column = best_answer(instance, person, there, bands)
        else:
            shared = stiff * ahead[k] - instance.shared_prices(person, flow.prices)
            column = cheapest_column(instance, person, shared, bands)[1]
        on = np.flatnonzero(column.row != OFF)
        ahead[k][on, column.row[on]] += 1
        there += instance.row_cover(person, column.row)
        columns.append(column)
    return Making(instance, columns)


def polish(making: Making, bands: Bands, until: float, rng: np.random.Generator) -> None:
    """Best answers of single people until none gains."""
    cost = np.inf
    while making.cost < cost - 1e-6 and time.perf_counter() < until:
        cost = making.cost
        for person in rng.permutation(making.instance.people):
            making.answer(int(person), bands)
            if time.perf_counter() > until:
                break
