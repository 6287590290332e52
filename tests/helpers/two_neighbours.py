"""A town in need and its neighbour, whose people who are off duty can be counted by hand.

Of the town's 24 people six work from eight to four and six from four to midnight, at 20 workplaces; its neighbour has
40 people and as many in each shift as a quarter. Nobody is absent or on a break; of those off duty and rested one half
comes. Eleven hours after a shift one is rested.
"""
from __future__ import annotations

from sim.reading.loading import load
from sim.scenario.scenario import Scenario

TEXT = """surgeline: 1
title: {zh: 两镇, en: Two towns}
horizon: {start: 2021-07-31, end: 2021-08-02, interval: 30 min}
cities:
  town: {name: {zh: 本镇, en: Town}, calls_a_day: {assume: 3000, range: [10, 9000], why: invented}, seats: 20,
         agents: 24, absence: 0, shrinkage: 0, shifts: days}
  neighbour: {name: {zh: 邻镇, en: Neighbour}, calls_a_day: {assume: 500, range: [10, 9000], why: invented}, seats: 40,
              agents: 40, absence: 0, shrinkage: 0, shifts: days}
people: {all: {call_in: {willing: 50 %, shortest: 4 h, longest: 8 h, notice: 1 h}RULES}}
shifts: {days: [{start: "08:00", hours: 8, share: 25 %}, {start: "16:00", hours: 8, share: 25 %}]}
profiles: {plain: {day: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]}}
everyday: {other: {profile: plain}}
classes:
  other: {name: {zh: 其他, en: other}, patience: {law: exponential, mean: 5 min}, talk: {law: fixed, mean: 4 min},
          after_busy: {share: 90 %, delay: {law: exponential, mean: 2 min}},
          after_hanging_up: {share: 50 %, delay: {law: exponential, mean: 10 min}}}
lending: {borrowers: [town], agreed: 2021-07-31, connect: 0 h, rehearsal: 0 h, to: 2021-08-02,
          hours: ["08:00", "22:00"], block: 2 h, presence: 100 %, seat_hour_cost: 0, call_in_cost: 0.1}
"""


def two_neighbours(folder, rules: str = "", more: str = "", **changes: str) -> Scenario:
    """The scenario from a file: with rules of work, something more, and fields of the file otherwise."""
    text = TEXT.replace("RULES", f", rules: {{{rules}}}" if rules else "")
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "towns.yaml"
    path.write_text(text + more, encoding="utf-8")
    return load(path)
