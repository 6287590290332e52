"""What must hold of what any run wrote: its counts add up, its figures are possible, its report says numbers.

Each function yields what does not hold, in words. What is expected of callers and seats is reckoned here anew, interval
by interval, from what the file says.
"""
from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd

from sim.scenario.demand import Shock, Surge
from sim.scenario.scenario import ALL, Scenario

Faults = Iterator[str]
COUNTED = "1"
OF_THE_END = "waiting"  # tells of a moment, so days do not add up to the whole
ENDS = ("answered", "abandoned", "blocked", "served_by_bot", "in_system")
FLOWS = {"dials": "dials", "answered": "answered", "abandoned": "abandoned", "blocked": "blocked",
         "by_bot": "served_by_bot", "callers": "callers", "callers_answered": "callers_answered",
         "callers_lost": "callers_lost"}
NO_NUMBER = re.compile(r"(?<![A-Za-z])(nan|NaN|None|inf|Infinity|undefined|null|NaT|Traceback|KeyError|<NA>)"
                       r"(?![A-Za-z])")
CLOSE = 3e-6  # seven digits are written
MOST_Z = 6.0


def parquet(path: Path) -> pd.DataFrame:
    with duckdb.connect() as db:
        return db.execute("FROM read_parquet(?, hive_partitioning = false)", [str(path)]).df()


def near(one: float, other: float, much: float = 0.0) -> bool:
    return abs(one - other) <= CLOSE * max(abs(one), abs(other), much, 1e-3)


class Books:
    """A run folder's tables."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.scenario = Scenario.model_validate(self.manifest["scenario"])
        self.replications = int(self.manifest["replications"])
        horizon = self.scenario.horizon
        self.begin, self.end = (f"{at:%Y-%m-%dT%H:%M}" for at in (horizon.start, horizon.end))
        table = pd.read_csv(folder / "metrics.csv", encoding="utf-8-sig", keep_default_na=False, dtype=str)
        for column in ("mean", "low", "high", "replications"):
            table[column] = [float(cell or "nan") for cell in table[column]]
        self.metrics = table
        whole = table[(table["from"] == self.begin) & (table["to"] == self.end)]
        self.whole = {(row.metric, row.scope): row.mean for row in whole.itertuples()}
        days = set(self.day_spans())
        self.days = {(row.metric, row.scope, row[3], row[4]): row.mean for row in table.itertuples()
                     if (row[3], row[4]) in days}
        self.intervals = parquet(folder / "intervals.parquet")
        self.pools = parquet(folder / "pools.parquet")

    def day_spans(self) -> list[tuple[str, str]]:
        horizon = self.scenario.horizon
        midnights, at = [horizon.start], datetime.combine(horizon.start.date(), datetime.min.time())
        while (at := at + timedelta(days=1)) < horizon.end:
            midnights.append(at)
        stamps = [f"{one:%Y-%m-%dT%H:%M}" for one in (*midnights, horizon.end)]
        return list(itertools.pairwise(stamps))

    def of(self, kind: str) -> list[str]:
        names = self.scenario.cities if kind == "city" else self.scenario.classes
        return [f"{kind}:{name}" for name in names]

    def counts(self) -> list[str]:
        return list(dict.fromkeys(self.metrics[self.metrics["unit"] == COUNTED]["metric"]))


def all_faults(folder: Path) -> Faults:
    books = Books(folder)
    for check in (adds_up, of_pools, days_add_up, of_all_replications, possible, dials_end, intervals_add_up,
                  pools_add_up, helped_adds_up, of_the_record, callers_expected, seats_expected):
        for fault in check(books):
            yield f"{check.__name__}: {fault}"


# --- counts ----------------------------------------------------------------------------------------------------------

def adds_up(b: Books) -> Faults:
    """Cities, and classes, add up to the province: over the whole and on each day."""
    for metric in b.counts():
        for kind in ("city", "class"):
            yield from parts_and_sum(b.whole, metric, [(scope,) for scope in b.of(kind)], ("province",))
            for day in b.day_spans() if len(b.day_spans()) > 1 else ():
                yield from parts_and_sum(b.days, metric, [(scope, *day) for scope in b.of(kind)], ("province", *day))


def parts_and_sum(table: dict[Any, float], metric: str, parts: list[tuple[str, ...]], total: tuple[str, ...]) -> Faults:
    keys = [(metric, *part) for part in (*parts, total)]
    missing = [key for key in keys if key not in table]
    if missing:
        yield f"no row for {missing[0]}"
        return
    *each, whole = (table[key] for key in keys)
    if not near(sum(each), whole, max(map(abs, each))):
        yield f"{metric}: {parts[0][0].partition(':')[0]} by name {sum(each):.7g}, {total} {whole:.7g}"


def of_pools(b: Books) -> Faults:
    """Every answer is given by a pool."""
    pools = sum(mean for (metric, scope), mean in b.whole.items() if metric == "answered" and scope.startswith("pool:"))
    if not near(pools, b.whole["answered", "province"]):
        yield f"pools answered {pools:.7g}, in the province {b.whole['answered', 'province']:.7g} were answered"


def days_add_up(b: Books) -> Faults:
    spans = b.day_spans()
    if len(spans) < 2:
        return
    for (metric, scope), whole in b.whole.items():
        if metric in (*b.counts(), "seat_hours") and metric != OF_THE_END:
            days = [b.days.get((metric, scope, *span), math.nan) for span in spans]
            if not near(sum(days), whole, max(days)):
                yield f"{metric} of {scope}: days {sum(days):.7g}, the whole {whole:.7g}"


def of_all_replications(b: Books) -> Faults:
    """A count is a count also where it is 0."""
    for row in b.metrics[b.metrics["unit"] == COUNTED].itertuples():
        if row.replications != b.replications:
            yield f"{row.metric} of {row.scope} is of {row.replications} replications, not of {b.replications}"


def possible(b: Books) -> Faults:
    for row in b.metrics.itertuples():
        name = f"{row.metric} of {row.scope} {row[3]}"
        if not row.mean >= 0:
            yield f"{name} is {row.mean}"
        if row.unit == "share" and row.mean > 1 + 1e-9:
            yield f"{name} is {row.mean:.7g}, and a share"
        slack = CLOSE * max(abs(row.low), abs(row.high)) + 1e-9
        if row.replications > 1 and not row.low - slack <= row.mean <= row.high + slack:
            yield f"{name}: {row.low} <= {row.mean} <= {row.high} does not hold"
        if row.metric == "dials_per_caller" and row.mean < 1 - 1e-6:
            yield f"{name} is {row.mean}"


def dials_end(b: Books) -> Faults:
    for scope in ("province", *b.of("city"), *b.of("class")):
        ends = sum(b.whole[metric, scope] for metric in ENDS)
        if not near(ends, b.whole["dials", scope]):
            yield f"{scope}: {b.whole['dials', scope]:.7g} dials, and {ends:.7g} that ended or wait"


# --- tables beside the metrics ---------------------------------------------------------------------------------------

def intervals_add_up(b: Books) -> Faults:
    for column, metric in FLOWS.items():
        for key, kind in (("city", "city"), ("class", "class")):
            sums = b.intervals.groupby(key)[column].sum()
            for scope in b.of(kind):
                found = float(sums.get(scope.partition(":")[2], 0.0))
                if not near(found, b.whole[metric, scope]):
                    yield f"{metric} of {scope}: intervals {found:.7g}, metrics {b.whole[metric, scope]:.7g}"
    away = float((b.intervals["callers_diverted"] + b.intervals["callers_away"]).sum())
    if not near(away, b.whole["callers_diverted", "province"]):
        yield f"callers_diverted: intervals {away:.7g}, metrics {b.whole['callers_diverted', 'province']:.7g}"


def pools_add_up(b: Books) -> Faults:
    sums = b.pools.groupby("pool")[["answered", "busy_s", "staffed_s"]].sum()
    for name, row in sums.iterrows():
        if not near(row["answered"], in_all := b.whole["answered", f"pool:{name}"]):
            yield f"pool {name} answered {row['answered']:.7g} by interval, {in_all:.7g} in all"
        if not near(row["staffed_s"] / 3600, b.whole["seat_hours", f"pool:{name}"]):
            yield f"pool {name}: {row['staffed_s'] / 3600:.7g} seat-hours by interval"
        if row["busy_s"] > row["staffed_s"] * (1 + 1e-9):
            yield f"pool {name} is busy for {row['busy_s']:.7g} s of {row['staffed_s']:.7g} s"
    open_s = b.pools["seats"] * b.scenario.horizon.interval_s
    if (b.pools["staffed_s"] < open_s - 1e-6).any():
        yield "open seats are not staffed"


def helped_adds_up(b: Books) -> Faults:
    helped = parquet(b.folder / "helped.parquet")
    others = helped[helped["home"] != helped["city"]]  # a city's own may sit at home, or be lent and serve both
    for city in b.scenario.cities:
        found = float(others[others["city"] == city]["answered"].sum())
        if not near(found, said := b.whole["helpers_answered", f"city:{city}"]):
            yield f"helpers answered {found:.7g} in {city}, metrics say {said:.7g}"
    if not near(float(helped["answered"].sum()), b.whole["answered", "province"]):
        yield "helped.parquet does not add up to the answered"


def of_the_record(b: Books) -> Faults:
    """A record is judged by the figure that the tables have."""
    for entry in b.manifest["record"]:
        one, mean = entry["observed"], entry["figure"]["mean"]
        low, high = (entry["bounds"][side] for side in ("low", "high"))
        if mean is not None and entry["agrees"] != ((low is None or mean >= low) and (high is None or mean <= high)):
            yield f"a record of {one['metric']} agrees: {entry['agrees']}, though {mean} in {low} to {high}"
        if one["against"] or one["any_interval"] or one["from"] or one["to"]:
            continue
        told = b.whole.get((one["metric"], one["scope"]))
        if (mean is None) != (told is None) or (told is not None and not near(mean, told)):
            yield f"a record of {one['metric']}, {one['scope']} is held against {mean}, and metrics say {told}"


# --- reckoned anew ---------------------------------------------------------------------------------------------------

def callers_expected(b: Books) -> Faults:
    """As many fresh callers come as the file says, but for chance."""
    came = b.intervals.groupby(["city", "class"])[["callers", "callers_away"]].sum().sum(axis=1)
    for city in b.scenario.cities:
        for klass in b.scenario.classes:
            by_day, cv = callers_by_day(b.scenario, city, klass)
            mean = sum(by_day.values())
            found = float(came.get((city, klass), 0.0))
            spread = math.sqrt((mean + cv**2 * sum(n * n for n in by_day.values())) / b.replications)
            if abs(found - mean) > MOST_Z * spread + 3.0 / b.replications + 1e-9:
                yield f"{found:.7g} of {klass} call in {city}, and {mean:.7g} should"


def callers_by_day(s: Scenario, city: str, klass: str) -> tuple[dict[Any, float], float]:
    """Fresh callers to expect on each day, and how much days may differ at the most."""
    found: dict[Any, float] = {}
    surges = [surge for surge in s.surges if surge.klass == klass and surge.city in (city, ALL)]
    everyday = s.everyday.get(klass)
    people = sum(float(one.population or 0) for one in s.cities.values())
    for i in range(s.horizon.intervals):
        at = s.horizon.start + timedelta(seconds=i * s.horizon.interval_s)
        number = 0.0
        if everyday:
            week = s.profiles[everyday.profile].week
            number += (float(s.cities[city].calls_a_day) * float(s.everyday_level) * float(everyday.share)
                       * of_day(s, everyday.profile, at) * week[at.weekday()] * 7 / sum(week))
        for surge in surges:
            part = 1.0 if surge.city == city else float(s.cities[city].population or 0) / people
            number += part * of_surge(s, surge, at)
        found[at.date()] = found.get(at.date(), 0.0) + number
    cvs = [float(one.busyness_cv) for one in (*surges, *([everyday] if everyday else []))]
    return found, max(cvs, default=0.0)


def of_day(s: Scenario, profile: str, at: datetime) -> float:
    """The share of a day's callers who come in the interval."""
    steps = s.profiles[profile].day
    begin = at.hour * 3600 + at.minute * 60 + at.second
    end, step = begin + s.horizon.interval_s, 86400 / len(steps)
    over = (max(0.0, min(end, (k + 1) * step) - max(begin, k * step)) / step * one for k, one in enumerate(steps))
    return sum(over) / sum(steps)


def of_surge(s: Scenario, surge: Surge, at: datetime) -> float:
    share, number = of_day(s, surge.profile, at), 0.0
    number += share * float(surge.by_day.get(at.date(), 0.0))
    cycle = surge.life_cycle
    if cycle and cycle.outbreak <= at <= cycle.end:
        rise, fall = (cycle.plateau - cycle.outbreak).total_seconds(), (cycle.end - cycle.decline).total_seconds()
        height = min((at - cycle.outbreak).total_seconds() / rise if rise else 1.0,
                     (cycle.end - at).total_seconds() / fall if fall else 1.0, 1.0)
        number += share * float(cycle.callers_a_day) * height
    until = at + timedelta(seconds=s.horizon.interval_s)
    number += sum(float(shock.callers) * (left(shock, at) - left(shock, until)) for shock in surge.shocks)
    return number + sum(callers for start, callers in surge.rows if start == at)


def left(shock: Shock, at: datetime) -> float:
    """The part of a shock's callers who have not come yet."""
    return float(0.5 ** (max(0.0, (at - shock.at).total_seconds()) / float(shock.half_life)))


def seats_expected(b: Books) -> Faults:
    """As many seats are open as people sit there, in cities that no lever, no absence and no table touches."""
    s = b.scenario
    touched = {name for lever in s.levers for field in ("lender", "city") if (name := getattr(lever, field, None))}
    touched |= {name for event in s.absences for name in (s.cities if event.city == ALL else [event.city])}
    touched |= {name for _, row in (s.staff.rows if s.staff else ()) for name, _ in row}
    own = b.pools[b.pools["kind"] == "own"]
    for name in s.cities.keys() - touched:
        for row in own[own["home"] == name].itertuples():
            wanted = seats_at(s, name, row.pool, row.start.to_pydatetime())
            if row.seats != wanted:
                yield f"{row.pool} has {row.seats} seats open at {row.start}, and should have {wanted}"
                break


def seats_at(s: Scenario, name: str, pool: str, at: datetime) -> int:
    """Seats of those of a city's people who answer what a pool answers."""
    city, minute, there = s.cities[name], at.hour * 60 + at.minute, {name: 0.0}
    for group in s.groups(name).values():
        on = sum(float(one.share) for one in s.shifts[group.shifts]
                 if (minute - one.start) % 1440 < float(one.hours) * 60)
        away = city.absence if group.absence is None else group.absence
        answers = [klass for klass in s.classes if klass in group.answers]
        called = name if len(answers) in (0, len(s.classes)) else "·".join([name, *answers])
        there[called] = there.get(called, 0.0) + float(group.people) * on * (1 - float(away))
    part = min(1.0, float(city.seats) / max(sum(there.values()), 1e-9))
    return math.floor(there[pool] * part * (1 - float(city.shrinkage)) + 0.5 + 1e-9)


# --- rows a dial -----------------------------------------------------------------------------------------------------

def one_agrees(folder: Path) -> Faults:
    """A run of one replication: its dials, its rates, and what its record finds in some interval."""
    b = Books(folder)
    for check in (calls_agree, rates_agree, some_interval_agrees):
        for fault in check(b):
            yield f"{check.__name__}: {fault}"


RATES = {"answer_rate_dials": ("answered", ("dials", "served_by_bot")), "blocked_share": ("blocked", ("dials",)),
         "abandoned_share": ("abandoned", ("dials",)), "lost_share": ("callers_lost", ("callers",)),
         "dials_per_caller": ("dials", ("callers",)), "helpers_share": ("helpers_answered", ("answered",))}
"""What of which, less what, each rate is."""


def rates_agree(b: Books) -> Faults:
    ordinary = b.intervals.groupby("city")["ordinary"].sum()
    for scope in ("province", *b.of("city"), *b.of("class")):
        for rate, (counted, (whole, *less)) in RATES.items():
            out_of = b.whole[whole, scope] - sum(b.whole[one, scope] for one in less)
            yield from same(b, rate, scope, part(b.whole[counted, scope], out_of))
    for city in b.scenario.cities:
        usual = float(ordinary[city])
        yield from same(b, "load_ratio", f"city:{city}", part(b.whole["dials", f"city:{city}"], usual))
    for name, row in b.pools.groupby("pool")[["busy_s", "staffed_s"]].sum().iterrows():
        yield from same(b, "occupancy", f"pool:{name}", part(row["busy_s"], row["staffed_s"]))


def part(one: float, whole: float) -> float:
    return one / whole if whole else math.nan


def same(b: Books, metric: str, scope: str, wanted: float) -> Faults:
    found = b.whole.get((metric, scope), math.nan)
    if not near(found, wanted) and not (math.isnan(found) and math.isnan(wanted)):
        yield f"{metric} of {scope} is {found:.7g}, and should be {wanted:.7g}"


def some_interval_agrees(b: Books) -> Faults:
    """A record of some interval holds where there is one within its bounds, a value where the highest is."""
    table = parquet(b.folder / "metrics_by_interval.parquet")
    for entry in b.manifest["record"]:
        one, (low, high) = entry["observed"], (entry["bounds"][side] for side in ("low", "high"))
        if not one["any_interval"] or one["against"]:
            continue
        start, end = (pd.Timestamp(one[side] or at) for side, at in (("from", b.begin), ("to", b.end)))
        rows = table[(table["metric"] == one["metric"]) & (table["scope"] == one["scope"]) & (table["from"] >= start)
                     & (table["to"] <= end)]
        if one["value"] is not None:
            rows = rows[rows["mean"] == rows["mean"].max()]
        holds = bool(((rows["mean"] >= (-math.inf if low is None else low))
                      & (rows["mean"] <= (math.inf if high is None else high))).any())
        if len(rows) and holds != entry["agrees"]:
            yield f"a record of {one['metric']} in some interval, {low} to {high}, agrees: {entry['agrees']}"


def calls_agree(b: Books) -> Faults:
    """Every count of a run of one replication, counted again from its dials."""
    calls = parquet(b.folder / "calls.parquet")
    numbers = sorted(calls["replication"].unique())
    if len(calls) and (b.replications != 1 or numbers != [0]):
        yield f"calls of replications {numbers}, of {b.replications}"
        return
    names = {"answered": "answered", "abandoned": "abandoned", "blocked": "blocked", "bot": "served_by_bot",
             "waiting": "in_system"}
    for kind in ("city", "class"):
        for scope in b.of(kind):
            mine = calls[calls[kind].astype(str) == scope.partition(":")[2]]
            ends = mine["outcome"].astype(str)
            counted = {metric: float((ends == outcome).sum()) for outcome, metric in names.items()}
            counted |= {"dials": float(len(mine))}
            waits = mine[ends == "answered"]["waited_ms"] / 1000
            clock = float(b.scenario.answered_within)
            if len(waits):
                counted["mean_wait_s"] = float(waits.mean())
                soon = float((waits <= clock).sum())
                counted[f"answered_within_{clock:g}s"] = soon / (len(mine) - counted["served_by_bot"])
                yield from quantiles(b, scope, waits)
            for metric, number in counted.items():
                yield from same(b, metric, scope, number)


def quantiles(b: Books, scope: str, waits: pd.Series[float]) -> Faults:
    """So many waited no longer, and not many more."""
    for metric, share in (("median_wait_s", 0.5), ("p95_wait_s", 0.95)):
        found = b.whole[metric, scope]
        off = max(0.002, 5e-7 * found)  # as far as seven digits tell
        below, upto = (waits < found - off).mean(), (waits <= found + off).mean()
        if not below <= share + 1e-9 or not upto >= share - 1 / len(waits):
            yield f"{metric} of {scope} is {found:.7g}: {below:.4f} waited less, {upto:.4f} no longer"


# --- what people read ------------------------------------------------------------------------------------------------

def of_pages(folder: Path) -> Faults:
    """A report speaks both languages, and no number of it is none."""
    html = (folder / "report.html").read_text(encoding="utf-8")
    for lang in ("zh", "en"):
        if f'<main id="{lang}"' not in html:
            yield f"report.html has no page in {lang}"
    text = re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<style>.*?</style>", "", html))
    yield from (f"report.html says {found!r}" for found in words_that_are_none(text))
    book = openpyxl.load_workbook(folder / "report.xlsx", read_only=True)
    for sheet in book.worksheets:
        cells = " ; ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)
        yield from (f"report.xlsx, {sheet.title} says {found!r}" for found in words_that_are_none(cells))


def words_that_are_none(text: str) -> list[str]:
    return [text[max(0, hit.start() - 40):hit.end() + 20] for hit in NO_NUMBER.finditer(text)][:2]
