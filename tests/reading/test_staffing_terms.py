"""Terms of a staffing plan, as a file says them: what is filled in, and what is wrong with them, in both languages."""
import pytest
from beside import wrong_with

from sim.reading.loading import load
from sim.scenario.problems import ScenarioError
from sim.scenario.staffing_terms import StaffingTerms
from surgeline.locale import in_lang

HEAD = "surgeline: 1\nextends: two-cities\n"
KIND = "staffing: {shift_types: [{code: A, from: [FROM], hours: [HOURS]MORE}]}\n"


def kind(start='"08:00", "16:00"', hours="8.5", more=""):
    return KIND.replace("FROM", start).replace("HOURS", hours).replace("MORE", more)


@pytest.fixture
def wrong(tmp_path):
    """What is wrong with two cities and something more: in English, and in Chinese."""
    def told(more):
        path = tmp_path / "mine.yaml"
        path.write_text(HEAD + more, encoding="utf-8")
        try:
            load(path)
        except ScenarioError as error:
            return wrong_with(path), [in_lang(one.told, "zh") for one in error.problems]
        return [], []
    return told


def test_what_a_file_leaves_out_is_custom_and_listed_as_assumed():
    terms = StaffingTerms()
    assert (float(terms.target.share), float(terms.target.answered)) == (0.8, 0.95)
    assert [one.code for one in terms.shift_types] == ["白", "夜"]
    assert {terms.target.share.kind, terms.prices.hour.kind, terms.prices.missing.kind} == {"assumed"}
    assert terms.target.answered.kind == "sourced"


@pytest.mark.parametrize("more", [
    kind(), kind(hours="8, 11"), kind(more=", meal: 0 min"), kind(more=", every: 60 min, meal_after: [2, 4]"),
    kind('"22:00", "02:00"'), "staffing: {cities: [west, east], target: {share: 0}}\n",
    "staffing: {target: {answered: 0, within: 30 s, each: day, in_days: 90 %}}\n"])
def test_terms_that_hold(wrong, more):
    assert wrong(more) == ([], [])


@pytest.mark.parametrize(("more", "en", "zh"), [
    ("staffing: {cities: [esat]}\n", 'staffing.cities[0]: "esat" is no city; did you mean', "esat"),
    ("staffing: {target: {share: 0, answered: 0}}\n",
     "staffing.target.share: asks for nothing: give share or answered above 0", "share"),
    (kind(hours="0"), "staffing.shift_types[0].hours[0]: must be above 0 and at most 24, got 0", "24"),
    ("staffing: {handover: 90 s}\n", "staffing.handover: must be whole minutes up to 60 min, such as 15 min", "整分钟"),
    (kind(hours="24", more=", meal: 0 min").replace("}]}", "}], handover: 15 min}"),
     "staffing.shift_types[0].hours: must be at most 24 h, handover included", "连交接班"),
    (kind(hours="25"), "must be above 0 and at most 24, got 25", "24"),
    (kind(more=", every: 7 min"), "staffing.shift_types[0].every: must be whole minutes that divide a day, such as "
                                  "30 min", "30"),
    (kind(more=", meal_after: [5, 3]"), "staffing.shift_types[0].meal_after: must begin before they end", "meal_after"),
    (kind(hours="4"), "staffing.shift_types[0].meal_after: ends after a shift of 4 h: let meals begin sooner, or write "
                      "meal: 0 min", "meal"),
    (kind('"08:10", "16:00"'), "staffing.shift_types[0]: must start, end and eat at whole half hours", "半"),
    (kind(hours="8.25"), "staffing.shift_types[0]: must start, end and eat at whole half hours", "半"),
    (kind(more=", meal: 20 min"), "staffing.shift_types[0]: must start, end and eat at whole half hours", "半"),
    (kind(more=", every: 10 min"), "staffing.shift_types[0]: must start, end and eat at whole half hours", "半"),
    ("staffing: {shift_types: []}\n", "staffing.shift_types: ", "shift_types"),
    ("staffing: {target: {in_days: 120 %}}\n", "staffing.target.in_days: ", "in_days"),
])
def test_terms_that_do_not_hold(wrong, more, en, zh):
    english, chinese = wrong(more)
    assert any(en in one for one in english), english
    assert any(zh in one for one in chinese), chinese


def test_two_kinds_of_one_code_are_refused(wrong):
    """Cells of a roster could not tell them apart."""
    twice = kind().replace("}]", '}, {code: A, from: ["10:00", "11:00"], hours: [8.5]}]')
    english, chinese = wrong(twice)
    assert english == ['staffing.shift_types[1].code: "A" stands here twice']
    assert "A" in chinese[0]


@pytest.mark.parametrize(("name", "price"), [("hour", 25), ("missing", 7000), ("kind", 5000), ("kind", 0)])
def test_prices_may_be_all_that_their_ranges_say(wrong, name, price):
    assert wrong(f"staffing: {{prices: {{{name}: {price}}}}}\n") == ([], [])
