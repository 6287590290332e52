"""How likely people's next breaks begin in each interval, if everyone takes a way by chance.

Ways are as likely as the exponential of what they are away in favoured intervals. The favour of an interval is set so
that on average as many are away as there are people to spare: the likeliest breaks that fit the need on average.
"""
from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from optimizer.staffing.shifts.breaks.floor import Crew
from optimizer.staffing.shifts.breaks.particles import Chances, Graph, expect
from optimizer.staffing.shifts.breaks.ways import END
from optimizer.staffing.shifts.terms import Bools, Floats

ROUNDS = 400       # to find the favour of intervals
STEP = 0.1         # a break takes several intervals, of which all are changed at once
MOST_FAVOUR = 4.0  # so that chances stay numbers


def graph_of(crews: Sequence[Crew]) -> Graph:
    nodes = np.cumsum([0] + [crew.ways.nodes for crew in crews])
    tail = np.concatenate([crew.ways.tail + first for crew, first in zip(crews, nodes, strict=False)])
    head = np.concatenate([crew.ways.head + first for crew, first in zip(crews, nodes, strict=False)])
    begins, away = np.zeros(nodes[-1], np.int64), np.zeros(nodes[-1], np.int64)
    begins[head] = np.concatenate([crew.ways.begins for crew in crews])
    away[head] = np.concatenate([crew.ways.away for crew in crews])
    return Graph(nodes, np.searchsorted(tail, np.arange(nodes[-1] + 1)), tail, head, begins, begins + away,
                 *np.array([(crew.start, crew.people) for crew in crews]).T)


def chances_of(graph: Graph, favour: Floats) -> Chances:
    """:param favour: [slots] of being away."""
    weight, value, flow = np.zeros((3, len(graph.begins)))
    expect(graph, favour, weight, value, flow, *np.zeros((2, len(favour))))
    return Chances(weight * value, beginnings(graph, weight * value))


def favour_of(graph: Graph, spare: Floats, counted: Bools) -> Floats:
    """[slots] of being away, so that the people to spare are away on average, as nearly as can be.

    :param spare: [slots] people who should be away; :param counted: [slots] where that matters.
    """
    favour, (expected, spread) = np.zeros(len(spare)), np.zeros((2, len(spare)))
    weight, value, flow = np.zeros((3, len(graph.begins)))
    for _ in range(ROUNDS):
        expected[:] = spread[:] = 0
        expect(graph, favour, weight, value, flow, expected, spread)
        step = np.clip(STEP * (spare - expected) / (spread + 0.3), -0.5, 0.5)
        favour = np.clip(np.where(counted & (spread > 0), favour + step, 0.0), -MOST_FAVOUR, MOST_FAVOUR)
    return favour


def beginnings(graph: Graph, weight: Floats) -> Floats:
    """[nodes, intervals of the shift] as in ``Chances``."""
    each = np.zeros((len(graph.begins), int(graph.back.max()) + 1))
    goes_on = graph.begins[graph.head] != END
    np.add.at(each, (graph.tail[goes_on], graph.begins[graph.head[goes_on]]), weight[graph.head[goes_on]])
    later = np.cumsum(each[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(each / np.where(later > 0, later, 1.0))
