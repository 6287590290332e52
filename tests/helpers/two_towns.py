"""Two towns whose people a table counts: an early shift with a meal within two hours, and a night."""
from __future__ import annotations

TOWNS = """surgeline: 1
title: {zh: 两城, en: Two towns}
horizon: {start: 2021-08-02, end: 2021-08-03, interval: 30 min}
cities:
  east: {name: {zh: 东城, en: East}, calls_a_day: 600, seats: 30, agents: 20, absence: 0, shrinkage: 0, shifts: days}
  west: {name: {zh: 西城, en: West}, calls_a_day: 300, seats: 30, agents: 3, absence: 0, shrinkage: 0, shifts: days}
shifts:
  days:
    - {start: "08:00", hours: 8.5, code: 早, breaks: [{length: 30 min, window: [3, 5], paid: false}]}
    - {start: "22:00", hours: 9, code: 夜}
profiles: {plain: {day: [1]}}
everyday: {other: {profile: plain}}
classes:
  other: {name: {zh: 其他, en: other}, patience: {law: exponential, mean: 10 min}, talk: {law: fixed, mean: 3 min},
          after_busy: {share: 90 %, delay: {law: exponential, mean: 2 min}},
          after_hanging_up: {share: 50 %, delay: {law: exponential, mean: 10 min}}}
"""
COUNTED = TOWNS + "shift_counts: {table: shifts.csv}\n"
COUNTS = """市,班次,8/1,8/2,8/3
东城,早,,10,4
东城,夜,2,3,1
西城,早,,3,2
"""
BY_SHARES = TOWNS.replace(", code: 早", ", share: 40 %").replace(", code: 夜", ", share: 20 %")
"""The same without a table."""
