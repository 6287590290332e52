"""When people can be asked: nobody is phoned at home at night, and whoever shall stay is told before going.

Both are customs: no rule of work says them. The night is the one in which the law asks for quiet, ten in the evening to
six (Noise Pollution Law art. 88). Whoever is at work can be asked at any time.
"""
from __future__ import annotations

from optimizer.staffing.rosters.problem import DAY_MINUTES

NIGHT_FROM, NIGHT_UNTIL = 22 * 60, 6 * 60   # minutes after midnight
BEFORE_GOING = 30   # minutes before the end of a duty: later nobody is asked to stay, who has a child to fetch


def first_call(minute: int) -> int:
    """From when on somebody at home can be phoned, asked for at a moment; minutes after the first midnight."""
    midnight, at = minute - minute % DAY_MINUTES, minute % DAY_MINUTES
    if at < NIGHT_UNTIL:
        return midnight + NIGHT_UNTIL
    return midnight + DAY_MINUTES + NIGHT_UNTIL if at > NIGHT_FROM else minute


def last_call(minute: int) -> int:
    """The last moment up to one at which somebody at home can be phoned; minutes after the first midnight."""
    midnight, at = minute - minute % DAY_MINUTES, minute % DAY_MINUTES
    if at < NIGHT_UNTIL:
        return midnight - DAY_MINUTES + NIGHT_FROM
    return midnight + min(at, NIGHT_FROM)
