"""The exact solver of small lending problems, against published optima and against trying every plan.

The second half of the argument, from ``chain`` to ``best``, is written from the words of ``data/lending.json`` alone
("model", "field_notes"): plain Python, a truncation and a bisection of its own, and no search but trying everything.
"""
import json
import math
import subprocess
import sys
from functools import lru_cache
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest

from optimizer.exact.instance import InstanceError
from optimizer.exact.reading import instance_of
from optimizer.exact.solving import optimum

CASES = json.loads((Path(__file__).parents[1] / "data" / "lending.json").read_text(encoding="utf-8"))["cases"]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["instance"]["id"])


# --- the model, from its words ---------------------------------------------------------------------------------------

def chain(lam, own, lent, aht, pat, lines):
    """Shares of dials answered, blocked and hung up: one birth-death chain, faster seats always taken first."""
    speeds = [1.0] * own + sorted(lent, reverse=True)
    states, service, quits, i = [1.0], [0.0], [0.0], 0
    while i < lines if lines is not None else i <= len(speeds) or states[-1] > 1e-20 * max(states):
        i += 1
        service.append(sum(speeds[:i]) / aht)
        quits.append(max(i - len(speeds), 0) / pat)
        death = service[-1] + quits[-1]
        if death == 0:  # a seat that never ends a call: sooner or later no hall has fewer calls
            states = [0.0] * i + [1.0]
        else:
            states.append(states[-1] * lam / death)
        if states[-1] > 1e200:
            states = [state / 1e200 for state in states]
    total = sum(states)
    return (math.fsum(p * d for p, d in zip(states, service, strict=True)) / total / lam,
            states[-1] / total if lines is not None else 0.0,
            math.fsum(p * d for p, d in zip(states, quits, strict=True)) / total / lam)


@lru_cache(maxsize=100_000)
def answer_rate(lam, own, lent, aht, pat, lines, after_busy, after_abandon):
    """Answered of the fresh, where dials are a = lam + after_busy a P_block(a) + after_abandon a P_abandon(a)."""
    if lam == 0:
        return 1.0
    few, many = lam, lam / (1 - max(after_busy, after_abandon))
    while few < (dials := (few + many) / 2) < many and after_busy + after_abandon > 0:
        _, blocked, abandoned = chain(dials, own, lent, aht, pat, lines)
        if lam + dials * (after_busy * blocked + after_abandon * abandoned) > dials:
            few = dials
        else:
            many = dials
    return chain(many, own, lent, aht, pat, lines)[0] * many / lam


def blocks(problem):
    """(probability, length, calls of each city, own seats of each city): of each block, or of each scenario."""
    n = range(len(problem["cities"]))
    if "scenarios" in problem:
        own = [problem["N"][c][0] for c in n]
        return [(one["p"], problem["T"][0], one["lam"], own) for one in problem["scenarios"]]
    return [(1.0, seconds, [problem["lam"][c][b] for c in n], [problem["N"][c][b] for c in n])
            for b, seconds in enumerate(problem["T"])]


def told(problem, field, default):
    """What a field says of each city."""
    return problem.get(field) or [default] * len(problem["cities"])


def sent(problem, plan, city):
    return sum(x for (lender, _), x in zip(problem["arcs"], plan, strict=True) if lender == city)


def received(problem, plan, city):
    return sum(x for (_, borrower), x in zip(problem["arcs"], plan, strict=True) if borrower == city)


def fits(problem, own, plan):
    """Whether a plan keeps all limits but the floors."""
    limits = zip(problem["cities"], problem["cap"], own, told(problem, "licence", None), strict=True)
    return all(seats % problem.get("quantum", 1) == 0 for seats in plan) and all(
        sent(problem, plan, city) <= min(cap, seats) and (licence is None or received(problem, plan, city) <= licence)
        and 0 in (sent(problem, plan, city), received(problem, plan, city)) for city, cap, seats, licence in limits)


def possible(problem, own):
    """Every plan, in the order of the arcs, but for the floors: all that each lender can give, in all combinations."""
    arcs, gives = problem["arcs"], []
    for city, cap in zip(problem["cities"], problem["cap"], strict=True):
        out = [k for k, (lender, _) in enumerate(arcs) if lender == city]
        gives.append([dict(zip(out, seats, strict=True)) for seats in product(range(cap + 1), repeat=len(out))
                      if sum(seats) <= cap])
    for given in product(*gives):
        seats = {k: x for part in given for k, x in part.items()}
        plan = tuple(seats[k] for k in range(len(arcs)))
        if fits(problem, own, plan):
            yield plan


def answered(problem, block, plan):
    """Share of the callers of each city who are answered in a block."""
    cities, redial = problem["cities"], problem.get("redial", {})
    _, _, lam, own = block
    rates = []
    for c, city in enumerate(cities):
        lent = [problem["e"][cities.index(lender)][c] for (lender, borrower), x
                in zip(problem["arcs"], plan, strict=True) if borrower == city for _ in range(x)]
        rates.append(answer_rate(lam[c], own[c] - sent(problem, plan, city), tuple(lent), problem["aht"][c],
                                 problem["pat"][c], told(problem, "K", None)[c], redial.get("after_busy", 0),
                                 redial.get("after_abandon", 0)))
    return rates


def floors_hold(problem, block, plan):
    rates, floors = answered(problem, block, plan), told(problem, "floor", 0)
    return all(rates[c] >= floors[c] for c, city in enumerate(problem["cities"]) if sent(problem, plan, city) > 0)


def worth(problem, block, plan):
    """Answered calls of a block, less what lent seats cost."""
    _, seconds, lam, _ = block
    calls = sum(w * calls * rate for w, calls, rate in zip(told(problem, "w", 1), lam, answered(problem, block, plan),
                                                           strict=True))
    return seconds * calls - problem.get("cost", 0) * sum(plan) * seconds / 3600


def unanswered_share(lam, rates):
    """Of all callers; none of those who don't call."""
    return 1 - sum(calls * rate for calls, rate in zip(lam, rates, strict=True)) / sum(lam) if any(lam) else 0.0


def tail(problem, found, plan):
    """Mean unanswered share on the worst days, as many as make up a probability of 1 - alpha."""
    bad = sorted(((unanswered_share(block[2], answered(problem, block, plan)), block[0]) for block in found),
                 reverse=True)
    left, total = 1 - problem["cvar"]["alpha"], 0.0
    for unanswered, p in bad:
        total += min(p, left) * unanswered
        left -= min(p, left)
    return total / (1 - problem["cvar"]["alpha"])


def is_fair(problem):
    return problem.get("objective") == "max_min"


def worst(problem, plans):
    """The least weighted share of its callers that a city answers over all blocks, or on the mean of all scenarios."""
    n, found = range(len(problem["cities"])), blocks(problem)
    rates = [answered(problem, block, plan) for block, plan in zip(found, plans, strict=True)]
    calls = [[p * seconds * lam[c] for p, seconds, lam, _ in found] for c in n]
    shares = [w * sum(part * rate[c] for part, rate in zip(calls[c], rates, strict=True)) / sum(calls[c])
              for c, w in zip(n, told(problem, "w", 1), strict=True) if sum(calls[c]) > 0 and w > 0]
    return min(shares, default=1.0)


def standby(problem, plans):
    """Seats that each city has to keep ready for plans."""
    return [max(sent(problem, plan, city) for plan in plans) for city in problem["cities"]]


def value(problem, plans):
    """What plans are worth, one for each block or scenario; None if they break a constraint."""
    found = blocks(problem)
    if not all(fits(problem, block[3], plan) for plan, block in zip(plans, found, strict=True)):
        return None
    holds = [floors_hold(problem, block, plan) for plan, block in zip(plans, found, strict=True)]
    if "chance" in problem:
        if math.fsum(block[0] for block, ok in zip(found, holds, strict=True) if ok) < problem["chance"] - 1e-9:
            return None
    elif not all(holds):
        return None
    if changes(plans) > most_changes(problem):
        return None
    if "cvar" in problem:
        return tail(problem, found, plans[0])
    if is_fair(problem):
        return worst(problem, plans)
    total = sum(block[0] * worth(problem, block, plan) for plan, block in zip(plans, found, strict=True))
    if "recourse" in problem:
        total -= problem["recourse"]["standby_cost"] * sum(standby(problem, plans)) * found[0][1] / 3600
    return total


def changes(plans):
    """Seats that change from each plan to the next."""
    return sum(abs(now - before) for earlier, later in pairwise(plans)
               for before, now in zip(earlier, later, strict=True))


def most_changes(problem):
    """None where one plan is for all blocks or all scenarios."""
    link = problem.get("link")
    if link == "same_all_blocks" or ("scenarios" in problem and "recourse" not in problem):
        return 0
    return link["switch_budget"] if link else math.inf


def best(problem):
    """The optimum, from trying every plan."""
    found = blocks(problem)
    every = [[plan for plan in possible(problem, block[3]) if "chance" in problem or floors_hold(problem, block, plan)]
             for block in found]
    if "recourse" in problem:
        return best_recourse(problem, found, every)
    if most_changes(problem) == 0:
        values = [value(problem, [plan] * len(found)) for plan in every[0]]
        return (min if "cvar" in problem else max)(one for one in values if one is not None)
    if is_fair(problem):
        return max(worst(problem, plans) for plans in product(*every) if changes(plans) <= most_changes(problem))
    worths = [{plan: worth(problem, block, plan) for plan in plans} for block, plans in zip(found, every, strict=True)]
    if most_changes(problem) == math.inf:
        return sum(max(of_block.values()) for of_block in worths)
    return max(sum(of_block[plan] for of_block, plan in zip(worths, plans, strict=True)) for plans in product(*every)
               if changes(plans) <= most_changes(problem))


def best_recourse(problem, found, every):
    """Every standby, and for each of them the best plan of each scenario."""
    cities = problem["cities"]
    worths = [[(block[0] * worth(problem, block, plan), [sent(problem, plan, city) for city in cities])
               for plan in plans] for block, plans in zip(found, every, strict=True)]
    return max(sum(max(w for w, out in plans if all(np.less_equal(out, ready))) for plans in worths)
               - problem["recourse"]["standby_cost"] * sum(ready) * found[0][1] / 3600
               for ready in product(*(range(cap + 1) for cap in problem["cap"])))


def in_arc_order(problem, found):
    """Plans as the brute force has them."""
    plans = [tuple(lent.get(tuple(arc), 0) for arc in problem["arcs"]) for lent in found.plans]
    return plans if len(plans) > 1 else plans * len(blocks(problem))


def assert_solved(problem, expected):
    found = optimum(problem)
    plans = in_arc_order(problem, found)
    assert found.proved
    assert found.objective == pytest.approx(expected, rel=1e-8, abs=1e-9)
    assert found.bound == pytest.approx(expected, rel=1e-8, abs=1e-9)
    assert value(problem, plans) == pytest.approx(expected, rel=1e-8, abs=1e-9)
    assert [list(rates.values()) for rates in found.answer_rate] == [
        pytest.approx(answered(problem, block, plan), rel=1e-8, abs=1e-12)
        for block, plan in zip(blocks(problem), plans, strict=True)]
    assert [lent for plan in found.plans for lent in plan.values() if lent < 1] == []
    ready = zip(problem["cities"], standby(problem, plans), strict=True)
    assert found.standby == ({city: seats for city, seats in ready if seats} if "recourse" in problem else {})


# --- published optima ------------------------------------------------------------------------------------------------

@each_case
def test_the_solver_finds_published_optima(case):
    problem, known = case["instance"], case["optimum"]
    found = optimum(problem)
    assert found.objective == pytest.approx(known["optimal_objective"], rel=1e-6)
    assert found.proved
    assert found.bound == found.objective
    assert value(problem, in_arc_order(problem, found)) == pytest.approx(found.objective, rel=1e-9)
    assert in_arc_order(problem, found) == [tuple(plan.values()) for plan in known["optimal_plan_by_block"]]
    assert found.answer_rate == [pytest.approx(block["answer_rate"], abs=1e-9) for block in known["detail"]]


@each_case
def test_trying_every_plan_finds_published_optima(case):
    """The brute force is right: as many plans that hold, the same best, and the same without lending."""
    problem, known = case["instance"], case["optimum"]
    found = blocks(problem)
    assert [sum(floors_hold(problem, block, plan) for plan in possible(problem, block[3])) for block in found] == known[
        "feasible_plans_per_block"]
    assert best(problem) == pytest.approx(known["optimal_objective"], rel=1e-9)
    nothing = [(0,) * len(problem["arcs"])] * len(found)
    assert value(problem, nothing) == pytest.approx(known["no_lending_objective"], rel=1e-9)


@each_case
def test_calls_that_stay_where_they_are_are_answered_almost_as_well(case):
    """The model moves calls to faster seats as these free; where nobody moves, it is less than a thousandth worse."""
    for found, known in zip(optimum(case["instance"]).answer_rate, case["optimum"]["detail"], strict=True):
        for city, exact in known.get("exact_nonrepacked_answer_rate", {}).items():
            assert exact < found[city] < exact * 1.001


# --- small problems of every kind, against trying every plan ---------------------------------------------------------

def draw(rng):
    """A busy city and others with seats to spare, in one block."""
    n = int(rng.integers(2, 4))
    names = ["A", "B", "C"][:n]
    own, aht = rng.integers(4, 11, n), rng.integers(100, 300, n)
    load = rng.permutation([rng.uniform(1.0, 2.2), *rng.uniform(0.3, 0.9, n - 1)])
    pairs = [[a, b] for a in names for b in names if a != b]
    arcs = [pairs[k] for k in sorted(rng.permutation(len(pairs))[:3])]
    return {
        "cities": names, "blocks": 1, "T": [int(rng.choice([900, 3600]))],
        "lam": [[float(calls)] for calls in load * own / aht], "N": [[int(seats)] for seats in own],
        "aht": aht.tolist(), "pat": rng.integers(30, 400, n).tolist(), "K": [None] * n,
        "e": np.full((n, n), rng.uniform(0.5, 1.0)).tolist(), "arcs": arcs, "cap": rng.integers(2, 6, n).tolist(),
    }


def add_floors(rng, problem):
    """Floors that so many seats may go and not one more, in some block."""
    n, block = len(problem["cities"]), blocks(problem)[int(rng.integers(len(blocks(problem))))]
    problem["floor"] = []
    for c in range(n):
        out = int(rng.integers(0, problem["cap"][c]))
        few, many = (answer_rate(block[2][c], max(block[3][c] - seats, 0), (), problem["aht"][c], problem["pat"][c],
                                 problem["K"][c], 0, 0) for seats in (out, out + 1))
        problem["floor"].append((few + many) / 2)


def add_efficiencies(rng, problem):
    problem["e"] = rng.choice([0.0, 0.4, 0.55, 0.7, 0.85, 1.0, 1.3], np.shape(problem["e"])).tolist()


def add_lines(rng, problem):
    """Lines of more than the seats, and of fewer."""
    problem["K"] = [int(max(1, own + rng.integers(-3, 8))) for (own, *_) in problem["N"]]
    problem["K"][int(rng.integers(len(problem["K"])))] = None


def add_nothing(rng, problem):
    """A city without seats, one without calls, and lines but no seat or seats but no line."""
    n = len(problem["cities"])
    problem["N"][int(rng.integers(n))] = [0]
    problem["lam"][int(rng.integers(n))] = [0.0]
    problem["K"] = [None if rng.random() < 0.3 else int(rng.integers(0, 5)) for _ in range(n)]


def add_lenders(rng, problem):
    """Three cities that may help the busy one, each at a speed and up to a cap of its own."""
    own, lam = rng.integers(5, 9, 4), rng.uniform(0.2, 0.6, 4)
    lam[0] = rng.uniform(1.5, 2.5)
    problem.update(cities=["A", "B", "C", "D"], N=own[:, None].tolist(), lam=(lam * own / 200)[:, None].tolist(),
                   aht=[200] * 4, pat=rng.integers(30, 300, 4).tolist(), K=[None] * 4,
                   e=rng.uniform(0.3, 1.2, (4, 4)).round(2).tolist(), arcs=[["B", "A"], ["C", "A"], ["D", "A"]],
                   cap=[0, *rng.integers(1, 5, 3).tolist()])


def add_quantum(rng, problem):
    problem["quantum"] = int(rng.integers(2, 4))
    problem["cap"] = [cap + int(rng.integers(0, 4)) for cap in problem["cap"]]


def add_licences(rng, problem):
    problem["licence"] = [None if rng.random() < 0.2 else int(rng.integers(0, 6)) for _ in problem["cities"]]


def add_weights(rng, problem):
    problem["w"] = rng.choice([0.0, 0.5, 1.0, 3.0], len(problem["cities"])).tolist()


def add_cost(rng, problem):
    problem["cost"] = float(rng.uniform(1, 15))


def add_blocks(rng, problem):
    """Two blocks or three, in which other cities are busy, some at night with hardly a seat."""
    n, count = len(problem["cities"]), int(rng.integers(2, 4))
    own = np.array(problem["N"])
    load = [rng.permutation(np.array(problem["lam"])[:, 0] / own[:, 0]) for _ in range(count)]
    night = rng.random((n, count)) < 0.3
    problem.update(
        blocks=count, T=rng.choice([1800, 3600, 7200], count).tolist(), cap=rng.integers(1, 5, n).tolist(),
        lam=(np.transpose(load) * own * np.where(night, 0.2, 1)).tolist(),
        N=np.where(night, rng.integers(0, 4, (n, count)), own + rng.integers(-2, 3, (n, count))).tolist())


def add_one_plan(rng, problem):
    add_blocks(rng, problem)
    problem["link"] = "same_all_blocks"


def add_switch_budget(rng, problem):
    add_blocks(rng, problem)
    problem["link"] = {"switch_budget": int(rng.integers(0, 6))}


def add_scenarios(rng, problem):
    """Days that turn out busier or quieter, each city by itself."""
    chances = rng.dirichlet([2.0] * int(rng.integers(2, 5)))
    usual = np.array(problem["lam"])[:, 0]
    problem["scenarios"] = [{"p": float(p), "lam": (usual * rng.uniform(0.3, 1.8, len(usual))).tolist()}
                            for p in chances]


def add_chance(rng, problem):
    """Floors that hold on days that are so likely together: between two of the probabilities that days can have."""
    add_scenarios(rng, problem)
    add_floors(rng, problem)
    days = [day["p"] for day in problem["scenarios"]]
    problem["chance"] = 1 - float(rng.uniform(min(days), 1 - min(days)))


def add_cvar(rng, problem):
    """One city is busy on the worst days, and another on most others."""
    n, days = len(problem["cities"]), int(rng.integers(3, 6))
    usual = np.array(problem["N"])[:, 0] / problem["aht"]
    busy = rng.uniform(0.2, 1.2, (days, n))
    busy[0, 0], busy[1:, -1] = rng.uniform(1.5, 2.5), rng.uniform(0.8, 1.6, days - 1)
    chances = [0.25, *0.75 * rng.dirichlet([2.0] * (days - 1))]
    problem["scenarios"] = [{"p": p, "lam": (usual * load).tolist()} for p, load in zip(chances, busy, strict=True)]
    problem["cvar"] = {"alpha": float(rng.choice([0.3, 0.6, 0.75, 0.9]))}


def add_recourse(rng, problem):
    add_scenarios(rng, problem)
    problem["recourse"] = {"standby_cost": float(rng.uniform(0.2, 6))}


def add_redial(rng, problem):
    problem["redial"] = {"after_busy": float(rng.uniform(0, 0.95)), "after_abandon": float(rng.uniform(0, 0.9))}


def add_fairness(rng, problem):
    problem["objective"] = "max_min"


def add_fair_blocks(rng, problem):
    """Two of the blocks, in which nobody may lend more than two seats: all pairs of plans are tried."""
    for field in ("T", "lam", "N"):
        problem[field] = problem[field][:2] if field == "T" else [of[:2] for of in problem[field]]
    problem.update(blocks=2, cap=[min(cap, 2) for cap in problem["cap"]])
    add_fairness(rng, problem)


ADDITIONS = {
    "plain": [], "floors": [add_floors], "efficiencies": [add_efficiencies], "lines": [add_lines],
    "nothing": [add_nothing], "lenders": [add_lenders], "quantum": [add_quantum],
    "licences": [add_licences], "weights": [add_weights], "cost": [add_cost], "blocks": [add_blocks, add_floors],
    "one plan": [add_one_plan], "switch budget": [add_switch_budget], "scenarios": [add_scenarios, add_floors],
    "chance": [add_chance], "cvar": [add_cvar], "recourse": [add_recourse], "redial": [add_redial],
    "redial in lines": [add_lines, add_redial],
    "cvar by chance": [add_efficiencies, add_lines, add_chance, add_cvar],
    "recourse and more": [add_recourse, add_floors, add_quantum, add_cost, add_weights],
    "switches and more": [add_lines, add_switch_budget, add_quantum, add_floors, add_licences, add_cost],
    "chance and more": [add_efficiencies, add_chance, add_redial, add_weights, add_licences],
    "lenders and more": [add_lenders, add_quantum, add_licences, add_lines, add_cost],
    "quanta and switches": [add_switch_budget, add_quantum], "nothing and more": [add_efficiencies, add_nothing],
    "worst city": [add_fairness], "worst city by weight": [add_lenders, add_weights, add_fairness],
    "worst city and floors": [add_efficiencies, add_floors, add_cost, add_fairness],
    "worst city in lines": [add_lines, add_redial, add_licences, add_quantum, add_fairness],
    "worst city of nobody": [add_nothing, add_fairness], "worst city of blocks": [add_blocks, add_fair_blocks],
    "worst city and switches": [add_switch_budget, add_fair_blocks],
    "worst city of one plan": [add_one_plan, add_fairness], "worst city of days": [add_chance, add_fairness],
}
MATTERS = {  # the field without which the optimum is another one, often enough
    "floors": "floor", "lines": "K", "quantum": "quantum", "licences": "licence", "weights": "w", "cost": "cost",
    "blocks": "floor", "one plan": "link", "switch budget": "link", "scenarios": "floor", "chance": "chance",
    "recourse": "recourse", "redial": "redial", "worst city by weight": "w", "worst city and floors": "floor",
    "worst city of days": "chance",
}
TRIES = range(8)


def problem_of(kind, number):
    rng = np.random.default_rng([list(ADDITIONS).index(kind), number])
    problem = draw(rng)
    for add in ADDITIONS[kind]:
        add(rng, problem)
    return problem


@pytest.mark.parametrize("number", TRIES)
@pytest.mark.parametrize("kind", ADDITIONS)
def test_nothing_is_better_than_the_optimum(kind, number):
    problem = problem_of(kind, number)
    assert_solved(problem, best(problem))


@pytest.mark.parametrize("kind", MATTERS)
def test_what_these_problems_are_about_matters(kind):
    """In three of eight at least; or comparing optima would prove little."""
    problems = [problem_of(kind, number) for number in TRIES]
    without = [{field: of for field, of in problem.items() if field != MATTERS[kind]} for problem in problems]
    assert sum(best(one) != pytest.approx(best(other), rel=1e-6)
               for one, other in zip(problems, without, strict=True)) >= 3


def fair_kinds():
    return [kind for kind in ADDITIONS if kind.startswith("worst city")]


def test_the_plan_for_the_worst_city_is_another_one():
    """Than the one with the most answered, in more than a third of these problems."""
    problems = [problem_of(kind, number) for kind in fair_kinds() for number in TRIES]
    usual = [optimum({field: of for field, of in problem.items() if field != "objective"}) for problem in problems]
    others = [value(problem, in_arc_order(problem, found)) for problem, found in zip(problems, usual, strict=True)]
    worse = [other < best(problem) - 1e-6 for problem, other in zip(problems, others, strict=True)]
    assert sum(worse) > len(worse) / 3


@pytest.mark.parametrize("kind", ["worst city", "worst city and floors", "worst city of nobody"])
def test_of_plans_that_are_as_good_for_the_worst_city_the_one_with_the_most_answered_is_taken(kind):
    for number in TRIES:
        problem = problem_of(kind, number)
        (block,), found = blocks(problem), optimum(problem)
        plans = [plan for plan in possible(problem, block[3]) if floors_hold(problem, block, plan)]
        fair = [plan for plan in plans if worst(problem, [plan]) >= best(problem) - 1e-9]
        (chosen,) = in_arc_order(problem, found)
        assert worth(problem, block, chosen) == pytest.approx(max(worth(problem, block, plan) for plan in fair))


def test_a_city_that_nobody_can_help_does_not_keep_the_others_from_being_helped():
    """C is worst and alone; A and B decide by what is answered."""
    problem = {"cities": ["A", "B", "C"], "lam": [0.06, 0.02, 0.1], "N": [8, 9, 3], "aht": 240, "pat": 120,
               "arcs": [["B", "A"]], "cap": 4}
    found = optimum(problem | {"max_min": True})
    assert found.proved
    assert found.objective == found.answer_rate[0]["C"]
    assert found.plans == optimum(problem).plans != [{}]


def test_how_bad_days_must_be_matters():
    """The best plan for the worst days is not the best plan for all days alike."""
    problems = [problem_of("cvar", number) for number in TRIES]
    assert sum(best(problem) != pytest.approx(tail_of_mean(problem), rel=1e-6) for problem in problems) >= 3


def tail_of_mean(problem):
    """The tail of the plan with the least mean."""
    found, all_days = blocks(problem), problem | {"cvar": {"alpha": 0.0}}
    values = {plan: value(all_days, [plan] * len(found)) for plan in possible(problem, found[0][3])}
    return tail(problem, found, min((plan for plan in values if values[plan] is not None), key=values.get))


def test_most_of_these_problems_are_answered_by_lending():
    problems = [problem_of(kind, number) for kind in ("plain", "lenders", "efficiencies", "lines", "one plan", "redial")
                for number in TRIES]
    nothing = [value(problem, [(0,) * len(problem["arcs"])] * len(blocks(problem))) for problem in problems]
    assert sum(best(problem) != pytest.approx(idle, rel=1e-6)
               for problem, idle in zip(problems, nothing, strict=True)) >= 40


def equal_days(number, alpha):
    """Days all of one probability, often a part of 1 - alpha: then many values at risk do as well as the best."""
    problem, days, rng = problem_of("cvar", number), (4, 5, 10)[number % 3], np.random.default_rng(number)
    usual = [day["lam"] for day in problem["scenarios"]]
    lam = [(np.array(usual[k % len(usual)]) * rng.uniform(0.7, 1.3, len(usual[0]))).tolist() for k in range(days)]
    return problem | {"scenarios": [{"p": 1 / days, "lam": rates} for rates in lam], "cvar": {"alpha": alpha}}


def test_days_that_are_equally_likely_take_no_longer():
    """In a process of its own, as a search that goes round in circles may forget the time."""
    problems = [equal_days(number, alpha) for number in (1, 2, 5, 6, 8, 11, 18)
                for alpha in (0, 0.2, 0.5, 0.6, 0.75, 0.8)]
    code = """if True:
        import json, sys
        from optimizer import optimum
        found = [optimum(problem) for problem in json.load(sys.stdin)]
        print(json.dumps([(one.objective, one.proved) for one in found]))"""
    told = subprocess.run([sys.executable, "-c", code], input=json.dumps(problems), capture_output=True, text=True,
                          check=True, timeout=60).stdout
    assert json.loads(told) == [[pytest.approx(best(problem), rel=1e-7), True] for problem in problems]


def test_licences_are_of_all_lenders_together():
    """Three seats may come, two at a time: so two do, of one lender."""
    for number in range(4):
        problem = problem_of("lenders", number) | {"quantum": 2, "licence": [3, None, None, None], "cap": [0, 4, 4, 4]}
        assert_solved(problem, best(problem))
        assert [list(plan.values()) for plan in optimum(problem).plans] == [[2]]


# --- corners ---------------------------------------------------------------------------------------------------------

GOOD = {
    "cities": ["A", "B"], "blocks": 1, "T": [3600], "lam": [[0.05], [0.02]], "N": [[6], [9]], "aht": [240, 240],
    "pat": [120, 120], "K": [None, 30], "e": [[1, 0.8], [0.8, 1]], "arcs": [["A", "B"], ["B", "A"]], "cap": [5, 5],
    "floor": [0.9, 0.9],
}
BUSY, USUAL, CALM = {"p": 0.2, "lam": [0.06, 0.05]}, {"p": 0.5, "lam": [0.05, 0.03]}, {"p": 0.3, "lam": [0.04, 0.01]}
DAYS = GOOD | {"scenarios": [BUSY, USUAL, CALM]}
TWO_BLOCKS = GOOD | {"blocks": 2, "T": [3600, 3600], "lam": [[0.05, 0.05], [0.02, 0.02]], "N": [[6, 6], [9, 9]]}


@pytest.mark.parametrize("more", [
    {"lam": [[0], [0]]}, {"lam": [[0], [0]], "cost": 2}, {"lam": [[1e-12], [1e-12]], "cost": 1},
    {"w": [0, 0], "cost": 2}, {"cost": 1e10}, {"cost": 1e15}, {"cost": 1e300}, {"w": [1e200, 1e-200]},
    {"w": [1e-200, 1e-200]}, {"arcs": []},
    {"floor": [1, 1]}, {"floor": [0, 0], "cap": [6, 9]}, {"cap": [0, 0]}, {"cap": [50, 50]}, {"quantum": 7},
    {"K": [0, 0]}, {"N": [[0], [0]]}, {"N": [[0], [9]], "e": [[1, 0], [0, 1]], "floor": [0, 0]},
    {"N": [[0], [9]], "e": [[1, 0], [0, 1]], "floor": [0, 0], "K": [3, 30]}, {"e": [[1, 0], [1e-9, 1]]},
    {"redial": {"after_busy": 0.99}}, {"redial": {"after_abandon": 0.99}, "K": [12, 12]}, {"redial": {}},
    {"pat": [1e-6, 1e4]},
], ids=str)
def test_corners(more):
    problem = GOOD | more
    assert_solved(problem, best(problem))


@pytest.mark.parametrize("more", [
    {"cvar": {"alpha": 0.0}}, {"cvar": {"alpha": 0.8}}, {"cvar": {"alpha": 0.81}}, {"cvar": {"alpha": 0.99}},
    {"cvar": {"alpha": 0.999}}, {"cvar": {"alpha": 0.99999}},
    {"cvar": {"alpha": 0.5}, "scenarios": [BUSY, USUAL, {"p": 0.3, "lam": [0, 0]}]},
    {"scenarios": [BUSY, USUAL, {"p": 0.3, "lam": [0, 0]}]}, {"scenarios": [BUSY | {"p": 1.0}]},
    {"scenarios": [BUSY | {"p": 0.0}, USUAL | {"p": 1.0}]},
    {"recourse": {"standby_cost": 0.0}}, {"recourse": {"standby_cost": 1e15}}, {"recourse": {"standby_cost": 1e300}},
], ids=str)
def test_corners_of_scenarios(more):
    problem = DAYS | more
    assert_solved(problem, best(problem))


@pytest.mark.parametrize("chance", [0, 0.2, 0.3, 0.5, 0.7, 0.8, 1 - 1e-7, 1])
def test_a_chance_that_is_met_exactly_is_met(chance):
    problem = DAYS | {"chance": chance, "floor": [0.95, 0.95]}
    assert_solved(problem, best(problem))


def test_a_chance_that_is_missed_by_a_millionth_is_missed():
    """B may lend more on the day that is busy in A alone, but that day is not quite likely enough."""
    days = [{"p": 0.499999, "lam": [0.06, 0.01]}, {"p": 0.500001, "lam": [0.06, 0.05]}]
    met, missed = (GOOD | {"scenarios": days, "chance": chance} for chance in (0.499999, 0.5))
    assert best(met) > best(missed) + 1
    assert_solved(met, best(met))
    assert_solved(missed, best(missed))


def test_floors_that_are_just_reached_hold():
    """A floor of exactly what B answers when it lends three seats."""
    floor = optimum(GOOD | {"cap": [0, 3], "floor": [0, 0]}).answer_rate[0]["B"]
    assert optimum(GOOD | {"floor": [1, floor]}).plans == [{("B", "A"): 3}]
    assert optimum(GOOD | {"floor": [1, floor + 1e-9]}).plans == [{("B", "A"): 2}]


# --- ways to write a problem -----------------------------------------------------------------------------------------

def same(problem, other):
    one, two = optimum(problem), optimum(other)
    return one.objective == two.objective and one.proved == two.proved


@pytest.mark.parametrize("more", [
    {"lam": [0.05, 0.02]}, {"N": [6, 9]}, {"aht": 240}, {"pat": 120}, {"floor": 0.9}, {"cap": 5}, {"T": 3600},
    {"quantum": None, "licence": None, "w": None, "cost": None, "link": None, "redial": None, "chance": None,
     "cvar": None, "recourse": None}, {"w": [1, 1]}, {"licence": [None, None]}, {"id": "X", "title": "a problem"},
    {"redial": {"after_busy": 0}}, {"cost": 0}, {"link": {"switch_budget": 0}}, {"link": "same_all_blocks"},
    {"arcs": [["B", "A"], ["A", "B"]]}, {"arcs": (("A", "B"), ("B", "A"))},
], ids=str)
def test_what_is_left_out_or_said_briefly_is_the_same(more):
    assert same(GOOD, GOOD | more)


@pytest.mark.parametrize("more", [
    {"objective": "max_min"}, {"objective": "maxmin"}, {"objective": "Max-min answer rate"}, {"objective": "maximin"},
    {"maxmin": True}, {"max_min": {}}, {"max_min": [1, 1]}, {"max_min": True, "objective": "max_min"},
    {"max_min": {"weights": [1, 1]}, "w": [5, 1]}], ids=str)
def test_the_goal_of_the_worst_city_may_be_said_so(more):
    assert same(GOOD | {"max_min": True}, GOOD | more)


@pytest.mark.parametrize("more", [{"objective": "answered"}, {"objective": "sum"}, {"max_min": False}], ids=str)
def test_the_usual_goal_may_be_said_so(more):
    assert same(GOOD, GOOD | more)


def test_weights_of_the_worst_city_may_stand_beside_the_goal():
    assert same(GOOD | {"max_min": [1, 0.2]}, GOOD | {"max_min": True, "w": [1, 0.2]})
    alone = optimum(GOOD | {"cap": 0}).answer_rate[0]
    assert optimum(GOOD | {"max_min": [0, 1]}).objective == alone["B"]  # who would lend, and now does not
    assert optimum(GOOD | {"max_min": [0, 0]}).objective == 1  # of nobody


@pytest.mark.parametrize("field", ["e", "floor", "K", "blocks"])
def test_fields_that_may_be_left_out(field):
    usual = {"e": [[1, 1], [1, 1]], "floor": [0, 0], "K": [None, None], "blocks": 1}
    assert same(GOOD | {field: usual[field]}, {other: of for other, of in GOOD.items() if other != field})


def test_arrays_may_be_of_numpy():
    more = {"licence": [4, 5], "w": [1, 2], "K": [20, 30]}
    arrays = {field: np.array(of) for field, of in (GOOD | more).items() if field not in ("arcs", "cities", "blocks")}
    assert same(GOOD | more, GOOD | arrays)
    rates = np.array([day["lam"] for day in DAYS["scenarios"]])
    assert same(DAYS, GOOD | {"scenarios": {"p": np.array([0.2, 0.5, 0.3]), "lam": rates}})


def test_a_problem_may_be_an_instance():
    assert same(GOOD, instance_of(GOOD))


@pytest.mark.parametrize("scenarios", [
    [{"prob": day["p"], "lam": day["lam"]} for day in DAYS["scenarios"]],
    [{"probability": day["p"], "lam": [[calls] for calls in day["lam"]]} for day in DAYS["scenarios"]],
    {"p": [0.2, 0.5, 0.3], "lam": [day["lam"] for day in DAYS["scenarios"]]},
])
def test_scenarios_may_be_written_so(scenarios):
    assert same(DAYS, GOOD | {"scenarios": scenarios})
    assert same(DAYS | {"chance": 0.7}, GOOD | {"scenarios": scenarios, "chance": {"p": 0.7}})
    assert same(DAYS | {"cvar": {"alpha": 0.7}}, GOOD | {"scenarios": scenarios, "cvar": 0.7})
    assert same(DAYS | {"recourse": {"standby_cost": 1}}, GOOD | {"scenarios": scenarios, "recourse": True,
                                                                  "standby_cost": 1})


def test_scenarios_are_equally_likely_if_nothing_else_is_said():
    days = [day["lam"] for day in DAYS["scenarios"]]
    assert same(GOOD | {"scenarios": days}, GOOD | {"scenarios": [{"p": 1 / 3, "lam": day} for day in days]})


def test_scenarios_need_no_calls_beside_them():
    assert same(DAYS, {field: of for field, of in DAYS.items() if field != "lam"})


def test_zero_is_a_number():
    """No part of the days left out, nothing to pay for standby: not the same as leaving the goal out."""
    assert same(DAYS | {"cvar": 0.0}, DAYS | {"cvar": {"alpha": 0.0}})
    assert same(DAYS | {"recourse": 0.0}, DAYS | {"recourse": {"standby_cost": 0.0}})


# --- problems too big, and time that runs out ------------------------------------------------------------------------

def many_cities(n, seats=40, speeds=(0.8,), days=0):
    rng = np.random.default_rng(n)
    names = [f"city{k}" for k in range(n)]
    usual = rng.uniform(0.4, 1.5, n) * seats / 240
    problem = {"cities": names, "lam": usual.tolist(), "N": [seats] * n, "aht": 240, "pat": 120,
               "e": rng.choice(speeds, (n, n)).tolist(), "arcs": [[a, b] for a in names for b in names if a != b],
               "cap": 12, "floor": 0.9}
    return problem | ({"scenarios": [(usual * rng.uniform(0.5, 1.5, n)).tolist() for _ in range(days)]} if days else {})


def test_a_problem_that_is_too_big_says_so():
    with pytest.raises(InstanceError, match=r"city\d may borrow seats of 6 efficiencies in more than 300,000 ways"):
        optimum(many_cities(7, speeds=np.linspace(0.5, 0.99, 1000)))


def test_a_city_with_many_seats_is_solved():
    problem = GOOD | {"lam": [[25.0], [15.0]], "N": [[5000], [5000]], "cap": [3, 3], "floor": [0, 0]}
    found = optimum(problem)
    assert found.proved
    assert found.plans == [{("B", "A"): 3}]


@pytest.mark.parametrize("most_s", [0.001, 0.2, 1.0])
@pytest.mark.parametrize("more", [{}, {"cvar": {"alpha": 0.8}}, {"recourse": {"standby_cost": 3}},
                                  {"max_min": True}], ids=str)
def test_time_that_runs_out_leaves_a_plan_and_a_bound(more, most_s):
    """Lending nothing is a plan that is known from the beginning."""
    found = optimum(many_cities(6, days=8) | more, most_s)
    better, worse = (found.bound, found.objective) if "cvar" in more else (found.objective, found.bound)
    assert better <= worse * (1 + 1e-9)
    assert found.proved <= (better == worse)
    assert found.seconds < most_s + 10


# --- nonsense --------------------------------------------------------------------------------------------------------

def without(field):
    return {other: of for other, of in GOOD.items() if other != field}


@pytest.mark.parametrize("field", ["cities", "lam", "N", "aht", "pat", "arcs", "cap"])
def test_fields_that_are_missing_are_named(field):
    with pytest.raises(InstanceError, match=rf"missing.*\b{field}\b"):
        optimum(without(field))


def test_unknown_fields_are_named():
    with pytest.raises(InstanceError, match=r"unknown.*\blines, patience\b"):
        optimum(GOOD | {"patience": [1, 2], "lines": [3, 4]})


NAN, INF = math.nan, math.inf


@pytest.mark.parametrize(("field", "of"), [
    # wrong shapes
    ("lam", [[0.05]]), ("lam", [[0.05], [0.02], [0.01]]), ("lam", [[0.05, 0.02], [0.05, 0.02]]), ("lam", 0.05),
    ("N", [[6]]), ("N", [6, 9, 9]), ("N", [[6], [9], [6], [9]]), ("N", [[6, 9]]), ("N", [[6], [9, 9]]),
    ("aht", [240] * 3), ("pat", [120] * 3), ("cap", [5] * 3), ("floor", [0.9] * 3), ("w", [1] * 3), ("K", [30]),
    ("K", [30] * 3), ("K", 30), ("K", 0), ("licence", [3]), ("licence", 3), ("e", [[1, 0.8]]), ("e", [1, 0.8, 0.8]),
    ("e", 0.8), ("T", [3600, 3600]), ("T", []), ("blocks", 2), ("cities", []),
    # below 0, or 0
    ("lam", [[-0.05], [0.02]]), ("N", [[-6], [9]]), ("aht", [-240, 240]), ("aht", [0, 240]), ("pat", [120, -1]),
    ("pat", [0, 120]), ("K", [-1, None]), ("e", [[1, -0.8], [0.8, 1]]), ("cap", [-5, 5]), ("floor", [-0.1, 0.9]),
    ("licence", [-1, None]), ("w", [-1, 1]), ("cost", -1), ("T", [-3600]), ("T", [0]), ("quantum", 0), ("quantum", -1),
    ("link", {"switch_budget": -1}), ("redial", {"after_busy": -0.1}), ("redial", {"after_abandon": -0.1}),
    # too much, or no number
    ("floor", [1.1, 0.9]), ("floor", [90, 90]), ("redial", {"after_busy": 1.1}), ("redial", {"after_busy": 1.0}),
    ("lam", [[NAN], [0.02]]), ("lam", [[INF], [0.02]]), ("aht", [INF, 240]), ("pat", [INF, 120]), ("w", [NAN, 1]),
    ("w", [INF, 1]), ("cost", NAN), ("cost", INF), ("T", [NAN]), ("T", [INF]), ("e", [[1, NAN], [0.8, 1]]),
    ("e", [[1, INF], [INF, 1]]), ("cap", [NAN, 5]), ("floor", [NAN, 0.9]), ("lam", [["many"], [0.02]]),
    # no whole number
    ("N", [[6.5], [9]]), ("K", [30.5, None]), ("cap", [2.5, 5]), ("licence", [2.5, None]), ("quantum", 1.5),
    ("link", {"switch_budget": 2.5}),
    # names
    ("cities", ["A", "A"]), ("arcs", [["A", "A"]]), ("arcs", [["A", "Z"]]), ("arcs", [["A"]]), ("arcs", [[0, 2]]),
    ("arcs", [["A", "B"], ["A", "B"]]), ("arcs", [[0, -1]]), ("link", "same_everywhere"), ("link", {"switches": 3}),
    ("redial", {"after_hanging_up": 0.5}), ("redial", 0.5),
    # of scenarios, where there are none
    ("chance", 0.9), ("cvar", {"alpha": 0.9}), ("recourse", {"standby_cost": 1}),
], ids=str)
def test_nonsense_is_refused_by_name(field, of):
    with pytest.raises(InstanceError, match=rf"\b{field.removesuffix('s')}s?\b"):
        optimum(GOOD | {field: of})


@pytest.mark.parametrize(("of", "says"), [
    ([BUSY, USUAL], "probabilit.*sum to 1"), ([BUSY | {"p": 1}, USUAL | {"p": 1}], "probabilit.*sum to 1"),
    ([BUSY | {"p": -0.5}, USUAL | {"p": 1.5}], "probabilit"), ([BUSY | {"p": NAN}, USUAL], "probabilit"),
    ([BUSY, {"lam": [0.05, 0.03]}], "probabilit"), ({"p": [1.0], "lam": [[0.05, 0.03], [0.06, 0.05]]}, "probabilit"),
    ({"p": [0.5, 0.5, 0.0], "lam": [[0.05, 0.03], [0.06, 0.05]]}, "probabilit"),
    ([], "scenarios"), ({}, "scenarios"), ([{"p": 1.0}], "scenarios.*lam"), ({"p": [1.0]}, "scenarios.*lam"),
    ([{"p": 1.0, "lam": [0.05]}], "scenarios"), ([{"p": 1.0, "lam": [-0.05, 0.03]}], "lam"),
], ids=str)
def test_scenarios_that_make_no_sense_are_refused(of, says):
    with pytest.raises(InstanceError, match=says):
        optimum(GOOD | {"scenarios": of})


@pytest.mark.parametrize(("more", "says"), [
    ({"chance": 1.5}, "chance"), ({"chance": -0.5}, "chance"), ({"chance": NAN}, "chance"),
    ({"chance": {"at_least": 0.5}}, "chance"), ({"cvar": 1.0}, "cvar"), ({"cvar": -0.1}, "cvar"),
    ({"cvar": {"beta": 0.9}}, "cvar"), ({"recourse": {"standby": 5}}, "recourse"),
    ({"recourse": {"standby_cost": -5}}, "standby_cost"), ({"recourse": {"standby_cost": NAN}}, "standby_cost"),
    ({"recourse": {"standby_cost": 1}, "cvar": {"alpha": 0.9}}, "recourse|cvar"),
    ({"max_min": True, "cvar": {"alpha": 0.9}}, "cvar and max_min are 2 goals: name one"),
    ({"objective": "max_min", "recourse": {"standby_cost": 1}}, "recourse and max_min are 2 goals"),
    ({"objective": "most"}, "objective must be answered or max_min, got most"),
    ({"max_min": [1, -1]}, "max_min must be numbers, at least 0"), ({"max_min": [1]}, "max_min must be 2 numbers"),
    ({"max_min": {"w": [1, 1]}}, "max_min"), ({"max_min": "yes"}, "max_min must be numbers"),
    ({"N": [[6, 6], [9, 9]], "T": [3600, 3600], "blocks": 2}, "scenarios"),
], ids=str)
def test_goals_that_make_no_sense_are_refused(more, says):
    with pytest.raises(InstanceError, match=says):
        optimum(DAYS | more)


def test_rows_are_cities_and_columns_blocks():
    """Three rows of two read as two rows of three would be another problem."""
    problem = {"cities": ["A", "B", "C"], "T": [3600, 3600], "lam": [[0.05, 0.01]] * 3, "N": [[6, 7]] * 3,
               "aht": 240, "pat": 120, "arcs": [["A", "B"]], "cap": 3}
    for field, of in (("N", [[6, 6, 6], [7, 7, 7]]), ("lam", [[0.05] * 3, [0.01] * 3])):
        with pytest.raises(InstanceError, match=rf"\b{field}\b"):
            optimum(problem | {field: of})


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(InstanceError, match=r"cap.*floor|floor.*cap"):
        optimum(GOOD | {"cap": [-1, 5], "floor": [2, 0]})
