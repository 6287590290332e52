"""Groups of people who answer some classes of callers only: their seats, who gets them, and what they are not for."""
import numpy as np
import pandas as pd
import pytest

from sim.core.arrays import ANSWERED
from sim.reading.limits import own_pools
from sim.reading.loading import load
from sim.scenario.problems import ScenarioError
from sim.studies.replication import Job, calls_of, outcomes_of
from sim.studies.twins import verify
from sim.world.build import build
from sim.world.people import Staffing
from sim.world.routing import Seats

DAY = slice(4 * 8, 4 * 18)  # 08:00 to 18:00, when half of each group is there, and a fifth of them on a break
TOWN = """surgeline: 1
extends: two-cities
levers: ~
variants: ~
lending: ~
shifts: {desk: [{start: "08:00", hours: 10, share: 50 %}]}
people:
  east:
    groups:
      all-round: {people: 10, shifts: desk, contract: volunteers, from_home: 100 %}
      hurried: {people: 5, shifts: desk, contract: volunteers, answers: [urgent]}
      quiet: {people: 5, shifts: desk, contract: volunteers, absence: 20 %, answers: [everyday]}
"""
BOTH = "everyday: {everyday: {share: 50 %}, urgent: {share: 50 %, profile: plain}}\n"
LEVER = {"from": "2021-08-02 08:00", "to": "2021-08-02 18:00"}


@pytest.fixture
def town(tmp_path):
    """The small cities with other people: a text that takes the place of another."""
    def read(*changes):
        text = TOWN
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
        return load(tmp_path / "mine.yaml")
    return read


def seats(scenario):
    """By pool: seats of each interval of the day."""
    setting = build(scenario)
    return {pool.name: setting.world.seats[DAY, p] for p, pool in enumerate(setting.names.pools)}


def every(found):
    """By pool: its seats, the same in each interval."""
    assert all(len(set(column)) == 1 for column in found.values())
    return {name: int(column[0]) for name, column in found.items()}


def answered(scenario):
    """(pool, class) of all dials that were answered, in two replications."""
    setting, found = build(scenario), set()
    for replication in range(2):
        calls = outcomes_of(Job.of(scenario, "kernel", 1), replication, keep_calls=True).calls
        calls = calls[calls["outcome"] == ANSWERED]
        found |= set(zip(calls["pool"].tolist(), calls["queue"].tolist(), strict=True))
    return {(setting.names.pools[p].name, *setting.names.queues[q]) for p, q in found}


def test_their_seats_are_a_pool_of_their_own(town):
    """5 × 50 % × 80 % is two seats, and with a fifth of them absent 1.6, which is two seats too."""
    scenario = town()
    assert every({name: column for name, column in seats(scenario).items() if "west" not in name}) == {
        "east·urgent": 2, "east·everyday": 2, "east": 4}
    assert [(pool.name, pool.kind, pool.home) for pool in build(scenario).names.pools] == [
        ("east·urgent", "own", "east"), ("east·everyday", "own", "east"), ("east", "own", "east"),
        ("west", "own", "west")]


def test_groups_that_answer_the_same_share_a_pool(town):
    both = town(("answers: [everyday]", "answers: [urgent]"))
    assert every({name: column for name, column in seats(both).items() if "west" not in name}) == {
        "east·urgent": 4, "east": 4}  # 2 + 1.6 are 3.6 seats


def test_who_answers_every_class_is_like_everybody_else(town):
    """To name all classes, in any order, is to name none: the same world, number for number."""
    named, silent = (build(town(("answers: [urgent]", one), ("answers: [everyday]", one)))
                     for one in ("answers: [everyday, urgent]", "answers: []"))
    assert named.names == silent.names
    for one, other in zip(named.world, silent.world, strict=True):
        assert np.array_equal(one, other)


def test_nobody_answers_what_they_do_not_know(town):
    assert answered(town()) == {
        ("east·everyday", "east", "everyday"), ("east", "east", "everyday"), ("west", "west", "everyday")}
    assert answered(town(("people:\n", BOTH + "people:\n"))) == {
        ("east·urgent", "east", "urgent"), ("east·everyday", "east", "everyday"), ("east", "east", "urgent"),
        ("east", "east", "everyday"), ("west", "west", "urgent"), ("west", "west", "everyday")}


def test_seats_for_some_come_before_seats_for_all(town):
    """Who answers everything gets a call only while both of those are busy who answer nothing else."""
    calls = calls_of(Job.of(town(), "kernel", 1))
    calls = calls[calls["outcome"] == "answered"]
    ms = {"unit": "ms"}
    begin = calls["dialled"] + pd.to_timedelta(calls["waited_ms"], **ms)
    end = begin + pd.to_timedelta(calls["talk_ms"] + calls["wrap_up_ms"], **ms)
    first = calls["pool"] == "east·everyday"
    last = begin[(calls["pool"] == "east") & begin.dt.hour.between(8, 17)]
    busy = [int((first & (begin <= at) & (at < end)).sum()) for at in last]
    assert len(busy) > 100
    assert set(busy) == {2}


@pytest.mark.parametrize("policy", ["dedicated", "overflow", "pooled"])
def test_who_may_answer_whom_by_policy(town, policy):
    setting = build(town(("people:\n", f"routing: {{policy: {policy}}}\npeople:\n")))
    names, world = setting.names, setting.world
    for p, pool in enumerate(names.pools):
        queues = [names.queues[q] for q in world.edge_queue[world.edge_pool == p]]
        answers = {"east·urgent": ["urgent"], "east·everyday": ["everyday"]}.get(pool.name, names.classes)
        cities = [pool.home] if policy == "dedicated" else names.cities
        assert sorted(queues) == sorted((city, klass) for city in cities for klass in answers)


@pytest.mark.parametrize("routing", ["{policy: dedicated}", "{policy: overflow, after: 1 min, keep_idle: 1}",
                                     "{policy: overflow, after: busy}", "{policy: pooled}"])
def test_both_engines_tell_the_same_of_them(town, routing):
    scenario = town(("people:\n", f"routing: {routing}\n{BOTH}people:\n"))
    check = verify(scenario)
    assert check.calls > 1000
    assert check.differences == []


def test_people_whom_a_city_brings_in_may_be_trained_for_some_classes_only(town):
    brought_in = {"kind": "volunteers", "city": "east", "people": 3, "place": "elsewhere", "training": "0 s",
                  "classes": ["everyday"], **LEVER}
    found = answered(town(("people:\n", BOTH + "people:\n")).with_levers([brought_in]))
    assert {klass for pool, _, klass in found if pool == "east·volunteers"} == {"everyday"}


# --- what they are not for -------------------------------------------------------------------------------------------

def test_only_who_answers_everything_is_lent_or_called_in_for_a_loan_or_sits_at_home(town):
    """Ten people answer everything: five in the hall, whose seats may be lent, and five off duty, at home or called."""
    scenario = town()
    who = Staffing(scenario, scenario.horizon.times, scenario.effects).people("east")
    assert set(who.seats[DAY]) == {4.0}
    assert set(who.home[DAY]) == {5.0}
    assert set(np.round(who.off[DAY], 9)) == {3.5}  # 70 % of those off duty are willing
    lent = scenario.with_levers([{"kind": "lend", "lender": "east", "borrower": "west", "seats": 10, **LEVER,
                                  "presence": "80 %"}])
    assert every(seats(lent)) | {"west": 0} == {
        "east·urgent": 2, "east·everyday": 2, "east": 0, "west": 0, "east→west": 4}


def test_who_is_called_in_by_group_sits_with_its_own(town):
    """Two of the other ones, of whom no more than 70 % are willing, less a break: they open 1.4 seats."""
    called = town().with_levers([{"kind": "call_in", "city": "east", "group": "hurried", "people": 2, **LEVER}])
    before, after = seats(town()), seats(called)
    changes = {name: after[name] - before[name] for name in before}
    assert changes.pop("east·urgent").tolist() == [0] * 8 + [1] * 32  # from two hours after the call on
    assert not any(change.any() for change in changes.values())
    idle, busy = (Staffing(one, one.horizon.times, one.effects).people("east") for one in (town(), called))
    assert np.array_equal(idle.home, busy.home)  # nobody is missed who could sit at home, or be called in for a loan
    assert np.array_equal(idle.off, busy.off)


def test_where_workplaces_are_too_few_each_group_has_the_same_part_of_them(town):
    few = town(("  east:\n", "  east:\n    workplaces: 4\n"))
    who = Staffing(few, few.horizon.times, few.effects).people("east")
    there = np.array([5.0, 2.5, 2.0]) * 4 / 9.5 * 0.8
    assert np.allclose([who.seats[DAY], who.apart["urgent",][DAY], who.apart["everyday",][DAY]], there[:, None])


def test_who_is_called_in_has_a_part_of_the_workplaces_that_are_left(town):
    """Twelve workplaces, 9.5 people there, and 2.5 more of the hurried and of all-round ones who come: of 1.75 and 3.5
    who would, if there was room."""
    calls = [{"kind": "call_in", "city": "east", "group": group, "people": 9, **LEVER}
             for group in ("hurried", "all-round")]
    crowded = town(("  east:\n", "  east:\n    workplaces: 12\n")).with_levers(calls)
    who = Staffing(crowded, crowded.horizon.times, crowded.effects).people("east")
    last = 4 * 17  # after two hours of notice, in the first relay
    assert who.apart["urgent",][4 * 11] == pytest.approx((2.5 + 2.5 / 3) * 0.8)
    assert who.seats[4 * 11] == pytest.approx((5 + 5 / 3) * 0.8)
    assert who.free[last] == 0


def test_a_table_of_seats_does_not_say_who_sits_there(town, tmp_path):
    (tmp_path / "staff.csv").write_text("start,east\n2021-08-02 00:00,4\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        town(("people:\n", "staff: {table: staff.csv}\npeople:\n"))
    assert ("people.east.groups.hurried.answers: a table plans the seats of east, and does not say who sits there: "
            "leave it out, or take the city out of the table") in str(caught.value)


ONLY_URGENT = (("all-round: {", "all-round: {answers: [urgent], "), ("answers: [everyday]", "answers: [urgent]"),
               (", from_home: 100 %", ""))
DESK = "levers: [{kind: desk, name: desk, cities: [east], seats: 1, from: 2021-08-02, to: 2021-08-02CLASSES}]"


@pytest.mark.parametrize("guests", [
    ("people:\n", "routing: {policy: overflow}\npeople:\n"), ("levers: ~", DESK.replace("CLASSES", "")),
    ("levers: ~", DESK.replace("CLASSES", ", classes: [everyday]"))])
def test_a_class_that_only_others_answer_is_answered(town, guests):
    assert {city for _, city, _ in answered(town(*ONLY_URGENT, guests))} == {"east", "west"}


@pytest.mark.parametrize("guests", [("levers: ~", "levers: ~"),
                                    ("levers: ~", DESK.replace("CLASSES", ", classes: [urgent]"))])
def test_a_class_that_nobody_answers_is_refused(town, guests):
    with pytest.raises(ScenarioError, match="nobody in east answers callers of everyday"):
        town(*ONLY_URGENT, guests)


def test_their_pools_are_counted_before_a_world_is_built(town):
    scenario = town()
    assert sorted(own_pools(scenario)) == sorted(
        Seats(pool.home, pool.serves, () if pool.name in scenario.cities else tuple(pool.name.split("·")[1:]),
              own=True, both=False, first=False) for pool in build(scenario).names.pools)


def test_a_record_may_be_of_their_seats(town):
    record = "observed: [{metric: occupancy, scope: SCOPE, above: 0.1, source: by hand}]\npeople:\n"
    assert town(("people:\n", record.replace("SCOPE", "pool:east·urgent"))).observed
    with pytest.raises(ScenarioError, match="did you mean \"east·urgent\""):
        town(("people:\n", record.replace("SCOPE", "pool:east·urgnt")))
