"""What the plan brings and costs: against other policies, by city, floor by floor, and promised against delivered."""
from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.levers import Lend
from sim.scenario.scenario import Scenario
from surgeline.folders.lending_plan import Effect, Floor, LendingPlan, Manifest
from surgeline.folders.order_hours import people_called
from surgeline.reports.lending_plan import policies
from surgeline.reports.lending_plan.answer import bare, interval
from surgeline.reports.page import places
from surgeline.reports.page.blocks import Cell, Chart, Charts, Column, Section, Table, YesNo
from surgeline.reports.page.charts import AMBER, BLUE
from surgeline.reports.page.days import by_day, by_time, drawn
from surgeline.reports.page.floors import meanings, span, tally, verdict
from surgeline.reports.page.words import Words


def policies_section(done: LendingPlan, w: Words) -> Section | None:
    """The plan beside what one would do without it; of a plan that was cut short nothing is known of that."""
    m = done.manifest
    if not m.rivals:
        return None
    columns = policy_columns(w, Column(w("plan.behind"), "number"), *policies.hours_columns(m, w))
    rows = (policy_row(m.scenario, w, "plan", m.effect, "", *policies.hours_cells(m, w, policies.hours_of_plan(m))),
            *(policy_row(m.scenario, w, name, one, f"{w.exact(one.behind.mean)}{interval(w, one.behind)}",
                         *policies.hours_cells(m, w, one.seat_hours)) for name, one in m.rivals.items()))
    table = Table(w("plan.policies_table"), columns, rows, policies.note(m, w), small=True)
    itself = w("plan.itself") if "historical" in m.rivals and "placed-anew" not in m.rivals else ""
    return Section(w("plan.policies_title"),
                   w.joined([w("plan.policies_lead"), near_pooling(m, w), itself, *policies.better(m, w)]), (table,))


def near_pooling(m: Manifest, w: Words) -> str:
    """What part of full pooling a plan brings; nothing where it has others than those on duty, who are all that
    pooling has."""
    pooled = m.rivals["pooled"].people.mean
    if pooled <= 0 or any(not isinstance(one, Lend) or people_called(m.scenario, one) for one in m.levers):
        return ""
    return w("plan.near_pooling", share=w.percent(m.effect.people.mean / pooled))


def policy_columns(w: Words, *more: Column) -> tuple[Column, ...]:
    return (Column(w("plan.policy")), Column(w("plan.runs"), "number"), Column(w("plan.more"), "number"),
            Column(w("plan.interval"), "number"), *more,
            Column(w("plan.for_borrowers"), "number"), Column(w("plan.worst_lender"), "number"),
            Column(w("plan.floors")))


def policy_row(scenario: Scenario, w: Words, name: str, one: Effect, *more: Cell) -> tuple[Cell, ...]:
    worst = min((one.rates[city].mean for city in one.lenders), default=0.0)
    return (w(f"policy.{name}"), str(one.replications), w.exact(one.people.mean), bare(w, one.people), *more,
            w.exact(sum(figure.mean for figure in one.gains.values())), w("plan.points", x=w.points(worst)),
            policy_verdict(scenario, w, one))


def policy_verdict(scenario: Scenario, w: Words, one: Effect) -> Cell:
    """Whether all floors are proved or hold as far as seen, or some are broken."""
    if not one.holds:
        broken = sorted({floor.lender for floor in one.floors if floor.broken})
        return YesNo(w("plan.breaks", names=w.cities([places.city(scenario, w, city) for city in broken], 3)), False)
    return YesNo(w("plan.all_held"), True) if one.proved else w("plan.undecided")


def floors_section(done: LendingPlan, w: Words) -> Section:
    """Every lender's floor at the time of day at which it is nearest to being broken."""
    columns = (Column(w("plan.lender"), "short"), Column(w("plan.floor")), Column(w("plan.at")),
               Column(w("plan.bound"), "number"), Column(w("plan.found"), "number"),
               Column(w("plan.floor_interval"), "number"), *(days_columns(w) if of_days(done) else ()),
               Column(w("plan.proof")))
    tightest: dict[tuple[str, str], Floor] = {}
    for floor in done.manifest.effect.floors:
        key = (floor.lender, floor.name)
        if key not in tightest or floor.slack < tightest[key].slack:
            tightest[key] = floor
    rows = tuple(floor_row(done, w, floor) for floor in tightest.values())
    lead = w("plan.floors_lead", n=len(done.manifest.effect.floors), **tally(done.manifest.effect.floors))
    if rows and nothing_drops(done):
        return Section(w("plan.floors_title"), w("plan.nothing_drops", n=len(done.manifest.effect.floors)))
    return Section(w("plan.floors_title"), lead,
                   (Table(w("plan.floors_table"), columns, rows, note(done, w), small=True),) if rows else ())


A_HAIR = 1e-6


def nothing_drops(done: LendingPlan) -> bool:
    """Whether no service falls anywhere: people who are called in lend, and the duty shifts stay at home."""
    return all(floor.name.endswith("_drop") and floor.proved and floor.kept is None and floor.mean.low > -A_HAIR
               for floor in done.manifest.effect.floors)


def of_days(done: LendingPlan) -> bool:
    """Whether any floor is to be kept on enough of the days."""
    return any(floor.confidence is not None for floor in done.manifest.effect.floors)


def days_columns(w: Words) -> tuple[Column, ...]:
    return tuple(Column(w(f"plan.days_{name}"), "number") for name in ("kept", "at_least", "needed"))


def note(done: LendingPlan, w: Words) -> str:
    """How floors are judged that are there, and what the three words mean."""
    found = done.manifest.effect.floors
    means = [floor for floor in found if floor.confidence is None]
    there = {"by_time": any(floor.name != "day_drop" for floor in means),
             "by_whole_day": any(floor.name == "day_drop" for floor in means), "by_one": bool(means),
             "by_days": of_days(done)}
    return w.joined([*(w(f"plan.floors_{name}") for name, is_there in there.items() if is_there),
                     *meanings(w, found)])


def floor_row(done: LendingPlan, w: Words, floor: Floor) -> tuple[Cell, ...]:
    write = w.points if floor.name.endswith("_drop") else w.percent
    return (places.city(done.manifest.scenario, w, floor.lender), w(f"plan.{floor.name}"),
            span(done.manifest.scenario, w, floor), write(floor.bound), write(floor.mean.mean),
            w.range_of(floor.mean, write, "plan.bare_range"), *(days_kept(w, floor) if of_days(done) else ()),
            verdict(w, floor))


def days_kept(w: Words, floor: Floor) -> tuple[Cell, ...]:
    """How many days keep it, surely keep it and must; of means none is told."""
    if floor.kept is None or floor.confidence is None:
        return (w("number.none"),) * 3
    return w.percent(floor.kept.mean), w.percent(max(floor.kept.low, 0.0)), w.percent(floor.confidence)


def promise_section(done: LendingPlan, w: Words) -> Section:
    """What the model promised, and what simulation delivered, by day, by time of day and by round."""
    drawn = [charts(done, w, city, promised, done.manifest.delivered[city])
             for city, promised in done.manifest.promised.items() if any(promised.values())]
    return Section(w("plan.promise_title"), w("plan.promise_lead"), (*drawn, rounds(done, w)))


def rounds(done: LendingPlan, w: Words) -> Table:
    columns = (Column(w("plan.round"), "number"), Column(w("plan.promised"), "number"),
               Column(w("plan.delivered"), "number"), Column(w("plan.lenders_lose"), "number"),
               Column(w("plan.broken_floors"), "number"), Column(w("plan.gap"), "number"))
    rows = tuple((str(turn), w.exact(one.promised - one.cost_promised), w.exact(one.delivered.mean),
                  w.exact(one.cost_delivered), str(one.broken), w.percent(one.gap, 2))
                 for turn, one in enumerate(done.manifest.rounds, 1))
    return Table(w("plan.rounds_table"), columns, rows, w("plan.rounds_note"))


Values = Mapping[str, float]  # by the start of a block


def charts(done: LendingPlan, w: Words, city: str, promised: Values, got: Values) -> Charts:
    ways = (by_days, by_times) if len(by_day(promised)) > 1 else (by_times,)
    return Charts(tuple(way(done, w, city, promised, got) for way in ways), w("plan.promise_note"))


def by_days(done: LendingPlan, w: Words, city: str, promised: Values, got: Values) -> Chart:
    title = w("plan.chart", place=places.city(done.manifest.scenario, w, city),
              promised=w.exact(sum(promised.values())), people=w.exact(done.manifest.effect.gains[city].mean),
              calls=w.exact(sum(got.values())))
    lines = {w("plan.promised_people"): by_day(promised), w("plan.delivered_calls"): by_day(got)}
    return Chart(title, drawn(w, lines, w("plan.axis"), [AMBER, BLUE], w.day_short))


def by_times(done: LendingPlan, w: Words, city: str, promised: Values, got: Values) -> Chart:
    """By block of the day, all days together."""
    delivered = by_time(got)
    most = max(delivered, key=lambda at: delivered[at])
    title = w("plan.chart_times", place=places.city(done.manifest.scenario, w, city), time=f"{most:%H:%M}",
              calls=w.exact(delivered[most]))
    lines = {w("plan.promised_people"): by_time(promised), w("plan.delivered_calls"): delivered}
    return Chart(title, drawn(w, lines, w("plan.axis_times"), [AMBER, BLUE], lambda at: f"{at:%H:%M}"))
