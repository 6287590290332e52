"""Other values at some paths of a scenario: as an analyst writes them, and as a variant does."""
import json
from datetime import date

import pytest

from sim.reading.loading import load
from sim.scenario.problems import ScenarioError
from sim.scenario.scenario import Scenario
from sim.studies.study import study

HEAD = "surgeline: 1\nextends: two-cities\n"
NAME = "name: {zh: 甲, en: A}"


@pytest.fixture(scope="module")
def scenario():
    return load("two-cities")


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write_file(text):
        (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
        return "mine.yaml"
    return write_file


def told(change, scenario):
    with pytest.raises(ScenarioError) as caught:
        scenario.change(change)
    return [str(problem) for problem in caught.value.problems]


def test_values_are_written_as_in_files(scenario):
    changed = scenario.change({
        "cities.east.seats": 20, "cities.west.absence": "7 %", "everyday_level": {"assume": 1.5, "range": [1, 2],
                                                                                  "why": "x"},
        "surges.new-rule.shocks[0].callers": 900, "levers[0].serves": "both", "horizon.end": "2021-08-03",
        "surges[0].by_day.2021-08-03": 50, "classes.urgent.talk.mean": "2 min"})
    assert float(changed.cities["east"].seats) == 20
    assert float(changed.cities["west"].absence) == 0.07
    assert (float(changed.everyday_level), changed.everyday_level.range) == (1.5, (1, 2))
    assert float(changed.surges[0].shocks[0].callers) == 900
    assert float(changed.surges[0].by_day[date(2021, 8, 3)]) == 50
    assert changed.levers[0].serves == "both"
    assert float(changed.classes["urgent"].talk.mean) == 120
    assert changed.horizon.intervals == 192
    assert scenario == load("two-cities")


def test_nothing_changes_nothing(scenario):
    assert scenario.change({}) == scenario
    assert scenario.change({"cities.east.seats": 12}) == scenario


def test_parts_are_joined_and_lists_say_what_they_do(scenario):
    absence = {"city": "west", "from": "2021-08-02", "to": "2021-08-02", "share": "5 %"}
    assert float(scenario.change({"cities.east": {"seats": 13}}).cities["east"].agents) == 20
    assert len(scenario.change({"absences": [absence]}).absences) == 1
    surge = {"city": "west", "class": "urgent", "profile": "plain", "by_day": {"2021-08-02": 40}}
    assert len(scenario.change({"surges": {"add": [surge]}}).surges) == 2
    assert len(scenario.change({"surges": {"replace": [surge]}}).surges) == 1
    assert told({"surges": [surge]}, scenario) == [
        "two-cities: surges: is a list over another: write {add: [...]} to add to it, or {replace: [...]} to be "
        "instead of it"]


@pytest.mark.parametrize(("path", "says"), [
    ("cities.est.seats", 'leads nowhere; did you mean "cities.west.seats"?'),
    ("cities.east.seat", 'leads nowhere; did you mean "cities.east.seats"?'),
    ("citys.east.seats", 'leads nowhere; did you mean "cities.east.seats"?'),
    ("surges[3].profile", "leads nowhere; below surges are 0"),
    ("levers[0].from_", 'leads nowhere; did you mean "levers[0].from"?'),
    ("cities.east.seats.number", "leads nowhere"),
    ("", "must be a path such as cities.nanjing.seats"),
])
def test_a_path_that_leads_nowhere(scenario, path, says):
    [problem] = told({path: 1}, scenario)
    assert says in problem


@pytest.mark.parametrize(("path", "value", "says"), [
    ("cities.east.seats", -1, "cities.east.seats: must be >= 0, got -1"),
    ("cities.east.absence", 200, "cities.east.absence: must be <= 1 (100 %), got 200"),
    ("focus", ["est"], 'focus[0]: "est" is no city; did you mean "west"?'),
    ("everyday.urgnt", {"profile": "plain", "share": 0.1}, 'everyday.urgnt: "urgnt" is no class'),
    ("levers[0].seats", 30, "levers[0].seats: west lends 30 seats at once but has 14"),
])
def test_a_changed_scenario_is_checked_as_a_whole(scenario, path, value, says):
    assert any(says in problem for problem in told({path: value}, scenario))


# --- variants --------------------------------------------------------------------------------------------------------

def test_a_variant_changes_values_and_stands_on_another(write):
    scenario = load(write(HEAD + f"""variants:
  busy: {{{NAME}, change: {{everyday_level: 1.5, cities.east.seats: 14}}}}
  busier: {{{NAME}, on: busy, levers: [], change: {{everyday_level: 2, cities.west.seats: 9}}}}
"""))
    busy, busier = scenario.variant("busy"), scenario.variant("busier")
    assert (float(busy.everyday_level), float(busy.cities["east"].seats), len(busy.levers)) == (1.5, 14, 1)
    assert (float(busier.everyday_level), float(busier.cities["east"].seats), busier.levers) == (2, 14, ())
    assert float(busier.cities["west"].seats) == 9


@pytest.mark.parametrize(("change", "says"), [
    ("horizon.end: 2021-08-03", "horizon.end: is the same in all variants"),
    ("focus: [west]", "focus: is the same in all variants"), ("lending.share: 9 %", "lending.share: is the same"),
    ("title.zh: 乙", "title.zh: is the same in all variants"),
    ("cities.north: {name: {zh: 北, en: N}, calls_a_day: 9, seats: 2, agents: 2, shifts: days, absence: 0, "
     "shrinkage: 0}",
     "cities.north: makes other cities (north): all variants have the same"),
])
def test_what_variants_have_in_common_can_not_change(write, change, says):
    with pytest.raises(ScenarioError) as caught:
        load(write(HEAD + f"variants: {{x: {{{NAME}, change: {{{change}}}}}}}\n"))
    [problem] = caught.value.problems
    assert f"variants.x.change.{says}" in str(problem)


def test_scenarios_of_other_days_are_not_compared(scenario):
    with pytest.raises(ValueError, match="x has other horizon than two-cities"):
        study(scenario, {"x": scenario.change({"horizon.end": "2021-08-03"})}, replications=1, workers=1)


def test_changes_survive_a_manifest(write):
    scenario = load(write(HEAD + f"""variants:
  busy: {{{NAME}, change: {{everyday_level: 2, "surges[0].by_day": {{2021-08-02: 30}}}}}}
"""))
    read = Scenario.model_validate(json.loads(json.dumps(scenario.model_dump(mode="json", by_alias=True))))
    assert read == scenario
    assert read.variant("busy") == scenario.variant("busy")


def test_what_a_variant_makes_wrong_is_told_where_it_is_changed(write):
    text = HEAD + f"""variants:
  a: {{{NAME}, change: {{cities.est.seats: 3}}}}
  b: {{{NAME}, change: {{cities.east.seats: -3}}}}
  c: {{{NAME}, on: d, change: {{everyday_level: 2}}}}
  d: {{{NAME}, change: {{"absences": [{{city: est, from: 2021-08-02, to: 2021-08-02, share: 5 %}}]}}}}
"""
    with pytest.raises(ScenarioError) as caught:
        load(write(text))
    assert [str(problem) for problem in caught.value.problems] == [
        'mine.yaml:4:38: variants.a.change.cities.est.seats: with this, "cities.est.seats" leads nowhere; did you mean '
        '"cities.west.seats"?',
        "mine.yaml:5:38: variants.b.change.cities.east.seats: with this, must be >= 0, got -3",
        'mine.yaml:7:38: variants.d.change.absences: with this, absences[0].city: "est" is no city; did you mean '
        '"west"?']


def test_the_levers_of_a_changed_variant_are_looked_at_with_its_changes(write):
    lend = "{kind: lend, lender: west, borrower: east, seats: 16, from: 2021-08-02 12:00, to: 2021-08-02 20:00}"
    text = HEAD + f"""variants:
  a: {{{NAME}, levers: [{lend}], change: {{cities.west: {{seats: 40, agents: 90}}}}}}
"""
    assert float(load(write(text)).variant("a").levers[0].seats) == 16
    with pytest.raises(ScenarioError) as caught:
        load(write(text.replace("seats: 40, agents: 90", "tile: [3, 3]")))
    [problem] = caught.value.problems
    assert str(problem).startswith("mine.yaml:4:88: variants.a.levers[0].seats: in the variant a, west lends 16 seats")
