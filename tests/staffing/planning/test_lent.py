"""Lent seats on top of a roster: manned by name, home's holes filled by those called in, and callers notice it."""
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import SimpleNamespace

import numpy as np
import pytest
from lending_town import lending

from optimizer.staffing.planning.city_roster.leaders import without_leaders
from optimizer.staffing.planning.city_roster.rostering import in_words, problem_of
from optimizer.staffing.planning.horizon import first_day
from optimizer.staffing.planning.lent.manning import Calendar, Standing, lent_on, openings, parts_of
from optimizer.staffing.rosters.evaluate import evaluate
from optimizer.staffing.rosters.problem import OFF
from sim.reading.loading import load
from sim.scenario.levers import Lend
from sim.scenario.people import Shift
from sim.scenario.quantities import plain

NEED = np.array([[0] * 48, *[[0] * 16 + [14] * 16 + [0] * 16] * 2])     # fourteen people from eight to four
SHIFT = Shift(start=8 * 60, hours=plain(8.0, "h"), code="白")


def made(folder, *words, places=40):
    """What is lent on a roster that is just enough."""
    path = folder / "lend.yaml"
    path.write_text(lending(*words).replace("seats: 40", f"seats: {places}"), encoding="utf-8")
    scenario = load(path)
    first = first_day(scenario)
    problem = without_leaders(problem_of(scenario, "town", (SHIFT,), NEED, first))
    roster = np.full((30, 3), OFF)
    roster[:14, 1] = roster[14:28, 2] = 0
    standing = Standing(problem, roster, (), in_words(problem, roster, first))
    with ThreadPoolExecutor(1) as executor:
        lent = lent_on(scenario, "town", standing, NEED, first, seed=1, replications=4, executor=executor)
    return SimpleNamespace(lent=lent, scenario=scenario, standing=standing)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return made(tmp_path_factory.mktemp("lent"))


def test_every_seat_has_a_name_from_eight_to_ten_on_both_days(town):
    wanted = np.concatenate([np.zeros(48), *[[0] * 16 + [4] * 28 + [0] * 4] * 2]).astype(int)
    assert town.lent.seats["village"].tolist() == wanted.tolist()
    assert town.lent.unmanned == {"village": ()}
    there = np.zeros(len(wanted), int)
    for block in town.lent.blocks:
        there[block.start:block.end] += 1
    assert there.tolist() == wanted.tolist()


def test_two_people_take_a_seat_of_fourteen_hours(town):
    days = {block.start // 48 for block in town.lent.blocks}
    for day in days:
        people = {block.stay.person for block in town.lent.blocks if block.start // 48 == day}
        assert len(people) >= 8
    assert {(one.start // 60 % 24, one.end // 60 % 24) for one in town.lent.plan.calls if one.kind == "call_in"} \
        <= {(8, 15), (15, 22)}


def test_home_has_as_many_as_its_need_or_what_the_roster_had(town):
    assert town.lent.home_before == 2 * 16 * 4
    assert town.lent.home == ()
    assert evaluate(town.lent.plan.problem, town.lent.plan.roster).feasible


def test_nobody_is_called_before_notice_and_all_rest(town):
    lent = town.lent
    assert lent.told == 0           # no terms say when it is agreed upon: on the evening before
    assert lent.moment(lent.earliest) == datetime(2021, 8, 1, 2, 0)
    rests = [one for one in evaluate(lent.plan.problem, lent.plan.roster).broken if one.rule.name == "least_rest"]
    assert all(one.rule.price is not None and one.rule.kind == "custom" for one in rests)
    before = [one for one in evaluate(town.standing.problem, town.standing.roster).broken
              if one.rule.name == "least_rest"]
    assert lent.short_rests == len(rests) - len(before)
    assert all(one.start - one.call_by == 120 for one in lent.plan.calls if one.kind == "call_in")


def test_callers_at_home_notice_it_only_where_nobody_is_called(town):
    effects = town.lent.effects
    assert effects.home.high < 0
    assert effects.home_filled.mean > effects.home.mean / 10
    assert effects.home.mean < -50
    assert effects.borrowers["village"].low > 0


def test_the_scenario_replays_it_with_all_of_them_in_the_roster(town):
    lend, = (one for one in town.lent.scenario.levers if isinstance(one, Lend))
    assert float(lend.off_duty) == 0
    assert len(town.lent.scenario.people["town"].roster.rows) == 30
    assert float(town.lent.scenario.people["town"].workplaces) == 40 + 4


def test_what_the_lever_mans_off_duty_is_called_in_though_there_are_people_to_spare(tmp_path, monkeypatch):
    """Half of the seats, and a roster of four people more than are needed."""
    monkeypatch.setattr(f"{__name__}.NEED", np.minimum(NEED, 10))
    assert made(tmp_path).lent.home_before == 0
    found = made(tmp_path, "50 %").lent
    at_ten = [one.stay.called for one in found.blocks if one.start <= 48 + 20 < one.end]
    assert sorted(at_ten) == [False, False, True, True]


def test_where_nobody_comes_home_is_told_what_it_lacks(tmp_path):
    more = "lending: {agreed: 2021-08-02 08:00, connect: 0 h, rehearsal: 0 h, to: 2021-08-03}\n"
    found = made(tmp_path, "", more).lent
    assert found.moment(found.told) == datetime(2021, 8, 2, 8)
    first = found.home[0]
    assert found.moment(first.start * 30) == datetime(2021, 8, 2, 8)
    assert first.end * 30 <= found.earliest
    assert (first.most, first.slots) == (4, 16)
    assert all(one.call_by >= found.told for one in found.plan.calls)


def test_lent_seats_take_no_workplace_and_those_called_do(tmp_path):
    """Fourteen on duty at fourteen workplaces: as many more can come as seats are lent, and no more."""
    full = made(tmp_path, places=14)
    assert full.lent.home == ()
    assert full.lent.plan.after.max() == 18
    off = made(tmp_path, "100 %", places=14)
    assert off.lent.plan.after.max() == 18
    assert sum(one.stay.called for one in off.lent.blocks if one.start <= 48 + 20 < one.end) == 4


def test_nothing_is_lent_where_no_lever_lends(tmp_path):
    path = tmp_path / "lend.yaml"
    path.write_text(lending().replace("lender: town, borrower: village", "lender: village, borrower: town")
                    .replace("seats: 4", "seats: 1"), encoding="utf-8")
    calendar = Calendar(load(path), "town", first_day(load(path)), 3)
    assert calendar.lends == []
    assert calendar.seats() == {}


@pytest.mark.parametrize(("opening", "longest", "parts"), [
    ((480, 1320), 480, [(480, 420), (900, 420)]),
    ((480, 960), 480, [(480, 480)]),
    ((495, 600), 480, [(480, 120)]),                        # whole half-hours
    ((1320, 1800), 480, [(1320, 480)]),
    ((0, 1440), 480, [(0, 480), (480, 480), (960, 480)]),
    ((1200, 2040), 480, [(1200, 420), (180, 420)]),         # the second part belongs to the next day
])
def test_hours_are_cut_into_equal_parts(opening, longest, parts):
    assert list(parts_of(opening, longest)) == parts


def test_hours_of_a_day_end_with_the_lever(town):
    calendar = Calendar(town.scenario, "town", first_day(town.scenario), 3)
    assert list(openings(calendar, calendar.lends[0])) == [(480, 1320)] * 2
