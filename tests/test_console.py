"""What a terminal shows of names that look like markup or are no text, and of run folders that are broken."""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from surgeline.cli import main

ROOT = Path(__file__).parent.parent
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
    done = subprocess.run([sys.executable, "-m", "surgeline.cli", *words, "--lang", "en"], capture_output=True,
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
