"""What an evening of a simulated course of events knows of who called."""
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from optimizer.lending.inputs.evening_counts import course_of_events, estimated, seen_in
from optimizer.lending.inputs.province import province
from sim.reading.loading import load
from sim.studies.replication import Job

THREE = """
surgeline: 1
extends: two-cities
title: {zh: 三天, en: three days}
horizon: {start: 2021-08-02, end: 2021-08-04}
observed: []
lending: {to: 2021-08-04}
surges:
  replace:
  - {city: east, class: everyday, profile: plain, by_day: {2021-08-02: 700, 2021-08-03: 1500, 2021-08-04: 600}}
"""
EVENINGS = [datetime(2021, 8, 1, 22), datetime(2021, 8, 2, 22), datetime(2021, 8, 3, 22)]


@pytest.fixture(scope="module")
def p(tmp_path_factory):
    path = tmp_path_factory.mktemp("counts") / "three.yaml"
    path.write_text(THREE, encoding="utf-8")
    return province(load(path))


@pytest.fixture(scope="module")
def job(p):
    return Job.of(p.scenario, "kernel", 5)


@pytest.fixture(scope="module")
def events(job):
    return course_of_events(job, 0, ("east",))


def test_counts_are_those_of_the_borrower_and_add_up(events):
    counts = events.counts["east"]
    ends = counts.answered + counts.hung_up + counts.busy
    assert counts.dials.sum() == pytest.approx(ends.sum(), abs=5)
    assert counts.dials.sum() > events.fresh["east"].sum() > 4000


def test_an_evening_knows_the_last_twenty_four_hours_and_nothing_else(p, job, events):
    none, first, second = (of["east"] for of in estimated(p, job, events, EVENINGS))
    assert not none.any()
    assert np.flatnonzero(first).tolist() == list(range(22))
    assert np.flatnonzero(second).tolist() == list(range(22, 46))


def test_what_is_estimated_is_near_what_came(p, job, events):
    seen = seen_in(p, events)["east"]
    for hours, known in zip((slice(0, 22), slice(22, 46)), estimated(p, job, events, EVENINGS[1:]), strict=True):
        assert known["east"][hours].sum() == pytest.approx(seen[hours].sum(), rel=0.1)


def test_what_is_to_come_changes_nothing(p, job, events):
    counts = events.counts["east"]
    later = {name: np.concatenate([values[:88], values[88:] * 3]) for name, values in vars(counts).items()
             if values is not None}
    other = replace(events, counts={"east": replace(counts, **later)})
    one, two = (estimated(p, job, course, EVENINGS[1:2])[0]["east"] for course in (events, other))
    assert one.tolist() == two.tolist()
