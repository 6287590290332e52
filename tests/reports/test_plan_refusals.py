"""What a refusal costs and a seat more or less is worth: of those whom the plan has at its seats."""
from __future__ import annotations

from ordered import AT_HOME, LEND, ordered

from surgeline.reports.lending_plan import refusals
from surgeline.reports.page.words import Words

ZH, EN = Words("zh"), Words("en")
CALLED = LEND | {"off_duty": "100 %"}
BOTH_CITIES = {"west": 40.0, "east": 30.0}


def table(folder, *levers: dict, w: Words = ZH, **more: object):
    return refusals.table(ordered(folder, *levers, **more), w)


def test_seats_of_people_called_in_are_worth_what_theirs_are(tmp_path):
    marginal = {"west": {"more": 99.0}, "west+": {"more": 3.0, "less": -2.9}, "east+": {"less": -1.5}}
    found = table(tmp_path, CALLED, AT_HOME, refusals=BOTH_CITIES, marginal=marginal)
    assert [column.title for column in found.columns] == ["市", "少接通", "多借一席", "少借一席"]
    assert [row[2:] for row in found.rows] == [("+3", "−2.9"), ("已到限度", "−1.5")]


def test_seats_of_people_on_duty_are_worth_what_theirs_are(tmp_path):
    found = table(tmp_path, LEND, refusals={"west": 40.0}, marginal={"west": {"more": 3.0, "less": -2.0},
                                                                     "west+": {"more": 9.0}})
    assert [row[2:] for row in found.rows] == [("+3", "−2")]


def test_where_both_sit_at_seats_each_is_named(tmp_path):
    marginal = {"west": {"less": -2.0}, "west+": {"more": 3.0, "less": -4.0}, "east+": {"less": -1.5}}
    found = table(tmp_path, LEND, CALLED, AT_HOME, refusals=BOTH_CITIES, marginal=marginal)
    assert [row[2:] for row in found.rows] == [("在岗已到限度、召回 +3", "在岗 −2、召回 −4"), ("已到限度", "召回 −1.5")]


def test_a_column_that_says_the_same_in_every_row_is_a_sentence(tmp_path):
    marginal = {"west+": {"less": -2.0}, "east+": {"less": -1.5}}
    found = table(tmp_path, CALLED, AT_HOME, refusals=BOTH_CITIES, marginal=marginal)
    assert [column.title for column in found.columns] == ["市", "少接通", "少借一席"]
    assert found.note.endswith("各市都已到限度，一席也不能多借。")
    alike = {source: {"more": 1.0, "less": -2.0} for source in marginal}
    found = table(tmp_path, CALLED, AT_HOME, w=EN, refusals=BOTH_CITIES, marginal=alike)
    assert len(found.columns) == len(found.rows[0]) == 2
    assert found.note.endswith("A seat more: +1 for every city. A seat less: −2 for every city.")


def test_where_seats_were_not_asked_about_nothing_is_said_of_them(tmp_path):
    found = table(tmp_path, CALLED, refusals={"west": 40.0}, marginal={})
    assert len(found.columns) == 2
    assert found.note == ZH("plan.refusals_note")
