"""Files on several others, and lists over lists: to add and to replace are told apart."""
from datetime import date

import beside
import pytest
from beside import told

from sim.reading.loading import load

write = beside.write
HEAD = "surgeline: 1\nextends: two-cities\n"
ABSENT = "{city: west, from: 2021-08-02, to: 2021-08-02, share: 5 %}"
CALLS = "{city: west, class: urgent, profile: plain, by_day: {2021-08-02: 40}}"


# --- to add and to replace -------------------------------------------------------------------------------------------

def test_a_list_over_a_list_says_which_of_both_it_is(write):
    assert told(write("mine.yaml", HEAD + f"surges: [{CALLS}]\n")) == [
        "mine.yaml:3:9: surges: two-cities.yaml has surges too: surges: {add: [...]} adds to them, surges: {replace: "
        "[...]} is instead of them, and surges: ~ takes them away"]


def test_what_is_added_comes_behind_and_what_replaces_is_alone(write):
    added = load(write("mine.yaml", HEAD + f"surges: {{add: [{CALLS}]}}\n")).surges
    assert [(one.city, one.klass) for one in added] == [("east", "everyday"), ("west", "urgent")]
    alone = load(write("mine.yaml", HEAD + f"surges: {{replace: [{CALLS}]}}\n")).surges
    assert [one.city for one in alone] == ["west"]


def test_files_above_one_another_add_one_by_one(write):
    write("a.yaml", HEAD + f"surges: {{add: [{CALLS}]}}\nabsences: {{add: [{ABSENT}]}}\n")
    scenario = load(write("b.yaml", f"surgeline: 1\nextends: a\nsurges: {{add: [{CALLS.replace('40', '50')}]}}\n"))
    assert [float(one.by_day[date(2021, 8, 2)]) for one in scenario.surges[1:]] == [40, 50]
    assert len(scenario.absences) == 1


def test_the_places_of_what_was_added(write):
    write("a.yaml", HEAD + f"surges: {{add: [{CALLS.replace('plain', 'a')}]}}\n")
    text = f"surgeline: 1\nextends: a\nsurges:\n  add:\n  - {CALLS.replace('urgent', 'b')}\n"
    assert told(write("b.yaml", text)) == [
        'a.yaml:3:53: surges[1].profile: "a" is no profile; known are plain',
        'b.yaml:5:25: surges[2].class: "b" is no class; known are urgent, everyday']


def test_surges_by_name_leave_the_others_alone(write):
    scenario = load(write("mine.yaml", HEAD + f"surges: {{tuesday: {CALLS}}}\n"))
    assert [(one.name, one.city) for one in scenario.surges] == [("new-rule", "east"), ("tuesday", "west")]
    scenario = load(write("mine.yaml", HEAD + "surges: {new-rule: {shocks: {add: [{at: 2021-08-02 11:00, callers: 9, "
                                              "half_life: 1 h}]}}}\n"))
    assert [float(shock.callers) for shock in scenario.surges[0].shocks] == [700, 9]
    assert load(write("mine.yaml", HEAD + "surges: {new-rule: ~}\n")).surges == ()
    assert told(write("mine.yaml", HEAD + "surges: {new-rule: {class: evryday}}\n")) == [
        'mine.yaml:3:28: surges.new-rule.class: "evryday" is no class; did you mean "everyday"?']


def test_a_list_below_and_names_above(write):
    write("a.yaml", HEAD + f"surges: {{replace: [{CALLS}]}}\n")
    scenario = load(write("b.yaml", f"surgeline: 1\nextends: a\nsurges: {{more: {CALLS.replace('40', '50')}}}\n"))
    assert [(one.name, float(one.by_day[date(2021, 8, 2)])) for one in scenario.surges] == [("", 40), ("more", 50)]


def test_values_that_are_lists_are_replaced_as_ever(write):
    scenario = load(write("mine.yaml", HEAD + "lending: {hours: [09:00, 21:00]}\ncities: {east: {tile: [3, 3]}}\n"))
    assert (scenario.lending.hours, scenario.cities["east"].tile) == ((540, 1260), (3, 3))


# --- several bases ---------------------------------------------------------------------------------------------------

@pytest.fixture
def two(write):
    """Two files on the same base: each changes another city, both have absences."""
    write("one.yaml", HEAD + f"cities: {{east: {{seats: 15}}}}\nanswered_within: 20 s\nabsences: [{ABSENT}]\n")
    write("two.yaml", HEAD + "cities: {west: {seats: 16}}\nanswered_within: 30 s\nabsences: ["
                             f"{ABSENT.replace('west', 'east')}]\n")


def test_later_files_come_on_top_and_what_they_stand_on_does_not(write, two):
    scenario = load(write("mine.yaml", "surgeline: 1\nextends: [one, two]\nabsences: ~\n"))
    assert [float(city.seats) for city in scenario.cities.values()] == [15, 16]
    assert (float(scenario.answered_within), scenario.absences) == (30, ())
    scenario = load(write("mine.yaml", "surgeline: 1\nextends: [two, one]\nabsences: ~\n"))
    assert float(scenario.answered_within) == 20


def test_lists_of_files_side_by_side_have_to_be_settled(write, two):
    both = "surgeline: 1\nextends: [one, two]\n"
    assert told(write("mine.yaml", both)) == [
        "mine.yaml:2:10: absences: one.yaml and two.yaml both have this: write here absences: {add: [...]} adds to "
        "them, absences: {replace: [...]} is instead of them, and absences: ~ takes them away; {add: []} leaves both "
        "as they are"]
    assert [one.city for one in load(write("mine.yaml", both + "absences: {add: []}\n")).absences] == ["west", "east"]
    more = f"absences: {{replace: [{ABSENT.replace('5 %', '9 %')}]}}\n"
    assert [float(one.share) for one in load(write("mine.yaml", both + more)).absences] == [0.09]


def test_a_list_of_bases_is_checked_like_one(write, two):
    assert told(write("mine.yaml", "surgeline: 1\nextends: [one, 3]\n")) == [
        "mine.yaml:2:16: extends[1]: must be the name of a file, got 3"]
    assert told(write("mine.yaml", "surgeline: 1\nextends: [one, mine]\n")) == [
        "mine.yaml:2:16: extends[1]: leads back to mine, which stands on this file"]


def test_twenty_files_are_enough(write):
    for i in range(23):
        write(f"f{i}.yaml", HEAD)
    [problem] = told(write("mine.yaml", f"surgeline: 1\nextends: [{', '.join(f'f{i}' for i in range(23))}]\n"))
    assert "a file may stand on at most 20 others" in problem
