"""What stands in a file and would do nothing is told, with its place, the reason and what would help."""

import beside
import pytest

from sim.scenario.levers import ONE_LEVER
from surgeline.folders.lending_plan import written

problems = beside.problems
HEAD = "surgeline: 1\nextends: two-cities\n"
LEND = "kind: lend, lender: west, borrower: east, seats: 4"
DAY = "from: 2021-08-02, to: 2021-08-02"
BY_DAY = f'{DAY}, hours: ["08:00", "20:00"]'
RECALL = "kind: recall, lender: west, borrower: east, at: 2021-08-02"
SURGE = "surges:\n  replace:\n  - {city: east, class: everyday, profile: plain, "


def levers(*lines):
    return "levers:\n  replace:\n" + "".join(f"  - {{{line}}}\n" for line in lines)


# --- when ------------------------------------------------------------------------------------------------------------

def test_a_loan_by_night_needs_hours_by_night(problems):
    night = f"{LEND}, from: 2021-08-02 20:00, to: 2021-08-02 24:00"
    assert problems(levers(night + ', hours: ["08:00", "18:00"]')) == [
        "levers[0].hours: 08:00 to 18:00 is no time between 2021-08-02 20:00 and 2021-08-03 00:00: it never acts; "
        'write hours: ["20:00", "24:00"]']
    assert problems(levers(night + ', hours: ["20:00", "06:00"]')) == []


def test_the_default_hours_are_told_where_they_make_that_a_loan_never_acts(problems):
    two_days = "horizon: {end: 2021-08-03}\n"
    night = f"{LEND}, from: 2021-08-02 22:00, to: 2021-08-03 06:00"
    assert problems(two_days + levers(night)) == [
        "levers[0].hours: 08:00 to 22:00 is no time between 2021-08-02 22:00 and 2021-08-03 06:00: it never acts; "
        'write hours: ["22:00", "06:00"]']
    assert problems(two_days + levers(night + ', hours: ["22:00", "06:00"]')) == []


@pytest.mark.parametrize(("when", "meant"), [
    ("from: 2021-08-02 20:00, to: 2021-08-03 06:00", '["20:00", "06:00"]'),
    ("from: 2021-08-02 06:00, to: 2021-08-02 20:00", '["06:00", "20:00"]'),
    ("from: 2021-08-02 12:00, to: 2021-08-02 23:00", '["12:00", "23:00"]'),
    ("from: 2021-08-02 06:00, to: 2021-08-02", '["06:00", "24:00"]'),
])
def test_the_default_hours_are_told_where_they_leave_out_a_part_of_a_loan(problems, when, meant):
    two_days = "horizon: {end: 2021-08-03}\n"
    loan = f"kind: lend, lender: west, borrower: east, seats: 1, {when}"
    [problem] = problems(two_days + levers(loan))
    assert problem.startswith("levers[0].hours: 08:00 to 22:00, which hold where none are given, leave out a part of 2")
    assert problem.endswith(f': write hours: {meant} if all of it is meant, or hours: ["08:00", "22:00"]')
    for hours in (meant, '["08:00", "22:00"]'):
        assert problems(two_days + levers(f"{loan}, hours: {hours}")) == []


def test_hours_that_were_given_stand_in_the_files_of_a_plan(problems):
    loan = {"kind": "lend", "lender": "west", "borrower": "east", "seats": 1, "from": "2021-08-02 06:00",
            "to": "2021-08-02 20:00", "hours": ["08:00", "22:00"]}
    assert written(ONE_LEVER.validate_python(loan)) == loan
    del loan["hours"]
    assert written(ONE_LEVER.validate_python(loan)) == loan


@pytest.mark.parametrize("when", [
    DAY, "from: 2021-08-02 12:00, to: 2021-08-02", "from: 2021-08-02, to: 2021-08-02 20:00",
    "from: 2021-08-02 08:00, to: 2021-08-02 22:00", "from: 2021-08-02 06:00, to: 2021-08-03 23:00",
])
def test_whole_days_have_the_default_hours(problems, when):
    assert problems(f"horizon: {{end: 2021-08-03}}\n{levers(f'{LEND}, {when}')}") == []


@pytest.mark.parametrize(("when", "field"), [
    ("from: 2021-08-02 08:05, to: 2021-08-02 08:14", "from"), (f'{DAY}, hours: ["08:05", "08:14"]', "hours"),
    ('from: 2021-08-02 08:05, to: 2021-08-02 18:00, hours: ["17:50", "17:59"]', "hours"),
])
def test_no_interval_starts(problems, when, field):
    [problem] = problems(levers(f"kind: lines, city: east, lines: 10, {when}"))
    assert problem.startswith(f"levers[0].{field}: no interval of 15 min starts in its time: it never acts; intervals ")


def test_hours_that_are_none(problems):
    assert problems(levers(f'{LEND}, {DAY}, hours: ["08:00", "08:00"]')) == [
        'levers[0].hours: begin and end at the same time; for the whole day write ["00:00", "24:00"]']


# --- how much, and for whom ------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("lever", "field"), [
    (f"kind: lend, lender: west, borrower: east, seats: 0, {BY_DAY}", "seats"),
    (f"{LEND}, {BY_DAY}, presence: 0", "presence"),
    (f"kind: desk, name: d, cities: [east], seats: 0, {DAY}", "seats"),
    (f"kind: call_in, city: east, people: 0, {DAY}", "people"),
    (f"kind: cloud_seats, city: east, seats: 2, presence: 0 %, {DAY}", "presence"),
    (f"kind: bot, cities: [east], share: 0 %, {DAY}", "share"),
    (f"kind: divert, cities: [east], share: 0, {DAY}", "share"),
    (f"kind: lines, city: east, lines: 0, {DAY}", "lines"),
])
def test_nothing_of_what_a_lever_is_made_of(problems, lever, field):
    variant = f"variants: {{some: {{name: {{zh: 甲, en: A}}, levers: [{{{lever}}}]}}}}\n"
    for told, path in ((problems(levers(lever)), "levers[0]"), (problems(variant), "variants.some.levers[0]")):
        assert [line.partition(":")[0] for line in told] == [f"{path}.{field}"]
        assert "0 does nothing" in told[0]


def test_what_a_study_may_move_is_no_mistake(problems):
    some = "{assume: 0, range: [0, 4], why: perhaps}"
    fitted = "{calibrated: 0 %, to: x, range: [0 %, 5 %]}"
    assert problems(levers(f"kind: lend, lender: west, borrower: east, seats: {some}, {BY_DAY}",
                           f"kind: divert, cities: [east], share: {fitted}, {DAY}")) == []
    assert problems(levers(f"kind: divert, cities: [east], share: 0, before_dialling: 5 %, {DAY}")) == []


def test_too_little_for_a_seat_in_any_interval(problems):
    quarter = "from: 2021-08-02 08:00, to: 2021-08-02 08:15"
    assert problems(levers(f"kind: desk, name: d, cities: [east], seats: 1, presence: 30 %, {quarter}")) == [
        "levers[0].seats: is too little for a whole seat in any interval: give more seats or more time"]
    assert problems(levers(f"kind: desk, name: d, cities: [east], seats: 1, presence: 60 %, {quarter}")) == []


def test_guests_who_all_stay_idle_for_their_own_city(problems):
    both = f"kind: lend, lender: west, borrower: east, seats: 4, serves: both, {BY_DAY}"
    assert problems(levers(f"{both}, keep_idle: 4")) == [
        "levers[0].keep_idle: keeps all of these 4 seats idle: the borrower gets none"]
    assert problems(levers(f"{both}, keep_idle: 3")) == []


def test_seats_that_stay_idle_are_counted_with_those_of_the_same_pool(problems):
    """A plan's levers are stints on top of each other: the upper one's seats are no fewer than those below leave."""
    low, high = (f"kind: lend, lender: west, borrower: east, seats: {seats}, serves: home_first, keep_idle: 2, "
                 f"from: 2021-08-02 {hours[0]}, to: 2021-08-02 {hours[1]}"
                 for seats, hours in ((1, ("12:00", "16:00")), (2, ("14:00", "18:00"))))
    gets_none = "keep_idle: keeps all of these {} seats idle: the borrower gets none"
    assert problems(levers(low, high)) == []                 # three from two to four
    assert problems(levers(low, high.replace("14:00", "16:00"))) == [
        f"levers[0].{gets_none.format(1)}", f"levers[1].{gets_none.format(2)}"]
    assert problems(levers(low, high.replace("keep_idle: 2", "keep_idle: 2, resume_idle: 2"))) == []
    apart = high.replace("keep_idle: 2", "keep_idle: 1")     # a pool of its own
    assert problems(levers(low, apart)) == [f"levers[0].{gets_none.format(1)}"]
    assert problems(levers(low, high.replace("lender: west, borrower: east", "lender: east, borrower: west"))) == [
        f"levers[0].{gets_none.format(1)}", f"levers[1].{gets_none.format(2)}"]
    again = [one.replace("keep_idle: 2", "keep_idle: 1, resume_idle: 3") for one in (low, high)]
    assert all("of which there are 3" in told for told in problems(levers(*again)))
    assert len(problems(levers(*again))) == 2


def test_overflow_that_never_comes(problems):
    route = "kind: route, policy: overflow, after: 30 s"
    assert problems(levers(f"{route}, keep_idle: 14")) == [
        "levers[0].after: never: no city has more than 14 seats, which routing keeps idle"]
    assert problems(levers(f"{route}, keep_idle: 13")) == []
    alone = "cities: {west: ~}\nlevers: ~\nvariants: ~\nlending: ~\nrouting: {policy: overflow, after: 30 s}\n"
    assert problems(alone) == ["routing.after: has nobody to go to: there is one city"]


def test_who_calls_again_does_so_a_day_later_at_least(problems):
    def told(delay):
        return problems(f"classes: {{everyday: {{repeat_contact: {{share: 5 %, delay: {delay}}}}}}}\n")
    [one] = told("{law: fixed, mean: 2 h}")
    assert one.endswith("delay: must be 1 day or more: who calls again does so at the same time of a later day")
    assert told("{law: fixed, mean: 1 day}") == []
    assert told("{mean: {assume: 0.5 days, range: [0.5 days, 3 days], why: x}}") == []


@pytest.mark.parametrize(("terms", "told"), [
    ("presence: 0", "lending.presence: 0 does nothing: leave it out, or give a number above 0"),
    ("classes: [urgent]", "lending.classes: nobody calls of these classes in east"),
    ("second_surges: [{city: west, from: 2021-08-02 14:00, to: 2021-08-02, times: 1, chance: 5 %}]",
     "lending.second_surges[0].times: must be above 1, or it never strikes: leave it out"),
    ("second_surges: [{city: west, from: 2021-08-02 14:00, to: 2021-08-02, times: 2, chance: 0 %}]",
     "lending.second_surges[0].chance: must be above 0, or it never strikes: leave it out"),
])
def test_terms_of_lending_that_do_nothing(problems, terms, told):
    assert problems(f"lending: {{{terms}}}\n") == [told]


@pytest.mark.parametrize(("kind", "what"), [("call_in", "people"), ("lines", "lines")])
def test_less_than_half_of_one_is_none(problems, kind, what):
    def told(number):
        return problems(levers(f"kind: {kind}, city: east, {what}: {number}, {DAY}"))
    assert told(0.4) == [
        f"levers[0].{what}: is less than half of one, which by itself is none: give 1 or more"]
    assert told(0.6) == told("{assume: 0.3, range: [0, 4], why: perhaps}") == []


@pytest.mark.parametrize(("lever", "told"), [
    (f"{LEND}, {BY_DAY}, classes: [urgent]", "levers[0].classes: nobody calls of these classes in east"),
    (f"kind: bot, cities: [east], share: 9 %, classes: [urgent], {DAY}",
     "levers[0].classes: nobody calls of these classes in east"),
    (f"kind: lines, city: north, lines: 9, {DAY}", "levers[0].city: nobody calls in north"),
    (f"kind: bot, cities: [north], share: 9 %, {DAY}", "levers[0].cities: nobody calls in north"),
    (f"kind: lend, lender: west, borrower: north, seats: 1, {BY_DAY}", "levers[0].borrower: nobody calls in north"),
])
def test_nobody_calls_whom_a_lever_is_for(problems, lever, told):
    north = ("cities: {north: {name: {zh: 北, en: North}, calls_a_day: 0, seats: 3, agents: 9, shifts: days, "
             "absence: 0, shrinkage: 0, lines: 9}}\n")
    assert problems(north + levers(lever)) == [told]


def test_a_city_without_callers_may_help(problems):
    assert problems("cities: {west: {calls_a_day: 0}}\n" + levers(f"{LEND}, {BY_DAY}, serves: both")) == []


def test_lines_of_a_city_that_has_no_limit(problems):
    without = "cities: {east: {lines_per_seat: null}}\n"
    assert problems(without + levers(f"kind: lines, city: east, lines: 9, {DAY}")) == [
        "levers[0].city: east has no limit of lines: give it lines or lines_per_seat, or leave the lever out"]


def test_names_that_stand_twice(problems):
    assert problems("focus: [east, east]\n" + levers(f"kind: bot, cities: [west, west], share: 9 %, {DAY}")) == [
        'focus[1]: "east" stands here twice', 'levers[0].cities[1]: "west" stands here twice']
    assert problems(levers(f"kind: divert, cities: [], share: 9 %, {DAY}")) == [
        "levers[0].cities: must have 1 or more items, got 0"]


# --- recalls and routes ----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("lines", "wrong"), [
    ([f"{RECALL} 15:00"], 0), ([f"{RECALL} 15:00", f"{LEND}, {BY_DAY}"], 0),
    ([f"{LEND}, {BY_DAY}", f"{RECALL} 21:00"], 1), ([f"{LEND}, {BY_DAY}", f"{RECALL} 15:00", f"{RECALL} 16:00"], 2),
    ([f"{LEND}, from: 2021-08-02 10:00, to: 2021-08-02 15:10", f"{RECALL} 15:05"], 1),
    ([f"{LEND}, {BY_DAY}", "kind: recall, lender: east, borrower: west, at: 2021-08-02 15:00"], 1),
])
def test_a_recall_that_brings_nobody_home(problems, lines, wrong):
    [problem] = problems(levers(*lines))
    assert problem.startswith(f"levers[{wrong}].at: recalls nobody: ")


@pytest.mark.parametrize("lines", [
    [f"{LEND}, {BY_DAY}", f"{RECALL} 15:00"], [f"{LEND}, {BY_DAY}", f"{RECALL} 16:00", f"{RECALL} 15:00"],
    [f"{LEND}, {BY_DAY}", f"{RECALL} 12:00", f"{LEND}, {BY_DAY}", f"{RECALL} 15:00"],
])
def test_a_recall_that_brings_somebody_home(problems, lines):
    assert problems(levers(*lines)) == []


def test_a_loan_that_is_recalled_before_it_begins(problems):
    loan = f"{LEND}, from: 2021-08-02 12:00, to: 2021-08-02 18:00"
    assert problems(levers(loan, f"{RECALL} 11:00")) == [
        "levers[0].from: levers[1] recalls it before it begins: leave it out"]


@pytest.mark.parametrize(("lines", "told"), [
    (["kind: route, policy: dedicated"], "levers[0].policy: changes nothing: routing is dedicated anyway"),
    (["kind: route, policy: pooled, after: 60 s"],
     "levers[0].after: has no use where the policy is pooled: nobody has to wait"),
    (["kind: route, policy: pooled", "kind: route, policy: overflow, after: 60 s"],
     "levers[0].policy: is replaced by levers[1]: routing is one for the whole horizon"),
])
def test_routes_that_change_nothing(problems, lines, told):
    assert problems(levers(*lines)) == [told]


ONLY_OVERFLOW = "busy calls go to other cities with policy: overflow only"


@pytest.mark.parametrize(("lines", "told"), [
    (["kind: route, policy: pooled, after: busy"],
     f"levers[0].after: has no use where the policy is pooled: {ONLY_OVERFLOW}"),
    (["kind: route, policy: overflow, after: engaged"],
     'levers[0].after: must be busy, or a duration such as 150 s, 5 min, 4 h or 3 days, got "engaged"'),
    (["kind: route, policy: overflow, after: busy"], None),
    (["kind: route, policy: overflow, after: busy, keep_idle: 2"], None),
])
def test_routes_on_busy(problems, lines, told):
    assert problems(levers(*lines)) == ([told] if told else [])


def test_on_busy_somebody_must_be_able_to_meet_a_busy_signal(problems):
    on_busy = "routing: {policy: overflow, after: busy}\nlevers: []\n"
    endless = "cities: {east: {lines_per_seat: ~}, west: {lines_per_seat: ~}}\n"
    told = ("busy does nothing where no city has a limit of lines: give lines or lines_per_seat, or a wait such as "
            "30 s")
    assert [line for line in problems(on_busy + endless) if "busy" in line] == [f"routing.after: {told}"]
    assert [line for line in problems(on_busy) if "busy" in line] == []
    assert [line for line in problems("routing: {after: busy}\n") if "busy" in line] == [
        f"routing.after: has no use where the policy is dedicated: {ONLY_OVERFLOW}"]


def test_a_route_that_keeps_other_seats_idle_changes_something(problems):
    routing = "routing: {policy: overflow, after: 60 s, keep_idle: 2}\n"
    route = "kind: route, policy: overflow, after: 1 min, keep_idle: "
    assert [line for line in problems(routing + levers(route + "3")) if "routing is" in line] == []
    assert problems(routing + levers(route + "2")) == ["levers[0].policy: changes nothing: routing is overflow anyway"]


def test_nobody_waits_for_another_city_where_no_call_overflows(problems):
    none = "variants: {none: null, at-once: null, longer-shared: null}\nlevers: []\n"
    assert [line for line in problems(none + "routing: {after: 60 s}\n") if line.startswith("routing")] == [
        "routing.after: has no use where the policy is dedicated: nobody has to wait"]


# --- absences, shifts, surges ----------------------------------------------------------------------------------------

@pytest.mark.parametrize(("events", "told"), [
    ([f"city: west, {DAY}, share: 0"], "absences[0].share: 0 is the usual absence: nothing changes"),
    ([f"city: all, {DAY}, share: 0 %"], "absences[0].share: 0 is the usual absence: nothing changes"),
    (["city: east, from: 2021-08-02 08:01, to: 2021-08-02 08:14, share: 50 %"],
     "absences[0].from: no interval of 15 min starts in its time: it never acts; intervals start at 08:00, 08:15 ..."),
    (["city: east, from: 2021-08-02 08:00, to: 2021-08-02 10:00, share: 50 %", f"city: all, {DAY}, share: 20 %"],
     "absences[0].share: is replaced by absences[1] all the time"),
])
def test_absences_without_effect(problems, events, told):
    assert problems("absences:\n" + "".join(f"  - {{{event}}}\n" for event in events)) == [told]


def test_an_absence_that_brings_all_to_work_is_one(problems):
    usual = "cities: {east: {absence: 5 %}}\n"
    assert problems(usual + f"absences:\n  - {{city: all, {DAY}, share: 0}}\n") == []
    assert problems(usual + f"absences:\n  - {{city: east, {DAY}, share: 5 %}}\n") == [
        "absences[0].share: 0.05 is the usual absence: nothing changes"]


def test_shifts_of_nobody(problems):
    days = 'shifts: {days: [{start: "08:00", hours: 12, share: 50 %}, {start: "20:00", hours: 12, share: 15 %}, %s]}\n'
    assert problems(days.replace("%s", '{start: "20:00", hours: 8, share: 0}')) == [
        "shifts.days[2].share: 0 brings nobody to work: leave the shift out"]


CYCLE = "life_cycle: {{outbreak: {}, plateau: {}, decline: {}, end: {}, callers_a_day: {}}}}}\n"
YEARS = "2021-08-02 00:00 to 2021-08-03 00:00"


@pytest.mark.parametrize(("surge", "told"), [
    (CYCLE.format("2020-08-01", "2020-08-02", "2020-08-05", "2020-08-09", 500),
     f"surges[0].life_cycle.end: 2020-08-09 00:00 lies outside the horizon ({YEARS})"),
    (CYCLE.format(*["2022-08-02"] * 4, 500),
     f"surges[0].life_cycle.outbreak: 2022-08-02 00:00 lies outside the horizon ({YEARS})"),
    (CYCLE.format(*["2021-08-02 09:00"] * 4, 500),
     "surges[0].life_cycle.end: must come after outbreak: nobody calls in no time"),
    (CYCLE.format("2021-08-01", "2021-08-02", "2021-08-05", "2021-08-09", 0),
     "surges[0].life_cycle.callers_a_day: 0 brings nobody: leave the life cycle out"),
    ("shocks: [{at: 2021-08-02 10:00, callers: 0, half_life: 1 h}]}\n",
     "surges[0].shocks[0].callers: 0 brings nobody: leave the shock out"),
    ("shocks: [{at: 2020-08-02 10:00, callers: 900, half_life: 1 h}]}\n",
     f"surges[0].shocks[0].at: 2020-08-02 10:00 is so long before the horizon ({YEARS}) that nobody calls in it"),
    ("by_day: {2021-08-02: 0}}\n",
     "surges[0]: brings nobody within the horizon: give it callers by_day, a life_cycle, shocks or a table"),
    ("busyness_cv: 0.1}\n",
     "surges[0]: brings nobody within the horizon: give it callers by_day, a life_cycle, shocks or a table"),
])
def test_surges_that_bring_nobody(problems, surge, told):
    assert problems(SURGE + surge) == [told]


def test_a_day_that_stands_twice_in_two_ways(problems):
    assert problems(SURGE + "by_day: {2021-08-02: 5000, 20210802: 3}}\n") == [
        "surges[0].by_day.20210802: is the same day as 2021-08-02: remove one of them"]
    assert problems(SURGE + "by_day: {20210802: 5000}}\n") == []


@pytest.mark.parametrize("surge", [
    CYCLE.format("2021-07-01", "2021-08-01", "2021-08-01", "2021-08-09", 500),
    "shocks: [{at: 2021-08-01 20:00, callers: 900, half_life: 2 h}]}\n",
    "by_day: {2021-08-02: {assume: 0, range: [0, 500], why: perhaps}}}\n",
])
def test_surges_that_reach_into_the_horizon(problems, surge):
    assert problems(SURGE + surge) == []


def test_a_day_on_which_the_horizon_leaves_out_the_callers(problems):
    """Nobody calls at night, and the horizon is a night."""
    early = ("horizon: {end: 2021-08-02 04:00}\nlevers: []\nvariants: {none: {levers: []}, at-once: {levers: []}, "
             "longer-shared: {levers: []}}\nprofiles: {late: {day: [0, 1]}}\n")
    assert problems(early + SURGE.replace("plain", "late") + "by_day: {2021-08-02: 900}}\n") == [
        "surges[0]: brings nobody within the horizon: give it callers by_day, a life_cycle, shocks or a table"]


def test_guests_who_hardly_end_a_call(problems):
    slow = "must be >= 0.01 of the speed of a city's own people, got 0"
    assert problems(levers(f"{LEND}, {BY_DAY}, speed: {{day_1: 0}}")) == [f"levers[0].speed: {slow}"]
    assert problems("lending: {speed: {day_5: 0}}\n") == [f"lending.speed: {slow}"]
