"""What folders say of themselves after somebody changed it: told in words, by whatever reads them."""
import copy
import json
import random
import shutil

import pytest
from click.testing import CliRunner

from sim.reading.loading import load
from sim.scenario.shipped import shipped
from sim.studies.study import simulate, study
from sim.studies.validation import against_record
from surgeline import cli
from surgeline.commands import compare as compare_command
from surgeline.commands.compare import contenders, manifest_of
from surgeline.commands.floors import FloorJudge, Keeping
from surgeline.commands.run import gains
from surgeline.folders import comparison as comparison_folder
from surgeline.folders import run as run_folder
from surgeline.folders import store
from surgeline.problems import RunError

VALUES = (None, True, -1, 0, 2**70, 1e308, "x", "", [], [None], {}, {"zh": "x"}, {"fr": "x", "en": "x"}, "2021-13-45",
          float("inf"), float("nan"), "\ud800", "=1+1", "../../x")
ENOUGH = 400  # changes of each kind of folder


def leaves(value, path=()):
    """The place of everything in a manifest."""
    yield path
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from leaves(part, (*path, key))


def changed(manifest, path, value):
    """A manifest with another value at a place, or without it."""
    new = copy.deepcopy(manifest)
    part = new
    for step in path[:-1]:
        part = part[step]
    if value is GONE:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return new


GONE = object()


def changes(manifest, seed):
    """Some of all changes, those near the top first."""
    dice = random.Random(seed)
    places = [path for path in leaves(manifest) if path]
    outer = [path for path in places if path[0] != "scenario"] or places
    for _ in range(ENOUGH):
        yield changed(manifest, dice.choice(dice.choice((outer, places))), dice.choice((GONE, *VALUES)))


@pytest.fixture(scope="module")
def found():
    return study(load("two-cities"), replications=2, workers=1)


@pytest.fixture(scope="module")
def of_run(found, tmp_path_factory):
    record = against_record(found.first, found.results)
    return run_folder.write(found.first, record, tmp_path_factory.mktemp("run") / "run", None, gains(found),
                      lambda run: None).folder


@pytest.fixture(scope="module")
def of_comparison(found, tmp_path_factory):
    others = contenders(load("two-cities"), (), None)
    names = {"base": compare_command.as_it_is(), **{key: one.name for key, one in others.items()}}
    folder = tmp_path_factory.mktemp("compared") / "compared"
    scenarios = {"base": load("two-cities"), **{key: one.scenario for key, one in others.items()}}
    judge = FloorJudge.of(load("two-cities"), scenarios, seed=1, workers=1)
    manifest = manifest_of(found, names, Keeping(compare_command.Selection(), judge))
    return comparison_folder.write(manifest, found, folder, lambda done: None).folder


def in_words(folder, read):
    """Whether a folder is read, or refused in one line."""
    said = None
    try:
        read(folder)
    except RunError as error:
        said = str(error)
    assert said is None or said.count("\n") == 0
    return said is None


@pytest.mark.parametrize("kind", ["of_run", "of_comparison"])
def test_a_changed_manifest_is_read_or_refused_in_words(request, tmp_path, kind):
    folder = shutil.copytree(request.getfixturevalue(kind), tmp_path / "copy")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    read = run_folder.Run.read if kind == "of_run" else comparison_folder.Comparison.read
    refused = 0
    for new in changes(manifest, 1):
        (folder / "manifest.json").write_text(json.dumps(new), encoding="utf-8")
        refused += not in_words(folder, read)
    assert ENOUGH / 3 < refused < ENOUGH


def test_what_is_read_of_a_changed_run_can_be_asked_for(of_run, tmp_path):
    folder = shutil.copytree(of_run, tmp_path / "copy")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for new in changes(manifest, 2):
        (folder / "manifest.json").write_text(json.dumps(new), encoding="utf-8")
        if in_words(folder, run_folder.Run.read):
            assert len(store.query("SELECT * FROM runs", [folder])) == 1


@pytest.mark.parametrize("kind", ["of_run", "of_comparison"])
def test_the_report_of_a_changed_folder_is_made_or_refused_in_words(request, tmp_path, kind):
    folder = shutil.copytree(request.getfixturevalue(kind), tmp_path / "copy")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    places = [path for path in leaves(manifest) if path and path[0] != "scenario"]
    read = run_folder.Run.read if kind == "of_run" else comparison_folder.Comparison.read
    made = 0
    for path in random.Random(3).sample(places, 60):
        for value in (2**70, 1e308, "x"):
            new = changed(manifest, path, value)
            (folder / "manifest.json").write_text(json.dumps(new), encoding="utf-8")
            if in_words(folder, read) and made < 8:
                made += 1
                done = CliRunner().invoke(cli.main, ["report", str(folder)])
                assert done.exit_code in (0, 2), done.exception
                assert done.output.count("\n") == 1
    assert made


@pytest.mark.parametrize("name", shipped())
def test_a_scenario_comes_out_of_a_manifest_as_it_went_in(name):
    said = load(name).model_dump(mode="json", by_alias=True)
    origin = {"format": 1, "name": name, "scenario_hash": "x", "seed": 1, "replications": 1, "engine": "kernel",
              "created": "x", "seconds": 1.0, "versions": {}, "python": "x", "platform": "x"}
    manifest = {**origin, "variant": None, "record": [], "gains": [], "scenario": said}
    read = run_folder.Manifest.model_validate(json.loads(json.dumps(manifest)))
    assert json.loads(read.model_dump_json(by_alias=True)) == json.loads(json.dumps(manifest))


def test_a_run_that_has_terms_of_old_is_read(tmp_path):
    run = run_folder.write(simulate(load("two-cities"), replications=1), [], tmp_path / "run", None, [], lambda _: None)
    file = run.folder / "manifest.json"
    said = json.loads(file.read_text(encoding="utf-8"))
    said["scenario"]["lending"] |= {"pairs": [], "quantum": 1, "both_ways": False, "tail": 0.8}
    file.write_text(json.dumps(said), encoding="utf-8")
    assert run_folder.Run.read(run.folder).scenario == run.scenario
