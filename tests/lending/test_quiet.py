"""Plans where hardly anything happens: nobody calls, nobody sits there, no lines, one block. Each is a plan or the
reason why there is none, and every number of it is one."""
import dataclasses
import math
from datetime import datetime

import numpy as np
import pytest
from click.testing import CliRunner
from helping import with_terms
from quick_plans import few_trials

from optimizer.lending.inputs.estimates import NoPlanError, knowledge
from optimizer.lending.inputs.province import Province, province
from optimizer.lending.inputs.surfaces import lender
from optimizer.lending.menu.stances import ON_DUTY
from optimizer.lending.model import lending
from optimizer.lending.model.terms import possible
from optimizer.lending.plan import Wish, plan
from optimizer.lending.settings import MOST_PERSISTENT
from optimizer.lending.trials.replay import ANSWERED, COUNTS, DIALS, Counts
from optimizer.lending.trials.rounds import refuse_impossible
from optimizer.lending.trials.shares import rate
from sim.scenario.people import Workforce
from sim.scenario.quantities import plain
from sim.scenario.scenario import Horizon, Scenario
from surgeline.cli import main

NOBODY_COMES = {"all": Workforce.model_validate({"call_in": {"willing": 0}})}
"""Of those who are called in."""


def changed(terms=None, horizon=None, surges=True, classes=None, people=None, **cities):
    """The two small cities under terms of help, with other fields of cities and classes; numbers as base units."""
    scenario = with_terms(**terms or {})
    update = {"cities": {name: city.model_copy(update=told(cities.get(name, {})))
                         for name, city in scenario.cities.items()}, "levers": (), "variants": {}}
    update |= {"classes": {name: one.model_copy(update=classes or {}) for name, one in scenario.classes.items()}}
    update |= {} if surges else {"surges": ()}
    update |= {"people": people} if people else {}
    update |= {"horizon": Horizon.model_validate(horizon)} if horizon else {}
    return scenario.model_copy(update=update)


def told(fields):
    return {name: plain(float(value)) if isinstance(value, int | float) else value for name, value in fields.items()}


EAST = {"borrowers": ["east"]}
NOBODY, NO_SEATS = {"calls_a_day": 0}, {"seats": 0, "agents": 0}
NO_LINES = {"lines_per_seat": None, "lines": 0}
ONE_HOUR = {"start": datetime(2021, 8, 2, 12), "end": datetime(2021, 8, 2, 13), "interval": plain(3600.0)}
HALF_AN_HOUR = ONE_HOUR | {"end": datetime(2021, 8, 2, 12, 30), "interval": plain(900.0)}

STRIKE = {"city": "west", "from": "2021-08-02 14:00", "to": "2021-08-02 16:00", "times": 3, "chance": 0.2}

QUIET = {
    "a lender whom nobody calls": changed(west=NOBODY),
    "a lender whom nobody calls, and floors that nobody could keep": changed(
        {"floor": {"answered": "100 %", "within": "100 %", "answered_drop": 0, "within_drop": 0, "confidence": 1}},
        west=NOBODY),
    "nobody calls": changed(EAST, surges=False, east=NOBODY, west=NOBODY),
    "nobody calls, by the worst city": changed(EAST | {"objective": "worst_city"}, surges=False, east=NOBODY),
    "hardly anybody calls": changed(EAST, surges=False, east={"calls_a_day": 3}, west={"calls_a_day": 3}),
    "a borrower without seats": changed(east=NO_SEATS),
    "a borrower without lines": changed(east=NO_LINES),
    "a lender without lines": changed(west=NO_LINES),
    "guests who are never there": changed({"presence": "0 %"}),
    "guests who never end a call": changed({"speed": {"day_1": 0, "day_5": 0}}),
    "one interval": changed({"to": datetime(2021, 8, 2, 13)}, ONE_HOUR),
    "a horizon shorter than a block": changed({"to": datetime(2021, 8, 2, 13)}, HALF_AN_HOUR),
    "both may lend, and one has no callers": changed({"borrowers": ["east", "west"], "lenders": ["east", "west"]},
                                                     west=NOBODY),
    "a second surge where nobody calls": changed({"second_surges": [STRIKE]}, west=NOBODY),
}


def numbers(part):
    """Every number of a plan; what a province has no limit of is infinite."""
    if isinstance(part, float):
        yield part
    elif isinstance(part, np.ndarray):
        yield from part.astype(float).ravel().tolist()
    elif isinstance(part, dict):
        for value in part.values():
            yield from numbers(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from numbers(value)
    elif dataclasses.is_dataclass(part) and not isinstance(part, Scenario | Province):
        for field in dataclasses.fields(part):
            yield from numbers(getattr(part, field.name))


@pytest.mark.parametrize("name", QUIET)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_quiet_province_has_a_plan_of_numbers(name, monkeypatch):
    few_trials(monkeypatch)
    found = plan(QUIET[name], Wish(proof=10))
    told_of = (found.solution, found.verdict, found.tests, found.marginal, found.asked, found.strikes, found.trials,
               {name: rival.verdict for name, rival in found.rivals.items()},
               [(one.proof.verdict, one.asked) for one in found.menu])
    assert all(math.isfinite(number) for number in numbers(told_of))
    assert found.verdict.holds
    assert all(seats >= 0 for seats in found.solution.lent.values())


def test_a_lender_whom_nobody_calls_gives_all_that_its_terms_allow():
    """It has no floor to break, and loses nobody."""
    strict = {"floor": {"answered": "100 %", "within": "100 %", "confidence": 1}}
    p = province(changed(strict, west=NOBODY))
    one = lender(p, "west", p.agreement.floor)
    assert one.missed == {}
    assert (one.most == p.caps["west"]).all()
    assert p.caps["west"].max() > 0
    assert all((answered == 0).all() for answered in one.answered)
    assert p.cities["west"].handle_s == pytest.approx(province(changed()).cities["west"].handle_s, rel=0.2)


def test_a_floor_holds_in_the_hours_in_which_nobody_calls():
    """A lender whose people call from 13 to 15 o'clock only, and are owed what its seats can hardly do."""
    scenario = changed({"floor": {"within": "99 %", "confidence": 1}}, surges=False)
    profile = scenario.profiles["plain"].model_copy(update={"day": tuple(float(13 <= h < 15) for h in range(24))})
    p = province(scenario.model_copy(update={"profiles": {"plain": profile}, "lending": scenario.lending.model_copy(
        update={"borrowers": ("east",)})}))
    one = lender(p, "west", p.agreement.floor_of("west"))
    starts = np.array([p.blocks[block].start.hour for block in p.open_blocks])
    calm = (starts < 13) | (starts > 14)
    assert (one.most[calm] == p.caps["west"][calm]).all()
    assert (one.most[~calm] < p.caps["west"][~calm]).all()


@pytest.mark.parametrize(("scenario", "says"), [
    (changed(west=NO_SEATS), "no seat of west is on duty in any block in which help is allowed"),
    (changed(west={"absence": 1.0}), "no seat of west is on duty"),
    (changed(east=NO_SEATS | NOBODY, west=NO_SEATS | NOBODY), "no seat of west is on duty"),
    (changed(surges=False), r"nobody who may lend: every city borrows \(lending.borrowers, or the cities in focus\)"),
    (changed({"share": "0 %"}, people=NOBODY_COMES), "without lending.share some could be"),
    (changed({"stint": "23 h"}, people=NOBODY_COMES), "without lending.stint some could be"),
    (changed({"keep": 13.5}, people=NOBODY_COMES), "without lending.keep some could be"),
], ids=lambda what: what if isinstance(what, str) else "scenario")
def test_where_there_is_no_plan_the_reason_is_told(scenario, says):
    with pytest.raises(NoPlanError, match=says):
        plan(scenario, Wish(proof=10))


@pytest.mark.parametrize("terms", [{"share": "0 %"}, {"stint": "23 h"}, {"keep": 13.5}], ids=str)
def test_terms_that_leave_nobody_on_duty_to_lend_leave_those_who_are_called_in(terms):
    """Of the struck city itself too: no term is about them."""
    k = knowledge(province(changed(terms)))
    assert not possible(ON_DUTY.known(k))
    assert possible(k)
    refuse_impossible(k)
    assert {source for source, *_ in lending.solve(k).lent} <= {"east+", "west+"}


def test_one_city_alone_has_nobody_to_ask():
    scenario = changed(surges=False)
    alone = scenario.model_copy(update={"cities": {"east": scenario.cities["east"]}})
    with pytest.raises(NoPlanError, match="nobody who may lend: there is but one city"):
        plan(alone, Wish(proof=10))


def test_callers_who_never_give_up_dial_often_and_not_for_ever():
    classes = {name: one.model_copy(update={"share": plain(1.0)}) for name, one in
               (("after_busy", with_terms().classes["urgent"].after_busy),
                ("after_hanging_up", with_terms().classes["urgent"].after_hanging_up))}
    p = province(changed(classes=classes | {"most_dials": None}))
    assert p.cities["east"].after_busy == p.cities["east"].after_hang_up == MOST_PERSISTENT
    assert sum(lending.solve(knowledge(p)).gains["east"]) > 0


def test_talks_of_no_length_take_a_millisecond():
    talk = with_terms().classes["everyday"].talk.model_copy(update={"mean": plain(0.0), "law": "fixed", "cv": None})
    p = province(changed(classes={"talk": talk, "wrap_up": "none"}))
    assert p.cities["east"].handle_s == pytest.approx(0.001)


def test_where_nobody_dials_nobody_is_failed():
    values = np.zeros((2, 1, 3, len(COUNTS)), int)
    values[1, 0, 2, [DIALS, ANSWERED]] = 4, 3
    assert rate(Counts(("west",), values), "west").tolist() == [1.0, 0.75]


def test_the_command_says_why_there_is_no_plan(tmp_path):
    (tmp_path / "mine.yaml").write_text("surgeline: 1\nextends: two-cities\nlending: {lenders: [west]}\n"
                                        "cities: {west: {agents: 0}}\nlevers: []\nvariants: ~\n")
    done = CliRunner().invoke(main, ["plan", str(tmp_path / "mine.yaml"), "--lang", "en", "--out", str(tmp_path / "o")])
    assert done.exit_code == 3
    assert "no seat of west is on duty" in " ".join(done.output.split())
    assert not (tmp_path / "o").exists()
