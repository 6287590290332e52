"""How commands end: Ctrl-C at any moment, full and closed outputs, folders that can't be written, links, seeds, and
variables of the environment that belong to others."""
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.reading.loading import load
from surgeline import cli
from surgeline.cli import main
from surgeline.commands import studying
from surgeline.ending import BEGINS_ANEW, GOES_ON
from surgeline.folders import run as run_folder
from surgeline.folders import store, whole

ROOT = Path(__file__).parents[2]
TINY = """surgeline: 1
title: {zh: 小, en: Tiny}
horizon: {start: 2021-08-02 08:00, end: 2021-08-02 10:00, interval: 30 min}
cities:
  east: {name: {zh: 东, en: East}, calls_a_day: {assume: 600, range: [400, 800], why: x}, seats: 6, agents: 8,
         absence: 5 %, shrinkage: 10 %, shifts: days}
shifts: {days: [{start: "08:00", hours: 12, share: 50 %}]}
profiles: {plain: {day: [1, 2, 3, 4]}}
everyday: {other: {profile: plain}}
classes:
  other: {name: {zh: 其, en: other}, patience: {law: exponential, mean: 4 min}, talk: {law: exponential, mean: 3 min},
          after_busy: {share: 90 %, delay: {law: exponential, mean: 2 min}},
          after_hanging_up: {share: 50 %, delay: {law: exponential, mean: 10 min}}}
variants: {more: {name: {zh: 多, en: more}, levers: [{kind: volunteers, city: east, people: 2, place: elsewhere,
                                                      training: 0 s, from: 2021-08-02 08:00, to: 2021-08-02 10:00}]}}
"""
posix = pytest.mark.skipif(os.name != "posix", reason="elsewhere commands end otherwise")
COMMANDS = {"run": ("--replications", "2"), "compare": ("--replications", "2"), "sensitivity": (), "plan": ()}


@pytest.fixture(autouse=True)
def in_english(monkeypatch):
    monkeypatch.setenv("SURGELINE_LANG", "en")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    return tmp_path


def said(*words):
    """What a command prints, and its exit code."""
    result = CliRunner().invoke(main, [*map(str, words), "--lang", "en"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def begun(*words, **options):
    """A command in a process of its own."""
    more = options.pop("env", {})
    return subprocess.Popen([sys.executable, "-m", "surgeline", *map(str, words)], text=True,
                            stdin=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(ROOT), **more},
                            **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options))


def visible(folder):
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


# --- Ctrl-C ----------------------------------------------------------------------------------------------------------

@posix
@pytest.mark.parametrize("after_s", [0.0, 0.3, 0.6, 1.0, 1.5, 2.5])
def test_ctrl_c_while_a_command_begins_is_one_line(here, after_s):
    """Python itself takes a moment until it can say anything; from then on it is one line, whatever is being loaded."""
    process = begun("run", "tiny.yaml", "--replications", "100000", "--out", "run")
    time.sleep(0.4 + after_s)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert (out, err.count("Interrupted"), "Traceback" in out + err) == ("", 1, False), err
    assert visible(here) == ["tiny.yaml"]


@posix
@pytest.mark.parametrize("module", ["surgeline.cli", "click", "sim.scenario.messages", "surgeline.locale", "tomllib"])
def test_ctrl_c_while_the_program_itself_is_loaded_is_one_line(here, module):
    code = f"""
import os, signal, sys
class Interrupting:
    def find_spec(self, name, *_):
        if name == {module!r}:
            print("loading it", flush=True)
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupting())
from surgeline.__main__ import program
program()
"""
    done = subprocess.run([sys.executable, "-c", code, "check", "tiny.yaml"], capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stdout, done.stderr.count("Interrupted"), done.stderr.count("\n")) == (
        130, "loading it\n", 1, 1), done.stderr


@pytest.mark.parametrize(("command", "words"), [
    ("run", GOES_ON), ("compare", GOES_ON), ("sensitivity", GOES_ON), ("calibrate", GOES_ON), ("plan", GOES_ON),
    ("report", BEGINS_ANEW), ("query", BEGINS_ANEW), ("check", BEGINS_ANEW), ("list", BEGINS_ANEW),
])
def test_what_is_said_of_going_on_is_true(monkeypatch, command, words):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(cli.main.commands[command], "callback", interrupted)
    arguments = {"list": (), "query": ("SELECT 1", ".")}.get(command, ("two-cities",))
    done = CliRunner().invoke(main, [command, *arguments])
    assert (done.exit_code, done.output.strip()) == (130, words)


def test_what_verifies_keeps_nothing(monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("surgeline.commands.run.verify", interrupted)
    done = CliRunner().invoke(main, ["run", "two-cities", "--verify"])
    assert (done.exit_code, done.output.strip()) == (130, BEGINS_ANEW)


@posix
def test_ctrl_c_inside_the_database_is_ctrl_c(here):
    assert said("run", "tiny.yaml", "--replications", 1, "--out", "run")[0] == 0
    process = begun("query", "SELECT count(*) FROM range(1000000000000) t(a) WHERE a % 7 = 3", "run")
    time.sleep(6)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err.strip()) == (130, BEGINS_ANEW)


def test_ctrl_c_that_comes_out_of_a_library_as_its_own_error_is_ctrl_c(here, monkeypatch):
    def inside(*_):
        signal.raise_signal(signal.SIGINT)

    def writing(*_):
        try:
            inside()
        except KeyboardInterrupt:
            raise RuntimeError("Query interrupted") from None

    with monkeypatch.context() as patch:
        patch.setattr(run_folder, "write_csv", writing)
        done = CliRunner().invoke(main, ["run", "tiny.yaml", "--replications", "2", "--out", "run"])
    assert (done.exit_code, done.output.strip().splitlines()[-1]) == (130, GOES_ON)
    assert visible(here) == ["tiny.yaml"]
    code, text = said("run", "tiny.yaml", "--replications", 2, "--out", "run")
    assert code == 0
    assert "Going on" in text
    assert sorted(os.listdir(here)) == ["run", "tiny.yaml"]


# --- what is printed has nowhere to go -------------------------------------------------------------------------------

@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no such device here")
@pytest.mark.parametrize("words", [("schema",), ("run", "tiny.yaml", "--replications", "1", "--out", "run")])
def test_a_full_output_is_told(here, words):
    with open("/dev/full", "w") as full:
        process = begun(*words, stdout=full)
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err.strip()) == (2, "standard output: No space left on device")


@posix
def test_who_reads_no_further_is_no_error(here):
    process = begun("schema")
    process.stdout.read(10)
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), err) == (0, "")


@posix
def test_closed_outputs_are_no_error(here):
    script = '"$0" -m surgeline run tiny.yaml --replications 1 --out run >&- 2>&-'
    done = subprocess.run(["sh", "-c", script, sys.executable], env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0
    assert (here / "run" / "report.html").is_file()


# --- refused before the study ----------------------------------------------------------------------------------------

@pytest.fixture
def nothing_is_simulated(monkeypatch):
    def simulated(*_, **__):
        pytest.fail("the study began")

    for name in ("surgeline.commands.studying.study", "surgeline.commands.sensitivity.sensitivity",
                 "surgeline.commands.plan.plan", "surgeline.commands.calibrate.calibrate"):
        monkeypatch.setattr(name, simulated)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("out", ["x" * 300, "tiny.yaml/run", "tiny.yaml", "..", "/proc/nowhere/run"])
def test_a_folder_that_can_not_be_written_is_refused_before_the_study(here, nothing_is_simulated, command, out):
    name = "jiangsu-everyday" if command == "plan" else "tiny.yaml"
    if command == "plan":
        (here / "terms.yaml").write_text("""surgeline: 1
extends: two-cities
lending: {agreed: 2021-08-02 10:00, connect: 1 h, rehearsal: 1 h, to: 2021-08-02, block: 1 h}
""")
        name = "terms.yaml"
    before = visible(here)
    code, text = said(command, name, "--out", out, *COMMANDS[command])
    assert code == 2
    assert "can't be written" in text or "is there already" in text
    assert visible(here) == before
    assert not [name for name in os.listdir(here) if name.startswith(".")]


@posix
@pytest.mark.parametrize("command", COMMANDS)
def test_two_at_once_into_one_folder_are_refused(here, nothing_is_simulated, command):
    name = "nanjing-and-yangzhou-2021" if command == "plan" else "tiny.yaml"
    hold = "import sys, time; from pathlib import Path; from surgeline.folders import whole\n" \
           "with whole.new(Path('out')): print('held', flush=True); time.sleep(600)"
    process = subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE, text=True,
                               env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        assert process.stdout.readline() == "held\n"
        code, text = said(command, name, "--out", "out", *COMMANDS[command])
        assert code == 2
        assert f"out is being written by another command (process {process.pid} on" in text
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.parametrize("seed", [str(2**128), "-1", "1.5", "one"])
@pytest.mark.parametrize("command", [*COMMANDS, "calibrate"])
def test_what_is_no_seed_is_refused(here, command, seed):
    code, text = said(command, "tiny.yaml", f"--seed={seed}")
    assert code == 2
    assert "Traceback" not in text
    assert os.listdir(here) == ["tiny.yaml"]


@pytest.mark.parametrize("seed", [0, 2**63, 2**64 - 1, 2**64, 2**128 - 1])
def test_seeds_may_be_as_large_as_those_of_other_programs(here, seed):
    code, _ = said("run", "tiny.yaml", "--replications", 1, "--out", "run", "--seed", seed)
    assert code == 0
    assert json.loads((here / "run" / "manifest.json").read_text())["seed"] == seed
    assert store.query("SELECT seed FROM runs", [here / "run"])["seed"].tolist() == [seed]
    assert said("report", "run")[0] == 0


# --- reports ---------------------------------------------------------------------------------------------------------

@pytest.fixture
def finished(here):
    assert said("run", "tiny.yaml", "--replications", 2, "--out", "run")[0] == 0
    return here / "run"


@posix
def test_a_report_comes_instead_of_a_link(finished, here):
    (here / "precious").write_text("mine")
    page = (finished / "report.html").read_text(encoding="utf-8")
    (finished / "report.html").unlink()
    (finished / "report.html").symlink_to(here / "precious")
    assert said("report", "run")[0] == 0
    assert (here / "precious").read_text() == "mine"
    assert not (finished / "report.html").is_symlink()
    assert (finished / "report.html").read_text(encoding="utf-8") == page


@posix
def test_a_report_is_written_whole_or_not_at_all(finished):
    """A file may have no more than 20,000 bytes: a report has more."""
    resource = pytest.importorskip("resource")
    (finished / "report.html").write_text("old")
    before = {path.name: path.read_bytes() for path in finished.iterdir()}
    process = begun("report", finished, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)))
    _, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "can't be built: File too large" in err
    assert {path.name: path.read_bytes() for path in finished.iterdir()} == before


@posix
@pytest.mark.parametrize("name", ["manifest.json", "metrics.csv", "intervals.parquet"])
def test_a_report_follows_no_links(finished, here, name):
    (finished / name).rename(here / name)
    (finished / name).symlink_to(here / name)
    code, text = said("report", "run")
    assert code == 2
    assert f"{name} can't be read: it is no regular file of this folder" in text


# --- leftovers, and calls of all replications ------------------------------------------------------------------------

@posix
def test_what_a_killed_command_has_left_is_swept(here):
    process = begun("run", "tiny.yaml", "--replications", "100000", "--out", "run")
    while not any(name.endswith(whole.SUFFIX) for name in os.listdir(here)):
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert len(os.listdir(here)) > 1
    assert said("run", "tiny.yaml", "--replications", 2, "--out", "other")[0] == 0
    left = [name for name in os.listdir(here) if name.startswith(".")]
    assert left in ([], [studying.UNFINISHED])  # what was finished is kept for the same command


def test_what_nobody_went_on_with_is_forgotten_after_a_month(here):
    for name, days in (("old", 31), ("young", 29)):
        (here / studying.UNFINISHED / name).mkdir(parents=True)
        (here / studying.UNFINISHED / name / "0-0.npz").write_bytes(b"a finding")
        os.utime(here / studying.UNFINISHED / name, (time.time() - days * 86400,) * 2)
    assert said("run", "tiny.yaml", "--replications", 2, "--out", "run")[0] == 0
    assert os.listdir(here / studying.UNFINISHED) == ["young"]


def test_the_same_study_may_be_under_way_twice(here):
    scenario = load("tiny.yaml")
    options = {"precision": None, "replications": 2, "engine": "kernel", "seed": 1, "dask": None}
    with studying.studied(scenario, {}, options, "en", here / "one") as one, \
            studying.studied(scenario, {}, options, "en", here / "other") as other:
        assert one.checkpoint.folder != other.checkpoint.folder
        assert one.first.value("dials") == other.first.value("dials")
    assert os.listdir(here) == ["tiny.yaml"]


@pytest.mark.parametrize("out", ["nowhere/../run", "kept/../run", "./kept/../run"])
def test_a_way_that_winds_leads_where_it_ends(here, out):
    (here / "kept").mkdir()
    assert said("run", "tiny.yaml", "--replications", 1, "--out", out)[0] == 0
    assert (here / "run" / "report.html").exists()
    assert not (here / "nowhere").exists()


def test_calls_of_all_replications_are_kept(here):
    assert said("run", "tiny.yaml", "--replications", 3, "--out", "run", "--calls")[0] == 0
    found = store.query("SELECT replication, count(*) AS n FROM calls GROUP BY ALL ORDER BY ALL", [here / "run"])
    assert found["replication"].tolist() == [0, 1, 2]
    assert found["n"].mean() == pytest.approx(run_folder.Run.read(here / "run").value("dials").mean, rel=1e-6)


def test_too_many_calls_are_said(here, monkeypatch):
    monkeypatch.setattr("surgeline.commands.run.MOST_DIALS", 110)
    code, text = said("run", "tiny.yaml", "--replications", 4, "--out", "run", "--calls")
    assert code == 0
    assert "Dials of 2 of 4 replications are kept" in text
    assert run_folder.read_parquet(here / "run" / "calls.parquet")["replication"].unique().tolist() == [0, 1]
    monkeypatch.setattr("surgeline.commands.run.MOST_DIALS", 10)
    code, text = said("run", "tiny.yaml", "--replications", 4, "--out", "none", "--calls")
    assert "Dials of 0 of 4 replications are kept" in text
    assert not (here / "none" / "calls.parquet").exists()


# --- letters ---------------------------------------------------------------------------------------------------------

class Terminal(io.TextIOWrapper):
    def isatty(self):
        return True


@pytest.mark.parametrize(("kind", "letters", "wanted"), [
    (Terminal, "gbk", "gbk"), (Terminal, "gb2312", "gb2312"), (Terminal, "utf-8", "utf-8"),
    (Terminal, "ascii", "utf-8"),
    (io.TextIOWrapper, "gbk", "utf-8"), (io.TextIOWrapper, "ascii", "utf-8"),
])
def test_a_terminal_is_told_in_its_own_letters_and_a_pipe_in_utf_8(kind, letters, wanted):
    raw = io.BytesIO()
    stream = cli.told_in_utf8(kind(raw, encoding=letters))
    print("接通率 é\ud800", file=stream, flush=True)
    assert stream.encoding == wanted
    assert raw.getvalue().decode(wanted).startswith("接通率 ")
