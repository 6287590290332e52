"""Seats needed of people who answer some classes only, where they are known by hand."""
import numpy as np
import pytest
from one_city import loaded

from optimizer.staffing.need.own_seats import lines_brought, queues_of
from optimizer.staffing.need.simulated import need_of
from optimizer.staffing.need.target import Target
from sim.world.build import build

GROUPS = """people:
  town:
    groups:
      agents: {people: 4, shifts: days, answers: [other]}
      linguists: {people: 4, shifts: days, answers: [foreign]}
      both: {people: 4, contract: reserve}
"""
FOREIGN = """  foreign:
          {name: {zh: 外语, en: foreign}, patience: {law: exponential, mean: 10 min}, talk: {law: fixed, mean: 1 s},
           after_busy: {share: 0, delay: {law: exponential, mean: 2 min}},
           after_hanging_up: {share: 0, delay: {law: exponential, mean: 10 min}}}
staffing:
"""
EIGHT_TO_FOUR = ([0] * 16 + [1] * 16 + [0] * 16) * 2
FEW = {"replications": 2, "workers": 1}


def town(folder, foreign=50):
    def change(text):
        return text.replace("agents: 4, ", "").replace("staffing:\n", FOREIGN).replace(
            "everyday: {other: {profile: plain}}",
            f"everyday: {{other: {{profile: plain, share: {100 - foreign} %}}, "
            f"foreign: {{profile: plain, share: {foreign} %}}}}")
    return loaded(folder, GROUPS, change, calls=900)


def test_each_class_needs_somebody_who_answers_it(tmp_path):
    found = need_of(town(tmp_path), ["town·other", "town·foreign"], Target(0.8, 15), **FEW)
    assert found.cities == ("town·other", "town·foreign")
    assert found.seats.T.tolist() == [EIGHT_TO_FOUR, EIGHT_TO_FOUR]
    assert found.as_planned.T.tolist() == [[2 * seats for seats in EIGHT_TO_FOUR]] * 2
    assert found.met.all()


def test_a_class_that_nobody_calls_of_needs_nobody(tmp_path):
    found = need_of(town(tmp_path, foreign=0), ["town·other", "town·foreign"], Target(0.8, 15), **FEW)
    assert found.seats[16:32, 0].all()
    assert not found.seats[:, 1].any()
    assert not found.calls[:, 1].any()


def test_seats_for_one_class_are_judged_by_it_alone(tmp_path):
    """Nobody answers the others: what becomes of these is not asked."""
    scenario = town(tmp_path)
    agents = scenario.people["town"].groups["agents"].model_copy(update={"shifts": None, "contract": "reserve"})
    force = scenario.people["town"].model_copy(update={"groups": scenario.people["town"].groups | {"agents": agents}})
    alone = scenario.model_copy(update={"people": {"town": force}})
    assert need_of(alone, "town·foreign", Target(0.8, 15), **FEW).seats[:, 0].tolist() == EIGHT_TO_FOUR
    with pytest.raises(KeyError):
        need_of(alone, "town·urgent", Target(0.8, 15), **FEW)


@pytest.mark.parametrize(("names", "classes"), [
    (("town",), [["other", "foreign"]]), (("town", "town·other"), [["foreign"], ["other"]]),
    (("town·foreign", "town", "town·other"), [["foreign"], [], ["other"]])])
def test_who_answers_fewer_is_judged_first(tmp_path, names, classes):
    setting = build(town(tmp_path))
    assert [[setting.names.queues[q][1] for q in queues] for queues in queues_of(setting, names)] == classes


def test_all_seats_of_a_city_together_go_beyond_its_workplaces(tmp_path):
    """Nine workplaces with two lines each: the tenth and the eleventh bring theirs."""
    scenario = town(tmp_path)
    city = scenario.cities["town"].model_copy(update={"lines_per_seat": scenario.cities["town"].seats.model_copy(
        update={"number": 2.0})})
    scenario = scenario.model_copy(update={"cities": {"town": city}})
    seats = np.array([[5, 6], [5, 4], [10, 1]])
    assert lines_brought(scenario, ("town·other", "town·foreign"), seats).tolist() == [[0, 4], [0, 0], [2, 2]]
