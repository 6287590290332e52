"""Plans of any levers with what they were found to do, as tests tell it."""
from pathlib import Path

from helping import with_terms

from surgeline.folders.lending_plan import KIND, LendingPlan, Manifest

DAY = "2021-08-02"
LEND = {"kind": "lend", "lender": "west", "borrower": "east", "seats": 4, "from": f"{DAY} 12:00", "to": f"{DAY} 20:00",
        "hours": ["12:30", "18:00"], "serves": "home_first", "keep_idle": 1, "resume_idle": 2}
MORE = LEND | {"seats": 2, "hours": ["14:00", "16:00"]}
CALL_IN = {"kind": "call_in", "city": "west", "people": 2, "from": f"{DAY} 10:00", "to": f"{DAY} 20:00",
           "hours": ["10:00", "20:00"]}
AT_HOME = CALL_IN | {"city": "east", "people": 1}
STANDBY = {"kind": "standby", "city": "west", "people": 1, "from": f"{DAY} 09:00", "to": f"{DAY} 12:00"}
VOLUNTEERS = {"kind": "volunteers", "city": "east", "people": 3, "from": f"{DAY} 08:00", "to": f"{DAY} 20:00"}
DESK = {"kind": "desk", "name": "province", "cities": ["east"], "seats": 3, "presence": "80 %",
        "from": f"{DAY} 12:00", "to": f"{DAY} 18:00"}
UNICOM = DESK | {"name": "unicom", "by": "operators", "seats": 2, "from": f"{DAY} 14:00", "first": True}
CLOUD = {"kind": "cloud_seats", "city": "east", "seats": 2, "from": f"{DAY} 11:00", "to": f"{DAY} 20:00",
         "hours": ["11:00", "19:00"]}
OFFERED = (DESK, UNICOM, VOLUNTEERS, CLOUD)
EVERY_KIND = (LEND, MORE, CALL_IN, AT_HOME, STANDBY, VOLUNTEERS)


def figure(mean: float, half: float = 1.0) -> dict[str, float]:
    return {"mean": mean, "low": mean - half, "high": mean + half}


LEVEL = {"start": 12 * 60, "end": 13 * 60, "usual": 0.96, "expected": 0.95, "low": 0.93, "everyday": 0.97,
         "recall": 0.93, "release": 0.95, "escalate": 0.91}
LEVELS = {"minutes": 15, "times": [LEVEL], "recalls": 0.1, "escalations": 0.2, "releases": 0.3}


def ordered(folder: Path, *levers: dict, people: float = 30.0, gains: float = 33.4, loses: float = -3.6,
            **more: object) -> LendingPlan:
    """A plan of the two small cities with these levers."""
    effect = {"replications": 10, "people": figure(people), "gains": {"east": figure(gains)},
              "lenders": {"west": figure(loses)}, "rates": {"east": figure(0.04), "west": figure(-0.001)}, "floors": (),
              "holds": True}
    return LendingPlan(folder, Manifest.model_validate({
        "format": 1, "name": "two-cities", "scenario_hash": "", "seed": 1, "replications": 10, "engine": "kernel",
        "created": "", "seconds": 0.0, "versions": {}, "python": "", "platform": "", "kind": KIND,
        "serves": "home_first", "levers": levers, "effect": effect, "rivals": {}, "rounds": (), "neighbours": (),
        "standby": {}, "strikes": (), "marginal": {}, "gap": 0.0, "bound": 0.0, "frontier": (),
        "refusals": {"west": 40.0}, "prices": {}, "not_asked": {}, "promised": {}, "delivered": {}, "laps": {},
        "scenario": with_terms(), "levels": {"west": LEVELS, "east": LEVELS}, "edited": "plan.yaml"} | more))
