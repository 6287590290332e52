"""Mean and spread of arrays that come one by one, compiled: a month's arrays are met once and not six times."""
from sim.core.compiled import compiled


@compiled
def welford(values, count, mean, squares):
    """Add flat arrays, place by place (Welford 1962); nan is no value."""
    for i in range(values.size):
        value = values[i]
        if value == value:
            count[i] += 1
            step = value - mean[i]
            mean[i] += step / count[i]
            squares[i] += step * (value - mean[i])
