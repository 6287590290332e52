"""A city's hall of lines: each is held from the dial to the hang-up or the end of the talk.

The end of a talk is no event. It is noted, and counted off when no line seems to be free: only then does it matter.
"""
from __future__ import annotations

from sim.core.arrays import NEVER
from sim.core.compiled import step


@step
def has_line(w, s, city):
    """Whether a line is free now."""
    most = w.lines[s.now[0].interval, city]
    if s.halls[city].used >= most:
        count_off(s, city)
    return s.halls[city].used < most


@step
def take_line(s, city):
    s.halls[city].used += 1


@step
def hang_up_line(s, city):
    """Who hangs up frees a line at once."""
    s.halls[city].used -= 1


@step
def talk_until(s, city, end_ms):
    """A talk keeps its line until then. There is room to note it once those that have ended are counted off."""
    hall = s.halls[city]
    if hall.first + hall.talks == s.halls[city + 1].first:
        count_off(s, city)
    s.talk_ends[hall.first + hall.talks] = end_ms
    hall.talks += 1
    hall.soonest_ms = min(hall.soonest_ms, end_ms)


@step
def count_off(s, city):
    """The lines of talks that have ended are free."""
    hall, now_ms = s.halls[city], s.now[0].ms
    if now_ms < hall.soonest_ms:
        return
    kept, hall.soonest_ms = 0, NEVER
    for k in range(hall.talks):
        end_ms = s.talk_ends[hall.first + k]
        if end_ms > now_ms:
            s.talk_ends[hall.first + kept] = end_ms
            kept += 1
            hall.soonest_ms = min(hall.soonest_ms, end_ms)
    hall.used -= hall.talks - kept
    hall.talks = kept
