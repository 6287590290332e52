"""Whether a scenario is one that a machine can hold and finish: sizes, callers, dials, and laws that tables can keep.

A clear refusal beats a machine without memory.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import numpy as np

from sim.core.arrays import (
    LONGEST_MS,
    MOST_CALLERS_AN_INTERVAL,
    MOST_DIALS,
    MOST_INTERVALS,
    MOST_QUEUES,
    PLACE_BITS,
    Floats,
)
from sim.reading.conflicts import Conflict, Levers, conflict, lists_of_levers
from sim.scenario.callers import CallerClass, Redial
from sim.scenario.demand import Surge
from sim.scenario.intervals import DAY_S, Intervals
from sim.scenario.levers import Route
from sim.scenario.messages import Message, say
from sim.scenario.problems import Where
from sim.scenario.quantities import Distribution, Quantity, seconds
from sim.scenario.scenario import ALL, Scenario
from sim.world.demand import USUAL_SPREAD, busiest, demand, over_the_day, spread
from sim.world.routing import POLICIES, Seats, ways

MOST_FRESH_CALLERS = 200_000_000
MOST_DIALS_IN_ALL = 5_000_000_000  # where nobody is answered for a day
# Intervals times queues and pools. From the World to the sums of a run a queue's cell takes some 250 bytes and a pool's
# some 85: 1.5 GiB at the most. The figures by interval that a run folder keeps come on top.
MOST_CELLS = 5_000_000
MOST_EDGES = 5_000_000
MOST_LAWS = 150
MOST_LOOKED_AT = 20_000_000  # intervals times surges and shocks
MEAN_OFF, SECOND_OFF = 0.005, 0.02
FEW_DIALS = 100.0  # need no second look at how long they take
LONGEST_S = LONGEST_MS / 1000
LIMITS = ("1 day", "4 h", "1 h", "24 days")  # of durations, as they are proposed
TICK_S = 0.001     # the shortest time between two dials
MILD = {"lognormal": (0.05, 1.1), "gamma": (0.05, 1.5), "weibull": (0.6, 10.0)}  # cv or sigma, cv, shape
MILD_S = (1.0, 3600.0)  # mean durations that are neither in milliseconds nor in days


# --- sizes -----------------------------------------------------------------------------------------------------------

def too_large(scenario: Scenario) -> Iterator[Conflict]:
    """Intervals, cities, classes, pools, and who may answer whom."""
    intervals, queues = scenario.horizon.intervals, len(scenario.cities) * len(scenario.classes)
    guests = {where: guest_pools(scenario, levers) for where, levers in lists_of_levers(scenario)}
    own = own_pools(scenario)
    pools = len(own) + max(map(len, guests.values()))
    if intervals * (queues + pools) > MOST_CELLS or intervals >= MOST_INTERVALS or queues >= MOST_QUEUES:
        yield conflict(("horizon", "interval"), say("{intervals:,} intervals for {cities} cities, {classes} classes "
                                                    "and {pools} pools are too many: take a longer interval or a "
                                                    "shorter horizon", intervals=intervals, cities=len(scenario.cities),
                                                    classes=len(scenario.classes), pools=pools))
        return
    most = min(MOST_EDGES, (1 << PLACE_BITS) // intervals)
    for where, levers in lists_of_levers(scenario):
        policy, place = policy_of(scenario, where, levers)
        edges = edges_of(scenario, policy, own + guests[where])
        if edges > most:
            yield conflict(place, say("{edges:,} ways in which seats may answer calls, with {cities:,} cities and "
                                      "{intervals:,} intervals; at most {most:,} can be simulated", edges=edges,
                                      cities=len(scenario.cities), intervals=intervals, most=most))


def guest_pools(scenario: Scenario, levers: Levers) -> list[Seats]:
    """Guests who are alike in all but their number and their time are one pool."""
    pools = scenario.model_copy(update={"levers": levers}).effects.pools
    return [Seats(one.home, one.serves, one.classes, own=False, both=one.both, first=one.first)
            for one in {pool.kin: pool for pool in pools}.values()]


def policy_of(scenario: Scenario, where: Where, levers: Levers) -> tuple[str, Where]:
    """The policy that holds, and where it is written."""
    routes = [((*where, i, "policy"), lever.policy) for i, lever in enumerate(levers) if isinstance(lever, Route)]
    place, policy = (routes or [(("routing", "policy"), scenario.routing.policy)])[-1]
    return policy, place


def own_pools(scenario: Scenario) -> list[Seats]:
    """Each city's own seats: for all classes, and for some only where people answer no others."""
    return [Seats(name, (name,), classes, own=True, both=False, first=False)
            for name in scenario.cities for classes in ((), *scenario.classes_apart(name))]


def edges_of(scenario: Scenario, policy: str, pools: Iterable[Seats]) -> int:
    return sum(ways(POLICIES[policy], pool, len(scenario.cities), len(scenario.classes)) for pool in pools)


# --- callers ---------------------------------------------------------------------------------------------------------

def too_many_callers(scenario: Scenario) -> Iterator[Conflict]:
    """In the whole horizon."""
    parts = callers_by_part(scenario)
    total, largest = sum(parts.values()), max(parts, key=lambda where: parts[where])
    if total > MOST_FRESH_CALLERS:
        yield conflict(largest, say("with this, {total:,.0f} people call; at most {most:,} can be "
                                    "simulated in one run", total=total, most=MOST_FRESH_CALLERS))


def callers_by_part(scenario: Scenario) -> dict[Where, float]:
    """How many people each part of the file makes call, over the whole horizon."""
    days = days_of(scenario)
    level = days * float(scenario.everyday_level)
    parts: dict[Where, float] = {("cities", key, "calls_a_day"): level * float(city.calls_a_day)
                                 for key, city in scenario.cities.items()}
    return parts | {("surges", i): callers_of(surge, days) for i, surge in enumerate(scenario.surges)}


def days_of(scenario: Scenario) -> float:
    return (scenario.horizon.end - scenario.horizon.start) / timedelta(days=1)


def callers_of(surge: Surge, days: float) -> float:
    """Callers of a surge over so many days."""
    cycle = surge.life_cycle
    return (sum(map(float, surge.by_day.values())) + sum(float(shock.callers) for shock in surge.shocks)
            + sum(callers for _, callers in surge.rows) + (days * float(cycle.callers_a_day) if cycle else 0))


def crowded_intervals(scenario: Scenario) -> Iterator[Conflict]:
    """A city and class with more callers in an interval than have numbers."""
    looks = scenario.horizon.intervals * sum(1 + len(surge.shocks) for surge in scenario.surges)
    most, cv = peaks(scenario)
    if (most * busiest(cv)).max() > MOST_CALLERS_AN_INTERVAL and looks <= MOST_LOOKED_AT:
        expected = demand(scenario, scenario.horizon.times)
        most, cv = expected.mean.max(axis=0), expected.busyness_cv
    q = int((most * busiest(cv)).argmax())
    limit = MOST_CALLERS_AN_INTERVAL / float(busiest(cv)[q])
    if most[q] > limit:
        c, k = divmod(q, len(scenario.classes))
        city, klass = list(scenario.cities)[c], list(scenario.classes)[k]
        too_many = most[q] > MOST_CALLERS_AN_INTERVAL / USUAL_SPREAD
        where_so = say("") if too_many else say(" where days differ so much")
        yield conflict(largest_part(scenario, city, klass, by_number=too_many),
                       say("with this, {most:,.0f} people call {city} in one interval of an ordinary day; at most "
                           "{limit:,.0f} can be simulated{where_so}: take shorter intervals", most=float(most[q]),
                           city=city, limit=limit, where_so=where_so))


def peaks(scenario: Scenario) -> tuple[Floats, Floats]:
    """[Q] at least as many fresh callers as there are in any interval, as if all peaks came at once, and how much days
    differ."""
    most, cv = (np.zeros((len(scenario.cities), len(scenario.classes))) for _ in range(2))
    calls = np.array([float(city.calls_a_day) for city in scenario.cities.values()])
    peak = {profile: peak_of(scenario, profile) for profile in scenario.profiles}
    columns = {klass: k for k, klass in enumerate(scenario.classes)}
    rows = {city: c for c, city in enumerate(scenario.cities)}
    for klass, part in scenario.everyday.items():
        week = scenario.profiles[part.profile].week
        busiest_day = peak[part.profile] * max(week) * len(week) / sum(week)
        share = float(scenario.everyday_level) * float(part.share) * busiest_day
        most[:, columns[klass]] += calls * share
        cv[:, columns[klass]] = float(part.busyness_cv)
    for surge in scenario.surges:
        k, callers = columns[surge.klass], sum(parts_of(scenario, surge, peak[surge.profile]).values())
        for city, share in spread(scenario, surge.city).items():
            most[rows[city], k] += callers * share
            cv[rows[city], k] = max(cv[rows[city], k], float(surge.busyness_cv))
    return most.ravel(), cv.ravel()


def peak_of(scenario: Scenario, profile: str) -> float:
    """The largest share of a day's callers who come in one interval."""
    a_day = Intervals(scenario.horizon.start, scenario.horizon.interval_s, DAY_S // scenario.horizon.interval_s)
    return float(over_the_day(scenario, profile, a_day).max())


def parts_of(scenario: Scenario, surge: Surge, share: float) -> dict[Where, float]:
    """The most callers whom each part of a surge brings in one interval; of the days the largest.

    :param share: the largest share of a day's callers who come in one interval.
    """
    found: dict[Where, float] = {}
    if surge.by_day:
        day = max(surge.by_day, key=lambda day: float(surge.by_day[day]))
        found["by_day", day.isoformat()] = float(surge.by_day[day]) * share
    if surge.life_cycle is not None:
        found["life_cycle", "callers_a_day"] = float(surge.life_cycle.callers_a_day) * share
    for k, shock in enumerate(surge.shocks):
        halvings = scenario.horizon.interval_s / max(float(shock.half_life), 1e-9)
        found["shocks", k, "callers"] = float(shock.callers) * (1 - 0.5**halvings)
    if surge.rows:
        found["table",] = max(callers for _, callers in surge.rows)
    return found


def largest_part(scenario: Scenario, city: str, klass: str, by_number: bool) -> Where:
    """Which part of the file has most to do with the callers of a city and class in an interval, by their number or by
    how much days differ."""
    surges = [(i, surge) for i,
              surge in enumerate(scenario.surges) if surge.klass == klass and surge.city in (city, ALL)]
    if not by_number:
        cvs: dict[Where, float] = {("surges", i, "busyness_cv"): float(surge.busyness_cv) for i, surge in surges}
        cvs |= {("everyday", klass,
                 "busyness_cv"): float(scenario.everyday[klass].busyness_cv)} if klass in scenario.everyday else {}
        return max(cvs, key=lambda where: cvs[where])
    parts = {("surges", i, *where): number * spread(scenario, surge.city)[city]
             for i, surge in surges for where,
             number in parts_of(scenario, surge, peak_of(scenario, surge.profile)).items()}
    if klass in scenario.everyday:
        everyday = scenario.everyday[klass]
        parts["cities", city,
              "calls_a_day"] = (float(scenario.cities[city].calls_a_day) * float(scenario.everyday_level)
                                * float(everyday.share) * peak_of(scenario, everyday.profile))
    return max(parts, key=lambda where: parts[where])


# --- dials -----------------------------------------------------------------------------------------------------------

def too_many_dials(scenario: Scenario) -> Iterator[Conflict]:
    """Of callers whom nobody answers for a day, each for himself and all together."""
    total = 0.0
    for (name, klass), callers in zip(scenario.classes.items(), callers_by_class(scenario), strict=True):
        dials, cause = dials_of_a_caller(scenario, klass)
        where, hours = ("classes", name, cause, "share"), in_words(patient_s(scenario))
        if dials > MOST_DIALS:
            yield conflict(where, say("with this, a caller whom nobody answers makes {dials:,.0f} dials in {hours}; "
                                      "at most {most:,} can be simulated: set most_dials to 1,000 or less, a "
                                      "longer delay or a smaller share", dials=dials, hours=hours,
                                      most=MOST_DIALS))
            continue
        total += callers * dials * matters(klass, days_of(scenario))
        if total > MOST_DIALS_IN_ALL:
            yield conflict(where, say("with this, there may be {total:,.0f} dials where nobody answers for {hours}; "
                                      "at most {most:,} can be simulated: set a lower most_dials, a "
                                      "longer delay or a smaller share", total=total, hours=hours,
                                      most=MOST_DIALS_IN_ALL))
            return


def in_words(seconds: float) -> Message:
    if seconds >= 3600:
        return say("{hours:g} h", hours=seconds / 3600)
    return say("{minutes:g} min", minutes=seconds / 60)


def patient_s(scenario: Scenario) -> float:
    """Seconds for which a caller goes on if nobody answers: a day, if the horizon has one."""
    return min(DAY_S, (scenario.horizon.end - scenario.horizon.start).total_seconds())


def callers_by_class(scenario: Scenario) -> list[float]:
    """Fresh callers of each class over the whole horizon."""
    days = days_of(scenario)
    level = days * float(scenario.everyday_level) * sum(float(city.calls_a_day) for city in scenario.cities.values())
    found = {name: level * float(scenario.everyday[name].share) if name in scenario.everyday else 0.0
             for name in scenario.classes}
    for surge in scenario.surges:
        found[surge.klass] = found.get(surge.klass, 0.0) + callers_of(surge, days)
    return [found[name] for name in scenario.classes]


def matters(klass: CallerClass, days: float) -> float:
    """How often a caller calls about a matter that is not settled, the first time included: on a day once at most."""
    again = float(klass.repeat_contact.share) if klass.repeat_contact else 0.0
    return min(1 / (1 - again), days + 1) if again < 1 else days + 1


def dials_of_a_caller(scenario: Scenario, klass: CallerClass) -> tuple[float, str]:
    """How many dials about one matter a caller is expected to make on a day on which nobody answers, and the cause of
    failure that makes for most of them."""
    busy = any(city.has_so_many_lines for city in scenario.cities.values())
    causes: list[tuple[str, Redial, Distribution | float]] = [("after_busy", klass.after_busy, 0.0)] if busy else []
    if isinstance(klass.patience, Distribution):
        causes.append(("after_hanging_up", klass.after_hanging_up, klass.patience))
    series = {"after_busy": 1.0}  # dials in a row that all fail for one cause
    most, each_s = float(klass.most_dials or np.inf), np.inf
    for cause, redial, wait in causes:
        series[cause] = until_they_give_up(redial, klass.most_dials)
        between_s = one_after_another_s(redial, wait, patient_s(scenario)) if series[cause] > FEW_DIALS else 0.0
        if between_s:
            series[cause] = min(series[cause], 1 + patient_s(scenario) / between_s)
        each_s = min(each_s, between_s)
    if each_s:
        most = min(most, 1 + patient_s(scenario) / each_s)
    return min(float(np.prod(list(series.values()))), most), max(series, key=series.__getitem__)


def one_after_another_s(redial: Redial, wait: Distribution | float, most_s: float) -> float:
    """The mean time from one failed dial to the next, none longer than so long."""
    if not is_read(redial.delay) or not is_read(wait):
        return most_s
    from sim.world.distributions import limited  # slow to import, and few scenarios need it

    waited_s = limited(wait, 1, most_s) if isinstance(wait, Distribution) else wait
    return max(limited(redial.delay, 1, most_s) + waited_s, TICK_S)


def until_they_give_up(redial: Redial, most_dials: int | None) -> float:
    *first, last = map(float, redial.by_try or (redial.share,))
    dials, still = 0.0, 1.0
    for share in first[:None if most_dials is None else most_dials - 1]:
        dials, still = dials + still, still * share
    left = np.inf if most_dials is None else max(most_dials - len(first), 0)
    if last >= 1:
        return float(dials + (still * left if still else 0.0))
    return float(dials + still * (1 - last**left) / (1 - last))


# --- laws ------------------------------------------------------------------------------------------------------------

def laws_of(scenario: Scenario) -> Iterator[tuple[Where, Distribution]]:
    """Every law of a duration, with its place; what is wrong with a file of durations is told elsewhere."""
    for name, klass in scenario.classes.items():
        laws: dict[Where, object] = {
            ("patience",): klass.patience, ("talk",): klass.talk, ("wrap_up",): klass.wrap_up,
            ("after_busy", "delay"): klass.after_busy.delay,
            ("after_hanging_up", "delay"): klass.after_hanging_up.delay,
            ("repeat_contact", "delay"): klass.repeat_contact.delay if klass.repeat_contact else None}
        for where, law in laws.items():
            if isinstance(law, Distribution) and is_read(law):
                yield ("classes", name, *where), law
    for city, own in scenario.cities.items():
        for name, here in own.handle_times.items():
            for field, law in (("talk", here.talk), ("wrap_up", here.wrap_up)):
                if isinstance(law, Distribution) and is_read(law):
                    yield ("cities", city, "handle_times", name, field), law


def is_read(law: Distribution | float) -> bool:
    """Whether durations of a law are known that stand in a file."""
    return not isinstance(law, Distribution) or all(one.samples_s for one in (law, *law.parts) if one.law == "data")


def laws_that_no_table_holds(scenario: Scenario) -> Iterator[Conflict]:
    """Tails so heavy, or durations so long, that what is simulated would be shorter than what the file says."""
    known: dict[Distribution, Message] = {}
    parts = 0
    for where, law in laws_of(scenario):
        if law not in known:
            parts += max(len(law.parts), 1)
            if parts > MOST_LAWS:
                yield conflict(where, say("is one too many: a scenario may have {most} different laws of "
                                          "durations, parts of mixtures included", most=MOST_LAWS))
                return
            known[law] = missed(law, where[-2:] != ("repeat_contact", "delay"))
        if known[law]:
            yield conflict(where, known[law])


def missed(law: Distribution, with_second: bool) -> Message:
    """What a table of a law misses, and what would help; whole days are told apart by their mean alone."""
    what = say("") if harmless(law) else moved(law, with_second)
    if not what:
        return say("")
    if rare := rarest(law, with_second):
        return say("can't be simulated as it stands: its part with a share of {share:.3%} falls between the points of "
                   "a table, which moves {what}; leave that part out, or give it a larger share", share=rare, what=what)
    cut = (limit for limit in LIMITS if seconds(limit) > 2 * float(law.mean or law.median or 0)
           and (law.at_most is None or seconds(limit) < float(law.at_most)))
    enough = next((limit for limit in cut if not moved(
        law.model_copy(update={"at_most": Quantity(number=seconds(limit), unit="s")}), with_second)), None)
    remedy = (say("a shorter mean") if law.law == "fixed" else say("a smaller spread") if not enough else
              say("at_most: {enough}, or a smaller spread", enough=enough))
    return say("can't be simulated as it stands: its rarest durations are cut, and none is longer than {most:.1f} "
               "days, which moves {what}; give it {remedy}", most=LONGEST_S / DAY_S, what=what, remedy=remedy)


def rarest(law: Distribution, with_second: bool) -> float:
    """The smallest share in a mixture that no table holds though tables hold each of its parts, else 0."""
    if law.law != "mixture" or any(moved(alone(part), with_second) for part in law.parts):
        return 0.0
    return min(float(part.share or 0) for part in law.parts)


def alone(part: Distribution) -> Distribution:
    return part.model_copy(update={"share": None})


def moved(law: Distribution, with_second: bool) -> Message:
    """Which moment of a law its table does not keep, and by how much; nothing if it keeps them."""
    from sim.world.distributions import off  # slow to import

    mean, second = off(law)
    if abs(mean) > MEAN_OFF:
        return say("its mean by {mean:.1%}", mean=mean)
    is_off = with_second and abs(second) > SECOND_OFF
    return say("its mean square by {second:.1%}", second=second) if is_off else say("")


def harmless(law: Distribution) -> bool:
    """Laws whose tables keep their moments, as a test shows; for others it has to be reckoned."""
    if law.law in ("exponential", "fixed"):
        return float(law.mean or 0) < LONGEST_S / 20
    if law.law not in ("lognormal", "gamma", "weibull") or law.at_most is not None:
        return False
    spread = next(float(one) for one in (law.cv, law.sigma, law.shape) if one is not None)
    return within(spread, MILD[law.law]) and within(float(law.mean or law.median or 0), MILD_S)


def within(value: float, ends: tuple[float, float]) -> bool:
    return ends[0] <= value <= ends[1]
