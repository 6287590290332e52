"""Reserves and volunteers at the seats that a lever mans off duty: before people of the roster, for nothing else."""
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
from lending_town import lending

from optimizer.staffing.planning.city_roster.rostering import in_words, problem_of
from optimizer.staffing.planning.horizon import first_day
from optimizer.staffing.planning.lent.manning import Standing, lent_on
from optimizer.staffing.planning.lent.reserves import may_come, wanted
from optimizer.staffing.rosters.problem import OFF, Duty
from sim.reading.loading import load
from sim.scenario.people import Shift
from sim.scenario.quantities import plain
from sim.world.people import Staffing

NEED = np.array([[0] * 48, *[[0] * 16 + [14] * 16 + [0] * 16] * 2])     # fourteen people from eight to four
SHIFT = Shift(start=8 * 60, hours=plain(8.0, "h"), code="白")
GROUPS = """people:
  town:
    call_in: {willing: 100 %}
    groups:
      agents: {name: {zh: 全职, en: full time}, people: 30, shifts: days, from_home: 100 %}
      reserve: {name: {zh: 后备, en: reserve}, people: RESERVES, contract: reserve,
                call_in: {willing: 50 %, notice: 6 h}}
"""
HELPERS = "      helpers: {name: {zh: 志愿者, en: helpers}, people: 9, contract: volunteers}\n"


def made(folder, off_duty="50 %", reserves=10, more=""):
    groups = GROUPS.replace("RESERVES", str(reserves)) + more
    whole = lending(off_duty).replace("people: {town: {call_in: {willing: 100 %}}}\n", groups)
    path = folder / "lend.yaml"
    path.write_text(whole.replace("agents: 30, ", ""), encoding="utf-8")
    scenario = load(path)
    first = first_day(scenario)
    problem = problem_of(scenario, "town", (SHIFT,), NEED, first)
    roster = np.full((30, 3), OFF)
    roster[:14, 1] = roster[14:28, 2] = 0
    standing = Standing(problem, roster, (), in_words(problem, roster, first))
    with ThreadPoolExecutor(1) as executor:
        lent = lent_on(scenario, "town", standing, NEED, first, seed=1, replications=2, executor=executor)
    return SimpleNamespace(lent=lent, scenario=scenario)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return made(tmp_path_factory.mktemp("reserves"))


def who(lent):
    """By slot: people at lent seats, by their contract."""
    found = Counter()
    for block in lent.blocks:
        for slot in range(block.start, block.end):
            found[slot, lent.reserves.contracts.get(block.stay.person, "roster")] += 1
    return found


def test_reserves_man_what_is_manned_off_duty_and_no_more(town):
    """Two of four seats; five of ten are willing, and two stints a day take four of them."""
    slots = [day * 48 + slot for day in (1, 2) for slot in range(16, 44)]
    assert all(who(town.lent)[slot, "reserve"] == 2 for slot in slots)
    assert all(who(town.lent)[slot, "roster"] == 2 for slot in slots)
    assert town.lent.unmanned == {"village": ()}
    assert set(town.lent.reserves.contracts) == {f"后备{n:03}" for n in range(1, 6)}


def test_home_keeps_what_it_has(town):
    assert town.lent.home == ()
    assert not {one.person for one in town.lent.plan.calls} & set(town.lent.reserves.contracts)


def test_none_come_where_nothing_is_manned_off_duty(tmp_path):
    found = made(tmp_path, "").lent
    assert not (found.reserves.roster != OFF).any()
    assert not any(contract == "reserve" for _, contract in who(found))


def test_where_they_are_too_few_people_of_the_roster_come_too(tmp_path):
    """One of two is willing, for one stint a day; nobody misses it."""
    found = made(tmp_path, reserves=2).lent
    assert sum(1 for one in found.blocks if one.stay.person in found.reserves.contracts) == 2
    assert found.unmanned == {"village": ()}
    called = {(one.stay.person, one.start) for one in found.blocks
              if one.stay.called and one.stay.person not in found.reserves.contracts}
    assert called


def test_reserves_come_before_volunteers_and_both_before_people_off_duty(tmp_path):
    found = made(tmp_path, reserves=4, more=HELPERS).lent
    people = {found.reserves.contracts.get(one.stay.person): one for one in found.blocks if one.stay.called}
    assert set(people) >= {"reserve", "volunteers"}
    names = {one.stay.person for one in found.blocks if found.reserves.contracts.get(one.stay.person) == "reserve"}
    assert len(names) == 2


def test_nobody_is_there_before_the_notice(tmp_path):
    """Told at half past eight, with six hours of notice: nobody comes at eight, and all at three; who
    sits there by then stays until the own shift ends at four."""
    agreed = "lending: {agreed: 2021-08-02 08:30, connect: 0 h, rehearsal: 0 h, to: 2021-08-03}\n"
    found = made(tmp_path, more=agreed).lent
    own = who(found)
    assert not any(own[48 + slot, "reserve"] for slot in range(16, 30))
    assert all(own[slot, "reserve"] == 2 for slot in (*range(48 + 32, 48 + 44), *range(96 + 16, 96 + 44)))


def test_the_scenario_has_them_on_its_roster_and_opens_as_many_seats(town):
    """Two persons of the reserve at work at any time while seats are lent, less those who are absent."""
    scenario = town.lent.scenario
    rows = [row for row in scenario.people["town"].roster.rows if row.group == "reserve"]
    assert len(rows) == 5
    t = scenario.horizon.times
    staffing = Staffing(scenario, t, scenario.effects)
    duty = dict(zip(scenario.groups("town"), staffing.on_duty("town"), strict=True))["reserve"][1]
    there = 10 * duty.on_shift()
    assert there == pytest.approx([2.0 if 8 <= t.begin(i).hour < 22 else 0.0 for i in range(t.number)])


# --- by hand ---------------------------------------------------------------------------------------------------------

STINTS = [Duty("援0800-420", 480, 420, 420), Duty("援1500-420", 900, 420, 420)]


@pytest.mark.parametrize(("row", "may"), [
    ("0......", True), (".0.....", False), ("1......", True), ("000000.", False), ("00000..", True)])
def test_who_may_come(row, may):
    """On the second day at 8:00 where the first has been worked until 15:00, and not at all after six days in a row;
    on the day after a stint until 22:00 ten hours of rest are too few."""
    codes = np.array([OFF if sign == "." else int(sign) for sign in row])
    day = 6 if row.startswith("0000") else 1
    begin = day * 1440 + (480 if row[0] != "1" else 900)
    assert may_come(codes, day, begin, STINTS, 660, [6]) is may
    assert not may_come(np.array([1, OFF]), 1, 1440 + 480, STINTS, 660, [6])


def test_never_more_come_than_are_manned_off_duty():
    off = np.zeros(96, int)
    off[48 + 16:48 + 30], off[48 + 30:48 + 44] = 3, 1
    off[48 + 20] = 2
    assert list(wanted(STINTS, off)) == [(1, 0, 2), (1, 1, 1)]
