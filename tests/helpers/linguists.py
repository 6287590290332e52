"""A city with two kinds of people whose callers come at different hours: everybody's from eight to four, those in
foreign languages from noon to eight, of which today the people who answer them are there for the first half only."""
from __future__ import annotations

from one_city import text

GROUPS = """people:
  town:
    groups:
      staff: {name: {zh: 综合, en: all-round}, people: 6, shifts: days}
      linguists: {name: {zh: 外语, en: languages}, people: 4, shifts: days, answers: [foreign]}
      willing: {people: 2, contract: reserve}
"""
FOREIGN = """  foreign: {name: {zh: 外语, en: foreign languages}, patience: {law: exponential, mean: 10 min},
            talk: {law: fixed, mean: 1 s}, after_busy: {share: 0, delay: {law: exponential, mean: 2 min}},
            after_hanging_up: {share: 0, delay: {law: exponential, mean: 10 min}}}
staffing:
"""
EVENING = "  late: {day: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]}\n"
PROFILES = "profiles: {plain: {day: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]}}\n"
TYPES = '{code: 白, from: ["08:00", "12:00"], hours: [8], meal: 0 min}'
MORNING, NOON = range(16, 32), range(24, 40)    # half-hours in which each kind of callers comes


def town(groups: str = GROUPS) -> str:
    """The file, for two days."""
    whole = text(groups, calls=900)
    for old, new in (
            ("agents: 4, ", ""), ("seats: 9", "seats: 3"), ("staffing:\n", FOREIGN),
            ("after_hanging_up: {share: 50 %", "after_hanging_up: {share: 0"),
            (PROFILES, PROFILES.replace("profiles: {", "profiles:\n  ").replace("]}}\n", "]}\n") + EVENING),
            ("everyday: {other: {profile: plain}}",
             "everyday: {other: {profile: plain, share: 50 %}, foreign: {profile: late, share: 50 %}}"),
            ('{code: 白, from: ["08:00", "08:00"], hours: [8], meal: 0 min}', TYPES)):
        assert old in whole
        whole = whole.replace(old, new)
    return whole


def halves(*open_in: range, days: int = 2) -> list[int]:
    """Seats by half-hour: one in each of some."""
    return [int(any(half in one for one in open_in)) for half in range(48)] * days
