"""A town that lends four seats to a village: what one_city has, and a neighbour."""
from __future__ import annotations

from one_city import of_many, text

VILLAGE = """  village: {name: {zh: 小村, en: Village}, calls_a_day: {assume: 400, range: [10, 9000], why: invented},
            seats: 2, agents: 2, absence: 0, shrinkage: 0, shifts: days}
"""
LEND = """levers:
  - {kind: lend, lender: town, borrower: village, seats: 4, from: 2021-08-02 08:00, to: 2021-08-03,
     hours: [08:00, 22:00], presence: 80 %OFF}
people: {town: {call_in: {willing: 100 %}}}
"""
UNTIL_TEN = '{code: 晚, from: ["14:00", "14:00"], hours: [8], meal: 0 min}'
DAY, LATE = '{start: "08:00", hours: 8, share: 50 %}', '{start: "14:00", hours: 8, share: 25 %}'


def lending(off_duty: str = "", more: str = "") -> str:
    """The scenario as a file; with a share of the lent seats that are manned off duty."""
    off = f", off_duty: {off_duty}" if off_duty else ""
    whole = of_many(text(LEND.replace("OFF", off) + more, calls=1200, talk="4 min"))
    whole = whole.replace("shift_types: [", f"shift_types: [{UNTIL_TEN}, ")
    return whole.replace("shifts: {days", VILLAGE + "shifts: {days", 1).replace(DAY, f"{DAY}, {LATE}")
