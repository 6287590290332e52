"""Studies: the same numbers whatever interrupts them, as many replications as were asked for, no more memory for more.

Interruptions are real: Ctrl-C after some units, killed commands, cut files, disks without room.
"""
import json
import os
import random
import signal
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from sim.measures.statistics import Precision, figure
from sim.reading.loading import load
from sim.studies import checkpoint
from sim.studies.checkpoint import STATE
from sim.studies.executors import Here, Processes
from sim.studies.replication import Finding, Job, replicate
from sim.studies.result import difference
from sim.studies.study import Study, key_of, study
from surgeline.commands import run as run_command
from surgeline.folders import run as run_folder

REPLICATIONS = 23
VARIANTS = ["none", "at-once"]
UNITS = REPLICATIONS * 3

# An hour of a small hotline, in minutes: a replication takes milliseconds, and its findings many times the room of its
# figures for the whole hour.
TINY = """
surgeline: 1
title: {zh: 一小时, en: An hour}
horizon: {start: 2021-03-01 10:00, end: 2021-03-01 11:00, interval: 1 min}
cities:
  a: {name: {zh: 甲, en: A}, calls_a_day: 1440, seats: 4, agents: 4, shifts: always, absence: 0, shrinkage: 0}
classes:
  people:
    name: {zh: 人, en: people}
    patience: {law: exponential, mean: 2 min}
    talk: {law: exponential, mean: 4 min}
    after_busy: {share: 0, delay: {law: exponential, mean: 1 min}}
    after_hanging_up: {share: 0, delay: {law: exponential, mean: 1 min}}
shifts: {always: [{start: "00:00", hours: 24, share: 100 %}]}
profiles: {all: {day: [1]}}
everyday: {people: {profile: all}}
variants:
  fewer:
    name: {zh: 少, en: fewer}
    levers: [{kind: volunteers, city: a, people: 1, from: 2021-03-01 10:30, to: 2021-03-01 11:00,
              place: elsewhere, training: 0 s, presence: 1, speed: {day_1: 1, day_5: 1}}]
"""


@pytest.fixture(scope="module")
def scenario():
    return load("two-cities")


@pytest.fixture(scope="module")
def tiny_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("tiny") / "tiny.yaml"
    file.write_text(TINY)
    return file


@pytest.fixture(scope="module")
def tiny(tiny_file):
    return load(tiny_file)


@pytest.fixture(scope="module")
def whole(scenario):
    return studied(scenario).arrays()


def studied(scenario, executor=None, folder=None):
    return study(scenario, VARIANTS, replications=REPLICATIONS, workers=executor or Here(), folder=folder)


def assert_same(found, wanted):
    """Equal to the last bit."""
    assert found.keys() == wanted.keys()
    for key in wanted:
        assert found[key].tobytes() == wanted[key].tobytes(), key


class Until(Here):
    """Works until it is interrupted, and counts."""

    def __init__(self, units=10**9):
        super().__init__()
        self.left, self.computed = units, 0

    def submit(self, fn, /, *args, **options):
        if self.left == 0:
            raise KeyboardInterrupt
        self.left, self.computed = self.left - 1, self.computed + 1
        return super().submit(fn, *args, **options)


# --- interrupted -----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("seed", range(4))
def test_an_interrupted_study_computes_nothing_twice(scenario, whole, tmp_path, seed):
    dice = random.Random(seed)
    cuts = sorted(dice.sample(range(1, UNITS), 3))
    for units in np.diff([0, *cuts]):
        executor = Until(units)
        with pytest.raises(KeyboardInterrupt):
            studied(scenario, executor, tmp_path / "checkpoint")
        assert executor.computed == units
    executor = Until()
    found = studied(scenario, executor, tmp_path / "checkpoint")
    assert executor.computed == UNITS - cuts[-1]
    assert_same(found.arrays(), whole)


def test_a_study_that_is_whole_computes_nothing_and_is_forgotten(scenario, whole, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "EVERY_S", 0)
    studied(scenario, Until(), tmp_path / "checkpoint")
    executor = Until()
    found = studied(scenario, executor, tmp_path / "checkpoint")
    assert executor.computed == 0
    assert_same(found.arrays(), whole)
    found.forget()
    assert list(tmp_path.iterdir()) == []


def test_findings_that_are_cut_off_are_computed_again(scenario, whole, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        studied(scenario, Until(47), tmp_path)  # 15 replications, which are added up, and two units
    first, _ = sorted(tmp_path.glob("*-*.npz"))
    first.write_bytes(first.read_bytes()[:1000])
    executor = Until()
    assert_same(studied(scenario, executor, tmp_path).arrays(), whole)
    assert executor.computed == UNITS - 47 + 1


@pytest.mark.parametrize("length", [0, 1, 1000, -1])
def test_without_what_was_added_up_all_is_computed_again_but_the_rest(scenario, whole, tmp_path, length):
    with pytest.raises(KeyboardInterrupt):
        studied(scenario, Until(47), tmp_path)
    state = tmp_path / STATE
    state.write_bytes(state.read_bytes()[:length])
    executor = Until()
    assert_same(studied(scenario, executor, tmp_path).arrays(), whole)
    assert executor.computed == UNITS - 2


@pytest.mark.parametrize("every_s", [0, 1000])
def test_what_is_kept_by_time_changes_no_number(scenario, whole, tmp_path, monkeypatch, every_s):
    monkeypatch.setattr(checkpoint, "EVERY_S", every_s)
    assert_same(studied(scenario, Here(), tmp_path / "checkpoint").arrays(), whole)
    assert (tmp_path / "checkpoint").exists() == (every_s == 0)


def test_variants_of_the_same_levers_are_simulated_once(scenario):
    twin, other = scenario.variant("none"), scenario.variant("at-once")
    executor = Until()
    found = study(scenario, {"same": scenario, "none": twin, "nobody": twin, "at-once": other}, replications=6,
                  workers=executor)
    assert executor.computed == 6 * 3
    assert found.simulated == ["base", "none", "at-once"]
    alone = study(scenario, ["none", "at-once"], replications=6, workers=1)
    for name, like in (("none", "none"), ("nobody", "none"), ("at-once", "at-once")):
        for scope in ("province", "city:east"):
            assert found.difference(name, "answered", scope) == alone.difference(like, "answered", scope)
    assert found.difference("same", "answered").mean == found.difference("same", "answered").high == 0
    again = Study.of({name: result.job for name, result in found.results.items()})
    again.restore(found.arrays())
    assert_same(again.arrays(), found.arrays())


def test_pieces_of_several_replications_change_no_number(scenario, whole, monkeypatch):
    sent = []

    class Sent(Processes):
        def submit(self, fn, /, job, replications):
            sent.append(len(replications))
            return super().submit(fn, job, replications)
    with Sent(2) as executor:
        found = studied(scenario, executor)
    assert max(sent) > 1
    assert sum(sent) >= UNITS
    assert_same(found.arrays(), whole)


@pytest.mark.parametrize("other", [{"seed": 2}, {"replications": 12}, {"precision": Precision(0.01)},
                                   {"variants": ["at-once", "none"]}], ids=str)
def test_what_another_study_has_left_is_of_no_use(scenario, whole, tmp_path, other):
    options = {"variants": VARIANTS, "replications": REPLICATIONS} | other
    with pytest.raises(KeyboardInterrupt):
        study(scenario, workers=Until(33), folder=tmp_path, **options)
    executor = Until()
    assert_same(studied(scenario, executor, tmp_path).arrays(), whole)
    assert executor.computed == UNITS


def test_a_study_is_restored_to_the_last_bit(scenario):
    found = study(scenario, VARIANTS, replications=5, workers=1)
    again = Study.of({name: result.job for name, result in found.results.items()})
    again.restore(found.arrays())
    more = {name: replicate(result.job, 5) for name, result in found.results.items()}
    found.add(more)
    again.add({name: Finding.from_arrays(finding.arrays()) for name, finding in more.items()})
    assert_same(again.arrays(), found.arrays())


def test_moments_are_those_of_all_values_together(scenario):
    found = study(scenario, VARIANTS, replications=7, workers=1)
    values = found.first.sample("answered", "city:east")
    others = found.results["none"].sample("answered", "city:east")
    assert found.first.value("answered", "city:east").mean == pytest.approx(values.mean(), rel=1e-14)
    paired, wanted = found.difference("none", "answered", "city:east"), figure(others - values)
    assert (paired.mean, paired.low) == pytest.approx((wanted.mean, wanted.low), rel=1e-12)


# --- memory ----------------------------------------------------------------------------------------------------------

def most_memory(scenario, replications):
    """The most bytes at once, and what the replications' own values for the whole horizon take."""
    tracemalloc.start()
    found = study(scenario, [], replications=replications, workers=1)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most, sum(values.nbytes for values in found.first.whole + found.first.record)


def test_finished_findings_take_no_memory(tiny):
    """Ten times as many replications take no more of it, but for one value a metric and scope of each."""
    finding = sum(array.nbytes for array in replicate(Job.of(tiny, "kernel", 1), 0).arrays().values())
    most_memory(tiny, 10)
    few, few_values = most_memory(tiny, 20)
    many, many_values = most_memory(tiny, 220)
    assert many - few < 2 * (many_values - few_values) + 5 * finding < 200 * finding / 10


# --- how many --------------------------------------------------------------------------------------------------------

def half_width(found, scope="city:a", metric="answer_rate_callers"):
    figure = found.first.value(metric, scope)
    return (figure.high - figure.low) / 2


def by_hand(scenario, precision, relative=False):
    """The fewest replications after which the interval is narrow enough and was before, from the 32nd on, after
    four fifths as many or fewer."""
    values = study(scenario, [], replications=300, workers=1).first.sample("answer_rate_callers", "city:a")
    narrow = []
    for n in range(32, 301):
        one = figure(values[:n])
        narrow += [n] * ((one.high - one.low) / 2 <= precision * (one.mean if relative else 1))
        if n in narrow and 5 * narrow[0] <= 4 * n:
            return n
    return None


@pytest.mark.parametrize(("text", "size", "relative"), [("1.5pp", 0.015, False), ("2%", 0.02, True),
                                                        ("50 个百分点", 0.5, False)])
def test_a_study_goes_on_until_the_interval_is_narrow_enough(tiny, text, size, relative):
    found = study(tiny, [], precision=Precision.read(text), workers=1)
    assert found.replications == by_hand(tiny, size, relative)
    assert not found.capped


@pytest.mark.parametrize("fewest", [1, 40, 57])
def test_no_fewer_than_forty_and_no_fewer_than_asked_for(tiny, fewest):
    assert study(tiny, [], replications=fewest, precision=Precision(0.5), workers=1).replications == max(fewest, 40)


def test_the_most_replications_are_told(tiny):
    found = study(tiny, [], precision=Precision(1e-6), most=50, workers=1)
    assert (found.replications, found.capped) == (50, True)


def test_the_precision_is_that_of_every_difference(tiny):
    found = study(tiny, precision=Precision(0.01), workers=1)
    change = found.difference("fewer", "answer_rate_callers", "city:a")
    assert (change.high - change.low) / 2 <= 0.01
    values = difference(found.results["fewer"], found.first, "answer_rate_callers", "city:a")
    narrow = [n for n in range(32, found.replications + 1) if figure(values[:n]).high - figure(values[:n]).low <= 0.02]
    assert found.replications == 40 or 4 * found.replications < 5 * (narrow[0] + 1)


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_workers_have_no_say_in_when_a_study_ends(tiny, workers):
    alone = study(tiny, precision=Precision(0.02), workers=Here())
    with Processes(workers) as executor:
        found = study(tiny, precision=Precision(0.02), workers=executor)
    assert found.replications == alone.replications > 10
    assert_same(found.arrays(), alone.arrays())


def test_an_interrupted_study_ends_after_as_many(tiny, tmp_path):
    alone = study(tiny, [], precision=Precision(0.015), workers=1)
    for units in (7, 13, 21):
        with pytest.raises(KeyboardInterrupt):
            study(tiny, [], precision=Precision(0.015), workers=Until(units), folder=tmp_path)
    found = study(tiny, [], precision=Precision(0.015), workers=1, folder=tmp_path)
    assert_same(found.arrays(), alone.arrays())


@pytest.mark.parametrize(("text", "wanted"), [
    ("0.5pp", Precision(0.005)), ("2%", Precision(0.02, True)), (" .5 pp ", Precision(0.005)),
    ("1.%", Precision(0.01, True)), ("1 个百分点", Precision(0.01)),
])
def test_precisions_are_read(text, wanted):
    assert Precision.read(text) == wanted


@pytest.mark.parametrize("text", ["", "0.5", "pp", "%", "0pp", "0.0%", "-1pp", "+1pp", "1e-3pp", "nan%", "inf pp",
                                  "1,5pp", "0.5 PP", "1pp1pp", "1p p"])
def test_what_is_no_precision_is_refused(text):
    with pytest.raises(ValueError, match="positive number"):
        Precision.read(text)


# --- the command -----------------------------------------------------------------------------------------------------

def command(*words, folder, every_s=checkpoint.EVERY_S, **options):
    """A command that has begun, with processes of its own that a signal can reach together, and that keeps what is
    finished every so many seconds."""
    begin = (f"from sim.studies import checkpoint; checkpoint.EVERY_S = {every_s}; "
             "from surgeline.cli import main; main()")
    return subprocess.Popen([sys.executable, "-c", begin, *map(str, words)], cwd=folder, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
                            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2]), "SURGELINE_LANG": "en"},
                            **options)


def ended(process):
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def tables(folder):
    """All that a run found, in text."""
    manifest = json.loads((folder / "manifest.json").read_text())
    kept = {key: manifest[key] for key in ("replications", "record", "gains", "scenario_hash")}
    return (folder / "metrics.csv").read_text(), json.dumps(kept), (folder / "intervals.parquet").read_bytes()


def run_here(file, replications, folder, precision=None):
    """What the command finds in this process."""
    options = {"variant": None, "replications": replications, "precision": precision, "seed": 1, "engine": "kernel",
               "dask": None, "out": folder, "calls": False}
    run_command.run(str(file), options, "en", True)
    return tables(folder)


def undisturbed(file, replications, folder):
    """What the command finds if nothing disturbs it, without a report."""
    found = study(load(file), replications=replications, workers=Here())
    run_folder.write(found.first, [], folder, None, run_command.gains(found), lambda run: None)
    return tables(folder)


def kept_in(folder):
    return [path for path in (folder / ".unfinished").glob("*/*") if not path.name.startswith(".")]


def test_a_command_that_is_killed_goes_on(tiny_file, tmp_path):
    """By SIGKILL with its workers, by SIGKILL alone, and by Ctrl-C: run after run, at random moments."""
    dice = random.Random(3)
    words = ("run", tiny_file, "--replications", 1500, "--lang", "en", "--out")
    for how in (os.killpg, os.kill, "Ctrl-C"):
        before = newest(kept_in(tmp_path))
        process = command(*words, tmp_path / "run", folder=tmp_path, every_s=0)
        while process.poll() is None and newest(kept_in(tmp_path)) <= before:
            time.sleep(0.005)
        time.sleep(dice.uniform(0, 0.1))
        if how == "Ctrl-C":
            os.killpg(process.pid, signal.SIGINT)
        else:
            how(process.pid, signal.SIGKILL)
        code, _, err = ended(process)
        assert code == (130 if how == "Ctrl-C" else -signal.SIGKILL), err
        assert how != "Ctrl-C" or "goes on from here" in err
        assert "Traceback" not in err
        assert kept_in(tmp_path)
        assert not (tmp_path / "run").exists()
    code, _, err = ended(command(*words, tmp_path / "run", folder=tmp_path))
    assert code == 0
    assert "Going on" in err
    assert os.listdir(tmp_path) == ["run"]
    assert tables(tmp_path / "run") == undisturbed(tiny_file, 1500, tmp_path / "undisturbed")


def newest(paths):
    """When the last of some files was written; files may go meanwhile."""
    times = [0.0]
    for path in paths:
        try:
            times.append(path.stat().st_mtime)
        except FileNotFoundError:
            continue
    return max(times)


@pytest.mark.parametrize("every_s", [0, 1000], ids=["what is kept does not fit", "the run folder does not fit"])
def test_a_full_disk_is_told_and_nothing_is_half_written(tiny_file, tmp_path, every_s):
    """A file may have so many bytes: what the replications add up to has 526 kB."""
    resource = pytest.importorskip("resource")
    words = ("run", tiny_file, "--replications", 12, "--lang", "en", "--out", tmp_path / "run")

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, 9_000))

    code, _, err = ended(command(*words, folder=tmp_path, every_s=every_s, preexec_fn=little_room))
    assert code == 2, err
    assert "can't be written" in err
    assert "Traceback" not in err
    assert os.listdir(tmp_path) == []
    found = run_here(tiny_file, 12, tmp_path / "run")
    assert os.listdir(tmp_path) == ["run"]
    assert found == undisturbed(tiny_file, 12, tmp_path / "undisturbed")


def test_a_command_says_where_it_stopped(tiny_file, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(study.__kwdefaults__, "most", 20)
    run_here(tiny_file, None, tmp_path / "run", Precision(1e-6))
    assert "Stopped at 20 replications" in capsys.readouterr().err
    assert json.loads((tmp_path / "run" / "manifest.json").read_text())["replications"] == 20


@pytest.mark.parametrize("text", ["0.5", "-1pp"])
def test_a_command_refuses_what_is_no_precision(tiny_file, tmp_path, text):
    code, _, err = ended(command("run", tiny_file, "--precision", text, folder=tmp_path))
    assert code == 2
    assert "positive number" in err
    assert os.listdir(tmp_path) == []


def test_a_command_loses_nothing_for_want_of_a_cluster(tiny_file, tmp_path):
    pytest.importorskip("distributed")
    words = ("run", tiny_file, "--replications", 12, "--lang", "en", "--out", tmp_path / "run")
    keep_some(tiny_file, tmp_path)
    before = {path.name: path.read_bytes() for path in kept_in(tmp_path)}
    code, _, err = ended(command(*words, "--dask", "127.0.0.1:port", folder=tmp_path))
    assert code == 2
    assert "no cluster answers at 127.0.0.1:port" in err
    assert {path.name: path.read_bytes() for path in kept_in(tmp_path)} == before != {}


def keep_some(file, folder):
    """What the command leaves behind when it is interrupted."""
    scenario = load(file)
    others = {name: scenario.variant(name) for name in scenario.variants}
    key = key_of(scenario, others, 1, "kernel", 12, None, None)
    with pytest.raises(KeyboardInterrupt):
        study(scenario, others, replications=12, workers=Until(5), folder=folder / ".unfinished" / key)
