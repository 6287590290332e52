"""What editors are told about scenario files: all that may be written, and nothing else."""
import json
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from sim.reading.yaml_places import read_yaml
from sim.scenario.shipped import SHIPPED

FILES = {path.relative_to(SHIPPED).as_posix(): path for path in sorted(SHIPPED.rglob("*.yaml"))}
FREE = {"cities", "classes", "shifts", "profiles", "everyday", "variants", "sources", "by_day", "handle_factor",
        "notes", "lever_groups", "change", "replace"}


@pytest.fixture(scope="module")
def schema():
    """The schema as the command prints it."""
    done = subprocess.run([sys.executable, "-m", "surgeline", "schema"], capture_output=True, check=True)
    told = json.loads(done.stdout)
    Draft202012Validator.check_schema(told)
    return Draft202012Validator(told)


def as_written(name):
    """A shipped file as an editor sees it: alone, and dates as text."""
    return json.loads(json.dumps(read_yaml(FILES[name], name).data, default=str))


def with_fixed_names(part, name=""):
    """Every mapping of a file in which names are not free to choose."""
    if isinstance(part, dict):
        if name not in FREE and name != "surges":  # by name, or {add: [...]}
            yield part
        for key, inner in part.items():
            yield from with_fixed_names(inner, "" if name in FREE or name == "surges" else key)
    for inner in part if isinstance(part, list) else ():
        yield from with_fixed_names(inner)


@pytest.mark.parametrize("name", FILES)
def test_every_shipped_file_is_as_the_schema_says(schema, name):
    assert [error.message for error in schema.iter_errors(as_written(name))] == []


@pytest.mark.parametrize("name", ["two-cities.yaml", "suzhou-2022.yaml", "provinces/jiangsu.yaml"])
def test_a_misspelt_name_is_refused_anywhere(schema, name):
    file = as_written(name)
    for part in with_fixed_names(file):
        part["seets"] = 3
        assert not schema.is_valid(file), part
        del part["seets"]
    assert schema.is_valid(file)


@pytest.mark.parametrize("field", ["pools", "seconded", "chances", "more_lines", "rows"])
def test_what_levers_and_tables_fill_in_is_not_for_files(schema, field):
    assert not schema.is_valid({"surgeline": 1, field: []})
    assert not schema.is_valid({"staff": {"table": "staff.csv", field: []}})


def test_a_file_may_leave_the_most_to_its_base(schema):
    assert schema.is_valid({"surgeline": 1, "extends": "two-cities", "title": {"en": "Mine"},
                            "every_city": {"lines": 40}, "cities": {"east": {"seats": "30"}},
                            "classes": {"urgent": {"after_busy": {"share": "80 %"}}}})


@pytest.mark.parametrize("part", [
    {"levers": [{"kind": "lend", "lender": "west"}]}, {"observed": [{"metric": "dials"}]},
    {"cities": {"North City": {}}}, {"everyday_level": {"value": 3}}, {"everyday_level": {"assume": 3}},
    {"extends": 3},
])
def test_what_stands_alone_must_be_whole(schema, part):
    assert not schema.is_valid({"surgeline": 1, **part})
