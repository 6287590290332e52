"""Files that stand on others: what they add, what they replace, and what they take away."""
import beside
import pytest
from beside import told

from sim.reading.loading import load

write = beside.write
HEAD = "surgeline: 1\nextends: two-cities\n"
ANOTHER_DAY = HEAD + "horizon: {start: 2021-03-28, end: 2021-03-28}\nsurges: []\nlevers: []\nlending: ~\n"


@pytest.mark.parametrize("nothing", ["~", "null", "Null"])
def test_nothing_takes_a_mapping_away(write, nothing):
    assert load(write("mine.yaml", ANOTHER_DAY + f"variants: {nothing}\n")).variants == {}


def test_one_name_of_a_mapping_can_go(write):
    scenario = load(write("mine.yaml", HEAD + "variants: {at-once: ~, new: {name: {zh: 新, en: new}, levers: []}}\n"))
    assert list(scenario.variants) == ["none", "longer-shared", "new"]
    scenario = load(write("mine.yaml", HEAD + "cities: {west: ~}\nlevers: ~\nvariants: ~\n"))
    assert (list(scenario.cities), scenario.levers) == (["east"], ())


def test_lists_are_replaced_or_go(write):
    assert load(write("mine.yaml", HEAD + "surges: ~\n")).surges == ()
    assert load(write("mine.yaml", HEAD + "surges: []\n")).surges == ()
    write("base.yaml", HEAD + "surges: []\n")
    assert load(write("mine.yaml", "surgeline: 1\nextends: base\nsurges: ~\nlevers: ~\n")).surges == ()


def test_what_goes_in_the_middle_is_gone_above(write):
    write("base.yaml", HEAD + "variants: ~\n")
    text = "surgeline: 1\nextends: base\nvariants: {a: {name: {zh: 甲, en: a}, levers: []}}\n"
    scenario = load(write("mine.yaml", text))
    assert list(scenario.variants) == ["a"]


def test_what_must_be_there_is_missed_where_it_was_taken_away(write):
    assert told(write("mine.yaml", HEAD + "title: ~\nprofiles: ~\n")) == [
        "mine.yaml:3:8: title: is missing: a name in both languages, such as {zh: 南京, en: Nanjing}",
        "mine.yaml:4:11: profiles: is missing"]


def test_what_would_do_nothing_is_said(write):
    remedy = "says: write variants: ~ to take that away, or leave this out"
    for text, place in (("variants: {}", "3:11"), ("variants:", "3:1"), ("variants: {  }", "3:11")):
        assert told(write("mine.yaml", HEAD + text + "\n")) == [
            f"mine.yaml:{place}: variants: adds nothing to what line 81 of two-cities.yaml {remedy}"]
    assert told(write("mine.yaml", HEAD + "cities: {east: {name: {}}}\n")) == [
        "mine.yaml:3:23: cities.east.name: adds nothing to what line 10 of two-cities.yaml says: write name: ~ to take "
        "that away, or leave this out"]


def test_an_empty_mapping_where_the_base_has_none_is_fine(write):
    write("base.yaml", HEAD + "variants: ~\n")
    assert load(write("mine.yaml", "surgeline: 1\nextends: base\nvariants: {}\n")).variants == {}


def test_what_a_file_makes_wrong_in_its_base_has_its_remedy_in_the_file(write):
    problems = told(write("mine.yaml", ANOTHER_DAY))
    assert [problem.partition(": variants.")[0] for problem in problems] == ["two-cities.yaml:86:68",
                                                                           "two-cities.yaml:90:68"]
    for name, problem in zip(("at-once", "longer-shared"), problems, strict=True):
        assert problem.endswith("; mine.yaml changed what this goes with: write there "
                                f"`variants: {{{name}: ~}}` to take it away, or its own variants")
    assert load(write("mine.yaml", ANOTHER_DAY + "variants: {at-once: ~, longer-shared: ~}\n")).name == "mine"


def test_what_cannot_be_taken_away_has_to_be_said_anew(write):
    assert told(write("mine.yaml", HEAD + "horizon: {start: 2021-08-03}\n")) == [
        "two-cities.yaml:5:35: horizon.end: must come after start; mine.yaml changed what this goes with: write there "
        "its own horizon"]


def test_the_faults_of_a_base_are_its_own(write):
    write("base.yaml", HEAD + "levers: {replace: [{kind: lend, lender: wset, borrower: east, seats: 1, "
                              "from: 2021-08-02, to: 2021-08-02}]}\n")
    assert told(write("mine.yaml", "surgeline: 1\nextends: base\nanswered_within: 20 s\n")) == [
        'base.yaml:3:41: levers[0].lender: "wset" is no city; did you mean "west"?']
