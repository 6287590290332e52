"""The compiled search for days that two people may exchange: the cover stays as it is, wishes and fairness gain."""
import numpy as np

from sim.core.compiled import compiled


@compiled(nogil=True)
def walk(kinds, own, layers, first, head, choice, price, end_price, node, row):
    """Cost of a row of one person from a node of the graph, infinite if it is not in it."""
    days = len(row)
    cost = 0.0
    for day in range(days):
        duty = row[day]
        wanted = kinds[duty] + 1 if duty >= 0 else 0
        found = -1
        if duty < 0 or wanted > 0:
            for arc in range(first[node], first[node + 1]):
                if choice[arc] == wanted:
                    found = arc
                    break
        if found < 0:
            return np.inf
        cost += price[found] + own[day, duty]
        if cost == np.inf:
            return np.inf
        node = head[found]
    return cost + end_price[node - layers[days]]


@compiled(nogil=True)
def unfairness(row, night, weekend, fair, carried):
    """Price of counts outside their bands. ``night`` [duties]; ``weekend`` [days] which, -1 none; ``fair``
    [n, (measure, low, width, price)], measure 0 nights and 1 weekends; ``carried`` [n]."""
    total = 0.0
    for k in range(len(fair)):
        count = carried[k]
        last = -1
        for day in range(len(row)):
            if row[day] >= 0:
                if fair[k, 0] == 0:
                    count += night[row[day]]
                elif weekend[day] >= 0 and weekend[day] != last:
                    count += 1
                    last = weekend[day]
        total += fair[k, 3] * max(0.0, max(fair[k, 1] - count, count - fair[k, 1] - fair[k, 2]))
    return total


@compiled(nogil=True)
def choice_costs(kinds, own, layers, first, head, choice, price, end_price, node, night, weekend, fair, carried, row,
                 day, costs):
    """Into ``costs`` [1 + duties]: of a row with each choice of a day, off first, fairness counted; infinite where a
    hard rule forbids it. The row is as it was at the end."""
    old = row[day]
    for k in range(len(costs)):
        row[day] = k - 1
        cost = walk(kinds, own, layers, first, head, choice, price, end_price, node, row)
        if cost < np.inf:
            cost += unfairness(row, night, weekend, fair, carried)
        costs[k] = cost
    row[day] = old


@compiled(nogil=True)
def best_exchange(kinds, own1, own2, layers, first, head, choice, price, end_price, start1, start2, night, weekend,
                  fair, carried1, carried2, row1, row2, now):
    """The days [from, to) whose exchange costs the least together, and that cost; ``now`` and no days if none is less.
    Both rows are as they were at the end."""
    days, least, begin, end = len(row1), now - 1e-6, 0, 0
    for a in range(days):
        if row1[a] == row2[a]:
            continue
        for b in range(a + 1, days + 1):
            row1[b - 1], row2[b - 1] = row2[b - 1], row1[b - 1]
            if b < days and row1[b - 1] == row2[b - 1]:
                continue
            cost = walk(kinds, own1, layers, first, head, choice, price, end_price, start1, row1)
            if cost < least:
                cost += unfairness(row1, night, weekend, fair, carried1)
            if cost < least:
                cost += walk(kinds, own2, layers, first, head, choice, price, end_price, start2, row2)
            if cost < least:
                cost += unfairness(row2, night, weekend, fair, carried2)
            if cost < least:
                least, begin, end = cost, a, b
        for b in range(a, days):
            row1[b], row2[b] = row2[b], row1[b]
    return least, begin, end
