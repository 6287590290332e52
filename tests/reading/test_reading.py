"""From files to scenarios: what stands on what, dates, places, and files made to do harm."""
import difflib
import json
import os
import re
from datetime import date, datetime

import beside
import pytest
from beside import told
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.reading.loading import load
from sim.reading.yaml_places import MOST_BYTES, MOST_ITEMS
from sim.scenario.lending_terms import Agreement
from sim.scenario.problems import MOST_COMPARED, MOST_KNOWN, MOST_PROBLEMS, ScenarioError, dotted, nearest
from sim.scenario.quantities import Quantity
from sim.scenario.scenario import Scenario, quantities
from sim.scenario.shipped import SHIPPED, headers, shipped

write = beside.write
TUTORIAL = (SHIPPED / "two-cities.yaml").read_text(encoding="utf-8")
HEAD = "surgeline: 1\nextends: two-cities\n"
posix = pytest.mark.skipif(os.name != "posix", reason="links and pipes are made otherwise elsewhere")


# --- what ships ------------------------------------------------------------------------------------------------------

def test_what_a_list_says_is_what_the_files_say():
    found = {one.name: one for one in headers()}
    assert set(found) == set(shipped())
    for name, one in found.items():
        scenario = load(name)
        assert one.title == scenario.title.model_dump()
        assert (one.start, one.end) == (scenario.horizon.start, scenario.horizon.end)
        assert one.variants == tuple(scenario.variants)


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scenario_survives_its_manifest(name):
    scenario = load(name)
    written = json.loads(json.dumps(scenario.model_dump(mode="json", by_alias=True), ensure_ascii=False))
    assert Scenario.model_validate(written) == scenario


SETTINGS = ("horizon.interval", "answered_within", "everyday_level", "routing.after")
"""These are chosen, not known."""


TUTORIALS = ("two-cities", "four-cities")  # invented, and say so


@pytest.mark.parametrize("name", [name for name in shipped() if name not in TUTORIALS])
def test_every_number_is_sourced_or_calibrated_or_assumed_with_a_range(name):
    for where, quantity in quantities(load(name)):
        path = dotted(tuple(step for step in where if not isinstance(step, int)))
        assert quantity.kind in ("given", "sourced") or quantity.range is not None, path
        assert quantity.kind == "given" or quantity.note, path
        assert quantity.kind != "given" or path in SETTINGS, path


def test_every_term_of_lending_has_an_example_that_ships():
    told = {term for name in shipped() if (lending := load(name).lending) for term in lending.model_fields_set}
    assert told == set(Agreement.model_fields)


@pytest.mark.parametrize(("steps", "says"), [
    (23, ": 1 of 24 is missing, or clocks changed on that day, which China's do not"),
    (25, ": 1 of 24 is too many, or clocks changed on that day, which China's do not"),
    (47, ": 1 of 48 is missing"), (50, ": 2 of 48 are too many, or clocks changed on that day, which China's do not"),
    (92, ": 4 of 96 are missing, or clocks changed on that day, which China's do not"), (97, ": 1 of 96 is too many"),
    (7, ""), (1439, ""),
])
def test_a_day_falls_into_equal_steps_of_whole_minutes(write, steps, says):
    text = HEAD + f"profiles: {{plain: {{day: {[1] * steps}}}}}\n"
    assert told(write("mine.yaml", text)) == [
        f"mine.yaml:3:25: profiles.plain.day: has {steps} steps, but a day falls into equal steps of whole minutes, "
        f"such as 24, 48 or 96{says}"]


def test_the_sum_of_a_day_is_no_step_of_it(write):
    [problem] = told(write("mine.yaml", HEAD + f"profiles: {{plain: {{day: {[*range(24), sum(range(24))]}}}}}\n"))
    assert problem.endswith(": its last is the sum of the others; leave it out")


@pytest.mark.parametrize("steps", [1, 2, 24, 48, 96, 144, 288, 1440])
def test_days_of_equal_steps(write, steps):
    text = HEAD + f"profiles: {{plain: {{day: {[1] * steps}}}}}\n"
    assert len(load(write("mine.yaml", text)).profiles["plain"].day) == steps


@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("*.yaml")), ids=lambda path: path.stem)
def test_chinese_is_written_with_chinese_punctuation(path):
    words = re.findall(r'"[^"]*"|^#.*| # .*|zh: [^,{}]*', path.read_text(encoding="utf-8"), re.MULTILINE)
    assert [text for text in words if re.search(r"[一-龥][,;:()]|[,;:()][一-龥]", text)] == []


def test_shipped_scenarios_go_by_their_names_from_anywhere(write):
    assert load("two-cities").name == "two-cities"
    assert told("two-citys") == ['two-citys:1:1: is no file and no shipped scenario; did you mean "two-cities"?']


def test_a_folder_does_not_hide_a_shipped_scenario(write):
    write("two-cities/manifest.json", "{}")
    assert load("two-cities").name == "two-cities"


# --- files that stand on others --------------------------------------------------------------------------------------

def test_mappings_are_joined_and_everything_else_is_replaced(write):
    scenario = load(write("mine.yaml", HEAD + "cities: {east: {seats: 30}}\nlevers: []\ntitle: {en: Mine}\n"))
    assert scenario.name == "mine"
    assert (scenario.title.zh, scenario.title.en) == ("两座小城", "Mine")
    assert float(scenario.cities["east"].seats) == 30
    assert float(scenario.cities["east"].agents) == 20
    assert list(scenario.cities) == ["east", "west"]
    assert scenario.levers == ()


def test_quantities_and_laws_are_replaced_as_wholes(write):
    scenario = load(write("mine.yaml", HEAD + """
cities: {east: {calls_a_day: {value: 900, source: S1}}}
classes: {everyday: {talk: {law: fixed, mean: 2 min}, wrap_up: {mean: 90 s}, patience: for ever}}
"""))
    assert scenario.cities["east"].calls_a_day == Quantity(number=900, kind="sourced", note="S1", unit="1")
    everyday = scenario.classes["everyday"]
    assert (everyday.talk.law, everyday.talk.cv) == ("fixed", None)
    assert (everyday.wrap_up.law, float(everyday.wrap_up.mean)) == ("exponential", 90)
    assert everyday.patience == "for ever"


def test_nothing_takes_away_what_need_not_be_there(write):
    scenario = load(write("mine.yaml", HEAD + "classes: {urgent: {most_dials: }, everyday: {most_dials: null}}\n"))
    assert scenario.classes["urgent"].most_dials is None
    assert scenario.classes["everyday"].most_dials is None


def test_problems_name_the_file_that_has_them(write):
    write("bases/base.yaml", HEAD + "cities:\n  east: {seats: -1}\n  west: {seats: -1}\n")
    write("mine.yaml", "surgeline: 1\nextends: bases/base\ncities:\n  east: {seats: -2, colour: red}\n")
    assert told("mine.yaml") == [
        "bases/base.yaml:5:17: cities.west.seats: must be >= 0, got -1",
        "mine.yaml:4:17: cities.east.seats: must be >= 0, got -2",
        "mine.yaml:4:21: cities.east.colour: is no known name; known are name, tile, population, calls_a_day, seats, "
        "agents, shifts, absence, shrinkage, lines_per_seat, lines, handle_times",
    ]


def test_what_was_replaced_leaves_no_places_behind(write):
    text = HEAD + "levers:\n  replace:\n\n  - {kind: lend, lender: west, seats: 4, from: 2021-08-02, to: 2021-08-02}\n"
    assert told(write("mine.yaml", text)) == ["mine.yaml:6:5: levers[0].borrower: is missing"]


@posix
@pytest.mark.parametrize("base", ["../secret", "../secret.yaml", "/etc/passwd", "link", "loop", "fifo", "folder", ".",
                                  '"a\\0b"', "x" * 5000, "/dev/zero", "..", "~/secret"])
def test_nothing_outside_the_folder_is_read(write, tmp_path, base):
    (tmp_path.parent / "secret.yaml").write_text("surgeline: 1\nsecret: 1\n")
    write("folder/other.yaml", "surgeline: 1\n")
    os.symlink(tmp_path.parent / "secret.yaml", "link.yaml")
    os.symlink("loop.yaml", "loop.yaml")
    os.mkfifo("fifo.yaml")
    [problem] = told(write("mine.yaml", f"surgeline: 1\nextends: {base}\n"))
    assert problem.startswith("mine.yaml:2:10: extends: ")
    assert "is no file in this folder or below it, and none that ships" in problem


def test_files_that_stand_in_a_ring(write):
    write("a.yaml", "surgeline: 1\nextends: b\n")
    write("b.yaml", "surgeline: 1\nextends: a\n")
    assert told("a.yaml") == ["b.yaml:2:10: extends: leads back to a, which stands on this file"]


def test_a_tower_of_files(write):
    for i in range(9):
        write(f"f{i}.yaml", f"surgeline: 1\nextends: f{i + 1}\n")
    assert told("f0.yaml") == ["f5.yaml:2:10: extends: more than 5 files stand on one another"]


# --- every city ------------------------------------------------------------------------------------------------------

def test_every_city_has_what_it_does_not_say_itself(write):
    scenario = load(write("mine.yaml", HEAD + """
every_city: {absence: 7 %, lines: 40}
cities: {west: {lines: 50}, north: {name: {zh: 北城, en: Northville}, calls_a_day: 9, seats: 1, agents: 3,
                                    shifts: days, shrinkage: 0}}
"""))
    assert [float(city.lines) for city in scenario.cities.values()] == [40, 50, 40]
    assert [float(city.absence) for city in scenario.cities.values()] == [0, 0, 0.07]


def test_what_is_wrong_with_every_city_is_told_once(write):
    text = HEAD + "every_city:\n  lines: -4\n  seets: 3\n"
    assert told(write("mine.yaml", text)) == [
        "mine.yaml:4:10: every_city.lines: must be >= 0, got -4",
        'mine.yaml:5:3: every_city.seets: is no known name; did you mean "seats"?',
    ]


# --- all at once, each once ------------------------------------------------------------------------------------------

def test_names_that_do_not_exist_are_told_beside_values_that_cannot_be(write):
    text = HEAD + """cities: {east: {seats: -3}}
levers:
  replace:
  - {kind: lned}
  - {kind: lend, lender: wset, borrower: east, seats: 1, from: 2021-08-02, to: 2021-08-02}
"""
    value, kind, city = told(write("mine.yaml", text))
    assert value == "mine.yaml:3:24: cities.east.seats: must be >= 0, got -3"
    assert kind == 'mine.yaml:6:12: levers[0].kind: "lned" is no lever; did you mean "lend"?'
    assert re.fullmatch(r"mine.yaml:7:26: levers\[1\].lender: .wset. is no city; did you mean .west.\?", city)


def test_a_misspelt_name_is_not_also_missing_and_hides_nothing_below_it(write):
    text = TUTORIAL.replace("\nclasses:", "\nclases:").replace("    seats: 12", "    seets: 12")
    assert [line.partition(" is ")[0] for line in told(write("mine.yaml", text))] == [
        "mine.yaml:13:5: cities.east.seets:", "mine.yaml:43:1: clases:"]


def test_a_city_with_faults_is_known_all_the_same(write):
    problems = told(write("mine.yaml", HEAD + "cities: {east: {seats: -1}}\nfocus: [norh]\n"))
    assert problems[1].endswith('focus[0]: "norh" is no city; known are west, east')


def test_a_decimal_comma_tears_a_number_apart(write):
    text = HEAD + "classes: {urgent: {talk: {law: fixed, mean: 2,5 min}, urgency: 3,x: 1}}\n"
    assert told(write("mine.yaml", text))[1:] == [
        "mine.yaml:3:47: classes.urgent.talk.5 min: is no known name, but the rest of a number; write 2.5 min",
        "mine.yaml:3:66: classes.urgent.x: is no known name; known are name, urgency, patience, talk, wrap_up, "
        "after_busy, after_hanging_up, most_dials, repeat_contact, handle_factor"]
    for written, meant in (("1,234", "1234, or 1.234 if the comma is a decimal point"), ("1,234,567", "1234567"),
                           ("12,5", "12.5"), ("1,2,3", None)):
        problems = told(write("mine.yaml", HEAD + f"cities: {{east: {{agents: 1, seats: {written}}}}}\n"))
        assert {line.partition(": is no known name, but the rest of a number")[2] for line in problems} == {
            f"; write {meant}" if meant else ""}
    text = HEAD + 'profiles: {plain: {day: ["1,5", "1.234,5", 3]}}\nanswered_within: "2,5 s"\n'
    assert [line.partition("; ")[2] for line in told(write("mine.yaml", text))] == [
        "write 1.5", "write 1234.5", "write 2.5 s"]


@pytest.mark.parametrize("day", [", ".join(f"{hour % 7},5" for hour in range(24)), "1,5, 0,25", "1,5,\n 2,5"])
def test_decimal_commas_in_a_list_make_two_of_one(write, day):
    path = write("mine.yaml", f"surgeline: 1\nextends: two-cities\nprofiles: {{plain: {{day: [{day}]}}}}\n")
    with pytest.raises(ScenarioError) as told:
        load(path)
    assert "3:25: profiles.plain.day: looks like" in str(told.value)
    assert "with decimal commas" in str(told.value)


@pytest.mark.parametrize("day", [", ".join("1234" * 6), ",".join("1234" * 6), "1.5, " * 23 + "2"])
def test_commas_that_set_items_apart(write, day):
    load(write("mine.yaml", f"surgeline: 1\nextends: two-cities\nprofiles: {{plain: {{day: [{day}]}}}}\n"))


def test_names_that_are_alike_are_told_soon(write):
    """Only so many names are compared with a misspelt one, and none that is longer than anybody reads."""
    known = [f"abcdefghijklmnopqrstuvwxyz{i:05}" for i in range(MOST_KNOWN)]
    assert nearest("abcdefghijklmnopqrstuvwxyz01234x", known) == '; did you mean "abcdefghijklmnopqrstuvwxyz01234"?'
    assert nearest("east", ["west" * 3000, *known]) == ""
    assert nearest("e" * 10_000, known) == ""
    with pytest.MonkeyPatch.context() as patch:
        compared = []
        patch.setattr(difflib, "get_close_matches", lambda name, names, *_: compared.append(list(names)) or [])
        nearest("abcdefghijklmnopqrstuvwxyz01234x", [*known[:30], "z" * 10_000])
        nearest("abcdefghijklmnopqrstuvwxyz01234x", known)
    assert compared[0] == known[:30]
    assert len(compared[1]) == MOST_COMPARED


def test_a_city_may_be_meant_by_its_name(write):
    text = HEAD + "absences:\n  - {city: 西城, from: 2021-08-02, to: 2021-08-02, share: 0.1}\n"
    [problem] = told(write("mine.yaml", text))
    assert problem.endswith('did you mean "west"?')


def test_nobody_reads_a_thousand_problems(write):
    problems = told(write("mine.yaml", HEAD + "".join(f"k{i}: 1\n" for i in range(1000))))
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].endswith("more problems follow: mend these first")


# --- dates -----------------------------------------------------------------------------------------------------------

def absence(write, start, end):
    text = f"absences:\n  - {{city: east, from: {start}, to: {end}, share: 20 %}}\n"
    [read] = load(write("mine.yaml", HEAD + text)).absences
    return read.start, read.end


@pytest.mark.parametrize(("end", "meant"), [
    ("2021-08-02", datetime(2021, 8, 3)), ('"2021-08-02"', datetime(2021, 8, 3)),
    ("2021-08-02 18:00", datetime(2021, 8, 2, 18)), ("2021-08-02T18:00:30", datetime(2021, 8, 2, 18, 0, 30)),
    ("2021-08-02 24:00", datetime(2021, 8, 3)), ("2021-08-02 00:00", datetime(2021, 8, 2)),
])
def test_a_bare_date_as_end_means_the_end_of_that_day(write, end, meant):
    assert absence(write, "2021-08-01", end)[1:] == (meant,) if meant > datetime(2021, 8, 2) else True
    assert absence(write, "2021-08-01 20:00", "2021-08-02 06:00")[0] == datetime(2021, 8, 1, 20)


def test_the_first_and_the_last_day_of_all(write):
    assert absence(write, "1971-01-01", "2199-12-31") == (datetime(1971, 1, 1), datetime(2200, 1, 1))
    for start, end in (("1970-12-31", "2021-08-02"), ("2021-08-02", "2200-01-01"), ("0001-01-01", "9999-12-31")):
        text = f"absences:\n  - {{city: east, from: {start}, to: {end}, share: 20 %}}\n"
        assert all("must lie between the years 1971 and 2199" in line for line in told(write("mine.yaml", HEAD + text)))


def test_hours_need_no_quotes(write):
    lever = "{kind: call_in, city: east, people: 1, hours: [8:00, 24:00], from: 2021-08-02, to: 2021-08-02}"
    assert load(write("mine.yaml", f"{HEAD}levers: {{replace: [{lever}]}}\n")).levers[0].hours == (480, 1440)


def test_surges_by_day(write):
    text = HEAD + "surges:\n  replace:\n  - {city: east, class: urgent, profile: plain, by_day: {DAY: 900}}\n"
    [surge] = load(write("mine.yaml", text.replace("DAY", "2021-08-02"))).surges
    assert surge.by_day == {date(2021, 8, 2): Quantity(number=900, unit="1")}
    [problem] = told(write("mine.yaml", text.replace("DAY", '"2021-08-01"')))
    assert problem.startswith("mine.yaml:5:58: surges[0].by_day.2021-08-01: 2021-08-01 00:00 lies outside the horizon")


# --- size ------------------------------------------------------------------------------------------------------------

def test_a_month_of_all_cities_of_a_country_is_not_too_much_and_two_months_are(write):
    city = "{name: {zh: 市, en: city}, calls_a_day: 9, seats: 1, agents: 3, shifts: days, absence: 0, shrinkage: 0}"
    cities = "cities:\n" + "".join(f"  c{i}: {city}\n" for i in range(331))
    month = "horizon: {start: 2021-08-01, end: 2021-08-30, interval: 15 min}\n"
    redial = "{share: 0, delay: {mean: 1 min}}"
    klass = ("classes: {surge: {name: {zh: 疫情, en: surge}, patience: for ever, talk: {mean: 3 min}, "
             f"after_busy: {redial}, after_hanging_up: {redial}}}}}\n")
    text = HEAD + month + klass + cities
    assert len(load(write("mine.yaml", text)).cities) == 333
    [problem] = told(write("mine.yaml", text.replace("08-30", "09-30")))
    assert "5,856 intervals for 333 cities, 3 classes and 334 pools are too many" in problem


# --- files made to do harm -------------------------------------------------------------------------------------------

@posix
def test_what_is_no_file(write):
    os.mkdir("folder.yaml")
    os.mkfifo("fifo.yaml")
    os.symlink("loop.yaml", "loop.yaml")
    assert told("folder.yaml") == ["folder.yaml:1:1: is a folder, not a scenario file"]
    assert told("fifo.yaml") == ["fifo.yaml:1:1: is a device, not a scenario file"]
    assert told("/dev/zero") == ["/dev/zero:1:1: is a device, not a scenario file"]
    for name in ("loop.yaml", "nothing.yaml", "x" * 300, "a\0b", "a\udcff.yaml", "\x1b[31m"):
        [problem] = told(name)
        assert problem.isprintable()


@posix
@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(write):
    os.chmod(write("mine.yaml", TUTORIAL), 0)
    assert told("mine.yaml") == ["mine.yaml:1:1: can't be read: Permission denied"]


@pytest.mark.parametrize("text", ["\ufeff" + TUTORIAL, TUTORIAL.replace("\n", "\r\n"), TUTORIAL.replace("\n", "\r")])
def test_marks_and_ends_of_lines_of_other_systems(write, text):
    assert load(write("two-cities.yaml", text)) == load("two-cities")


@pytest.mark.parametrize(("content", "says"), [
    (b"#" * (MOST_BYTES + 1), f"1:1: has more than {MOST_BYTES:,} bytes"),
    (b"a: " + b"[" * 100_000, "1:34: is nested deeper than 30 levels"),
    (b"- " * 100_000, "1:63: is nested deeper than 30 levels"),
    (b"? " * 100_000, "1:3: a name must be plain text"),
    (b"a: [" + b"1, " * (MOST_ITEMS + 1) + b"]", f"a: a list may have at most {MOST_ITEMS:,} items"),
    (b"".join(b"k%d: 1\n" % i for i in range(60_000))[:MOST_BYTES], "here the file passes 50,000 values"),
    (b"a: &a [1]\nb: *a\n", "1:4: an anchor (&name) is not allowed"),
    (b"!!python/name:os.system a: 1\n", "1:1: a tag (!name) is not allowed"),
    (b"\0", "1:1: has a character that no text has: U+0000"),
    (b"a: 1\nb: \xff\n", "2:4: is not UTF-8 text"),
    (TUTORIAL.encode("utf-16"), "1:1: is not UTF-8 text"),
    (b"", "1:1: a scenario file is a mapping of names to values, but here is nothing"),
    (b"null", "1:1: a scenario file is a mapping of names to values, but here is nothing"),
    (b"%YAML 1.1\n---\na: 12:30\n", "2:1: a directive (%) stands above this"),
])
def test_a_file_that_is_no_scenario(write, content, says):
    problem = told(write("mine.yaml", content))[0]
    assert says in problem
    assert problem.startswith("mine.yaml:")


def test_a_name_stays_in_its_folder(write):
    [problem] = told(write("mine.yaml", HEAD + "name: ../../tmp/x\n"))
    assert problem.startswith("mine.yaml:3:7: name: must be fit for a folder's name")
    assert told(write("mine.yaml", HEAD + f"name: {'x' * 200}\n"))[0].startswith("mine.yaml:3:7: name: must be fit")
    assert load(write("扬州 8 月.yaml", HEAD)).name == "扬州 8 月"


@pytest.mark.parametrize(("text", "path"), [
    ('title: {zh: "\\e[2J", en: x}', "title.zh"), ('sources: {S1: "a\\u202eb"}', "sources.S1"),
    ('cities: {east: {name: {en: "\\0"}}}', "cities.east.name.en"),
    ('profiles: {plain: {note: "\\a"}}', "profiles.plain.note"),
    ('cities: {east: {seats: {assume: 1, range: [0, 2], why: "\\e"}}}', "cities.east.seats.why"),
    ('observed: [{metric: dials, above: 1, source: "\\x7f"}]', "observed[0].source"),
])
def test_text_that_no_page_could_hold(write, text, path):
    [problem] = told(write("mine.yaml", HEAD + text + "\n"))
    assert f": {path}: has a character that can't be seen: U+" in problem


def test_text_may_have_lines_and_wide_spaces(write):
    title = load(write("mine.yaml", HEAD + 'title: {zh: "东　城\\n", en: "two\\tlines\\nof it"}\n')).title
    assert (title.zh, title.en) == ("东　城\n", "two\tlines\nof it")


NASTY = [
    "", "~", "[]", "{}", "[1]", "{a: 1}", "-1", "0", "1e400", ".nan", "1e12", "9" * 50, "true", "120 %", "-5 s", "150",
    '"\\ud800"', '"\\0"', '"\\e[1m"', "北京", "2021-02-30", "9999-12-31", "0001-01-01", "2021-08-02T10:00Z", "25:00",
    "[8, 22]", "{value: 3}", "{assume: 3, range: [1, 2]}", "{number: 5}", "{law: data, data: x.csv}", "all", "x" * 3000,
    "*a", "&a 1", "!!str 1", "|\n  x", "- 1", "{kind: lend}", "\t", '"', "'", "{", "]", "，", "：", "#", "@", "`", "?",
]


@st.composite
def spoilt(draw):
    """The tutorial with a few lines lost, doubled, moved, or with something nasty in them."""
    lines = TUTORIAL.split("\n")
    for _ in range(draw(st.integers(1, 4))):
        i, j = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        how = draw(st.sampled_from(["lose", "double", "swap", "indent", "value", "value", "value", "name", "cut"]))
        if how == "lose":
            lines[i] = ""
        elif how == "double":
            lines.insert(i, lines[j])
        elif how == "swap":
            lines[i], lines[j] = lines[j], lines[i]
        elif how == "indent":
            lines[i] = " " * draw(st.integers(0, 8)) + lines[i].lstrip()
        elif how == "cut":
            lines[i] = lines[i][:draw(st.integers(0, len(lines[i])))]
        else:
            pattern = r"(?<=: )[^,{}\[\]]+" if how == "value" else r"[a-z_]+(?=:)"
            lines[i] = re.sub(pattern, lambda _: draw(st.sampled_from(NASTY)), lines[i], count=1)
    return "\n".join(lines)


@settings(max_examples=150, deadline=None, database=None, derandomize=True)
@given(text=spoilt())
def test_whatever_is_in_a_file_gives_a_scenario_or_problems_with_places(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "spoilt.yaml"
    path.write_bytes(text.encode())
    lines = text.split("\n")
    for problem in problems_of(path):
        assert str(problem).isprintable()
        assert not re.search("pydantic|Input should|function-|Value error", str(problem))
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1


def problems_of(path):
    try:
        load(path)
    except ScenarioError as error:
        return error.problems
    return []
