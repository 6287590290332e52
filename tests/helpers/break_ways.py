"""All ways to take the breaks of one shift, found by trying all."""
import itertools

from optimizer.staffing.shifts.breaks.terms import Break, BreakRules

RULES = BreakRules((Break("meal", 60, 1, 120, 300), Break("rest", 30, 2)), edge_min=30, least_stretch_min=30,
                   most_stretch_min=180, long_stretch_min=120, long_break_min=60, settling_min=30)
LENGTH = 480


def all_ways(rules, length, interval):
    """Every set of break times that keeps the rules, found by trying all: sorted (start, length) each."""
    sorts = [kind for kind in rules.breaks for _ in range(kind.times)]
    found = set()
    for starts in itertools.product(range(0, length, interval), repeat=len(sorts)):
        taken = sorted((start, start + kind.length_min) for start, kind in zip(starts, sorts, strict=True))
        in_window = all(kind.earliest_start_min <= start and
                        start + kind.length_min <= (kind.latest_end_min or length)
                        for start, kind in zip(starts, sorts, strict=True))
        begins, ends = [start for start, _ in taken], [0, *(end for _, end in taken)]
        stretches = [begin - end for end, begin in zip(ends, [*begins, length], strict=True)]
        long = [stretch > rules.long_stretch_min and end - begin < rules.long_break_min
                for stretch, (begin, end) in zip(stretches, taken, strict=False)]
        if (in_window and begins[0] >= rules.edge_min and ends[-1] <= length - rules.edge_min and not any(long)
                and all(rules.least_stretch_min <= stretch <= rules.most_stretch_min for stretch in stretches)):
            found.add(tuple(taken))
    return found


LEGAL = all_ways(RULES, LENGTH, 30)
