"""What a plan says in a few sentences, and its key figures."""
from __future__ import annotations

from sim.measures.statistics import Figure
from surgeline.folders.lending_plan import Floor, LendingPlan
from surgeline.reports.lending_plan import orders
from surgeline.reports.page import places
from surgeline.reports.page.blocks import KeyFigure
from surgeline.reports.page.words import Words


def borrowers(done: LendingPlan, w: Words) -> str:
    s = done.manifest.scenario
    named = dict.fromkeys(lever.borrower for lever in done.manifest.levers) or done.manifest.effect.gains
    return w.cities([places.city(s, w, city) for city in named], 3)


def lenders(done: LendingPlan) -> list[str]:
    return list(dict.fromkeys(lever.lender for lever in done.manifest.levers))


def interval(w: Words, figure: Figure) -> str:
    """The interval in brackets."""
    return w.range_of(figure, w.exact, "plan.range")


def bare(w: Words, figure: Figure) -> str:
    """The interval without brackets, for a column of its own."""
    return interval(w, figure).strip("（）() ")


def sentences(done: LendingPlan, w: Words) -> list[str]:
    m = done.manifest
    if not m.levers:
        return [w("plan.nothing", place=borrowers(done, w))]
    gains = sum(figure.mean for figure in m.effect.gains.values())
    first = w("plan.answer", n=len(lenders(done)), place=borrowers(done, w), most=most_at_once(done),
              people=w.exact(m.effect.people.mean), range=interval(w, m.effect.people), gains=w.exact(gains))
    return [first, *owed(done, w), floors_sentence(done, w), best_rival(done, w)]


def owed(done: LendingPlan, w: Words) -> list[str]:
    """What not dropping local service means here; nothing where lenders' floors differ, or each day counts."""
    terms = done.manifest.scenario.lending
    floors = {terms.floor_of(name) for name in lenders(done)} if terms else set()
    if len(floors) != 1 or (floor := floors.pop()).by != "mean":
        return []
    return [w("plan.owed", answered=w.few(100 * float(floor.answered_drop)), day=w.few(100 * float(floor.day_drop)),
              within=w.few(100 * float(floor.within_drop)), worst=w.percent(1 - float(floor.confidence), 0))]


def most_at_once(done: LendingPlan) -> int:
    """Seats lent at once at the most."""
    return round(max(seats for _, _, hours in orders.phases(list(done.manifest.levers)) for *_, seats in hours))


def floors_sentence(done: LendingPlan, w: Words) -> str:
    """How many floors are proved, hold as far as seen, or are broken: three words, of which one is true of each."""
    floors = done.manifest.effect.floors
    if not floors:
        return w("plan.no_floors")
    counts = tally(floors)
    key = "broken" if counts["broken"] else "held" if counts["proved"] == len(floors) else "held_mostly"
    lenders = sorted({floor.lender for floor in floors if (floor.broken if key == "broken" else not floor.proved)})
    return w(f"plan.{key}", n=len(floors), **counts,
             names=w.cities([places.city(done.manifest.scenario, w, city) for city in lenders], 4))


def tally(floors: tuple[Floor, ...]) -> dict[str, int]:
    """How many floors are proved, hold as far as seen, and are broken."""
    broken = sum(floor.broken for floor in floors)
    proved = sum(floor.proved for floor in floors if not floor.broken)
    return {"proved": proved, "kept": len(floors) - proved - broken, "broken": broken}


def best_rival(done: LendingPlan, w: Words) -> str:
    """The best of the other policies that surely keep the floors, and how others fare. Full pooling is no order."""
    rivals = done.manifest.rivals
    keeping = {name: one for name, one in rivals.items() if one.proved and name != "pooled"}
    breaking = sum(not one.holds for one in rivals.values())
    open_still = len(rivals) - breaking - sum(one.proved for one in rivals.values())
    rest = w("plan.undecided_rivals", n=open_still) if open_still else ""
    if not keeping:
        return w("plan.no_rival", n=breaking) + rest
    name = max(keeping, key=lambda key: keeping[key].people.mean)
    best = keeping[name]
    return w("plan.rival", name=w(f"policy.{name}"), people=w.exact(best.people.mean), n=breaking,
             behind=w.change(best.behind.mean), range=interval(w, best.behind)) + rest


def key_figures(done: LendingPlan, w: Words) -> list[KeyFigure]:
    effect = done.manifest.effect
    gains = [KeyFigure(w("plan.more_in", place=places.city(done.manifest.scenario, w, city)), w.exact(figure.mean),
                       bare(w, figure)) for city, figure in effect.gains.items()]
    worst = min(effect.lenders.items(), key=lambda one: effect.rates[one[0]].mean, default=None)
    found = [KeyFigure(w("plan.more"), w.exact(effect.people.mean), bare(w, effect.people)), *gains]
    if worst is not None:
        rate = effect.rates[worst[0]]
        found.append(KeyFigure(w("plan.worst", place=places.city(done.manifest.scenario, w, worst[0])),
                               w("plan.points", x=w.points(rate.mean)), ""))
    return found
