"""What a plan has beside its roster is replayed by variants of its scenario, and brings what the plan promised."""
import openpyxl
import pytest
from lending_town import lending
from one_city import of_many, surgeline, text

from sim.measures.statistics import figure
from sim.reading.loading import load
from sim.studies.study import simulate, study
from sim.world.build import build
from surgeline.folders.replay_writing import OURS
from surgeline.folders.run import Run
from surgeline.folders.staffing_plan import StaffingPlan
from surgeline.reports.page.words import Words
from surgeline.reports.staffing_plan import replays

SURGE = """surges:
  rule: {city: town, class: other, profile: plain, by_day: {2021-08-03: 1500}}
"""
OWN = """levers:
  - {kind: call_in, city: town, people: 3, from: 2021-08-02, to: 2021-08-03, hours: ["09:00", "15:00"]}
  - {kind: divert, cities: [town], share: 1 %, from: 2021-08-02, to: 2021-08-03}
"""
OUTBREAK = """absences:
  - {city: town, from: 2021-08-03 10:00, to: 2021-08-03 14:00, share: 30 %}
"""
NO_GROUPS = "people: {town: {call_in: {willing: 100 %}}}\n"
GROUPS = """people:
  town:
    groups:
      agents: {name: {zh: 全职, en: full time}, people: 30, shifts: days, from_home: 100 %, call_in: {willing: 90 %}}
      reserve: {name: {zh: 后备, en: reserve}, people: 3, contract: reserve}
"""
STANDBY = "  standby: {in_days: 95 %, response: 1 h, pay: 12}\n"
BUSY = "{profile: plain}}", "{profile: plain, busyness_cv: 0.9}}"
ANSWERED, HOME = "callers_answered", "city:town"


def surged(more=""):
    return of_many(text(SURGE + more, calls=600, talk="3 min"))


TOWNS = {"surge": surged(), "own": surged(OWN + OUTBREAK), "lend": lending("50 %").replace(NO_GROUPS, GROUPS)
         .replace("agents: 30, ", ""),
         "standby": of_many(text(STANDBY, calls=600, talk="4 min")).replace(*BUSY)}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    here = tmp_path_factory.mktemp("replays")
    for name, content in TOWNS.items():
        (here / f"{name}.yaml").write_text(content, encoding="utf-8")
        surgeline("staff", here / f"{name}.yaml", "--city", "town", "--seconds", "2", "--replications", "3", "--out",
                  here / name)
    return here


def plan_of(folder):
    return StaffingPlan.read(folder).manifest.cities["town"]


def same(one, other):
    return (one.mean, one.low, one.high) == pytest.approx((other.mean, other.low, other.high), rel=1e-12)


@pytest.mark.parametrize("name", ["surge", "own"])
def test_those_who_are_called_bring_what_was_promised(made, name):
    city, scenario = plan_of(made / name), load(made / name / "staffed.yaml")
    assert [(one.variant, one.off, one.refused) for one in city.replays] == [("plan-called", 0, None)]
    more = answered_by(scenario.variant("plan-called"), city) - answered_by(scenario, city)
    assert city.call_in.brings.mean > 20
    assert same(figure(more), city.call_in.brings)


def answered_by(scenario, city):
    """[replications] people who are answered on the luck on which a plan is judged, which no search has seen."""
    first = 2 * city.need.unseen
    calls = simulate(scenario, replications=first + 3, seed=1, keep_calls=True).calls
    answered = calls[(calls["outcome"] == "answered") & (calls["replication"] >= first)]
    return answered.groupby("replication")["caller"].nunique().to_numpy()


def test_their_service_is_what_was_promised_on_the_plans_luck(made):
    city, scenario = plan_of(made / "surge"), load(made / "surge" / "staffed.yaml")
    first = 2 * city.need.unseen
    result = simulate(scenario.variant("plan-called"), replications=first + 3, seed=1, keep_calls=True)
    calls = result.calls[result.calls["replication"] >= first]
    answered = calls["outcome"] == "answered"
    assert city.call_in.service.answered.mean == pytest.approx(answered.mean(), rel=1e-9)
    assert city.call_in.service.within.mean == pytest.approx((answered & (calls["waited_ms"] <= 15_000)).mean(),
                                                             rel=1e-9)


def test_the_command_runs_them(made):
    surgeline("run", made / "own" / "staffed.yaml", "--variant", "plan-called", "--replications", "1", "--out",
              made / "own-run")
    pools = Run.read(made / "own-run").pools
    own = pools[pools["kind"] == "own"].sort_values("start")
    assert own["seats"].tolist() == StaffingPlan.read(made / "own").intervals["on_duty"].tolist()


def test_lending_takes_and_brings_what_was_promised(made):
    city, scenario = plan_of(made / "lend"), load(made / "lend" / "staffed.yaml")
    assert [one.variant for one in city.replays] == ["plan-not-lent", "plan-lent-by-roster", "plan-lent"]
    assert {one.off for one in city.replays} == {0}
    assert {one.contract for one in city.lent.at_seats} == {None, "reserve"}
    assert {one.group for one in scenario.variants["plan-lent"].levers if one.kind == "call_in"} >= {"reserve"}
    kept, unfilled, filled = (scenario.variant(one.variant) for one in city.replays)
    found = study(kept, {"unfilled": unfilled, "filled": filled}, replications=3, seed=1)
    assert same(found.difference("unfilled", ANSWERED, HOME), city.lent.home)
    assert same(found.difference("filled", ANSWERED, HOME), city.lent.home_filled)
    assert same(found.difference("filled", ANSWERED, "city:village"), city.lent.borrowers["village"])


def test_who_stands_by_is_at_work_after_the_response_on_every_day(made):
    city, scenario = plan_of(made / "standby"), load(made / "standby" / "staffed.yaml")
    before, after = (build(one).world.seats[:, 0] for one in (scenario, scenario.variant("plan-standby")))
    t, there = scenario.horizon.times, set()
    for day in city.standby.days:
        at_work = [i for i in range(t.number) if (t.begin(i) - day.start).total_seconds() >= 3600 and
                   t.begin(i) < day.end]
        assert all(after[i] - before[i] in (int(0.88 * day.named), int(0.88 * day.named) + 1) or after[i] == 35
                   for i in at_work)
        there |= set(at_work)
    assert there
    assert all(after[i] == before[i] for i in range(t.number) if i not in there)


def test_callers_wait_less_where_standby_is_called_every_day(made):
    scenario = load(made / "standby" / "staffed.yaml")
    found = study(scenario, ["plan-standby"], replications=8, seed=1)
    before, after = (one.sample("mean_wait_s", HOME) for one in found.results.values())
    assert after.mean() < before.mean()


def test_variants_have_names_in_both_languages(made):
    for name in TOWNS:
        for key, variant in load(made / name / "staffed.yaml").variants.items():
            assert key in OURS
            assert any(sign >= "\u4e00" for sign in variant.name.zh)
            assert variant.name.en.isascii()


def test_the_report_says_how_each_part_is_replayed(made):
    for lang, same in (("zh", "完全相同"), ("en", "the same at any time")):
        w = Words(lang)
        assert "--variant plan-called" in replays.note(w, plan_of(made / "surge"), replays.CALLED)
        assert same in replays.note(w, plan_of(made / "surge"), replays.CALLED)
        assert "plan-lent-by-roster" in replays.note(w, plan_of(made / "lend"), replays.LENT)
        assert len(replays.note(w, plan_of(made / "standby"), replays.STANDBY)) > 100
        assert replays.note(w, plan_of(made / "standby"), replays.CALLED) == ""
        assert "--variant plan-called" in (made / "surge" / "report.html").read_text(encoding="utf-8")


def test_what_differs_and_what_is_refused_is_said(made):
    city = plan_of(made / "surge")
    off, refused = (city.model_copy(update={"replays": (city.replays[0].model_copy(update=other),)})
                    for other in ({"off": 12.5}, {"refused": "没有人 | nobody is there"}))
    assert "12.5 seat-hours" in replays.note(Words("en"), off, replays.CALLED)
    assert "nobody is there" in replays.note(Words("en"), refused, replays.CALLED)
    assert "没有人" in replays.note(Words("zh"), refused, replays.CALLED)


# --- edited and planned again ----------------------------------------------------------------------------------------

def copied(folder, there):
    for path in folder.iterdir():
        if path.suffix in (".yaml", ".xlsx"):
            (there / path.name).write_bytes(path.read_bytes())


@pytest.mark.parametrize("code", ["休", None])
def test_an_edited_roster_is_no_reason_to_refuse_them(made, tmp_path, code):
    """Nobody works any more, or everybody on the day of the surge: the calls are of the roster as it was."""
    copied(made / "surge", tmp_path)
    book = openpyxl.load_workbook(tmp_path / "roster.xlsx")
    shift = next(cell.value for row in book.worksheets[0].iter_rows(min_row=2, min_col=3) for cell in row
                 if cell.value not in ("休", "假"))
    for row in book.worksheets[0].iter_rows(min_row=2, min_col=3):
        row[-1].value = code or shift
    book.save(tmp_path / "roster.xlsx")
    scenario = load(tmp_path / "staffed.yaml")
    assert list(scenario.variants) == ["plan-called"]
    assert {row.codes[-1] for row in scenario.people["town"].roster.rows} == {code or shift}


def test_the_next_plan_has_its_own(made, tmp_path):
    """And none where nobody is called any more."""
    copied(made / "surge", tmp_path)
    surgeline("staff", tmp_path / "staffed.yaml", "--seconds", "1", "--replications", "2", "--out", tmp_path / "again")
    city, scenario = plan_of(tmp_path / "again"), load(tmp_path / "again" / "staffed.yaml")
    assert list(scenario.variants) == ["plan-called"]
    assert len(scenario.variants["plan-called"].levers) == city.replays[0].levers
    own = (tmp_path / "again" / "staffed.yaml").read_text(encoding="utf-8")
    (tmp_path / "again" / "staffed.yaml").write_text(own + "surges: ~\n", encoding="utf-8")
    surgeline("staff", tmp_path / "again" / "staffed.yaml", "--seconds", "1", "--replications", "2", "--out",
              tmp_path / "quiet")
    assert load(tmp_path / "quiet" / "staffed.yaml").variants == {}
    assert "plan-called" not in (tmp_path / "quiet" / "staffed.yaml").read_text(encoding="utf-8")


def test_a_plan_that_stands_on_a_plan_has_its_own(made, tmp_path):
    copied(made / "surge", tmp_path)
    mine = "surgeline: 1\nextends: staffed.yaml\nsurges: ~\ntitle: {zh: 平常, en: Quiet}\n"
    (tmp_path / "mine.yaml").write_text(mine, encoding="utf-8")
    surgeline("staff", tmp_path / "mine.yaml", "--seconds", "1", "--replications", "2", "--out", tmp_path / "mine")
    assert load(tmp_path / "mine" / "staffed.yaml").variants == {}
