"""People on duty beyond the workplaces sit at home where their city says so, and nobody sits there twice."""
import numpy as np
import pytest

from optimizer.staffing.planning.on_duty.presence import Presence
from sim.reading.loading import load
from sim.world.build import build
from sim.world.people import Staffing

GROUPS = """surgeline: 1
extends: two-cities
levers: []
shifts: {day: [{start: "09:00", hours: 8, share: 50 %}]}
people:
  east:
    workplaces: 6
    HOME
    groups:
      hall: {people: 8, shifts: day, from_home: SHARE}
      other: {people: 12, shifts: day}
"""
NOON = 48   # quarters of an hour after midnight: half of the twenty are on duty, with a fifth of the hour lost


def city(folder, home="", share="100 %", levers=""):
    path = folder / "homes.yaml"
    text = GROUPS.replace("HOME", home).replace("SHARE", share).replace("levers: []", levers or "levers: []")
    path.write_text(text, encoding="utf-8")
    return load(path)


def people(scenario):
    return Staffing(scenario, scenario.horizon.times, scenario.effects).people("east")


@pytest.mark.parametrize(("home", "share", "at_home"), [
    ("", "100 %", 0),                   # nothing is said of seats at home
    ("home_seats: 0", "100 %", 0),
    ("home_seats: 3", "100 %", 3),      # as many as there are
    ("home_seats: 9", "100 %", 4),      # four of ten find no workplace
    ("home_seats: 9", "50 %", 2),       # four on duty are of the group, and half of them can
    ("home_seats: 9", "0 %", 0),
])
def test_who_finds_no_workplace_sits_at_home(tmp_path, home, share, at_home):
    assert people(city(tmp_path, home, share)).seats[NOON] == pytest.approx((6 + at_home) * 0.8)


def test_a_seat_at_home_is_taken_once(tmp_path):
    """Eight rested of the group could answer from home by a lever, at three seats of which two are taken."""
    scenario = city(tmp_path, "home_seats: 3", "50 %")
    assert people(scenario).home[NOON] == pytest.approx(1.0)


def test_a_world_has_their_seats(tmp_path):
    with_homes, without = (build(city(tmp_path, home)).world for home in ("home_seats: 4", ""))
    more = np.asarray(with_homes.seats).sum() - np.asarray(without.seats).sum()
    assert more > 0


@pytest.mark.parametrize(("home", "share", "places"), [
    ("", "100 %", 6), ("home_seats: 3", "100 %", 9), ("home_seats: 9", "50 %", 7.5), ("home_seats: 9", "0 %", 6)])
def test_a_plan_counts_on_no_more_homes_than_a_world_opens(tmp_path, home, share, places):
    """Of the 20, those of the group are two fifths: a fifth can answer from home where half of the group can."""
    assert Presence.of(city(tmp_path, home, share), "east").workplaces == pytest.approx(
        6 + min(3, 6 * 0.4 / 0.6) if share == "100 %" and home else places)
