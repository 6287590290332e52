"""What the plan brings and costs: against other policies, by city, floor by floor, and promised against delivered."""
from __future__ import annotations

from datetime import datetime

from sim.scenario import Scenario
from surgeline.plans import Effect, Floor, Planned, Rival
from surgeline.reports import places
from surgeline.reports.blocks import Cell, Chart, Charts, Column, Section, Table, Verdict
from surgeline.reports.charts import AMBER, BLUE
from surgeline.reports.days import by_day, drawn
from surgeline.reports.planned.answer import bare
from surgeline.reports.words import Words


def policies_section(done: Planned, w: Words) -> Section:
    """The plan beside what one would do without it."""
    effects = {"plan": done.manifest.effect, **done.manifest.rivals}
    rows = tuple(policy_row(done.manifest.scenario, w, name, one) for name, one in effects.items())
    table = Table(w("plan.policies_table"), policy_columns(w), rows, w("plan.policies_note"))
    return Section(w("plan.policies_title"), w("plan.policies_lead"), (table,))


def policy_columns(w: Words) -> tuple[Column, ...]:
    return (Column(w("plan.policy")), Column(w("plan.more"), "number"), Column(w("plan.interval"), "number"),
            Column(w("plan.behind"), "number"), Column(w("plan.interval"), "number"),
            Column(w("plan.for_borrowers"), "number"), Column(w("plan.worst_lender"), "number"),
            Column(w("plan.floors")))


def policy_row(scenario: Scenario, w: Words, name: str, one: Effect) -> tuple[Cell, ...]:
    worst = min((one.rates[city].mean for city in one.lenders), default=0.0)
    broken = sorted({floor.lender for floor in one.floors if floor.slack < 0})
    names = [places.city(scenario, w, city) for city in broken]
    verdict = Verdict(w("plan.all_held") if not broken else w("plan.breaks", names=w.list(names, 3)), not broken)
    behind = (w.exact(one.behind.mean), bare(w, one.behind)) if isinstance(one, Rival) else ("", "")
    return (w(f"policy.{name}"), w.exact(one.people.mean), bare(w, one.people), *behind,
            w.exact(sum(figure.mean for figure in one.gains.values())), w("plan.points", x=w.points(worst)), verdict)


def floors_section(done: Planned, w: Words) -> Section:
    """Every lender's floor at the time of day at which it is nearest to being broken."""
    columns = (Column(w("plan.lender"), "short"), Column(w("plan.floor")), Column(w("plan.at")),
               Column(w("plan.bound"), "number"), Column(w("plan.found"), "number"),
               Column(w("plan.days_kept"), "number"), Column(w("plan.days_at_least"), "number"),
               Column(w("plan.days_needed"), "number"), Column(w("plan.proof")))
    tightest: dict[tuple[str, str], Floor] = {}
    for floor in done.manifest.effect.floors:
        key = (floor.lender, floor.name)
        if key not in tightest or floor.slack < tightest[key].slack:
            tightest[key] = floor
    rows = tuple(floor_row(done, w, floor) for floor in tightest.values())
    lead = w("plan.floors_lead", n=len(done.manifest.effect.floors),
             proved=sum(floor.proved for floor in done.manifest.effect.floors))
    return Section(w("plan.floors_title"), lead,
                   (Table(w("plan.floors_table"), columns, rows, w("plan.floors_note"), small=True),) if rows else ())


def floor_row(done: Planned, w: Words, floor: Floor) -> tuple[Cell, ...]:
    write = w.points if floor.name.endswith("_drop") else w.percent
    verdict = Verdict(w("plan.proved" if floor.proved else "plan.kept" if floor.slack >= 0 else "plan.not_kept"),
                      floor.slack >= 0)
    block = int(float(done.manifest.scenario.lending.block) / 3600) if done.manifest.scenario.lending else 2
    return (places.city(done.manifest.scenario, w, floor.lender), w(f"plan.{floor.name}"),
            f"{floor.hour:02}:00–{floor.hour + block:02}:00", write(floor.bound),
            write(floor.mean.mean), w.percent(floor.kept.mean), w.percent(max(floor.kept.low, 0.0)),
            w.percent(floor.confidence), verdict)


def promise_section(done: Planned, w: Words) -> Section:
    """What the model promised, and what simulation delivered, by day and by round."""
    drawn = [chart(done, w, city, by_day(promised), by_day(done.manifest.delivered.get(city, {})))
             for city, promised in done.manifest.promised.items() if any(promised.values())]
    return Section(w("plan.promise_title"), w("plan.promise_lead"), (*drawn, rounds(done, w)))


def rounds(done: Planned, w: Words) -> Table:
    columns = (Column(w("plan.round"), "number"), Column(w("plan.promised"), "number"),
               Column(w("plan.delivered"), "number"), Column(w("plan.lenders_lose"), "number"),
               Column(w("plan.broken_floors"), "number"), Column(w("plan.gap"), "number"))
    rows = tuple((str(i), w.exact(one.promised - one.cost_promised), w.exact(one.delivered.mean),
                  w.exact(one.cost_delivered), str(one.broken), w.percent(one.gap, 2))
                 for i, one in enumerate(done.manifest.rounds, 1))
    return Table(w("plan.rounds_table"), columns, rows, w("plan.rounds_note"))


def chart(done: Planned, w: Words, city: str, promised: dict[datetime, float], got: dict[datetime, float]) -> Charts:
    lines = {w("plan.promised"): promised, w("plan.delivered"): got}
    title = w("plan.chart", place=places.city(done.manifest.scenario, w, city),
              promised=w.exact(sum(promised.values())), delivered=w.exact(sum(got.values())))
    return Charts((Chart(title, drawn(w, lines, w("plan.axis"), [AMBER, BLUE])),))
