"""A hotline of one city whose need is known by hand: a seat from eight to four, nobody at other times."""
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from sim.reading.loading import load
from surgeline.cli import main

TEXT = """surgeline: 1
title: {zh: 小城, en: A small city}
horizon: {start: 2021-08-02, end: 2021-08-03, interval: 30 min}
cities:
  town: {name: {zh: 小城, en: Town}, calls_a_day: {assume: CALLS, range: [10, 9000], why: invented}, seats: 9,
         agents: 4, absence: 0, shrinkage: 0, shifts: days}
shifts: {days: [{start: "08:00", hours: 8, share: 50 %}]}
profiles: {plain: {day: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0]}}
everyday: {other: {profile: plain}}
classes:
  other: {name: {zh: 其他, en: other}, patience: {law: exponential, mean: 10 min}, talk: {law: fixed, mean: TALK},
          after_busy: {share: 90 %, delay: {law: exponential, mean: 2 min}},
          after_hanging_up: {share: 50 %, delay: {law: exponential, mean: 10 min}}}
staffing:
  target: {share: 80 %, within: 15 s, answered: 0}
  shift_types: [{code: 白, from: ["08:00", "08:00"], hours: [8], meal: 0 min}]
"""


def text(more: str = "", calls: int = 200, talk: str = "1 s") -> str:
    """The scenario as a file, with something more or other numbers."""
    return TEXT.replace("CALLS", str(calls)).replace("TALK", talk) + more


def loaded(folder, more: str = "", change=lambda text: text, **numbers):
    """The scenario, from a file in a folder."""
    path = folder / "town.yaml"
    path.write_text(change(text(more, **numbers)), encoding="utf-8")
    return load(path)


def of_many(text: str) -> str:
    """Thirty agents of whom some are absent and some on a break, forty workplaces, and a meal in each shift."""
    for old, new in (("agents: 4", "agents: 30"), ("seats: 9", "seats: 40"), ("absence: 0", "absence: 5 %"),
                     ("shrinkage: 0", "shrinkage: 12 %"), ("hours: [8], meal: 0 min", "hours: [8.5]")):
        assert old in text
        text = text.replace(old, new)
    return text


ROSTER = """姓名,2021-08-01,2021-08-02,2021-08-03
王一,休,白,休
李二,休,休,白
张三,休,假,休
赵四,休,休,休
"""
"""Of its four agents."""
PEOPLE = "people: {town: {roster: {table: roster.csv}, call_in: {willing: 100 %}}}\n"


def surgeline(*words: object) -> str:
    """What a command prints that goes well."""
    done = CliRunner().invoke(main, [*map(str, words), "--lang", "en"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def staffed(file: Path, *words: object) -> Path:
    """The folder of a plan of its people, beside the file, with what the command says to machines."""
    said = surgeline("staff", file, *words, "--json", "--out", file.parent / "plan")
    (file.parent / "said.json").write_text(said.splitlines()[-1], encoding="utf-8")
    return file.parent / "plan"


def said_of_town(folder: Path) -> Any:
    """What the command said of the town whose plan it is."""
    return json.loads((folder.parent / "said.json").read_text(encoding="utf-8"))["cities"]["town"]
