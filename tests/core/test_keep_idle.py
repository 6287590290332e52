"""Seats that stay idle for their own city: from a scenario file to the tables of a world, and what they do there."""
import pytest
from click.testing import CliRunner
from helping import with_levers

from sim.reading.loading import load
from sim.studies.study import simulate
from sim.world.build import build
from sim.world.components import part_of
from sim.world.routing import Seats, kept_idle
from surgeline.cli import main

LEND = {"kind": "lend", "lender": "west", "borrower": "east", "seats": 8, "from": "2021-08-02", "to": "2021-08-02",
        "hours": ["00:00", "24:00"], "presence": 1, "serves": "both"}


def reserves(setting):
    """(pool, city of the callers) to idle seats that are kept from them, of every edge."""
    names = setting.names
    return {(names.pools[pool].name, names.queues[queue][0]): int(kept) for pool, queue, kept in
            zip(setting.world.edge_pool, setting.world.edge_queue, setting.world.edge_reserve, strict=True)}


def test_lent_seats_are_kept_from_the_borrower_only():
    assert reserves(build(with_levers(LEND | {"keep_idle": 3}))) == {
        ("east", "east"): 0, ("west", "west"): 0, ("west→east", "west"): 0, ("west→east", "east"): 3}
    assert set(reserves(build(with_levers(LEND))).values()) == {0}


def test_seats_lent_on_other_terms_are_another_pool():
    setting = build(with_levers(LEND | {"keep_idle": 3}, LEND | {"seats": 2}))
    assert reserves(setting)["west→east", "east"] == 3
    assert reserves(setting)["west→east 2", "east"] == 0


@pytest.mark.parametrize("policy", ["overflow", "pooled"])
def test_own_seats_are_kept_from_strangers_where_all_cities_help(policy):
    route = {"kind": "route", "policy": policy, "keep_idle": 2}
    assert reserves(build(with_levers(route))) == {
        ("east", "east"): 0, ("west", "west"): 0, ("east", "west"): 2, ("west", "east"): 2}


def test_seats_without_a_home_are_kept_from_nobody():
    desk = Seats(None, ("east",), (), own=False, both=False, first=False)
    assert kept_idle(desk, "east") == 0


def test_a_part_of_a_world_keeps_as_many_seats_idle():
    setting = build(with_levers(LEND | {"keep_idle": 3}))
    assert reserves(part_of(setting, [0, 1])) == reserves(setting)


def test_more_seats_kept_idle_help_home_and_cost_the_borrower():
    answered = {}
    for kept in (0, 3, 8):
        result = simulate(with_levers(LEND | {"keep_idle": kept}), replications=20, seed=1)
        answered[kept] = tuple(result.value("answer_rate_dials", f"city:{city}").mean for city in ("west", "east"))
    assert answered[0][0] < answered[3][0] < answered[8][0]
    assert answered[0][1] > answered[3][1] > answered[8][1]
    assert result.value("helpers_answered", "city:east").mean == 0  # as many as there are


@pytest.mark.parametrize(("says", "levers"), [
    ("levers[0].keep_idle: does nothing unless the seats serve their own city too: add serves: both, or "
     "home_first",
     "{kind: lend, lender: west, borrower: east, seats: 2, from: 2021-08-02, to: 2021-08-02, keep_idle: 1}"),
    ("levers[0].keep_idle: does nothing where own seats serve their own city only",
     "{kind: route, policy: dedicated, keep_idle: 1}"),
    ("levers[0].keep_idle: must be >= 0, got -1", "{kind: route, policy: overflow, keep_idle: -1}"),
    ("levers[0].keep_idle", "{kind: route, policy: overflow, keep_idle: 1.5}"),
])
def test_seats_kept_idle_for_nothing_are_told(tmp_path, says, levers):
    file = tmp_path / "mine.yaml"
    file.write_text(f"surgeline: 1\nextends: two-cities\nlevers:\n  replace:\n  - {levers}\n")
    done = CliRunner().invoke(main, ["check", str(file), "--lang", "en"])
    assert done.exit_code == 2
    assert "mine.yaml:5:" in done.output
    assert says in " ".join(done.output.split())


def test_routing_may_keep_seats_idle(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("surgeline: 1\nextends: two-cities\nlevers: []\n"
                    "routing: {policy: overflow, after: 1 min, keep_idle: 4}\n")
    assert reserves(build(load(file)))["west", "east"] == 4
    file.write_text("surgeline: 1\nextends: two-cities\nlevers: []\nrouting: {keep_idle: 4}\n")
    done = CliRunner().invoke(main, ["check", str(file), "--lang", "en"])
    assert done.exit_code == 2
    assert "routing.keep_idle: does nothing where own seats serve their own city only" in " ".join(done.output.split())


def test_a_citys_own_people_at_shared_seats_are_no_helpers_at_home():
    result = simulate(with_levers(LEND), replications=3, seed=1)
    helped = result.helped()
    by_lent = helped[(helped["pool"] == "west→east") & (helped["city"] == "west")]["answered"].sum()
    assert by_lent > 0
    assert result.value("helpers_answered", "city:west").mean == 0
    assert result.value("helpers_answered", "city:east").mean > 0
