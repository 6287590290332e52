"""Values are solved for from the middle of blunt ranges, what a record does not tell is said, and the file stays.

The records are simulated from known values, so that it is known what is to be found.
"""
import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sim.reading.loading import load
from sim.scenario.assumptions import with_numbers
from sim.scenario.scenario import quantities
from sim.scenario.shipped import SHIPPED
from sim.studies import calibration
from sim.studies.calibration import calibrate, unknowns
from sim.studies.study import study
from surgeline import cli
from surgeline.commands import calibrate as calibrate_command
from surgeline.commands.calibrate import renumbered
from surgeline.folders import whole

CALLS, PATIENCE, REDIAL = 12000.0, 60.0, 0.6  # what is to be found

# Values with their units, marks and notes in many ways of writing; {…} is filled in.
FILE = """\
# 校准:一个上午。A morning to be solved for — with “quotes”, tabs\tand a trailing space \n\
surgeline: 1
title: {{zh: '一个上午', en: "A morning"}}   # both languages
horizon: {{start: 2021-03-01 08:00, end: 2021-03-01 12:00, interval: 1 h}}

cities:
  a:
    name: {{zh: 甲, en: A}}
    calls_a_day: {{calibrated: {calls}, to: "拨打 | dials", range: [3000, 30000]}}  # fresh callers
    seats: 19
    agents: 19
    shifts: always
    absence: 0
    shrinkage: 0
classes:
  people:
    name: {{zh: 人, en: people}}
    patience:
        law: exponential
        mean:
            # a quotation mark more
            calibrated: {patience}# not a comment's place
            range: [30 s, 6 min]
            to: 'hang-ups'
    talk: {{law: exponential, mean: 3 min}}
    after_busy: {{share: 0, delay: {{law: exponential, mean: 1 min}}}}
    after_hanging_up: {{
      share: {{range: [0 %, 80 %],
              to: "dials per caller, 1.5 %",
              calibrated: {redial} }},
      delay: {{law: exponential, mean: 2 min}}}}
  others:
    name: {{zh: 旁, en: others}}
    patience: {{law: exponential, mean: {{calibrated: {again}, range: [0.5 min, 360 s], to: hang-ups}}}}
    talk: {{law: exponential, mean: 3 min}}
    after_busy: {{share: 0, delay: {{law: exponential, mean: 1 min}}}}
    after_hanging_up: {{share: 0, delay: {{law: exponential, mean: 2 min}}}}
shifts: {{always: [{{start: "00:00", hours: 24, share: 100 %}}]}}
profiles: {{all: {{day: [1]}}}}
everyday:
  people: {{profile: all, share: 80 %}}
  others: {{profile: all, share: 20 %}}
observed:
{observed}
"""
START = {"calls": "6_000", "patience": "'3.00 min'   ", "redial": "40%", "again": "180 s"}
OBSERVED = (("callers", "1 %"), ("abandoned_share", 0.005), ("dials", "1 %"))


def observation(metric, value, within):
    return f"  - {{metric: {metric}, value: {value}, within: {within}, source: simulated}}"


def simulated(file, **numbers):
    """The record of a file with numbers put in by place, on luck of its own."""
    places = {where: numbers[name] for where, _ in quantities(load(file))
              for name in numbers if where[-len(name.split("__")):] == tuple(name.split("__"))}
    found = study(with_numbers(load(file), places), [], replications=40, seed=77, workers=1)
    return {metric: found.first.value(metric).mean for metric, _ in OBSERVED}


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    """What would be recorded if the values were the known ones."""
    file = tmp_path_factory.mktemp("truth") / "truth.yaml"
    file.write_text(FILE.format(**START, observed=observation("dials", 1, "1 %")))
    return simulated(file, calls_a_day=CALLS, patience__mean=PATIENCE, people__after_hanging_up__share=REDIAL)


@pytest.fixture(scope="module")
def text(truth):
    lines = [observation(metric, f"{truth[metric]:.6g}", within) for metric, within in OBSERVED]
    return FILE.format(**START, observed="\n".join(lines))


@pytest.fixture
def file(tmp_path, text, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "morning.yaml").write_text(text)
    return tmp_path / "morning.yaml"


@pytest.fixture(scope="module")
def wanted(text, tmp_path_factory):
    """The file after it was calibrated with four replications."""
    file = tmp_path_factory.mktemp("wanted") / "morning.yaml"
    file.write_text(text)
    assert calibrated(file, "--replications", 4)[0] == 0
    assert file.read_text() != text
    return file.read_text()


def calibrated(*words):
    """The exit code, what was printed for machines, and what was said."""
    done = CliRunner().invoke(cli.main, ["calibrate", "--json", "--lang", "en", *map(str, words)])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, json.loads(done.stdout) if done.exit_code in (0, 3) else None, done.stderr


def free_of(scenario):
    return unknowns(scenario, lambda where: True)


# --- what is found ---------------------------------------------------------------------------------------------------

def test_known_values_are_found_from_the_middle(file, truth):
    done = calibrate(load(file), free_of(load(file)), replications=10, workers=1)
    found = {one.unknown.name: one for one in done.found}
    assert done.agrees
    assert done.flat == []
    for name, wanted, near in (("cities.a.calls_a_day", CALLS, 0.02), ("classes.people.patience.mean", PATIENCE, 0.25),
                               ("classes.people.after_hanging_up.share", REDIAL, 0.1)):
        assert found[name].value == pytest.approx(wanted, rel=near)
        assert found[name].low <= wanted <= found[name].high
    assert len(found) == 3  # the patience of both classes is one value


def one_value(file, text, line, observed):
    """A file in which only one line has a free value."""
    lines = [line if "calls_a_day" in old and line.lstrip().startswith("calls_a_day") else old.replace(
        "calibrated:", "value:").replace("to:", "source:") for old in text.split("observed:")[0].split("\n")]
    file.write_text("\n".join(lines) + "observed:\n" + "\n".join(observed))
    return file


@pytest.mark.parametrize("calls", [3020, 3200, 29500])
def test_values_near_the_ends_of_their_range_are_found(file, text, calls):
    line = f"    calls_a_day: {{calibrated: {calls}, to: callers, range: [3000, 30000]}}"
    one_value(file, text, line, [observation("callers", 1, 1)])
    callers = study(load(file), [], replications=10, workers=1).first.value("callers").mean
    one_value(file, text, line, [observation("callers", callers, "0.5 %")])
    done = calibrate(load(file), free_of(load(file)), replications=10, workers=1)
    assert done.agrees
    assert done.found[0].value == pytest.approx(calls, rel=0.01)


def test_a_value_that_the_record_does_not_tell_is_named(file, text):
    """How soon people call again does not change how many they are."""
    file.write_text(text.split("observed:")[0] + "observed:\n" + observation("callers", 1500, "2 %"))
    done = calibrate(load(file), free_of(load(file)), replications=4, workers=1)
    told = {one.unknown.name: one.low == one.low for one in done.found}
    assert told == {"cities.a.calls_a_day": True, "classes.people.patience.mean": False,
                    "classes.people.after_hanging_up.share": False}
    named = set().union(*done.flat)
    assert named == {"classes.people.patience.mean", "classes.people.after_hanging_up.share"}


def test_two_values_that_matter_as_a_sum_are_named_together(file, text):
    shocks = """surges:
  - city: a
    class: people
    profile: all
    shocks:
      - {at: 2021-03-01 09:00, callers: {calibrated: 100, to: both, range: [0, 400]}, half_life: 10 min}
      - {at: 2021-03-01 09:00, callers: {calibrated: 101, to: both, range: [0, 400]}, half_life: 10 min}
"""
    fixed = text.split("observed:")[0].replace("calibrated:", "value:").replace("to:", "source:")
    file.write_text(fixed + shocks + "observed:\n" + observation("callers", 1300, "2 %"))
    done = calibrate(load(file), free_of(load(file)), replications=4, workers=1)
    (direction,) = done.flat
    first, second = (direction[f"surges.0.shocks.{i}.callers"] for i in range(2))
    assert first == pytest.approx(-second, abs=0.1)
    assert all(one.low != one.low for one in done.found)
    assert done.agrees
    assert sum(one.value for one in done.found) == pytest.approx(1300 - 1000, rel=0.25)


# --- what is written -------------------------------------------------------------------------------------------------

def test_the_file_stays_as_it_is_but_for_the_numbers(file, text):
    code, said, _ = calibrated(file)
    assert code == 0
    assert said["written"] == str(file)
    calls, patience, redial = (one["value"] for one in said["values"])
    assert file.read_text() == (
        text.replace("6_000", f"{calls:.0f}").replace("'3.00 min'", f"'{patience / 60:.4g} min'")
            .replace("40%", f"{redial * 100:.4g}%").replace("180 s", f"{patience:.4g} s"))
    assert patience != 180
    assert os.listdir(file.parent) == [file.name]


def test_what_was_written_is_read_and_agrees(file, wanted):
    """Calibrated again, nothing moves by more than what is written shows."""
    file.write_text(wanted)
    numbers = {where: q.number for where, q in quantities(load(file)) if q.kind == "calibrated"}
    assert len(numbers) == 4
    assert numbers["classes", "people", "patience", "mean"] == pytest.approx(
        numbers["classes", "others", "patience", "mean"], rel=1e-3)
    assert calibrated(file, "--replications", 4)[0] == 0
    assert {where: q.number for where, q in quantities(load(file)) if q.kind == "calibrated"} == pytest.approx(
        numbers, rel=1e-3)


@pytest.mark.parametrize(("end", "mark"), [("\r\n", ""), ("\r\n", "\ufeff"), ("\r", ""), ("\n", "\ufeff")])
def test_ends_of_lines_and_marks_of_the_byte_order_stay(file, text, wanted, end, mark):
    file.write_bytes((mark + text.replace("\n", end)).encode())
    assert calibrated(file, "--replications", 4)[0] == 0
    assert file.read_bytes().decode() == mark + wanted.replace("\n", end)


def test_what_other_programs_take_for_the_end_of_a_line_may_stand_in_comments(file, text, wanted):
    def odd(some):
        return some.replace("# both", "# both\u2028# and\u2029# and\x85#")

    file.write_text(odd(text))
    assert calibrated(file, "--replications", 4)[0] == 0
    assert file.read_text() == odd(wanted)


@pytest.mark.parametrize(("before", "value", "after"), [
    ("150 s}", 99.0, "99 s}"), ("2.5min, to: x", 99.0, "1.65min, to: x"), ("'3 h' # 4 h", 5400.0, "'1.5 h' # 4 h"),
    ('"8 %"', 0.125, '"12.5 %"'), ("0.08", 0.125, "0.125"), ("1_200 ", 123400.0, "123400 "), ("1e3", 1e-5, "0.00001"),
    ("+5, range: [1, 9]", 7.0, "7, range: [1, 9]"), ("８０％", 0.5, "50％"), ("３ min", 90.0, "1.5 min"),
    (".5", 0.25, "0.25"), ("2 days # soon", 86400.0, "1 days # soon"), ("1500ms]", 2.0, "2000ms]"),
])
def test_a_number_changes_and_its_unit_stays(before, value, after):
    assert renumbered(before, value, 0.0, 1e9) == after


@pytest.mark.parametrize(("before", "value", "low", "high", "wanted"), [
    ("1.5 min", 100.0, 60.0, 100.0, 100.0), ("0.2", 0.123456, 0.123456, 0.5, 0.123456),
    ("50 %", 2 / 3, 0.1, 2 / 3, 2 / 3), ("0.3", 1 / 3, 1 / 3, 1 / 3, 1 / 3),
])
def test_what_is_written_stays_in_its_range(before, value, low, high, wanted):
    text = renumbered(before, value, low, high)
    number = float(text.split()[0]) * (60 if "min" in text else 0.01 if "%" in text else 1)
    assert low - 1e-12 <= number <= high + 1e-12
    assert number == pytest.approx(wanted, rel=1e-3)


def test_the_end_of_a_range_can_be_found_and_read_again(file, text):
    """A record beyond the range's end, in a unit in which that end has no end of digits."""
    line = "    calls_a_day: {calibrated: 3700, to: callers, range: [3000, 6234.567]}"
    one_value(file, text, line, ["  - {metric: callers, above: 1038, source: simulated}"])
    done = calibrate(load(file), free_of(load(file)), replications=4, workers=1)
    assert all(one.unknown.low <= one.value <= one.unknown.high for one in done.found)
    calibrated(file, "--replications", 4)
    load(file)


# --- what is refused -------------------------------------------------------------------------------------------------

def test_a_record_that_no_values_attain_leaves_the_file(file, text):
    impossible = text.replace("metric: callers, value: ", "metric: callers, value: 9")
    file.write_text(impossible)
    code, said, _ = calibrated(file, "--replications", 4)
    assert code == 3
    assert said["agrees"] is False
    assert said["written"] is None
    assert file.read_text() == impossible
    assert os.listdir(file.parent) == [file.name]


def test_a_record_about_nothing_that_happens_is_not_attained(file, text):
    """Nobody is answered, so that no wait has a mean."""
    file.write_text(text.replace("seats: 19", "seats: 0").split("observed:")[0] + "observed:\n"
                    + observation("mean_wait_s", 60, 5))
    assert calibrated(file, "--replications", 2)[0] == 3


def test_without_a_record_there_is_nothing_to_solve(file, text):
    file.write_text(text.split("observed:")[0])
    code, _, said = calibrated(file)
    assert code == 2
    assert "has no record" in said


def test_without_a_free_value_there_is_nothing_to_solve(file, text):
    file.write_text(text.replace("calibrated:", "value:").replace("to:", "source:"))
    code, _, said = calibrated(file)
    assert code == 2
    assert "marks no value as free" in said


def test_another_file_with_out(file, text, wanted):
    assert calibrated("morning.yaml", "--out", "other.yaml", "--replications", 4)[0] == 0
    assert file.read_text() == text
    assert Path("other.yaml").read_text() == wanted


def test_a_shipped_scenario_is_written_to_this_folder(tmp_path, monkeypatch, text, wanted):
    monkeypatch.chdir(tmp_path)
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    (shipped / "morning.yaml").write_text(text)
    for room in ("sim.reading.files", "sim.scenario.shipped"):
        monkeypatch.setattr(f"{room}.SHIPPED", shipped)
    assert shipped != SHIPPED
    code, said, _ = calibrated("morning", "--replications", 4)
    assert code == 0
    assert said["written"] == "morning.yaml"
    assert (shipped / "morning.yaml").read_text() == text
    assert (tmp_path / "morning.yaml").read_text() == wanted


def test_another_file_of_the_same_name_is_not_overwritten(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "morning.yaml").write_text(text)
    (tmp_path / "mine.yaml").write_text("surgeline: 1\nextends: below/morning\n")
    (tmp_path / "morning.yaml").write_text("mine\n")
    code, _, said = calibrated("mine.yaml", "--replications", 4)
    assert code == 2
    assert "is there already" in said
    assert (tmp_path / "morning.yaml").read_text() == "mine\n"


def test_a_file_that_stands_on_another_calibrates_that_one(tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "base.yaml").write_text(text)
    (tmp_path / "mine.yaml").write_text("surgeline: 1\nextends: below/base\n")
    code, said, _ = calibrated("mine.yaml", "--replications", 4)
    assert (code, said["written"]) == (0, "base.yaml")
    assert (tmp_path / "below" / "base.yaml").read_text() == text
    assert (tmp_path / "mine.yaml").read_text() == "surgeline: 1\nextends: below/base\n"


def test_a_file_that_may_not_be_written_is_told(file, text):
    file.chmod(0o444)
    code, _, said = calibrated(file, "--replications", 4)
    assert code == 2
    assert "can't be written" in said
    assert file.read_text() == text
    assert os.listdir(file.parent) == [file.name]


@pytest.mark.parametrize("target", ["nowhere/x.yaml", "/proc/x.yaml", "folder"])
def test_a_target_that_can_not_be_written_is_told(file, text, target):
    Path("folder").mkdir()
    code, _, said = calibrated(file, "--replications", 4, "--out", target)
    assert code == 2
    assert f"{target} " in said
    assert file.read_text() == text
    assert sorted(os.listdir(file.parent)) == ["folder", file.name]
    assert os.listdir("folder") == []


def test_a_file_keeps_its_mode_and_a_link_its_file(file, text):
    file.chmod(0o640)
    Path("link.yaml").symlink_to(file)
    assert calibrated("link.yaml", "--replications", 4)[0] == 0
    assert Path("link.yaml").is_symlink()
    assert file.read_text() != text
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_disk_that_is_full_leaves_the_file(file, text, monkeypatch):
    """The last step fails: nothing is half-written, and nothing is left behind."""
    monkeypatch.setattr(Path, "replace", lambda *paths: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    code, _, said = calibrated(file, "--replications", 4)
    assert code == 2
    assert "No space left" in said
    assert file.read_text() == text
    assert os.listdir(file.parent) == [file.name]


def test_the_target_of_a_file_is_the_file():
    target = calibrate_command.target_of("jiangsu-everyday", SHIPPED / "provinces" / "jiangsu.yaml")
    assert target == Path("jiangsu.yaml")


# --- interrupted, and changed meanwhile ----------------------------------------------------------------------------

def changed_meanwhile(monkeypatch, change):
    """Somebody edits the file as soon as the values are found."""
    def found(*words, **more):
        done = calibrate(*words, **more)
        change()
        return done

    monkeypatch.setattr(calibrate_command, "calibrate", found)


def test_a_file_that_was_edited_meanwhile_is_left_to_its_editor(file, text, wanted, monkeypatch):
    edited = text.replace("cities:", "cities:\n  # 25 seats came on 3 August, 18 on 4 August")
    changed_meanwhile(monkeypatch, lambda: file.write_text(edited))
    for name in ("morning.calibrated.yaml", "morning.calibrated-2.yaml"):
        code, _, said = calibrated(file, "--replications", 4)
        assert code == 2
        assert "morning.yaml was changed while this was computed, and is left as it is" in " ".join(said.split())
        assert name in said
        assert file.read_text() == edited
        assert Path(name).read_text() == wanted
        file.write_text(text)
    assert sorted(os.listdir(file.parent)) == ["morning.calibrated-2.yaml", "morning.calibrated.yaml", "morning.yaml"]


@pytest.mark.parametrize("how", ["gone", "touched", "came"])
def test_what_was_done_to_the_target_meanwhile_is_not_undone(file, text, wanted, monkeypatch, how):
    changes = {"gone": file.unlink, "touched": lambda: os.utime(file),
               "came": lambda: Path("other.yaml").write_text("x")}
    changed_meanwhile(monkeypatch, changes[how])
    target = ["--out", "other.yaml"] if how == "came" else []
    code, _, _ = calibrated(file, "--replications", 4, *target)
    assert code == (0 if how == "touched" else 2)
    if how == "gone":
        assert not file.exists()
        assert Path("morning.calibrated.yaml").read_text() == wanted
    elif how == "touched":
        assert file.read_text() == wanted
    else:
        assert Path("other.yaml").read_text() == "x"
        assert Path("other.calibrated.yaml").read_text() == wanted


def test_an_edit_while_another_file_is_written_does_no_harm(file, text, wanted, monkeypatch):
    """What is written is what was read, with other numbers."""
    changed_meanwhile(monkeypatch, lambda: file.write_text("surgeline: 1\n" + text))
    assert calibrated(file, "--replications", 4, "--out", "other.yaml")[0] == 0
    assert Path("other.yaml").read_text() == wanted


def test_a_link_is_told_by_what_it_leads_to(file, text):
    Path("link.yaml").symlink_to(file)
    code, said, _ = calibrated("link.yaml", "--replications", 4)
    assert (code, said["written"]) == (0, str(file))
    Path("nowhere.yaml").symlink_to("gone.yaml")
    code, _, said = calibrated(file, "--replications", 4, "--out", "nowhere.yaml")
    assert code == 2
    assert "is there already" in said
    assert not Path("gone.yaml").exists()


def test_an_interrupted_calibration_goes_on_where_it_was(file, wanted, monkeypatch):
    real, trials = calibration.study, []

    def interrupted(*words, **more):
        trials.append(words)
        if len(trials) == 6:
            raise KeyboardInterrupt
        return real(*words, **more)

    monkeypatch.setattr(calibration, "study", interrupted)
    done = CliRunner().invoke(cli.main, ["calibrate", str(file), "--replications", "4", "--lang", "en"])
    assert done.exit_code == 130
    assert "goes on from here" in done.output
    assert sorted(os.listdir(file.parent)) == [".unfinished", "morning.yaml"]
    code, said, told = calibrated(file, "--replications", 4)
    assert code == 0
    assert "Going on" in told
    assert len(trials) == said["trials"] + 1  # the one that was interrupted is the only one twice
    assert file.read_text() == wanted
    assert os.listdir(file.parent) == ["morning.yaml"]


def test_two_at_once_into_one_file_are_refused(file, text):
    with whole.reserved(file):
        hold = [sys.executable, "-m", "surgeline", "calibrate", str(file), "--replications", "4", "--lang", "en"]
        done = subprocess.run(hold, capture_output=True, text=True,
                              env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])})
    assert done.returncode == 2
    assert "is being written by another command" in done.stderr
    assert file.read_text() == text
