"""What cannot be planned: times at which no shift may be, no workplace, too many people; and people without names who
would be called like others."""
import numpy as np
import pytest
from one_city import PEOPLE, ROSTER, loaded

from optimizer.staffing.planning.city_roster.rostering import numbered
from optimizer.staffing.planning.on_duty.presence import Presence
from optimizer.staffing.planning.plannable import refuse_too_many, refuse_what_nobody_covers
from sim.scenario.problems import UserError
from sim.scenario.staffing_terms import half_hours_without, spans_of
from surgeline.locale import in_lang


def need(**by_half):
    """[2, 48] people, at the half-hours that are named by their number."""
    found = np.zeros((2, 48), np.int64)
    for half, people in by_half.items():
        found[1, int(half.removeprefix("h"))] = people
    return found


def refused(scenario, people):
    with pytest.raises(UserError) as caught:
        refuse_what_nobody_covers(scenario.staffing, "town", Presence.of(scenario, "town"), people)
    return str(caught.value), in_lang(caught.value.message, "zh")


def test_times_at_which_no_shift_may_be_are_told(tmp_path):
    english, chinese = refused(loaded(tmp_path), need(h20=5, h33=2, h2=2))
    assert english.startswith("town: no type of shift is at work at 01:00-01:30, 16:30-17:00: ")
    assert "没有一种班次在 01:00-01:30" in chinese


def test_calls_that_last_into_the_evening_are_no_fault(tmp_path):
    scenario = loaded(tmp_path)
    refuse_what_nobody_covers(scenario.staffing, "town", Presence.of(scenario, "town"), need(h20=19, h32=1))


def test_a_city_without_a_workplace_is_told(tmp_path):
    english, chinese = refused(loaded(tmp_path, change=lambda text: text.replace("seats: 9", "seats: 0")), need(h20=1))
    assert english.startswith("town has no workplace at which anybody could sit: give it seats")
    assert "没有工位" in chinese


def test_more_people_than_a_roster_holds_are_told(tmp_path):
    refuse_too_many(loaded(tmp_path), "town")
    with pytest.raises(UserError, match="town has 100,000 people, and a roster names 5,000 at the most"):
        refuse_too_many(loaded(tmp_path, change=lambda text: text.replace("agents: 4", "agents: 100000")), "town")


@pytest.mark.parametrize(("halves", "spans"), [
    (range(48), ["00:00-24:00"]), ([], []), ([0, 1, 47], ["23:30-01:00"]), ([47], ["23:30-24:00"]),
    ([0, 5, 6, 46, 47], ["02:30-03:30", "23:00-00:30"])])
def test_half_hours_are_told_as_times_of_day(halves, spans):
    assert spans_of(tuple(halves)) == spans


def test_a_type_of_shift_covers_what_its_starts_and_lengths_reach(tmp_path):
    types = loaded(tmp_path).staffing.shift_types
    assert half_hours_without(types) == (*range(16), *range(32, 48))


def test_people_without_names_are_called_as_nobody_else(tmp_path):
    (tmp_path / "roster.csv").write_text(ROSTER.replace("王一", "话务员002"), encoding="utf-8")
    scenario = loaded(tmp_path, PEOPLE, change=lambda text: text.replace("hours: 8, share: 50 %", "hours: 8, code: 白"))
    [(key, group)] = scenario.groups("town").items()
    taken = {row.name for row in scenario.people["town"].roster.rows}
    assert numbered(key, group, taken) == ["话务员001", "话务员003", "话务员004", "话务员005"]
    assert "话务员005" in taken
