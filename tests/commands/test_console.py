"""What a terminal shows of names that look like markup or are no text, and of run folders that are broken."""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from sim.reading.loading import load
from sim.studies.study import simulate
from sim.studies.validation import against_record
from surgeline import console, reports, terminal
from surgeline.cli import main
from surgeline.folders import run as run_folder

ROOT = Path(__file__).parents[2]
SCENARIO = """surgeline: 1
extends: two-cities
name: small
title: {zh: "[/red] 两座小城", en: "[/red] Two :car: cities"}
cities: {east: {name: {zh: 东城, en: "[bold]East[/]"}}, west: {name: {zh: 西城, en: "West\\nville"}}}
focus: [east, west]
variants: {none: {name: {zh: 不支援, en: "[/] no help"}}}
observed:
  - {metric: dials, scope: "city:east", above: 1000000, source: "[/red]"}
"""
posix = pytest.mark.skipif(os.name != "posix", reason="elsewhere names of files are text")


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "150")
    (tmp_path / "small.yaml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


def said(*words):
    """What a command prints, and its exit code."""
    result = CliRunner().invoke(main, [*words, "--lang", "en"])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture
def folder(here):
    """A run whose names all look like markup, and what was printed about it."""
    folder = "[bold]out[/red]"
    assert said("run", "small.yaml", "--replications", "1", "--out", folder)[0] == 0
    return here / folder


def from_shell(*words, **more):
    """What a command prints in a process of its own, and its exit code."""
    done = subprocess.run([sys.executable, "-m", "surgeline", *words, "--lang", "en"], capture_output=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT), **more})
    return done.returncode, (done.stdout + done.stderr).decode()


def test_what_a_scenario_says_is_no_markup(here):
    as_terminal = {"FORCE_COLOR": "1", "TERM": "xterm"}  # with bars of progress
    code, text = from_shell("run", "small.yaml", "--replications", "1", "--out", "[bold]out[/red]", **as_terminal)
    assert code == 0
    for words in ("[/red] Two :car: cities", "[bold]East[/]", "[bold]out[/red]"):
        assert words in text


@posix
def test_names_that_are_no_text_are_shown(here):
    name = b"\xff\x1b[2J.yaml"
    for content, code in ((SCENARIO, 0), ("surgeline: 2\n", 2)):
        (here / os.fsdecode(name)).write_text(content, encoding="utf-8")
        told = from_shell("check", os.fsdecode(name))
        assert told[0] == code
        assert told[1].startswith("\\udcff\\u001b[2J.yaml: ")


def broken(manifest, how):
    """The text of a manifest that somebody changed or that another version wrote."""
    if how == "cut":
        return json.dumps(manifest)[:500]
    if how == "deep":
        return "[" * 100_000
    if how == "format":
        manifest["format"] = 2
    elif how == "key":
        del manifest["record"]
    elif how == "rule":
        manifest["scenario"]["cities"]["east"]["seats"]["number"] = -1
    else:
        manifest["scenario"] = []
    return json.dumps(manifest)


def test_a_run_folder_that_is_broken_is_told_in_words(folder):
    file = folder / "manifest.json"
    text = file.read_text(encoding="utf-8")
    for how, words in (
        ("cut", "is no run folder"), ("deep", "is no run folder"), ("format", "was written by another version"),
        ("key", "its manifest lacks record"), ("list", "scenario in its manifest is not as this version writes it"),
        ("rule", "scenario.cities.east.seats in its manifest is not as this version writes it"),
    ):
        file.write_text(broken(json.loads(text), how), encoding="utf-8")
        code, told = said("report", str(folder))
        assert (code, told.count("\n")) == (2, 1)
        assert words in told
    file.write_text(text, encoding="utf-8")
    assert said("report", str(folder))[0] == 0
    (folder / "metrics.csv").unlink()
    assert said("report", str(folder))[0] == 2


# --- terminals of every width ----------------------------------------------------------------------------------------

FIGURES = re.compile(r"[±+-]?\d[\d,.:–-]*\d|\d")
CITIES = """surgeline: 1
extends: two-cities
cities: {east: {name: {zh: 乌鲁木齐高新技术产业开发区, en: The Eastville High Technology Development Zone}, seats: 4000,
                agents: 9000, calls_a_day: 700000}}
observed:
  - {metric: dials, scope: "city:east", value: 1234567, within: 20 %, source: S1}
  - {metric: answered, scope: "city:east", from: 2021-08-02 09:00, to: 2021-08-02 10:00, above: 98765, source: S1}
"""


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A run with long names and large figures."""
    folder = tmp_path_factory.mktemp("large")
    (folder / "large.yaml").write_text(CITIES, encoding="utf-8")
    result = simulate(load(folder / "large.yaml"), replications=2)
    return run_folder.write(result, against_record(result, {}), folder / "run", None, [], lambda run: None)


def shown_in(columns, monkeypatch, capsys, show, *words):
    """What a terminal so wide shows, line by line."""
    monkeypatch.setenv("COLUMNS", str(columns))
    show(*words)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [30, 40, 60, 80, 100])
def test_no_figure_of_a_run_is_cut_or_broken(large, monkeypatch, capsys, columns, lang):
    record = reports.record_of(large, lang)
    wide = shown_in(1000, monkeypatch, capsys, console.show_run, large, record, lang)
    narrow = shown_in(columns, monkeypatch, capsys, console.show_run, large, record, lang)
    assert sorted(FIGURES.findall("\n".join(narrow))) == sorted(FIGURES.findall("\n".join(wide)))
    assert "…" not in "".join(narrow)
    assert max(cell_len(line) for line in narrow[:-1]) <= columns  # the last one is a path, to be copied whole


@pytest.mark.parametrize("columns", [20, 40, 60, 80, 100])
def test_no_figure_of_a_sentence_is_broken(monkeypatch, capsys, columns):
    text = "目前领先的是“立即支援”：与“原方案”相比，东城每百人多接通 4.9 人（95 % 区间 3.8 至 6.0），" \
           "全程多接通 1,234,567 人。The best answers 1,234,567 people more (95 % interval 1,000,001 to 2,000,002)."
    lines = shown_in(columns, monkeypatch, capsys, terminal.show, text)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert FIGURES.findall("\n".join(lines)) == FIGURES.findall(text)
    assert max(map(cell_len, lines)) <= columns
    assert not [line for line in lines if line[0] in "，。；：、）”" or line[-1] in "“（"]
    assert not [line for line in lines if line.startswith("% ")]


def test_a_pipe_has_room_for_everything(large, monkeypatch, capsys):
    monkeypatch.delenv("COLUMNS", raising=False)
    terminal.show("word " * 100)
    assert capsys.readouterr().out.strip() == ("word " * 100).strip()


def test_what_does_not_fit_side_by_side_is_told_one_by_one(monkeypatch, capsys):
    header, rows = ["", "now", "later"], [["dials", "1,234,567", "7,654,321"], ["people", "1,000", "–"]]
    assert shown_in(40, monkeypatch, capsys, terminal.show_table, header, rows, "wff") == [
        "              now      later", "dials   1,234,567  7,654,321", "people      1,000          –"]
    assert shown_in(20, monkeypatch, capsys, terminal.show_table, header, rows, "wff") == [
        "dials", "  now: 1,234,567", "  later: 7,654,321", "people", "  now: 1,000", "  later: –"]


def test_nothing_that_a_name_holds_moves_the_cursor(monkeypatch, capsys):
    assert shown_in(80, monkeypatch, capsys, terminal.show, "a\x1b[2Jb\rc\nd") == ["a\\u001b[2Jb c d"]


@posix
@pytest.mark.parametrize("columns", [60, 80, 100])
def test_a_real_terminal_shows_whole_figures(large, columns):
    import pty
    main_end, terminal_end = pty.openpty()
    sql = "SELECT scope, mean, low, high FROM metrics WHERE metric = 'dials' LIMIT 3"
    process = subprocess.Popen([sys.executable, "-m", "surgeline", "query", sql, large.folder],
                               stdout=terminal_end, stderr=terminal_end, stdin=subprocess.DEVNULL,
                               env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": str(columns), "TERM": "xterm"})
    process.wait(120)
    os.close(terminal_end)
    text = os.read(main_end, 100_000).decode()
    os.close(main_end)
    assert process.returncode == 0
    assert str(large.value("dials").mean) in text
    assert "…" not in text
