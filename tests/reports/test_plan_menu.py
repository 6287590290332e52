"""The menu on the page of a plan: a line for each plan, which are there already, and what makes one recommended."""
from __future__ import annotations

import pytest
from helping import with_terms
from ordered import AT_HOME, CALL_IN, LEND, ordered

from sim.scenario.quantities import Name
from surgeline.reports.lending_plan import answer, menu
from surgeline.reports.page.words import Words

ZH, EN = Words("zh"), Words("en")
FIGURE = {"mean": 30.0, "low": 29.0, "high": 31.0}
EFFECT = {"replications": 10, "people": FIGURE, "gains": {"east": FIGURE}, "lenders": {"west": FIGURE},
          "rates": {"east": FIGURE, "west": FIGURE}, "floors": (), "holds": True}
CALLED = LEND | {"seats": 3, "off_duty": "100 %", "keep_idle": 0, "resume_idle": None, "hours": ["12:00", "16:00"]}


def plan(name: str, *levers: dict, **more: object) -> dict:
    return {"name": name, "levers": levers, "effect": EFFECT, "seats": 4, "people": 0.0, "hours": 0.0, "yuan": 0.0,
            "beyond": 0.0, "ordinary": True, "drops": 1.0} | more


def with_menu(folder, *menu: dict, **more: object):
    return ordered(folder, *menu[0]["levers"], edited="", **{
        "menu": menu, "stance": menu[0]["name"], "recommended": menu[0]["name"]} | more)


def lines(done, w: Words) -> list[tuple]:
    return [row[1:] for row in menu.section(done, w).blocks[-1].rows]


# --- a line for each plan --------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("levers", "zh", "en"), [
    ((LEND,), "西城支援东城，12:30–18:00，同时最多 4 席；不召回任何人",
     "at most 4 seats at once to Eastville, 12:30–18:00, from Westville; nobody called in"),
    ((CALL_IN, AT_HOME), "不借座席；西城、东城召回，12:00–20:00，同时最多 3 人",
     "no seats lent; at most 3 people called in at once, 12:00–20:00, by Westville, Eastville"),
], ids=["lends", "calls in"])
def test_a_plan_in_a_line_says_who_lends_and_who_is_called_in(tmp_path, levers, zh, en):
    done = with_menu(tmp_path, plan("on_duty", *levers))
    assert lines(done, ZH) == [("8/2", zh)]
    assert lines(done, EN) == [("2 Aug", en)]


def test_people_who_man_lent_seats_are_whole_and_counted_at_once(tmp_path):
    """Two stints that follow each other are never at work together."""
    later = CALLED | {"hours": ["16:00", "20:00"], "seats": 2}
    done = with_menu(tmp_path, plan("called_in", CALLED, later))
    [(_, said)] = lines(done, ZH)
    assert "同时最多 3 席" in said
    assert said.endswith("西城召回，12:00–20:00，同时最多 3 人")


def test_the_busiest_day_is_the_one_with_most_seats_and_then_most_hours(tmp_path):
    two_days = LEND | {"to": "2021-08-03 20:00"}
    more = LEND | {"seats": 1, "from": "2021-08-03 08:00", "to": "2021-08-03 20:00", "hours": ["18:00", "19:00"]}
    done = with_menu(tmp_path, plan("on_duty", two_days), plan("within", two_days, more))
    assert [day for day, _ in lines(done, ZH)] == ["8/2", "8/3"]


def test_a_plan_that_asks_for_nothing_says_so(tmp_path):
    assert lines(with_menu(tmp_path, plan("on_duty")), ZH) == [("–", "什么也不做")]


# --- what is there already -------------------------------------------------------------------------------------------

def test_a_plan_that_a_variant_has_already_is_named_by_it_on_the_page_and_in_the_answer(tmp_path):
    scenario = with_terms()
    [*_, some] = scenario.variants.values()
    last_year = some.model_copy(update={"name": Name(zh="去年的做法", en="last year")})
    done = with_menu(tmp_path, plan("on_duty", LEND, variant="last"), plan("within", LEND, CALL_IN),
                     scenario=scenario.model_copy(update={"variants": {"last": last_year}}))
    for w, name in ((ZH, "去年的做法"), (EN, "last year")):
        first, second = (said for _, said in lines(done, w))
        assert first.startswith(w("plan.menu_variant", name=name))
        assert name not in second
        assert [one for one in answer.sentences(done, w) if name in one] == [w("plan.given_variant", name=name)]


def test_a_plan_that_is_the_scenarios_own_is_told_and_one_that_was_found_is_not(tmp_path):
    own, found = (with_menu(tmp_path, plan("on_duty", LEND, variant=of)) for of in ("", None))
    assert ZH("plan.given_own") in answer.sentences(own, ZH)
    assert lines(own, ZH)[0][1].startswith("即场景自己的措施；西城支援东城")
    assert not {ZH("plan.given_own")} & set(answer.sentences(found, ZH))
    assert lines(found, ZH)[0][1].startswith("西城支援东城")


# --- notes and what is recommended -----------------------------------------------------------------------------------

def test_how_much_is_enough_is_what_the_folder_says_and_nothing_in_folders_of_before(tmp_path):
    told, before = (menu.section(with_menu(tmp_path, plan("on_duty", LEND), enough=enough), w).lead
                    for w in (ZH,) for enough in (0.98, None))
    assert "98\u00a0% 以上" in told
    assert "%" not in before
    assert "与其中最好的相当" in before


def test_the_notes_explain_what_stands_in_the_columns_and_nothing_else(tmp_path):
    quiet = menu.section(with_menu(tmp_path, plan("on_duty", LEND)), ZH).blocks
    assert not any(word in block.note for word in ("召回的人次", "休息日加班费", "超限") for block in quiet[:2])
    calls = plan("called_in", CALLED, people=3.0, hours=12.0, yuan=900.0)
    asked = menu.section(with_menu(tmp_path, calls), ZH).blocks
    assert "召回的人次" in asked[0].note
    assert "休息日加班费" in asked[1].note
    assert "超限" not in asked[1].note
    beyond = menu.section(with_menu(tmp_path, calls | {"beyond": 5.0}), ZH).blocks
    assert "超限" in beyond[1].note
