"""No text of any report is clipped, broken or too small, and none runs into another: measured in a browser."""
from __future__ import annotations

import re

import pytest
from browser import browser
from click.testing import CliRunner
from pictures import LANGS, faults

from sim.studies import sensitivity
from surgeline.cli import main

pytestmark = pytest.mark.browser
DAYS = """
surgeline: 1
extends: two-cities
title: {zh: 名字很长的五座小城, en: Five small cities of which some have names that are rather long}
horizon: {start: 2021-08-02, end: 2021-08-04}
cities:
  east: {name: {zh: 连云港, en: Lianyungang}}
  north: {name: {zh: 呼伦贝尔, en: Hulunbuir}, tile: [0, 1], calls_a_day: 300, seats: 8, agents: 14, shifts: days,
    absence: 0, shrinkage: 20 %, lines_per_seat: 2}
  south: {name: {zh: 锡林郭勒, en: Xilingol League}, tile: [1, 1], calls_a_day: 0, seats: 8, agents: 14, shifts: days,
    absence: 0, shrinkage: 20 %, lines_per_seat: 2}
  third: {name: {zh: 宿迁, en: Suqian}, tile: [2, 1], calls_a_day: 900, seats: 6, agents: 10, shifts: days, absence: 0,
    shrinkage: 20 %, lines_per_seat: 1}
levers:
  replace:
  - {kind: desk, name: province-remote, cities: [east], seats: 3, from: 2021-08-02 12:00, to: 2021-08-04}
  - {kind: lend, lender: west, borrower: east, seats: 4, from: 2021-08-02 12:00, to: 2021-08-04 20:00}
variants:
  none:
    name: {zh: 谁也不支援谁而且也没有省级座席, en: nobody helps anybody and there is no desk of the province}
    levers: []
  at-once:
    name: {zh: 第一天早上就开始支援, en: help from the morning of the first day on}
    levers:
      - {kind: lend, lender: west, borrower: east, seats: 4, from: 2021-08-02 08:00, to: 2021-08-04 20:00}
  longer-shared:
    name: {zh: 按需共用, en: shared by need}
    levers:
      - {kind: lend, lender: north, borrower: east, seats: 4, serves: both, from: 2021-08-02 10:00, to: 2021-08-04,
         hours: ["08:00", "20:00"]}
observed:
  - {metric: dials, scope: "city:east", value: 123456, within: 90 %, source: S}
sources: {S: "某地热线办公室二〇二一年的统计 | what the office of some hotline counted in the year 2021"}
"""
QUIET = """
surgeline: 1
extends: two-cities
surges: []
levers: []
variants:
  at-once: ~
  longer-shared: ~
  more:
    name: {zh: 增派, en: more}
    levers: [{kind: call_in, city: east, people: 1, from: 2021-08-02, to: 2021-08-02}]
cities: {east: {calls_a_day: 0}, west: {calls_a_day: 0}}
"""
COMING = """
surgeline: 1
extends: two-cities
horizon: {start: 2021-08-02, end: 2021-08-03}
lending: {to: 2021-08-03, block: 30 min}
surges:
  replace:
  - {city: east, class: everyday, profile: plain, by_day: {2021-08-02: 700, 2021-08-03: 900}}
"""
ALL_CITIES = """
surgeline: 1
extends: days.yaml
staffing: {cities: [east, west, north, south, third]}
"""
MADE = {
    "run": ("run", "two-cities", "--replications", "3"), "once": ("run", "two-cities", "--replications", "1"),
    "days": ("run", "days.yaml", "--replications", "2"), "quiet": ("run", "quiet.yaml", "--replications", "2"),
    "compared": ("compare", "days.yaml", "--replications", "3"),
    "nobody": ("compare", "quiet.yaml", "--replications", "2"),
    "sensed": ("sensitivity", "two-cities"), "planned": ("plan", "coming.yaml", "--replications", "10"),
    "rolled": ("plan", "coming.yaml", "--rolling", "22:00", "--replications", "2"),
    "staffed": ("staff", "two-cities", "--seconds", "2", "--replications", "2"),
    "shifts": ("staff", "all-cities.yaml", "--seconds", "2", "--replications", "2"),
}
PAGES = [(name, "report.html") for name in MADE] + [("planned", "order.html")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Every kind of report, by what it is about."""
    here = tmp_path_factory.mktemp("pictures")
    for name, text in {"days": DAYS, "quiet": QUIET, "coming": COMING, "all-cities": ALL_CITIES}.items():
        (here / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        for name, number in {"TRAJECTORIES": 3, "CLOSE_POINTS": 4, "ANYWHERE": 6}.items():
            patch.setattr(sensitivity, name, number)
        for name, words in MADE.items():
            done = CliRunner().invoke(main, [*words, "--out", name], catch_exceptions=False)
            assert done.exit_code == 0, done.output
    return here


@pytest.fixture(scope="module")
def shown():
    """A browser; a missing one is a failure, as then nobody has looked."""
    with browser() as one:
        yield one


@pytest.mark.parametrize(("name", "page"), PAGES)
def test_every_text_can_be_read(made, shown, name, page):
    assert list(faults(shown, made / name / page)) == []


@pytest.mark.parametrize("lang", LANGS)
def test_each_sheet_of_an_order_is_one_page_and_pages_are_counted(made, shown, lang):
    order = made / "planned" / "order.html"
    shown.show(order, lang, paper=True)
    assert pages(shown.print()) == order.read_text(encoding="utf-8").count("<article") / 2 > 3
    shown.show(made / "days" / "report.html", lang, paper=True)
    assert pages(shown.print()) > 3
    assert "counter(page)" in (made / "days" / "report.html").read_text(encoding="utf-8")


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


@pytest.mark.parametrize(("fault", "into", "put"), [
    ("overlap", "</svg>", '<text x="200" y="80">one</text><text x="205" y="82">other</text></svg>'),
    ("overlap", "</svg>", '<text x="100" y="90">9:00</text><text x="125" y="90">10:00</text></svg>'),
    ("clipped", "</svg>", '<text x="420" y="80">beyond the right edge</text></svg>'),
    ("clipped", "</h2>", '</h2><p style="height:9px;overflow:hidden">one<br>two</p>'),
    ("beyond the page", "</h2>", '</h2><p style="white-space:nowrap">' + 40 * "as wide as this " + "</p>"),
    ("broken word", "</h2>", '</h2><p class="axis" style="width:40px;word-break:break-all">incomprehensible</p>'),
    ("a character alone on a line", "</h2>", '</h2><p class="axis" style="width:54px">座席小时数</p>'),
    ("smaller than can be read", "</h2>", '</h2><p style="font-size:5px">hardly</p>'),
    ("a table too wide", "</h2>", '</h2><div class="table"><p style="width:2000px">wide</p></div>'),
])
def test_what_is_wrong_is_seen(made, shown, tmp_path, fault, into, put):
    text = (made / "once" / "report.html").read_text(encoding="utf-8")
    bad = tmp_path / "bad.html"
    bad.write_text(text.replace(into, put, 1), encoding="utf-8")
    found = list(faults(shown, bad))
    assert any(f": {fault}" in one for one in found), found
