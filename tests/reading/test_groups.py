"""Notes, groups of levers and variants: what a file says in short, and where its faults are."""
from datetime import datetime

import beside
import pytest

from sim.reading.loading import load

write, write_mine, told = beside.write, beside.write_mine, beside.told_of_mine
HEAD = "surgeline: 1\nextends: two-cities\nvariants: ~\n"
NAME = "name: {zh: 甲, en: A}"
TABLE = """lever_groups:
  helpers:
    common: {kind: lend, borrower: east, to: 2021-08-02 20:00, presence: 80 %}
    columns: [lender, from, seats]
    rows:
    - [west, 2021-08-02 12:00, 2, {serves: both}]
    - [west, 2021-08-02 14:00, {assume: 1, range: [1, 3], why: few}]
  own: [{kind: call_in, city: east, people: 1, from: 2021-08-02 09:00, to: 2021-08-02 18:00}]
"""


def kinds(levers):
    return [lever.kind for lever in levers]


# --- notes -----------------------------------------------------------------------------------------------------------

def test_a_note_stands_where_its_name_does(write_mine):
    text = HEAD + """notes: {few: "不多 | not many", end: 2021}
levers:
  replace:
  - {kind: call_in, city: east, people: {assume: 1, range: [1, 3], why: few}, from: 2021-08-02, to: 2021-08-02}
absences:
  - {city: west, from: 2021-08-02, to: 2021-08-02, share: 5 %, who: end}
"""
    scenario = load(write_mine(text))
    assert scenario.levers[0].people.note == "不多 | not many"
    assert scenario.absences[0].who == "2021"


def test_notes_that_do_nothing_or_are_no_text(told):
    assert told(HEAD + "notes: {idle: x, list: [1]}\n") == [
        "mine.yaml:4:9: notes.idle: does nothing: no source, why, to, note or who names it",
        "mine.yaml:4:24: notes.list: must be text, got a list"]
    assert told(HEAD + "notes: [a]\n") == ["mine.yaml:4:8: notes: must be a mapping of names to texts, got a list"]


def test_the_notes_of_a_base_may_do_nothing_here(write_mine):
    write_mine(HEAD + "notes: {few: x}\nanswered_within: {value: 20 s, source: few}\n", "base.yaml")
    scenario = load(write_mine("surgeline: 1\nextends: base\nanswered_within: 10 s\n"))
    assert scenario.answered_within.note == ""


# --- groups ----------------------------------------------------------------------------------------------------------

def test_each_row_is_a_lever_with_what_is_common(write_mine):
    text = HEAD.replace("variants: ~\n", "") + "levers: ~\n" + TABLE
    scenario = load(write_mine(text + f"variants: {{all: {{{NAME}, with: [helpers, own]}}}}\n"))
    assert scenario.levers == ()
    first, second, own = scenario.variant("all").levers
    assert (first.lender, first.borrower, float(first.seats), first.serves) == ("west", "east", 2, "both")
    assert (first.start, first.end) == (datetime(2021, 8, 2, 12), datetime(2021, 8, 2, 20))
    assert (second.start, float(second.seats), second.seats.range) == (datetime(2021, 8, 2, 14), 1, (1, 3))
    assert (second.serves, float(second.presence), own.kind) == ("borrower", 0.8, "call_in")


def test_all_groups_are_there_if_no_levers_are_named(write_mine):
    write_mine("surgeline: 1\nextends: two-cities\nlevers: ~\nvariants: ~\n", "none.yaml")
    write_mine("surgeline: 1\nextends: none\nlevers: [own, helpers]\n" + TABLE, "some.yaml")
    assert kinds(load("some.yaml").levers) == ["call_in", "lend", "lend"]
    text = TABLE.replace("lever_groups:\n", "")
    tutorial = load("two-cities")
    write_mine(dumped_without_levers() + "lever_groups:\n" + text, "whole.yaml")
    assert kinds(load("whole.yaml").levers) == ["lend", "lend", "call_in"]
    assert tutorial.levers != load("whole.yaml").levers


def dumped_without_levers():
    """The tutorial without its levers and variants."""
    from sim.scenario.shipped import SHIPPED
    text = (SHIPPED / "two-cities.yaml").read_text(encoding="utf-8")
    return text[:text.index("levers:")] + text[text.index("lending:"):text.index("variants:")]


def test_groups_are_added_to_all_groups_of_a_base(write_mine):
    write_mine(dumped_without_levers() + TABLE, "base.yaml")
    more = "lever_groups: {more: [{kind: bot, cities: [east], share: 5 %, from: 2021-08-02, to: 2021-08-02}]}\n"
    assert kinds(load(write_mine("surgeline: 1\nextends: base\n" + more)).levers) == ["lend", "lend", "call_in", "bot"]
    text = "surgeline: 1\nextends: base\nlevers: {add: [more]}\n" + more
    assert kinds(load(write_mine(text)).levers) == ["lend", "lend", "call_in", "bot"]
    assert load(write_mine("surgeline: 1\nextends: base\nlevers: ~\n")).levers == ()


def test_a_fault_is_told_once_at_the_cell_that_has_it(told):
    variants = f"variants: {{a: {{{NAME}, without: [own]}}, b: {{{NAME}, on: a, with: [own]}}}}\n"
    text = HEAD.replace("variants: ~\n", "") + "levers: {replace: [helpers, own]}\n" + TABLE + variants
    assert told(text.replace("range: [1, 3]", "range: [2, 3]")) == [
        "mine.yaml:10:41: lever_groups.helpers.rows[1][2].assume: 1 lies outside its own range 2 to 3"]
    assert told(text.replace("borrower: east", "borrower: est")) == [
        'mine.yaml:6:36: lever_groups.helpers.common.borrower: "est" is no city; did you mean "west"?']
    assert told(text.replace("{serves: both}", "{servs: both}")) == [
        'mine.yaml:9:36: lever_groups.helpers.rows[0][3].servs: is no known name; did you mean "serves"?']


@pytest.mark.parametrize(("old", "new", "says"), [
    ("[west, 2021-08-02 12:00, 2, {serves: both}]", "[west, 2021-08-02 12:00]",
     "10:7: lever_groups.helpers.rows[0]: must be a value for each of lender, from, seats, and perhaps a mapping of "
     "further terms, got 2 values"),
    ("{serves: both}", "{seats: 3}", "10:36: lever_groups.helpers.rows[0][3].seats: stands in the column seats "
                                     "already"),
    ("columns: [lender, from, seats]", "columns: [lender, from, from]",
     '8:29: lever_groups.helpers.columns[2]: "from" stands here twice'),
    ("columns: [lender, from, seats]", "columns: [lender, −from, seats]",
     '8:23: lever_groups.helpers.columns[1]: "−from" is no term of a lever; did you mean "from"?'),
    ("columns:", "colums:", '8:5: lever_groups.helpers.colums: is no known name; did you mean "columns"?'),
    ("common: {kind", "common: [kind", "7:"),
])
def test_tables_that_are_none(told, old, new, says):
    text = HEAD + "levers: {replace: [helpers, own]}\n" + TABLE.replace(old, new)
    if says == "7:":
        text = text.replace("presence: 80 %}", "presence: 80 %]").replace("borrower: east,", "east,")
    assert any(problem.startswith(f"mine.yaml:{says}") for problem in told(text))


def test_a_group_that_nothing_names(told):
    assert told(HEAD + "levers: {replace: [own]}\n" + TABLE) == [
        "mine.yaml:6:3: lever_groups.helpers: does nothing: neither levers nor a variant names this group"]


def test_names_of_groups_that_there_are_not(told):
    levers = "levers: {replace: [helpers, onw, helpers, own]}\n"
    assert told(HEAD + levers + TABLE) == [
        'mine.yaml:4:29: levers[1]: "onw" is no group of levers; did you mean "own"?',
        "mine.yaml:4:34: levers[2]: helpers is there already: leave this out"]


# --- variants --------------------------------------------------------------------------------------------------------

VARIANTS = f"""variants:
  less: {{{NAME}, without: [helpers]}}
  more: {{{NAME}, with: [bot]}}
  other: {{{NAME}, replace: {{own: bot}}}}
  least: {{{NAME}, on: less, without: [own]}}
  single: {{{NAME}, levers: [bot]}}
  same: {{{NAME}}}
"""
BOT = "  bot: [{kind: bot, cities: [east], share: 5 %, from: 2021-08-02, to: 2021-08-02}]\n"
ALL = "surgeline: 1\nextends: none\nlevers: [helpers, own]\n" + TABLE + BOT


def test_variants_leave_out_add_and_replace(write_mine):
    write_mine(HEAD + "levers: ~\n", "none.yaml")
    scenario = load(write_mine(ALL + VARIANTS))
    assert {name: kinds(one.levers) for name, one in scenario.variants.items()} == {
        "less": ["call_in"], "more": ["lend", "lend", "call_in", "bot"], "other": ["lend", "lend", "bot"], "least": [],
        "single": ["bot"], "same": ["lend", "lend", "call_in"]}


@pytest.mark.parametrize(("variant", "says"), [
    ("without: [bot]", "variants.v.without[0]: bot is not there anyway: leave this out"),
    ("with: [own]", "variants.v.with[0]: own is there already: leave this out"),
    ("replace: {bot: own}", "variants.v.replace.bot: bot is not there: name own under with"),
    ("replace: {helpers: own}", "variants.v.replace.helpers: own is there already: leave helpers out with without"),
    ("levers: [], with: [own]", "variants.v.with: stands beside levers, which say all: leave one of them out"),
    ("on: w", 'variants.v.on: "w" is no variant'),
    ("on: v", "variants.v.on: leads back to v, which stands on this variant"),
    ("without: own", 'variants.v.without: must be a list of groups of levers, got "own"'),
    ("replace: [own]", "variants.v.replace: must be a mapping of groups to groups, such as"),
])
def test_variants_that_make_no_sense(write_mine, told, variant, says):
    write_mine(HEAD + "levers: ~\n", "none.yaml")
    problems = told(ALL + f"variants: {{used: {{{NAME}, with: [bot]}}, v: {{{NAME}, {variant}}}}}\n")
    assert len(problems) == 1
    assert f": {says}" in problems[0]


def test_variants_in_a_ring_and_in_a_tower(write_mine, told):
    write_mine(HEAD + "levers: ~\n", "none.yaml")
    ring = f"variants: {{a: {{{NAME}, on: b}}, b: {{{NAME}, on: a}}, c: {{{NAME}, with: [bot]}}}}\n"
    assert all("leads back to" in problem for problem in told(ALL + ring))
    tower = "".join(f"  v{i}: {{{NAME}, on: v{i + 1}}}\n" for i in range(8)) + f"  v8: {{{NAME}, with: [bot]}}\n"
    assert all("more than 5 variants stand on one another" in problem for problem in told(ALL + "variants:\n" + tower))


# --- off_duty: rest --------------------------------------------------------------------------------------------------

def test_the_rest_is_what_presence_leaves_of_a_seat_that_takes_breaks(write_mine):
    lend = "kind: lend, lender: west, borrower: east, seats: 4, from: 2021-08-02 12:00, to: 2021-08-02 20:00"
    rest = "off_duty: {assume: rest, range: [0, 1], why: x}"
    text = HEAD + f"levers: {{replace: [{{{lend}, presence: 20 %, {rest}}}]}}\n"
    rest = load(write_mine(text)).levers[0].off_duty
    assert (float(rest), rest.kind, rest.range) == (0.75, "assumed", (0, 1))  # 1 - 20 % / (100 % - 20 %)
    assert float(load(write_mine(text.replace("presence: 20 %", "presence: 90 %"))).levers[0].off_duty) == 0


def test_a_change_can_be_taken_away(write_mine):
    base = HEAD.replace("variants: ~\n", "")
    write_mine(base + f"variants: {{a: {{{NAME}, levers: [], change: {{everyday_level: 2}}}}}}\n", "base.yaml")
    variants = "variants: {a: {change: ~, on: ~}, none: {change: ~}}\n"
    found = load(write_mine("surgeline: 1\nextends: base\n" + variants)).variants
    assert {name: one.change for name, one in found.items() if name in ("a", "none")} == {"a": {}, "none": {}}
