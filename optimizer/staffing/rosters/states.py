"""What a day's choice depends on: the last duty, days in a row, nights in a row, days off in a row.

Rules about neighbouring days become a machine of states: from each, what a day off or a duty of each kind leads to and
costs. Duties that no rule of a person tells apart are of one kind.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from optimizer.staffing.rosters.problem import DAY_MINUTES, CarriedIn, Duty, Floats, Ints, Person, Problem, Rule

FORBIDDEN = np.inf
Past = CarriedIn | None


@dataclass(frozen=True)
class Kinds:
    """Duties that one person may do, by what the person's rules see of them."""

    of: Ints                    # [duties] kind of each, -1 where the person may not do it
    examples: tuple[int, ...]   # [kinds] a duty of each
    after: Floats               # [kinds + pasts, kinds] price of a kind on the day after another, FORBIDDEN if it may
                                # not; the last rows: after what was carried in


@dataclass(frozen=True)
class States:
    """The machine. Choice 0 is off, 1 + k a duty of kind k."""

    start: Ints      # [pasts] state before the first day
    then: Ints       # [states, choices] next state, -1 if forbidden
    price: Floats    # [states, choices]
    worked: Ints     # [states] whether the day before was worked


@dataclass(frozen=True)
class State:
    """``last`` is a row of prices of what may follow, -1 after a day off."""

    last: int
    days: int          # worked in a row
    nights: int        # in a row
    off: int           # days off in a row
    exempt: bool       # the run touches the first day and nothing is known of it: it is long enough


def rules(person: Person, *names: str) -> list[Rule]:
    """Limits of these names."""
    return [rule for rule in person.limits if rule.name in names]


def over(limits: Iterable[Rule], amount: float) -> float:
    """Price of an amount that is at most the limits' values, or FORBIDDEN."""
    return sum((FORBIDDEN if rule.price is None else rule.price * (amount - rule.value)
                for rule in limits if amount > rule.value), 0.0)


def under(limits: Iterable[Rule], amount: float) -> float:
    """Price of an amount that is at least the limits' values, or FORBIDDEN."""
    return sum((FORBIDDEN if rule.price is None else rule.price * (rule.value - amount)
                for rule in limits if amount < rule.value), 0.0)


def step(limits: Iterable[Rule], amount: int) -> float:
    """Price of the last unit of an amount."""
    return sum((FORBIDDEN if rule.price is None else rule.price * min(1.0, amount - rule.value)
                for rule in limits if amount > rule.value), 0.0)


def kinds(problem: Problem, person: Person, pasts: Sequence[Past]) -> Kinds:
    """Duties that no rule tells apart, after any of these pasts, are one kind."""
    duties, rest = problem.duties, rules(person, "least_rest")
    named = {rule.duty for rule in rules(person, "most_of_duty")}
    never = {rule.duty for rule in rules(person, "most_of_duty") if rule.value < 1 and rule.price is None}
    after = np.array([[follows(one, two, one.end - DAY_MINUTES, rest) for two in duties] for one in duties])
    start = np.array([carried(problem, past or CarriedIn(), rest) for past in pasts])
    seen: dict[tuple[object, ...], int] = {}
    of = np.full(len(duties), -1)
    for k, duty in enumerate(duties):
        daily = over(rules(person, "most_minutes_a_day"), duty.paid)
        if not problem.may_do(person, duty) or duty.code in never or daily == FORBIDDEN:
            continue
        sign = (duty.paid, duty.night, duty.code if duty.code in named else None, *after[k], *after[:, k], *start[:, k])
        of[k] = seen.setdefault(sign, len(seen))
    examples = [int(np.flatnonzero(of == kind)[0]) for kind in range(len(seen))]
    table = np.vstack([after[examples], start])[:, examples]
    return Kinds(of, tuple(examples), table)


def follows(one: Duty, two: Duty, end: int, rest: list[Rule]) -> float:
    """Price of a duty on the day after another, which ends ``end`` minutes after the midnight between them."""
    return FORBIDDEN if two.code in one.not_followed_by else under(rest, two.start - end)


def carried(problem: Problem, before: CarriedIn, rest: list[Rule]) -> list[float]:
    """[duties] price of each on the first day, from what came before."""
    last = None if before.last_duty is None else problem.duties[problem.index[before.last_duty]]
    end = before.last_end if before.last_end is not None or last is None else last.end - DAY_MINUTES
    return [FORBIDDEN if last is not None and duty.code in last.not_followed_by
            else 0.0 if end is None else under(rest, duty.start - end) for duty in problem.duties]


def states(problem: Problem, person: Person, kinds: Kinds, pasts: Sequence[Past]) -> States:
    """All states that can be reached from what was carried in."""
    machine = Machine(problem, person, kinds)
    starts = [machine.start(past, len(kinds.examples) + k) for k, past in enumerate(pasts)]
    order = list(dict.fromkeys(starts))
    found = {state: k for k, state in enumerate(order)}
    then: list[list[int]] = []
    prices: list[list[float]] = []
    for state in order:  # grows
        arcs = [machine.off(state), *(machine.on(state, kind) for kind in range(len(kinds.examples)))]
        for following, price in arcs:
            if price < FORBIDDEN and following not in found:
                found[following] = len(order)
                order.append(following)
        then.append([found[following] if price < FORBIDDEN else -1 for following, price in arcs])
        prices.append([price for _, price in arcs])
    return States(np.array([found[state] for state in starts]), np.array(then), np.array(prices),
                  np.array([int(state.days > 0) for state in order]))


class Machine:
    """The steps of one person's states."""

    def __init__(self, problem: Problem, person: Person, kinds: Kinds) -> None:
        self.duties = [problem.duties[k] for k in kinds.examples]
        self.after, self.row = np.unique(kinds.after, axis=0, return_inverse=True)  # kinds that are followed alike
        self.most_days, self.most_nights = rules(person, "most_days_in_a_row"), rules(person, "most_nights_in_a_row")
        self.least_days = rules(person, "least_days_in_a_row")
        self.least_off = rules(person, "least_days_off_in_a_row")
        self.daily = [over(rules(person, "most_minutes_a_day"), duty.paid) for duty in self.duties]
        # Beyond these counts no rule sees a difference.
        self.days = int(max([1, *(rule.value + 1 for rule in self.most_days), *(r.value for r in self.least_days)]))
        self.nights = int(max([0, *(rule.value + 1 for rule in self.most_nights)]))
        self.offs = int(max([1, *(rule.value for rule in self.least_off)]))

    def start(self, before: Past, row: int) -> State:
        """Before the first day; what may follow stands in a row of Kinds.after."""
        last = int(self.row[row])
        if before is None:
            return State(last, 0, 0, self.offs, True)
        if before.days_in_a_row:
            return State(last, min(before.days_in_a_row, self.days), min(before.nights_in_a_row, self.nights), 0, False)
        return State(last, 0, 0, min(before.days_off_in_a_row, self.offs), False)

    def off(self, state: State) -> tuple[State, float]:
        """A day off."""
        following = State(-1, 0, 0, min(state.off + 1, self.offs), False)
        return following, under(self.least_days, state.days) if state.days and not state.exempt else 0.0

    def on(self, state: State, kind: int) -> tuple[State, float]:
        """A duty."""
        days = min(state.days + 1, self.days)
        nights = min(state.nights + 1, self.nights) if self.duties[kind].night else 0
        price = step(self.most_days, days) + step(self.most_nights, nights) + self.daily[kind]
        if not state.days:
            price += under(self.least_off, state.off)
        if state.last >= 0:
            price += float(self.after[state.last, kind])
        return State(int(self.row[kind]), days, nights, 0, state.exempt), price
