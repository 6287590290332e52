"""The works that are timed, as scenarios: W1 to W3 are files beside this one, the others are cut from the same cloth.

    python -m benchmarks.works     writes w1.yaml, w2.yaml and w3.yaml anew
"""
from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sim.reading.loading import load
from sim.scenario.scenario import Scenario

HERE = Path(__file__).parent
START = datetime(2021, 7, 5)

# How the callers of a day spread over its quarters of an hour.
PROFILE = [
    120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 120, 121, 122,
    124, 128, 136, 150, 172, 207, 258, 330, 422, 535, 663, 797, 923, 1027, 1096, 1121, 1097, 1029, 927, 803, 674, 553,
    449, 370, 318, 291, 289, 308, 345, 397, 460, 532, 608, 685, 757, 821, 872, 905, 920, 913, 887, 843, 784, 715, 640,
    565, 493, 430, 378, 340, 317, 308, 313, 328, 347, 365, 377, 378, 368, 347, 316, 281, 245, 212, 184, 162, 146, 136,
    129, 125, 122, 121, 120,
]
# W2: people of each city, and the three cities whose seats answer its overflow, in this order.
PEOPLE = [931, 746, 908, 528, 1275, 773, 460, 456, 671, 456, 321, 451, 499]
HELPERS = [(10, 9, 3), (4, 3, 11), (12, 6, 7), (1, 10, 0), (1, 5, 3), (4, 11, 8), (12, 8, 2), (12, 8, 9), (5, 7, 11),
           (10, 11, 0), (9, 0, 3), (9, 5, 1), (2, 7, 6)]
SEATS, LENT = 430, 0.3
CALLS_A_DAY = 73_000

Data = dict[str, Any]


# --- parts of a scenario ---------------------------------------------------------------------------------------------

def scenario(title: str, length: timedelta, cities: Data, caller: Data, *, day: list[int] | None = None,
             interval: str = "15 min", levers: list[Data] | None = None) -> Data:
    """A scenario with one class of callers and the same seats all day."""
    return {
        "surgeline": 1,
        "title": {"zh": title, "en": title},
        "horizon": {"start": f"{START:%Y-%m-%d %H:%M}", "end": f"{START + length:%Y-%m-%d %H:%M}",
                    "interval": interval},
        "shifts": {"always": [{"start": "00:00", "hours": 24, "share": 1}]},
        "profiles": {"day": {"day": day or PROFILE}},
        "everyday": {"everyday": {"profile": "day"}},
        "classes": {"everyday": {"name": {"zh": "日常", "en": "everyday"}, **caller}},
        "cities": cities,
        "levers": levers or [],
    }


def city(calls_a_day: float, seats: int, **more: Any) -> Data:
    return {"name": {"zh": "市", "en": "city"}, "calls_a_day": calls_a_day, "seats": seats, "agents": seats,
            "shifts": "always", "absence": 0, "shrinkage": 0, **more}


def exponential(mean_s: float) -> Data:
    return {"law": "exponential", "mean": f"{mean_s} s"}


def redial(share: float, mean_s: float) -> Data:
    return {"share": share, "delay": exponential(mean_s)}


def caller(patience_s: float = 180, busy: float = 0.92, hung_up: float = 0.6) -> Data:
    """Somebody who calls on a day of a surge."""
    return {"patience": exponential(patience_s), "talk": {"law": "lognormal", "mean": "240 s", "cv": 1},
            "after_busy": redial(busy, 120), "after_hanging_up": redial(hung_up, 600), "most_dials": 40}


# --- the works -------------------------------------------------------------------------------------------------------

def million_dials(days: int = 1, size: float = 1) -> Data:
    """W1: one city, 120 seats, 300 lines, 138,000 people who dial a million times."""
    one = city(138_000 * size, round(120 * size), lines=round(300 * size))
    return scenario("the million-dial day", timedelta(days=days), {"one": one}, caller())


def province(days: int = 30, people: list[int] = PEOPLE, helpers: list[tuple[int, ...]] = HELPERS) -> Data:
    """W2: cities by population. Of each city's seats 30 % answer its own overflow and that of the cities it helps."""
    total = sum(PEOPLE)
    length = timedelta(days=days)
    cities, levers = {}, []
    for c, number in enumerate(people):
        seats = int(SEATS * number / total + 0.5)
        lent = int(LENT * seats)
        cities[f"c{c}"] = city(round(CALLS_A_DAY * number / total, 3), seats - lent, population=number * 10_000)
        helped = [f"c{other}" for other, mine in enumerate(helpers) if c in mine]
        levers.append({
            "kind": "desk", "name": f"lent-{c}", "cities": [f"c{c}", *helped], "seats": lent, "presence": 1,
            "speed": {"day_1": 1, "day_5": 1}, "from": f"{START:%Y-%m-%d}", "to": f"{START + length:%Y-%m-%d %H:%M}",
        })
    return scenario("a province's month", length, cities, caller(busy=0), levers=levers)


def many_cities(cities: int, days: int) -> Data:
    """W2 with more cities, or with as many: 13 kinds of city again and again, each helped by its three neighbours."""
    neighbours = [tuple((c + step) % cities for step in (1, 2, 3)) for c in range(cities)]
    return province(days, [PEOPLE[c % len(PEOPLE)] for c in range(cities)], neighbours)


def erlang_a(calls: float = 1e6) -> Data:
    """W3: 100 calls a minute, 3 minutes each, 300 seats, patience 2 minutes."""
    talk = {"talk": exponential(180)}
    return scenario("Erlang A", timedelta(minutes=calls / 100), {"one": city(144_000, 300)},
                    caller(120, 0, 0) | talk, day=[1], interval="20 min")


def steady(waiting: int) -> Data:
    """As many answered calls whether nobody waits or ``waiting`` do: 1,200 seats; all answered, or all seats busy.

    Whoever waits has a patience of hours, so that as many more dial as hang up.
    """
    seats, talk_s, patience_s = 1200, 240, 6 * 3600
    answered_a_day = 86400 * seats / talk_s
    calls = answered_a_day + 86400 * waiting / patience_s if waiting else 0.9 * answered_a_day
    who = caller(patience_s, 0, 0) | {"talk": exponential(talk_s)}
    return scenario("a queue", timedelta(days=4), {"one": city(calls, seats)}, who, day=[1])


FILES = {"w1": million_dials, "w2": province, "w3": erlang_a}


def typed(data: Data) -> Scenario:
    return Scenario.model_validate(data)


def file(name: str) -> Scenario:
    """W1, W2 or W3, as its file says."""
    return load(HERE / f"{name}.yaml")


def write(name: str) -> None:
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 118
    made = FILES[name]
    with (HERE / f"{name}.yaml").open("w", encoding="utf-8") as out:
        out.write(f"# {made.__doc__.splitlines()[0]}\n# Written by `python -m benchmarks.works`.\n")  # type: ignore[union-attr]
        yaml.dump(made(), out)


if __name__ == "__main__":
    for each in FILES:
        write(each)
