"""Queues whose answers are known exactly, simulated from the scenario file on: ``python tests/proofs/theory.py``.

Each case of ``data/queueing.json`` and ``data/theory_more.json`` becomes a scenario file, which is read, built, filled
with callers and run by the kernel, in many independent replications. Every measure that the case gives is compared with
what was simulated: z = (simulated - exact) / standard error. If model and exact answers agree, the z spread as a
standard normal's do.

**Simulated.** A measure is a function of sums over a window, such as hang-ups / dials; its standard error is the
jackknife's over replications (over batches of days for what begins with an empty hall). Student's t is turned into the
z of the same tail. Steady cases leave out the time before the window (WARM_UP_H, at least a dozen times as long as the
queue remembers) and go on for a day after it, so that every dial of the window has an outcome.

**Judged** is every measure but those that chance cannot touch (``certain``: the same in every replication, and equal to
the exact value but for a millionth) and those too rare for a normal law (``unseen``: the events that they count are
expected fewer than FEWEST_EVENTS times). A measure of an event of a probability below RARE is ``rare``: it is judged
too, but its standard error need not be under MOST_ERROR of the value, or of the highest point of a curve over the day.

**Dependent measures.** Cases have luck of their own, but the measures of one case share theirs. So there are two kinds
of check. One measure a case, chosen beforehand (PRIMARY), gives independent z: chi-square and Kolmogorov-Smirnov. For
all measures, the number outside the 95 % and 99 % limits, the sum of z squared and the largest z are compared with what
normal z give that depend on each other as those of the replications do (their correlations are known from them).

**Two sites** are told in two ways: B lends its seats, which answer for both, and callers wait for a millisecond; or, as
``on busy``, by lines and call forwarding on busy. Where only A's calls are forwarded, A's agents sit at home: such
seats answer their own city only.

**Known differences**, far below the errors: a wait of less than a millisecond is none (one in 2,500 of those who wait
in A1, where seats free every second); a law is a table that keeps means to 0.02 %; two sites that have no place to wait
are sites whose callers wait for a millisecond, unless they are told as on busy.
"""
from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import special, stats

from sim.core import arrays
from sim.core.arrays import ABANDONED, ANSWERED, BLOCKED, WAITING, Floats, Ints, Outcomes, Records, Setting
from sim.core.engines import kernel
from sim.measures import facts
from sim.measures.counts import count
from sim.measures.facts import Period
from sim.reading.loading import load
from sim.world.build import build
from sim.world.callers import draw_callers

CASES = tuple(Path(__file__).parents[1] / "data" / name for name in ("queueing.json", "theory_more.json"))
START = datetime(2021, 3, 1)
CONFIDENCE = 0.99     # of all checks of the spread together
RARE = 0.01           # an event of a lower probability is rare
MOST_ERROR = 0.005    # of the value: the standard error of what is not rare
FEWEST_EVENTS = 1000  # expected in all replications together, for a measure to be judged
LEAST_EVENTS = 1e-3   # likewise, for a single one to be a fault
TAIL_H = 24           # after the window
WARM_UP_H = {"M/M/n": 48, "M/G/1": 48, "priority M/M/n": 48, "priority M/G/1": 72, "retrial CTMC": 24}
WARM_UP_ELSE_H = 12
DIALS = 150_000       # about so many people dial in the window of a replication

# Batches of how many replications, by the beginning of the id: enough for MOST_ERROR.
BATCHES = {"C1": (420, 1), "C4": (60, 1), "B1": (90, 1), "A1": (230, 1), "A2": (170, 1), "K1": (110, 1), "S1": (50, 1),
           "P1": (85, 1), "P4": (85, 1), "T1": (1000, 20), "T2": (1000, 20), "T4": (1000, 20), "T9": (1000, 110),
           "O4": (140, 1), "O5": (60, 1)}
BATCHES_ELSE = (40, 1)

Case = dict[str, Any]
Sums = dict[str, Any]  # of a batch of replications: a number or an array by name
Measure = Callable[[Sums], Any]


# --- from a case to a scenario file ----------------------------------------------------------------------------------

def duration(seconds: float) -> str:
    return f"{seconds!r} s"


def law(name: str, mean_s: float, cv: float | None = None) -> dict[str, Any]:
    """A law as a scenario writes it."""
    if name == "deterministic":
        return {"law": "fixed", "mean": duration(mean_s)}
    return {"law": name, "mean": duration(mean_s)} | ({"cv": cv} if name == "lognormal" else {})


def talk(p: Case) -> dict[str, Any]:
    """The talk of a class, and its wrap-up where the case has one."""
    if "service_law" in p:
        return {"talk": p["service_law"]}
    if "mean_wrapup_s" in p:
        return {"talk": law("exponential", p["mean_talk_s"]), "wrap_up": law("exponential", p["mean_wrapup_s"])}
    return {"talk": law(p.get("service_dist", "exponential"), p.get("mean_service_s", 60.0), p.get("service_cv"))}


def redial(share: float, mean_s: float | None) -> dict[str, Any]:
    return {"share": share, "delay": law("exponential", mean_s or 60.0)}


def patience(p: Case) -> Any:
    """The patience of all callers. Where two sites have no place to wait, a millisecond stands for none."""
    if "siteA" in p and "on_busy" not in p:
        return law("deterministic", 0.001)
    if "patience_law" in p:
        return p["patience_law"]
    return law(p["patience_dist"], p["mean_patience_s"]) if p.get("mean_patience_s") else "for ever"


def caller_class(p: Case, part: Case, name: str) -> dict[str, Any]:
    """The callers of a case, or one class of them."""
    return {
        "name": named(name), "urgency": part.get("priority", 1) - 1, "patience": patience(p), **talk(p | part),
        "after_busy": redial(p.get("redial_prob_after_busy", 0), p.get("mean_redial_delay_s")),
        "after_hanging_up": redial(p.get("redial_prob_after_abandon", 0), p.get("mean_redial_delay_s")),
    } | ({"most_dials": p["max_attempts"]} if p.get("max_attempts") else {})


def named(name: str) -> dict[str, str]:
    return {"zh": name, "en": name}


def classes_of(p: Case) -> dict[str, Case]:
    """The classes of a case by name."""
    if "classes" not in p:
        return {"people": {}}
    return {f"class{i + 1}": part for i, part in enumerate(p["classes"])}


def rate_of(p: Case) -> float:
    """Fresh callers a second, the mean over the day."""
    if "siteA" in p:
        return float(p["siteA"]["arrival_rate_per_s"] + p["siteB"]["arrival_rate_per_s"])
    return float(np.mean(quarters(p)) if "arrival_rate_by15_per_s" in p else p["arrival_rate_per_s"])


def quarters(p: Case) -> list[float]:
    """The rate in each quarter of an hour of the day; nobody after the horizon's end."""
    given = p["arrival_rate_by15_per_s"]
    return given + [0.0] * (96 - len(given))


def city(name: str, rate: float, seats: int, lines: int | None = None) -> dict[str, Any]:
    return {"name": named(name), "calls_a_day": rate * 86400, "seats": seats, "agents": seats, "shifts": "always",
            "absence": 0, "shrinkage": 0} | ({} if lines is None else {"lines": lines})


def cities_of(p: Case) -> dict[str, Any]:
    """The hotline of the case, and who lends to it."""
    if "siteA" in p:
        found = {key: city(key, p[site]["arrival_rate_per_s"], p[site]["agents"],
                           p[site]["lines_total"] if "on_busy" in p else None)
                 for key, site in (("a", "siteA"), ("b", "siteB"))}
        return found | ({"a": found["a"] | {"seats": 0}} if p.get("on_busy") == "one way" else {})
    seats = max(n for _, n in p["staffing"]) if "staffing" in p else p.get("agents") or 1
    found = {"a": city("a", rate_of(p), seats, p.get("lines_total"))}
    return found | ({"b": city("b", 0, p["lent_seats"])} if "lent_seats" in p else {})


def levers_of(p: Case, horizon: dict[str, str]) -> list[dict[str, Any]]:
    """Seats lent for good: all of them there, at the speed of the case. Two sites: those of B answer for both, and keep
    some of them for B."""
    if "on_busy" in p:
        return on_busy(p, horizon)
    if not {"siteA", "lent_seats"} & p.keys():
        return []
    seats = p["lent_seats"] if "lent_seats" in p else p["siteB"]["agents"]
    speed = p.get("lent_efficiency", 1)
    return [{"kind": "lend", "lender": "b", "borrower": "a", "seats": seats, "from": horizon["start"],
             "to": horizon["end"], "hours": ["00:00", "24:00"], "presence": "100 %",
             "serves": "both" if "siteA" in p else "borrower", "speed": {"day_1": speed, "day_5": speed},
             "keep_idle": p["siteB"].get("reserved", 0) if "siteA" in p else 0}]


def on_busy(p: Case, horizon: dict[str, str]) -> list[dict[str, Any]]:
    """Calls that find no free line are answered by the other site, those of B only if they are forwarded both ways."""
    route = {"kind": "route", "policy": "overflow", "after": "busy", "keep_idle": p["siteB"].get("reserved", 0)}
    if p["on_busy"] == "both ways":
        return [route]
    return [route, {"kind": "cloud_seats", "city": "a", "seats": p["siteA"]["agents"], "from": horizon["start"],
                    "to": horizon["end"], "hours": ["00:00", "24:00"], "presence": "100 %",
                    "speed": {"day_1": 1, "day_5": 1}}]


def horizon_of(p: Case, hours: int) -> dict[str, str]:
    every = f"{p['interval_s']} s" if "interval_s" in p else "1 h"
    return {"start": f"{START}", "end": f"{START + timedelta(hours=hours)}", "interval": every}


def document(case: Case, hours: int) -> dict[str, Any]:
    """The case as a scenario file of so many hours."""
    p = case["params"]
    classes, horizon = classes_of(p), horizon_of(p, hours)
    shares = [part.get("arrival_rate_per_s", rate_of(p)) for part in classes.values()]
    return {
        "surgeline": 1, "title": named(case["title"]), "horizon": horizon, "cities": cities_of(p),
        "answered_within": duration(p.get("service_level_threshold_s", 20)),
        "classes": {name: caller_class(p, part, name) for name, part in classes.items()},
        "shifts": {"always": [{"start": "00:00", "hours": 24, "share": "100 %"}]},
        "profiles": {"all": {"day": quarters(p) if "arrival_rate_by15_per_s" in p else [1]}},
        "everyday": {name: {"profile": "all", "share": rate / sum(shares), "busyness_cv": p.get("day_busyness_cv", 0)}
                     for name, rate in zip(classes, shares, strict=True)},
        "levers": levers_of(p, horizon),
    } | ({"staff": {"table": "staff.csv"}} if "staffing" in p else {})


def staff_csv(p: Case) -> str:
    """Seats from a moment on, as a table beside the scenario."""
    steps = [f"{START + timedelta(seconds=at)},{seats}" for at, seats in p.get("staffing", [])]
    return "\n".join(["start,a", *steps])


@lru_cache(maxsize=2)
def setting_of(text: str, staff: str) -> Setting:
    """A scenario file, read and built."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "staff.csv").write_text(staff)
        file = Path(folder) / "case.yaml"
        file.write_text(text)  # JSON is YAML
        return build(load(file))


# --- how long and how often ------------------------------------------------------------------------------------------

class Plan(NamedTuple):
    """A window of hours, what goes before and after, and how many batches of how many replications."""

    before: int
    window: int
    after: int
    batches: int
    batch: int

    @property
    def hours(self) -> int:
        return self.before + self.window + self.after


def is_transient(case: Case) -> bool:
    return "horizon_s" in case["params"]


def only_counts(case: Case) -> bool:
    """Whether the case is about the callers alone: nobody needs to answer them."""
    return "day_busyness_cv" in case["params"]


def plan_of(case: Case, dials: int = DIALS, batches: int | None = None) -> Plan:
    """How much of a case to simulate."""
    p = case["params"]
    usual, batch = next((size for start, size in BATCHES.items() if case["id"].startswith(start)), BATCHES_ELSE)
    if is_transient(case) or only_counts(case):
        return Plan(0, p.get("horizon_s", 86400) // 3600, 0, batches or usual, batch)
    before = WARM_UP_H.get(case["family"], WARM_UP_ELSE_H)
    return Plan(before, max(2 * before, round(dials / rate_of(p) / 3600)), TAIL_H, batches or usual, batch)


# --- one replication -------------------------------------------------------------------------------------------------

class Seen(NamedTuple):
    """What a replication recorded, as far as measures need it. Times are ms; ``first`` to ``last`` is the window."""

    case: Case
    setting: Setting
    outcomes: Outcomes
    window: Period
    first: int
    last: int
    calls: Records       # dialled in the window
    dialled: Ints
    ended: Ints          # of waiting, by an answer or a hang-up
    limit_ms: int

    @property
    def outcome(self) -> Ints:
        return self.calls["outcome"]


def batch_of(case: Case, plan: Plan, number: int) -> Sums:
    """The sums of a batch of replications, added up."""
    first = number * plan.batch
    each = [replicate(case, plan, replication) for replication in range(first, first + plan.batch)]
    return {name: sum(sums[name] for sums in each) for name in each[0]}


def replicate(case: Case, plan: Plan, replication: int) -> Sums:
    """Simulate one replication and add up what the measures need."""
    setting = setting_of(json.dumps(document(case, plan.hours)), staff_csv(case["params"]))
    callers = draw_callers(setting, zlib.crc32(case["id"].encode()), replication)
    if only_counts(case):
        return count_sums(callers.fresh[:, 0].astype(float))
    outcomes = kernel.run(setting.world, callers, keep_calls=True)
    facts.check_identity(setting, outcomes)
    seen = look(case, setting, outcomes, plan)
    return transient_sums(seen) if is_transient(case) else steady_sums(seen)


def look(case: Case, setting: Setting, outcomes: Outcomes, plan: Plan) -> Seen:
    each = 3600 // setting.names.interval_s
    first, last = plan.before * each, (plan.before + plan.window) * each
    window = Period(first, last, START, START)
    ms, calls = setting.world.interval_ms, outcomes.calls
    ended = calls["dialled_ms"] + calls["waited_ms"]
    ended[calls["outcome"] == WAITING] = len(setting.world.moment_key) * ms
    limit_ms = case["params"].get("service_level_threshold_s", 20) * 1000
    return Seen(case, setting, outcomes, window, first * ms, last * ms, calls, calls["dialled_ms"], ended, limit_ms)


def steady_sums(seen: Seen) -> Sums:
    """Everything about the dials of the window, the people born in it, and its time."""
    inside = (seen.dialled >= seen.first) & (seen.dialled < seen.last)
    if (seen.outcome[inside] == WAITING).any():
        raise ValueError(f"{seen.case['id']}: a dial of the window still waits at the end of the horizon")
    of_window = seen._replace(calls=seen.calls[inside], dialled=seen.dialled[inside], ended=seen.ended[inside])
    sums = tally_sums(seen) | dial_sums(of_window) | time_sums(seen)
    return sums | (orbit_sums(seen) if "redial_delay_dist" in seen.case["params"] else {})


def tally_sums(seen: Seen) -> Sums:
    """What ``facts`` counts, of the province under its own name, of other scopes as ``answered city:a``."""
    scopes = facts.scopes(seen.setting)
    counted = count(seen.setting, seen.outcomes, seen.limit_ms / 1000)
    tally = facts.tally(seen.setting, counted, scopes, [seen.window])
    fields = ("dials", "answered", "abandoned", "blocked", "callers", "callers_answered", "within", "wait_sum_s",
              "starts", "busy_s", "staffed_s", "helped")
    return {field if scope.name == "province" else f"{field} {scope.name}": getattr(tally, field)[i, 0]
            for field in fields for i, scope in enumerate(scopes)}


def dial_sums(seen: Seen) -> Sums:
    """What ``facts`` does not tell about dials: who waited, first dials and redials, waits of those who hung up."""
    wait_s, fate = seen.calls["waited_ms"] / 1000, seen.outcome
    answered, abandoned, blocked = fate == ANSWERED, fate == ABANDONED, fate == BLOCKED
    first = seen.calls["attempt"] == 1
    sums = {
        "waited": np.count_nonzero((wait_s > 0) & ~blocked), "wait_abandoned_s": wait_s[abandoned].sum(),
        "wait_squares": (wait_s[answered] ** 2).sum(),
        "gone_soon": np.count_nonzero(abandoned & (wait_s * 1000 <= seen.limit_ms)),
        "first": np.count_nonzero(first), "first_answered": np.count_nonzero(first & answered),
        "first_blocked": np.count_nonzero(first & blocked), "first_wait_s": wait_s[first & answered].sum(),
    }
    quantile = seen.case["expected"].get("wait_all_p90_s")
    return sums | ({"beyond_p90": np.count_nonzero(wait_s > quantile)} if quantile else {})


def time_sums(seen: Seen) -> Sums:
    """Seconds of the window that calls waited, were talked to and written up, and how many there were at once."""
    answered, joined = seen.outcome == ANSWERED, seen.outcome != BLOCKED
    calls, begin = seen.calls[answered], seen.ended[answered]
    quiet = begin + calls["talk_ms"]
    left = np.where(answered, seen.ended + seen.calls["talk_ms"], seen.ended)[joined]
    sums = {"window_s": (seen.last - seen.first) / 1000, "queue_s": seconds_in(seen, seen.dialled, seen.ended),
            "talking_s": seconds_in(seen, begin, quiet),
            "writing_s": seconds_in(seen, quiet, quiet + calls["wrap_up_ms"])}
    for q, (_, klass) in enumerate(seen.setting.names.queues):
        its = seen.calls["queue"] == q
        sums[f"queue_s {klass}"] = seconds_in(seen, seen.dialled[its], seen.ended[its])
    length, ms = lengths(seen, seen.dialled[joined], left)
    at = place_in_system(seen.case)
    return sums | {"system_s": length @ ms / 1000, "system_squares_s": length**2 @ ms / 1000,
                   "system_at_s": ms[length == at].sum() / 1000}


def place_in_system(case: Case) -> int:
    """The k of a measure such as p_30_in_system."""
    return next((int(name.split("_")[1]) for name in case["expected"] if name.endswith("_in_system")
                 and name.split("_")[1].isdigit()), 0)


def seconds_in(seen: Seen, begin: Ints, end: Ints) -> float:
    """Seconds within the window that lie between begin and end, of all together."""
    return float((np.clip(end, seen.first, seen.last) - np.clip(begin, seen.first, seen.last)).sum() / 1000)


def lengths(seen: Seen, begin: Ints, end: Ints) -> tuple[Floats, Floats]:
    """How many were there at once, step by step, and for how many ms of the window."""
    steps = np.sort(np.concatenate([begin * 2 + 1, end * 2]))
    at = np.clip(np.append(steps >> 1, seen.last), seen.first, seen.last)
    return np.cumsum((steps & 1) * 2.0 - 1), np.diff(at).astype(float)


def orbit_sums(seen: Seen) -> Sums:
    """Seconds between a dial that failed and the same caller's next one: how many people are about to redial."""
    order = np.lexsort((seen.calls["attempt"], seen.calls["caller"]))
    caller, ended, dialled = seen.calls["caller"][order], seen.ended[order], seen.dialled[order]
    again = caller[1:] == caller[:-1]
    length, ms = lengths(seen, ended[:-1][again], dialled[1:][again])
    return {"orbit_s": length @ ms / 1000, "orbit_squares_s": length**2 @ ms / 1000}


def transient_sums(seen: Seen) -> Sums:
    """From an empty hall on, by interval: ``offered``, ``cohort`` and ``waited`` by dial, the rest as it happens."""
    flows, pools = seen.outcomes.flows[:, 0], seen.outcomes.pools[:, 0]
    intervals, ms = len(flows), seen.setting.world.interval_ms
    gone = seen.ended[seen.outcome == ABANDONED]
    waited = (seen.ended > seen.dialled) | (seen.outcome == BLOCKED)
    return {
        "n": 1.0, "offered": flows[:, arrays.DIALS], "cohort": flows[:, arrays.DIALS_ANSWERED],
        "blocked": flows[:, arrays.DIALS_BLOCKED], "begun": pools[:, arrays.STARTS],
        "busy": pools[:, arrays.BUSY_MS] / ms, "gone": np.bincount(gone // ms, minlength=intervals),
        "waited": np.bincount(seen.dialled[waited] // ms, minlength=intervals),
        "queue": np.diff(waited_until(seen, np.arange(intervals + 1) * ms)) / ms,
        "seats": float(np.max(seen.setting.world.seats)),
    }


def waited_until(seen: Seen, moments: Ints) -> Floats:
    """How many ms all callers together have waited by each moment."""
    return passed_since(seen.dialled, moments) - passed_since(seen.ended, moments)


def passed_since(events: Ints, moments: Ints) -> Floats:
    """The sum over the events before each moment of the time passed since."""
    events = np.sort(events)
    total = np.concatenate([[0], np.cumsum(events)])
    before = np.searchsorted(events, moments)
    return (before * moments - total[before]).astype(float)


def count_sums(fresh: Floats) -> Sums:
    """Powers of the counts of a day and of its parts."""
    morning, evening = fresh[:len(fresh) // 2].sum(), fresh[len(fresh) // 2:].sum()
    days = {"day": fresh.sum(), "am": morning, "pm": evening, "36": fresh[36], "40": fresh[40]}
    squares = {f"{name}²": value**2 for name, value in days.items()}
    return {"n": 1.0, "each": fresh, "each²": fresh**2, "am·pm": morning * evening, "36·40": fresh[36] * fresh[40],
            **days, **squares}


# --- measures: functions of sums -------------------------------------------------------------------------------------

def ratio(part: str, whole: str, scale: float = 1) -> Measure:
    return lambda s: s[part] / s[whole] * scale


def deviation(part: str, squares: str, whole: str) -> Measure:
    """A standard deviation, from sums over everything there was."""
    return lambda s: np.sqrt(np.maximum(s[squares] / s[whole] - (s[part] / s[whole]) ** 2, 0))


def covariance(one: str, other: str, product: str) -> Measure:
    """A covariance, estimated from sums over replications."""
    return lambda s: (s[product] - s[one] * s[other] / s["n"]) / (s["n"] - 1)


def correlation(one: str, other: str) -> Measure:
    both, alone = covariance(one, other, f"{one}·{other}"), [covariance(x, x, f"{x}²") for x in (one, other)]
    return lambda s: both(s) / np.sqrt(alone[0](s) * alone[1](s))


def whole_day(name: str) -> Measure:
    return lambda s: s[name].sum(axis=-1, keepdims=True) / s["n"]


def part_of_day(name: str) -> Measure:
    return lambda s: s[name].sum(axis=-1, keepdims=True) / s["offered"].sum(axis=-1, keepdims=True)


def of_site(name: str, over: str, *pools: str) -> Measure:
    """A ratio of what the first of these pools has that there is."""
    def measure(s: Sums) -> Any:
        pool = next(pool for pool in pools if f"{name} pool:{pool}" in s)
        return s[f"{name} pool:{pool}"] / s[over.format(pool=pool)]
    return measure


SITE_A, SITE_B = ("a·cloud", "a"), ("b→a", "b")  # where their seats are, as a case is told

MEASURES: dict[str, Measure] = {
    "p_block_per_attempt": ratio("blocked", "dials"),
    "p_immediate_per_attempt": lambda s: 1 - (s["waited"] + s["blocked"]) / s["dials"],
    "p_wait_per_attempt": ratio("waited", "dials"),
    "p_abandon_per_attempt": ratio("abandoned", "dials"),
    "answer_rate_per_attempt": ratio("answered", "dials"),
    "answer_rate_per_unique": ratio("callers_answered", "callers"),
    "answer_rate_first_attempt": ratio("first_answered", "first"),
    "p_block_first_attempt": ratio("first_blocked", "first"),
    "p_block_redial": lambda s: (s["blocked"] - s["first_blocked"]) / (s["dials"] - s["first"]),
    "attempts_per_unique": ratio("dials", "callers"),
    "attempt_rate_per_s": ratio("dials", "window_s"),
    "answered_per_hour": ratio("answered", "window_s", 3600),
    "mean_wait_answered_s": ratio("wait_sum_s", "answered"),
    "mean_wait_answered_first_attempt_s": ratio("first_wait_s", "first_answered"),
    "mean_wait_abandoned_s": ratio("wait_abandoned_s", "abandoned"),
    "mean_wait_joined_s": lambda s: (s["wait_sum_s"] + s["wait_abandoned_s"]) / (s["dials"] - s["blocked"]),
    "mean_wait_all_s": ratio("wait_sum_s", "answered"),
    "sd_wait_s": deviation("wait_sum_s", "wait_squares", "answered"),
    "wait_all_p90_s": ratio("beyond_p90", "dials"),
    "sl20_per_attempt": ratio("within", "dials"),
    "sl20_of_answered": ratio("within", "answered"),
    "sl20_excl_abandon20": lambda s: s["within"] / (s["dials"] - s["blocked"] - s["gone_soon"]),
    "mean_busy": ratio("busy_s", "window_s"),
    "occupancy": ratio("busy_s", "staffed_s"),
    "mean_queue": ratio("queue_s", "window_s"),
    "mean_talking": ratio("talking_s", "window_s"),
    "mean_in_wrapup": ratio("writing_s", "window_s"),
    "mean_in_system": ratio("system_s", "window_s"),
    "sd_in_system": deviation("system_s", "system_squares_s", "window_s"),
    "p_k_in_system": ratio("system_at_s", "window_s"),
    "mean_orbit": ratio("orbit_s", "window_s"),
    "sd_orbit": deviation("orbit_s", "orbit_squares_s", "window_s"),
    "mean_wait_class1_s": ratio("wait_sum_s class:class1", "answered class:class1"),
    "mean_wait_class2_s": ratio("wait_sum_s class:class2", "answered class:class2"),
    "mean_queue_class1": ratio("queue_s class1", "window_s"),
    "mean_queue_class2": ratio("queue_s class2", "window_s"),
    "occupancy_local": ratio("busy_s pool:a", "staffed_s pool:a"),
    "occupancy_lent": ratio("busy_s pool:b→a", "staffed_s pool:b→a"),
    "share_answered_by_lent": ratio("helped", "answered"),
    "p_overflow_A": lambda s: 1 - of_site("starts", "dials city:a", *SITE_A)(s),
    "p_block_A_callers": lambda s: 1 - s["answered city:a"] / s["dials city:a"],
    "p_block_B_callers": lambda s: 1 - s["answered city:b"] / s["dials city:b"],
    "p_busy_A_callers": ratio("blocked city:a", "dials city:a"),
    "p_busy_B_callers": ratio("blocked city:b", "dials city:b"),
    "p_abandon_A_callers": ratio("abandoned city:a", "dials city:a"),
    "p_abandon_B_callers": ratio("abandoned city:b", "dials city:b"),
    "p_forwarded_A": ratio("helped city:a", "dials city:a"),
    "p_forwarded_B": ratio("helped city:b", "dials city:b"),
    "occupancy_A": of_site("busy_s", "staffed_s pool:{pool}", *SITE_A),
    "occupancy_B": of_site("busy_s", "staffed_s pool:{pool}", *SITE_B),
    "answer_rate_A": ratio("answered city:a", "dials city:a"),
    "answer_rate_B": ratio("answered city:b", "dials city:b"),
    "answer_rate_total": ratio("answered", "dials"),

    "by15_offered": ratio("offered", "n"),
    "by15_answered": ratio("begun", "n"),
    "by15_abandoned": ratio("gone", "n"),
    "by15_blocked": ratio("blocked", "n"),
    "by15_mean_queue": ratio("queue", "n"),
    "by15_mean_busy": ratio("busy", "n"),
    "by15_p_wait_or_block_time_avg": ratio("waited", "offered"),
    "by15_answer_rate_cohort": ratio("cohort", "offered"),
    "day_offered": whole_day("offered"),
    "day_answered": whole_day("begun"),
    "day_abandoned": whole_day("gone"),
    "day_blocked": whole_day("blocked"),
    "total_answered": whole_day("begun"),
    "day_answer_rate": part_of_day("begun"),
    "total_answer_rate": part_of_day("begun"),
    "day_mean_queue": lambda s: s["queue"].mean(axis=-1, keepdims=True) / s["n"],
    "day_occupancy": lambda s: s["busy"].mean(axis=-1, keepdims=True) / s["seats"],

    "by15_mean": ratio("each", "n"),
    "by15_var_to_mean": lambda s: covariance("each", "each", "each²")(s) / s["each"] * s["n"],
    "day_mean": ratio("day", "n"),
    "day_var": covariance("day", "day", "day²"),
    "day_cv": lambda s: np.sqrt(covariance("day", "day", "day²")(s)) / s["day"] * s["n"],
    "corr_intervals_36_40": correlation("36", "40"),
    "corr_am_pm_halfday": correlation("am", "pm"),
}
NOT_MEASURED = {
    "mean_offered_wait_s": "how long those who hung up would have had to wait is nowhere to be seen",
    "peak_interval_index": "where the largest mean lies, which is no mean",
    "peak_interval_mean_queue": "stands among by15_mean_queue",
}
INSTEAD = {"wait_all_p90_s": 0.1}  # a quantile is judged by the share of waits beyond it
PRIMARY = {
    "M/M/n": "mean_wait_answered_s", "M/M/n/n": "p_block_per_attempt", "M/M/n+M": "p_abandon_per_attempt",
    "M/M/n/K+M": "p_abandon_per_attempt", "M/M/n/K": "p_block_per_attempt", "M/M/n+D": "p_abandon_per_attempt",
    "M/M/n+G": "p_abandon_per_attempt",
    "M/G/1": "mean_wait_answered_s", "M/G/n/n": "p_block_per_attempt", "retrial CTMC": "attempts_per_unique",
    "priority M/M/n": "mean_wait_class2_s", "priority M/G/1": "mean_wait_class2_s",
    "two-site overflow": "answer_rate_total", "lending pool": "p_abandon_per_attempt",
    "after-call work": "p_abandon_per_attempt", "M(t)/M/n+M transient": "day_answer_rate",
    "M(t)/M/n/K+M transient": "day_answer_rate", "M/M/n(t)+M transient": "total_answer_rate",
    "arrival generator": "day_mean",
}


# --- what replications say about a measure ---------------------------------------------------------------------------

class Row(NamedTuple):
    """A measure, exact and simulated. ``place`` is the quarter of an hour of a curve, ``high`` its highest point."""

    case: str
    measure: str
    place: int
    high: float
    exact: float
    simulated: float
    error: float
    z: float
    kind: str  # usual, rare, unseen, certain


class Finding(NamedTuple):
    """All measures of a case, how those that are judged depend on each other, and the primary one's row."""

    rows: list[Row]
    judged: list[int]
    correlation: Floats
    primary: int
    dials: float
    seconds: float


def stacked(sums: list[Sums]) -> Sums:
    """[replications, places] of every sum."""
    return {name: np.array([np.atleast_1d(s[name]) for s in sums], float) for name in sums[0]}


def jackknife(measure: Measure, sums: Sums) -> tuple[Floats, Floats]:
    """The measure without its first-order bias, and what each replication adds: [places], [replications, places]."""
    total = {name: values.sum(axis=0) for name, values in sums.items()}
    n = len(next(iter(sums.values())))
    with np.errstate(invalid="ignore", divide="ignore"):
        whole = measure(total)
        pseudo = n * whole - (n - 1) * measure({name: total[name] - values for name, values in sums.items()})
    return pseudo.mean(axis=0), pseudo - pseudo.mean(axis=0)


def normal_z(t: Floats, freedom: int) -> Floats:
    """The z that is as far out as this t."""
    return -np.sign(t) * special.ndtri(special.stdtr(freedom, -np.abs(t)))


def rows_of(case: Case, name: str, sums: Sums) -> tuple[list[Row], Floats]:
    """The rows of a measure, and what each replication adds to them, of length 1: [replications, places]."""
    exact = np.atleast_1d(np.array(INSTEAD.get(name, case["expected"][name]), float))
    measure = MEASURES["p_k_in_system" if name.startswith("p_") and name.endswith("_in_system") else name]
    simulated, parts = jackknife(measure, sums)
    n = len(parts)
    error = np.sqrt((parts**2).sum(axis=0) / (n - 1) / n)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = normal_z((simulated - exact) / error, n - 1)
        parts = parts / np.sqrt((parts**2).sum(axis=0))
    likely, events = likelihood(case, name, exact, sums)
    kinds = [kind_of(*facts) for facts in zip(likely, events, error <= 1e-12 * np.abs(simulated), strict=True)]
    high = float(np.abs(exact).max())
    return [Row(case["id"], name, i, high, *map(float, figures), kind) for i, (*figures, kind)
            in enumerate(zip(exact, simulated, error, z, kinds, strict=True))], parts


def kind_of(likely: float, events: float, steady: bool) -> str:
    if events < LEAST_EVENTS or (steady and events >= FEWEST_EVENTS):
        return "certain"
    return "unseen" if events < FEWEST_EVENTS else "rare" if likely < RARE else "usual"


def likelihood(case: Case, name: str, exact: Floats, sums: Sums) -> tuple[Floats, Floats]:
    """The probability of the event that a measure is about, and how many such events are to be expected."""
    expected, dials = case["expected"], tries(sums)
    if name.startswith(("p_", "sl20", "answer_rate", "by15_p_", "by15_answer_rate")):
        likely = np.minimum(exact, 1 - exact)
    elif name in ("by15_abandoned", "by15_blocked", "by15_mean_queue"):
        gone = expected["by15_abandoned"] if name == "by15_mean_queue" else exact
        likely = np.array(gone) / np.array(expected["by15_offered"])
    elif name in ("day_abandoned", "day_blocked"):
        likely, dials = exact / expected["day_offered"], dials.sum()
    elif name.startswith(("mean_wait", "mean_queue", "sd_wait")):
        event = "p_abandon_per_attempt" if name == "mean_wait_abandoned_s" else "p_wait_per_attempt"
        likely = np.full(len(exact), expected.get(event, 1.0))
    else:
        likely, dials = np.ones(len(exact)), np.inf
    return likely, likely * dials


def tries(sums: Sums) -> Floats:
    """Dials, by interval where the measures are."""
    return next(sums[name].sum(axis=0) for name in ("offered", "dials", "each") if name in sums)


def finding(case: Case, sums: list[Sums], seconds: float) -> Finding:
    """Every measure of a case."""
    together = stacked(sums)
    found = [rows_of(case, name, together) for name in case["expected"] if name not in NOT_MEASURED]
    rows = [row for rows, _ in found for row in rows]
    judged = [i for i, row in enumerate(rows) if row.kind in ("usual", "rare")]
    parts = np.concatenate([parts for _, parts in found], axis=1)[:, judged]
    primary = next(i for i, row in enumerate(rows) if row.measure == PRIMARY[case["family"]])
    return Finding(rows, judged, parts.T @ parts, primary, float(tries(together).sum()), seconds)


# --- do the z spread as a standard normal's? -------------------------------------------------------------------------

class Check(NamedTuple):
    """A figure that the z give, what it would be on the average, and the probability of one as far out, either way."""

    what: str
    value: float
    average: float
    p: float


def extremes(z: Floats) -> Floats:
    """Number outside 95 % and outside 99 %, sum of squares, largest: of the last axis."""
    far = np.abs(z)
    return np.stack([(far > limit).sum(axis=-1) for limit in special.ndtri([0.975, 0.995])]
                    + [(far**2).sum(axis=-1), far.max(axis=-1, initial=0)])


def dependent_normals(correlation: Floats, draws: int, rng: np.random.Generator) -> Floats:
    """Standard normals with these correlations: [draws, measures]."""
    values, vectors = np.linalg.eigh(correlation)
    return rng.standard_normal((draws, len(values))) @ (np.sqrt(np.maximum(values, 0))[:, None] * vectors.T)


def both_tails(value: float, others: Floats) -> float:
    """The probability of a figure as far out, either way."""
    return min(1.0, 2 * min(np.mean(others >= value - 1e-9), np.mean(others <= value + 1e-9)))


def check_all(findings: list[Finding], draws: int = 20_000) -> list[Check]:
    """All measures together, against normals that depend on each other as the measures of a case do."""
    rng = np.random.default_rng(1)
    z = [np.array([f.rows[i].z for i in f.judged]) for f in findings]
    seen = np.array([extremes(values) for values in z])
    normal = np.array([extremes(dependent_normals(f.correlation, draws, rng)) for f in findings])
    join = [np.sum, np.sum, np.sum, np.max]
    number = sum(map(len, z))
    what = [f"of {number} z outside 95 %", f"of {number} z outside 99 %", f"sum of {number} z²", "largest |z|"]
    return [Check(name, float(both(seen[:, i])), float(both(normal[:, i], axis=0).mean()),
                 both_tails(both(seen[:, i]), both(normal[:, i], axis=0)))
            for i, (name, both) in enumerate(zip(what, join, strict=True))]


def check_primaries(findings: list[Finding]) -> list[Check]:
    """One measure a case: independent."""
    z = np.array([f.rows[f.primary].z for f in findings])
    below = stats.chi2.cdf(z @ z, len(z))
    distance = stats.kstest(z, "norm")
    usual = stats.kstwo.mean(len(z))
    return [Check(f"sum of {len(z)} primary z²", float(z @ z), len(z), float(2 * min(below, 1 - below))),
            Check("largest distance of the primary z from the normal law", float(distance.statistic), float(usual),
                 float(distance.pvalue))]


def untrue(rows: list[Row]) -> list[str]:
    """What is certain, and wrong."""
    return [f"{row.case} {row.measure}: must be {row.exact:.10g}, is {row.simulated:.10g}" for row in rows
            if row.kind == "certain" and (row.error > 1e-12 * abs(row.simulated)
                                          or abs(row.simulated - row.exact) > 1e-6 * max(1, abs(row.exact)))]


def faults(findings: list[Finding], checks: list[Check]) -> list[str]:
    """Everything that speaks against the model, or against the comparison."""
    rows = [row for f in findings for row in f.rows]
    loose = [f"{row.case} {row.measure} {row.place}: standard error {row.error / row.high:.2%} of the value"
             for row in rows if row.kind == "usual" and row.error > MOST_ERROR * row.high]
    level = (1 - CONFIDENCE) / len(checks)
    failed = [f"{t.what}: {t.value:.4g}, p = {t.p:.2g} < {level:.2g}" for t in checks if t.p < level]
    return untrue(rows) + loose + failed


# --- the command -----------------------------------------------------------------------------------------------------

def cases(*files: Path) -> list[Case]:
    """The cases of these files; where the law of the talk does not matter, with other laws too, and two sites that
    have no place to wait also as on busy."""
    found = []
    for case in (case for file in files or CASES for case in json.loads(file.read_text())["cases"]):
        found.append(case)
        if case["family"] == "two-site overflow" and "on_busy" not in case["params"]:
            found.append(case | {"id": f"{case['id']}, on busy", "params": case["params"] | {"on_busy": "one way"}})
        if "insensitive" in case.get("note", ""):
            found += [case | {"id": f"{case['id']}, {name}", "params": case["params"] | {
                "service_dist": name, "service_cv": 1.2}} for name in ("lognormal", "deterministic")]
    return found


def chunk(case: Case, plan: Plan, first: int, last: int) -> tuple[list[Sums], float]:
    """Some batches, and the seconds of a processor that they took."""
    began = time.process_time()
    return [batch_of(case, plan, number) for number in range(first, last)], time.process_time() - began


def find(case: Case, plan: Plan) -> Finding:
    """A case simulated and compared, here and now."""
    return finding(case, *chunk(case, plan, 0, plan.batches))


def find_all(chosen: list[Case], plans: list[Plan], workers: int) -> Iterator[Finding]:
    """All cases, their batches spread over worker processes."""
    chunk(chosen[0], plans[0], 0, 1)  # compiled here, for all workers
    with ProcessPoolExecutor(workers) as pool:
        waiting = []
        for case, plan in zip(chosen, plans, strict=True):
            step = math.ceil(plan.batches / 20)
            waiting.append([pool.submit(chunk, case, plan, first, min(first + step, plan.batches))
                            for first in range(0, plan.batches, step)])
        for case, parts in zip(chosen, waiting, strict=True):
            done = [part.result() for part in parts]
            parts.clear()
            yield finding(case, [s for sums, _ in done for s in sums], sum(seconds for _, seconds in done))


def table(findings: list[Finding], every: bool) -> Iterator[str]:
    """The rows as a table; of measures that have one a quarter of an hour the farthest, unless every one is wanted."""
    yield "| case | measure | exact | simulated | standard error | z |\n| --- | --- | --: | --: | --: | --: |"
    for f in findings:
        for rows in by_measure(f.rows):
            shown = rows if every or len(rows) == 1 else [farthest(rows)]
            for row in shown:
                yield line(row, len(rows), row == f.rows[f.primary])


def by_measure(rows: list[Row]) -> Iterator[list[Row]]:
    for name in dict.fromkeys(row.measure for row in rows):
        yield [row for row in rows if row.measure == name]


def farthest(rows: list[Row]) -> Row:
    judged = [row for row in rows if row.kind in ("usual", "rare")]
    return max(judged, key=lambda row: abs(row.z)) if judged else rows[0]


def line(row: Row, length: int, primary: bool) -> str:
    name = row.measure + (f" [{row.place}], the farthest of {length}" if length > 1 else "")
    error = f"{row.error:.2g}" + (f" ({row.error / row.exact:.2%})" if row.exact and row.kind != "certain" else "")
    z = {"certain": "certain", "unseen": "unseen"}.get(row.kind, f"{row.z:+.2f}{', rare' * (row.kind == 'rare')}")
    return f"| {row.case} | {name}{' *' * primary} | {row.exact:.6g} | {row.simulated:.6g} | {error} | {z} |"


def summary(findings: list[Finding], checks: list[Check]) -> Iterator[str]:
    kinds = [row.kind for f in findings for row in f.rows]
    yield (f"{len(findings)} cases, {sum(f.dials for f in findings):,.0f} dials, {len(kinds)} figures: "
           + ", ".join(f"{kinds.count(kind)} {kind}" for kind in ("usual", "rare", "unseen", "certain"))
           + "; * marks the primary measure of a case")
    yield "\n| test | found | on the average | p |\n| --- | --: | --: | --: |"
    for t in checks:
        yield f"| {t.what} | {t.value:.4g} | {t.average:.4g} | {t.p:.3g} |"


def arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Simulate queues whose answers are known exactly, and judge the z.")
    parser.add_argument("files", nargs="*", type=Path, help="cases in the form of data/queueing.json, instead of ours")
    parser.add_argument("--only", nargs="+", default=[], metavar="ID", help="cases whose id begins so")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--share", type=float, default=1.0, help="of the usual number of batches")
    parser.add_argument("--every", action="store_true", help="print every quarter of an hour")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    chosen, began = arguments(given), time.perf_counter()
    picked = [case for case in cases(*chosen.files) if not chosen.only or case["id"].startswith(tuple(chosen.only))]
    plans = [plan_of(case) for case in picked]
    plans = [plan._replace(batches=max(20, round(plan.batches * chosen.share))) for plan in plans]
    findings = []
    for found in find_all(picked, plans, chosen.workers):
        findings.append(found)
        print(f"{found.rows[0].case}: {found.dials:,.0f} dials, {found.seconds:.0f} s", file=sys.stderr)
    checks = check_primaries(findings) + check_all(findings)
    print("\n".join(table(findings, chosen.every)), *summary(findings, checks), sep="\n")
    wrong = faults(findings, checks)
    print(f"\n{time.perf_counter() - began:.0f} s.", "The z spread as a standard normal's do."
          if not wrong else "Something is off:\n" + "\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
