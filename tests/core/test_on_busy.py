"""Calls that find no free line in their city: from a scenario file to the tables of a world, and what they do there."""
import json

import pytest
from helping import with_levers
from pydantic import TypeAdapter

from sim.core.arrays import ON_BUSY
from sim.reading.loading import load
from sim.scenario.levers import AnyLever
from sim.scenario.quantities import plain
from sim.studies.study import simulate
from sim.studies.twins import verify
from sim.world.build import build
from sim.world.components import part_of, parts
from surgeline.folders.lending_plan import written

ON_BUSY_ROUTE = {"kind": "route", "policy": "overflow", "after": "busy"}
DESK = {"kind": "desk", "name": "desk", "cities": ["east"], "seats": 2, "from": "2021-08-02", "to": "2021-08-02"}


def afters(setting):
    """(pool, city of the callers) to the wait in ms, of every edge."""
    names = setting.names
    return {(names.pools[pool].name, names.queues[queue][0]): int(after) for pool, queue, after in
            zip(setting.world.edge_pool, setting.world.edge_queue, setting.world.edge_after_ms, strict=True)}


def test_only_strangers_wait_for_busy_signals():
    setting = build(with_levers(ON_BUSY_ROUTE, DESK))
    assert afters(setting) == {("east", "east"): 0, ("west", "west"): 0, ("desk", "east"): 0,
                               ("east", "west"): ON_BUSY, ("west", "east"): ON_BUSY}
    homes = {pool.name: int(home) for pool, home in zip(setting.names.pools, setting.world.pool_home, strict=True)}
    assert {name: setting.names.cities[home] if home >= 0 else None for name, home in homes.items()} == {
        "east": "east", "west": "west", "desk": None}


def test_routing_on_busy_comes_from_a_file(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("surgeline: 1\nextends: two-cities\nlevers: []\nrouting: {policy: overflow, after: busy}\n")
    assert set(afters(build(load(file))).values()) == {0, ON_BUSY}


def test_a_route_on_busy_is_written_as_it_is_read():
    read = TypeAdapter(AnyLever).validate_python(ON_BUSY_ROUTE)
    assert written(read) == ON_BUSY_ROUTE
    assert TypeAdapter(AnyLever).validate_python(json.loads(read.model_dump_json())) == read


def test_cities_that_answer_each_other_on_busy_are_one_part():
    setting = build(with_levers(ON_BUSY_ROUTE))
    assert [part.tolist() for part in parts(setting.world)] == [[0, 1]]
    assert afters(part_of(setting, [0, 1])) == afters(setting)


@pytest.fixture(scope="module")
def crowded():
    """Two cities with hardly any lines, by what they do with calls that find none."""
    def few_lines(*levers):
        scenario = with_levers(*levers)
        few = {name: city.model_copy(update={"lines_per_seat": None, "lines": plain(4)})
               for name, city in scenario.cities.items()}
        return scenario.model_copy(update={"cities": few})
    return {name: few_lines(*levers) for name, levers in (
        ("not", ()), ("busy", (ON_BUSY_ROUTE,)), ("spare", (ON_BUSY_ROUTE | {"keep_idle": 3},)))}


def test_help_on_busy_is_counted_as_help_and_spares_busy_signals(crowded):
    found = {name: simulate(scenario, replications=10, seed=1) for name, scenario in crowded.items()}
    blocked, helped = ({name: result.value(metric, "province").mean for name, result in found.items()}
                       for metric in ("blocked_share", "helpers_answered"))
    assert helped["not"] == 0 < helped["spare"] < helped["busy"]
    assert blocked["busy"] < blocked["not"]


def test_the_twins_agree_about_two_cities_on_busy(crowded):
    for scenario in crowded.values():
        assert verify(scenario).differences == []
