"""What changes against the order in force: seats, and people called in."""
from __future__ import annotations

from datetime import date, datetime

from ordered import AT_HOME, CALL_IN, DAY, LEND, ordered

from optimizer.lending.inputs.order_in_force import called_in_force, others_in_force
from sim.scenario.levers import ONE_LEVER
from sim.scenario.people_levers import CallIn
from surgeline.folders.order_hours import at_work
from surgeline.reports.lending_plan import changes
from surgeline.reports.page.words import Words

ZH, EN = Words("zh"), Words("en")
TO_SEATS = LEND | {"off_duty": "100 %"}


def section(folder, *levers: dict, in_force: tuple = (LEND,), called: tuple | None = (), w: Words = ZH,
            others: tuple | None = ()):
    record = {"at": "2021-08-01 20:00", "file": "day.csv", "tomorrow": DAY, "in_force": in_force, "called": called,
              "others": others, "cities": {}}
    done = ordered(folder, *levers, record=record, edited="")
    alone = done.manifest.scenario.model_copy(update={"levers": ()})
    return changes.section(ordered(folder, *levers, record=record, edited="", scenario=alone), w)


def test_people_who_are_called_in_now_and_were_not_are_told(tmp_path):
    found = section(tmp_path, LEND, CALL_IN)
    assert found.lead == ("8 月 2 日的支援与现行调度令相同。"
                          "召回的人由 0 人·小时改为 16 人·小时，同时最多由 0 人改为 2 人。")
    [table] = found.blocks
    assert table.rows == (("西城", "12:00–20:00\u00a00\u00a0→\u00a02\u00a0人", "0", "16", "+16"),)


def test_seats_that_others_man_are_a_change_of_people_alone(tmp_path):
    found = section(tmp_path, TO_SEATS, w=EN)
    assert found.lead.startswith("On 2 August help is as in the order in force. People called in work 22 people-hours,")
    assert [row[0] for row in found.blocks[0].rows] == ["Westville"]


def test_people_of_all_cities_are_added_up_and_counted_at_once(tmp_path):
    found = section(tmp_path, LEND, CALL_IN, AT_HOME, called=(CALL_IN | {"people": 1},))
    assert "由 8 人·小时改为 24 人·小时，同时最多由 1 人改为 3 人" in found.lead
    assert [(row[0], *row[2:]) for row in found.blocks[0].rows] == [("西城", "8", "16", "+8"), ("东城", "0", "8", "+8")]


def test_where_the_same_people_are_called_in_it_says_so_and_where_nobody_is_nothing(tmp_path):
    assert section(tmp_path, LEND, CALL_IN, called=(CALL_IN,)).lead.endswith("召回的人不变。")
    assert section(tmp_path, LEND).lead == "8 月 2 日的支援与现行调度令相同。"


def test_folders_of_before_do_not_know_who_was_called_in(tmp_path):
    assert "召回" not in section(tmp_path, LEND, CALL_IN, called=None).lead


def test_an_order_that_only_calls_people_in_is_in_force(tmp_path):
    assert "没有现行" in section(tmp_path, LEND, CALL_IN, in_force=()).lead
    assert "没有现行" not in section(tmp_path, LEND, CALL_IN, in_force=(), called=(CALL_IN,)).lead


def test_people_are_called_the_day_before_if_their_notice_is_long(tmp_path):
    """The order has ended on the 2nd: what it says of that day goes on."""
    lever = CallIn.model_validate(CALL_IN | {"from": "2021-08-01 20:00"})
    [one] = called_in_force([lever], date(2021, 8, 3))
    scenario = ordered(tmp_path).manifest.scenario
    [(begin, end)] = at_work(scenario, one).stretches()
    assert (begin, end) == (datetime(2021, 8, 3, 10), datetime(2021, 8, 3, 20))
    assert called_in_force([], date(2021, 8, 3)) == ()


# --- others ----------------------------------------------------------------------------------------------------------

DESK = {"kind": "desk", "name": "far", "cities": ["east"], "seats": 3, "from": f"{DAY} 12:00", "to": f"{DAY} 18:00"}
TRAINED = {"kind": "volunteers", "city": "east", "people": 2, "training": "2 h", "from": f"{DAY} 10:00",
           "to": f"{DAY} 20:00"}


def test_others_are_told_one_by_one_with_their_hours(tmp_path):
    found = section(tmp_path, LEND, DESK, TRAINED, others=(DESK | {"seats": 1},))
    assert found.lead.endswith("另请的座席和人由 6 小时改为 34 小时（一席或一人在一小时，计一小时）。")
    [table] = found.blocks
    assert [row[2:] for row in table.rows] == [("12:00–18:00\u00a01\u00a0→\u00a03", "6", "18", "+12"),
                                               ("12:00–20:00\u00a00\u00a0→\u00a02", "0", "16", "+16")]
    assert {row[0] for row in table.rows} == {"东城"}


def test_where_others_stay_it_says_so_and_where_there_are_none_or_it_is_not_known_nothing(tmp_path):
    assert section(tmp_path, LEND, DESK, others=(DESK,)).lead.endswith("另请的座席和人不变。")
    for known in ((), None):
        assert "另请" not in section(tmp_path, LEND, others=known).lead
    assert "没有现行" not in section(tmp_path, LEND, DESK, in_force=(), others=(DESK,)).lead


def test_volunteers_of_an_order_that_goes_on_have_been_trained():
    """They answer on the next day as on the last one, from noon on."""
    one, far = others_in_force([ONE_LEVER.validate_python(raw) for raw in (TRAINED, DESK)], date(2021, 8, 3))
    assert (one.ready, one.end) == (datetime(2021, 8, 3, 12), datetime(2021, 8, 3, 20))
    assert (far.start, far.end) == (datetime(2021, 8, 3, 12), datetime(2021, 8, 3, 18))
    assert others_in_force([], date(2021, 8, 3)) == ()
