"""Small random towns that pass ``check``: quiet and crowded, with and without seats, callers, lines, help, tables."""
from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sim.reading.loading import load
from sim.scenario.problems import ScenarioError

Luck = random.Random
Town = dict[str, Any]
NAME = "town.yaml"
DAYS = ("2021-08-02", "2021-03-14", "2021-03-28", "2021-11-07", "2021-10-31", "1988-04-17", "2024-02-29", "2021-12-31",
        "2022-03-10", "1986-05-04")
"""Among them days on which clocks change in New York, in London, and changed in China."""
INTERVALS = (5, 10, 15, 30, 60)
HOURS = (1, 2, 5, 12, 24, 24, 26, 48)


def stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


class Builder:
    """A town that grows by parts; a part that the reader refuses is left out again."""

    def __init__(self, luck: Luck):
        self.luck = luck
        self.every = timedelta(minutes=luck.choice(INTERVALS))
        midnight = datetime.fromisoformat(luck.choice(DAYS))
        self.start = midnight + self.every * luck.choice((0, 0, luck.randrange(timedelta(days=1) // self.every)))
        length = max(timedelta(hours=luck.choice(HOURS)), self.every)
        self.end = self.start + length
        self.refused: list[str] = []
        self.town = self.base()

    @property
    def number(self) -> int:
        return (self.end - self.start) // self.every

    def moment(self) -> datetime:
        """Where an interval starts, mostly."""
        odd = timedelta(minutes=7) if self.luck.random() < 0.1 else timedelta(0)
        return self.start + self.every * self.luck.randrange(self.number) + odd

    def span(self) -> dict[str, str]:
        if self.luck.random() < 0.4:
            return {"from": stamp(self.start), "to": stamp(self.end)}
        one, other = sorted((self.moment(), self.moment() + self.every))
        return {"from": stamp(one), "to": stamp(other)}

    def some(self, names: list[str]) -> list[str]:
        return sorted(self.luck.sample(names, self.luck.randint(1, len(names))))

    def whole(self) -> Town | None:
        return self.town if self.passes() else None

    def passes(self) -> bool:
        Path(NAME).write_text(json.dumps(self.town, ensure_ascii=False, indent=1), encoding="utf-8")
        try:
            load(NAME)
        except ScenarioError as error:
            self.refused.append(str(error))
            return False
        return True

    def attempt(self, section: str, part: Any) -> None:
        """Add a part, to a list or a mapping or by itself, if the reader takes it."""
        before = self.town.get(section)
        if isinstance(part, dict) and section == "variants":
            self.town[section] = {**(before or {}), **part}
        elif section in ("people", "staff", "routing", "focus", "headline", "answered_within", "everyday_level",
                         "about"):
            self.town[section] = part
        else:
            self.town[section] = [*(before or []), part]
        if not self.passes():
            self.town[section] = before
            if before is None:
                del self.town[section]

    # --- what every town has ------------------------------------------------------------------------------------------

    def base(self) -> Town:
        luck = self.luck
        cities = ["east", "west", "north", "hall-4"][:luck.choice((1, 2, 2, 3, 4))]
        classes = ["main", "urgent", "slow_one"][:luck.choice((1, 1, 2, 3))]
        town = {
            "surgeline": 1, "title": {"zh": "小城", "en": "A town"},
            "horizon": {"start": stamp(self.start), "end": stamp(self.end),
                        "interval": f"{self.every.seconds // 60} min"},
            "cities": {name: self.city(name) for name in cities},
            "classes": {name: self.klass(name) for name in classes},
            "shifts": {"days": self.shifts(), "always": [{"start": "00:00", "hours": 24, "share": "100 %"}]},
            "profiles": {"plain": self.profile(), "flat": {"day": [1]}},
        }
        if luck.random() < 0.85:
            town["everyday"] = self.everyday(classes)
        return town

    def city(self, name: str) -> Town:
        luck = self.luck
        found: Town = {
            "name": {"zh": f"{name}城", "en": name.title()}, "calls_a_day": self.callers(),
            "seats": luck.choice((0, 1, 3, 8, 20)), "agents": luck.choice((0, 2, 8, 30)),
            "shifts": luck.choice(("days", "always")), "absence": luck.choice((0, 0, "6 %", "30 %", "97 %")),
            "shrinkage": luck.choice((0, "20 %", 0.28)), "population": luck.choice((1000, 50_000))}
        return found | luck.choice(({}, {}, {"lines_per_seat": luck.choice((0.5, 1.5, 3))},
                                    {"lines": luck.choice((0, 1, 5, 40))}))

    def callers(self) -> Any:
        luck = self.luck
        number = luck.choice((0, 1, luck.randint(2, 60), luck.randint(60, 1500)))
        return luck.choice((number, number, {"assume": number, "range": [0, 2 * number + 1], "why": "虚构 | invented"}))

    def law(self, mean_s: float, shares: bool = False) -> Town:
        luck = self.luck
        mean = f"{mean_s * luck.choice((0.3, 1, 3)):g} s"
        kinds: list[Town] = [
            {"law": "exponential", "mean": mean}, {"law": "fixed", "mean": mean},
            {"law": "lognormal", "mean": mean, "cv": luck.choice((0.3, 1.15))},
            {"law": "gamma", "mean": mean, "cv": 0.7}, {"law": "exponential", "mean": mean, "at_most": "1 h"},
            {"law": "weibull", "mean": mean, "shape": luck.choice((0.7, 1.5))}]
        if not shares and luck.random() < 0.2:
            return {"law": "mixture", "parts": [{**self.law(mean_s, True), "share": share}
                                                for share in ("15 %", "85 %")]}
        return luck.choice(kinds)

    def redial(self) -> Town:
        luck = self.luck
        found: Town = {"share": luck.choice((0, "50 %", "90 %", "100 %")), "delay": self.law(luck.choice((20, 300)))}
        return found | ({"by_try": [0.9, 0.5, 0.2]} if luck.random() < 0.2 else {})

    def klass(self, name: str) -> Town:
        luck = self.luck
        found: Town = {
            "name": {"zh": name, "en": name.title()}, "patience": "for ever" if luck.random() < 0.25 else self.law(300),
            "talk": self.law(180), "after_busy": self.redial(), "after_hanging_up": self.redial(),
            "most_dials": luck.choice((1, 5, 20))}
        more = ({"wrap_up": self.law(60)}, {"urgency": luck.choice((0, 2))},
                {"handle_factor": {"lent": 1.3, "own": 0.9}},
                {"repeat_contact": {"share": luck.choice(("10 %", "100 %")),
                                    "delay": {"law": "fixed", "mean": luck.choice(("1 day", "2 days"))}}})
        for one in more:
            found |= one if luck.random() < 0.4 else {}
        return found

    def shifts(self) -> list[Town]:
        return self.luck.choice((
            [{"start": "08:00", "hours": 12, "share": "50 %"}, {"start": "20:00", "hours": 12, "share": "15 %"}],
            [{"start": "09:00", "hours": 8, "share": "60 %"}], [{"start": "22:30", "hours": 9.5, "share": 0.4}]))

    def profile(self) -> Town:
        luck = self.luck
        found: Town = {"day": [luck.choice((0, 1, 2, 9)) + 0.1 for _ in range(luck.choice((24, 48, 96, 1, 8)))]}
        return found | ({"week": [1, 1, 1, 1, 1, 0.5, 0]} if luck.random() < 0.3 else {})

    def everyday(self, classes: list[str]) -> Town:
        luck = self.luck
        named = self.some(classes)
        parts = [luck.randint(1, 5) for _ in named]
        return {name: {"share": part / sum(parts), "profile": luck.choice(("plain", "flat")),
                       "busyness_cv": luck.choice((0, 0, 0.2))} for name, part in zip(named, parts, strict=True)}

    # --- what some have -----------------------------------------------------------------------------------------------

    def grown(self) -> Town | None:
        """The town with a few parts more; None if it is refused as it stands."""
        if not self.passes():
            return None
        luck, lever = self.luck, self.lever
        kinds = (self.surge, self.absence, self.people, self.staff, self.routing, lever, lever, lever, self.observed,
                 self.words)
        self.attempt(*self.surge())
        for _ in range(luck.choice((0, 1, 2, 4, 8))):
            self.attempt(*luck.choice(kinds)())
        for name in ("none", "other")[:luck.choice((0, 0, 1, 2))]:
            self.attempt("variants", {name: {"name": {"zh": name, "en": name}, "levers": self.levers()}})
        self.attempt(*self.observed())
        return self.whole()

    def levers(self) -> list[Town]:
        """Those of the town without one of them, or a new one."""
        mine = list(self.town.get("levers", []))
        if mine and self.luck.random() < 0.5:
            return mine[:-1]
        return [*mine, self.lever()[1]]

    def surge(self) -> tuple[str, Town]:
        luck = self.luck
        cities, classes = [*self.town["cities"], "all"], list(self.town["classes"])
        found: Town = {"city": luck.choice(cities), "class": luck.choice(classes),
                       "profile": luck.choice(("plain", "flat")), "busyness_cv": luck.choice((0, 0, 0.3))}
        day, callers, half = f"{self.start:%Y-%m-%d}", luck.choice((3, 40, 900)), luck.choice(("1 s", "20 min", "3 h"))
        table = [[stamp(self.start + i * self.every), luck.choice((0, 1, 7.5))] for i in range(self.number)]
        return "surges", found | luck.choice((
            {"by_day": {day: callers}},
            {"shocks": [{"at": stamp(self.moment()), "callers": callers, "half_life": half}]},
            {"life_cycle": {"outbreak": stamp(self.start), "plateau": stamp(self.moment()), "decline": stamp(self.end),
                            "end": stamp(self.end), "callers_a_day": callers}},
            {"table": self.table("calls", ["start", "callers"], table)}))

    def table(self, name: str, columns: list[str], rows: list[list[Any]]) -> str:
        file = f"{name}-{len(list(Path().glob('*.csv')))}.csv"
        Path(file).write_text("".join(",".join(map(str, row)) + "\n" for row in [columns, *rows]), encoding="utf-8")
        return file

    def absence(self) -> tuple[str, Town]:
        return "absences", {"city": self.luck.choice([*self.town["cities"], "all"]), **self.span(),
                            "share": self.luck.choice((0, "20 %", "100 %")), "who": "封控 | closed off"}

    def people(self) -> tuple[str, Town]:
        """A city's people as two groups, of which one answers some classes only."""
        luck, name = self.luck, self.luck.choice(list(self.town["cities"]))
        city = self.town["cities"][name]
        trained = luck.randint(0, city["agents"])
        alike = {"shifts": city["shifts"], "contract": "volunteers"}
        return "people", {name: {"groups": {
            "trained": {"people": trained, "answers": self.some(list(self.town["classes"])), **alike},
            "others": {"people": city["agents"] - trained, **alike}}}}

    def staff(self) -> tuple[str, Town]:
        luck, cities = self.luck, self.some(list(self.town["cities"]))
        first = datetime.combine(self.start.date(), datetime.min.time())
        hours = -(-(self.end - first) // timedelta(hours=1))
        rows = [[stamp(first + timedelta(hours=h)), *(luck.choice((0, 2, 6)) for _ in cities)] for h in range(hours)]
        return "staff", {"table": self.table("staff", ["start", *cities], rows)}

    def routing(self) -> tuple[str, Town]:
        luck = self.luck
        return "routing", luck.choice(({"policy": "pooled"}, {"policy": "overflow"},
                                            {"policy": "overflow", "after": "30 s"},
                                            {"policy": "overflow", "after": "busy", "keep_idle": luck.choice((0, 1))}))

    def observed(self) -> tuple[str, Town]:
        luck = self.luck
        metric = luck.choice(("dials", "answered", "answer_rate_dials", "mean_wait_s", "callers_answered", "occupancy",
                              "p95_wait_s", "blocked_share", "load_ratio"))
        city, klass = luck.choice(list(self.town["cities"])), luck.choice(list(self.town["classes"]))
        scope = luck.choice(("province", f"city:{city}", f"class:{klass}"))
        found: Town = {"metric": metric, "scope": scope, "source": "by hand"}
        found |= self.span() if luck.random() < 0.5 else {}
        found |= {"any_interval": True} if luck.random() < 0.2 else {}
        if self.town.get("variants") and luck.random() < 0.5:
            found["against"] = luck.choice(list(self.town["variants"]))
        return "observed", found | luck.choice(({"above": 0.2}, {"below": 0.9}, {"value": 0.5, "within": "10 %"}))

    def words(self) -> tuple[str, Any]:
        return self.luck.choice((
            ("headline", "dials"), ("answered_within", "20 s"), ("focus", [next(iter(self.town["cities"]))]),
            ("everyday_level", 0.5), ("about", {"zh": "说明", "en": "about it"})))

    def lever(self) -> tuple[str, Town]:
        luck, cities, classes = self.luck, list(self.town["cities"]), list(self.town["classes"])
        one, other = luck.choice(cities), luck.choice(cities)
        seats: Callable[[], int] = lambda: luck.choice((1, 2, 5))  # noqa: E731
        hours = luck.choice(({}, {}, {"hours": ["22:00", "06:00"]}, {"hours": ["08:00", "20:00"]}))
        for_some = luck.choice(({}, {"classes": self.some(classes)}))
        found: Town = luck.choice((
            {"kind": "lend", "lender": one, "borrower": other, "seats": seats(),
             "presence": luck.choice(("80 %", 0.33, 1)), "serves": luck.choice(("borrower", "both", "home_first")),
             "off_duty": luck.choice((0, "50 %", 1)), **for_some},
            {"kind": "lend", "lender": one, "borrower": other, "seats": seats(), "first": True},
            {"kind": "desk", "name": luck.choice(("省台", "east", "desk")),
             "by": luck.choice(("province", "operators", "volunteers")), "cities": self.some(cities),
             "seats": seats(), **for_some},
            {"kind": "cloud_seats", "city": one, "seats": seats()}, {"kind": "call_in", "city": one, "people": seats()},
            {"kind": "standby", "city": one, "people": seats(), "response": luck.choice(("0 s", "30 min"))},
            {"kind": "overtime", "city": one, "longer": luck.choice((1, 2.5))},
            {"kind": "volunteers", "city": one, "people": seats(), "place": luck.choice(("workplaces", "elsewhere")),
             "training": luck.choice(("0 s", "1 h")), **for_some},
            {"kind": "divert", "cities": self.some(cities), "share": luck.choice((0, "30 %", 1)),
             "before_dialling": luck.choice((0, "20 %", 1)), **for_some},
            {"kind": "bot", "cities": self.some(cities), "share": luck.choice(("8 %", 1)), **for_some},
            {"kind": "lines", "city": one, "lines": luck.choice((1, 10))},
            {"kind": "recall", "lender": one, "borrower": other, "at": stamp(self.moment())},
            {"kind": "route", "policy": luck.choice(("pooled", "overflow", "dedicated"))},
            {"kind": "route", "policy": "overflow", "after": "busy"}))
        return "levers", found | ({} if found["kind"] in ("recall", "route") else self.span() | hours)


def town(seed: int, number: int) -> Builder:
    """A town of its own for each number, in the working folder."""
    return Builder(Luck(f"town {seed} {number}"))
