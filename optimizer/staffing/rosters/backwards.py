"""The compiled loops over a layered graph."""
import numpy as np

from sim.core.compiled import compiled


@compiled(nogil=True)
def cheapest(kinds, own, shared, layers, first, head, choice, price, end_price, start,  # noqa: C901
             prices, duties, value, best, row):
    """The cheapest row of a person from the node ``start``, into ``row`` [days]; its cost, infinite if there is none.

    ``own`` [days, duties + 1] and ``shared`` [days, duties] are prices of duties, the last of ``own`` of a day off;
    ``kinds`` [duties]; the graph's arrays as in ``graph.Graph``; ``prices``, ``duties`` [days, choices], ``value`` and
    ``best`` [nodes] are working space.
    """
    days, last_duty = own.shape[0], own.shape[1] - 1
    for day in range(days):
        for k in range(prices.shape[1]):
            prices[day, k] = np.inf
        prices[day, 0] = own[day, last_duty]
        duties[day, 0] = -1
        for duty in range(last_duty):
            k = kinds[duty] + 1
            if k > 0:
                cost = own[day, duty] + shared[day, duty]
                if cost < prices[day, k]:
                    prices[day, k], duties[day, k] = cost, duty
    last = layers[days]
    for node in range(last, layers[days + 1]):
        value[node] = end_price[node - last]
    for day in range(days - 1, -1, -1):
        for node in range(layers[day], layers[day + 1]):
            least, which = np.inf, -1
            for arc in range(first[node], first[node + 1]):
                cost = price[arc] + prices[day, choice[arc]] + value[head[arc]]
                if cost < least:
                    least, which = cost, arc
            value[node] = least
            best[node] = which
    if value[start] == np.inf:
        return np.inf
    node = start
    for day in range(days):
        arc = best[node]
        row[day] = duties[day, choice[arc]]
        node = head[arc]
    return value[start]
