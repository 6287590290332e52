"""What a plan says in a few sentences, and its key figures."""
from __future__ import annotations

from datetime import datetime

from sim.measures.statistics import Figure
from surgeline.folders.lending_plan import LendingPlan, MenuEntry
from surgeline.reports.lending_plan import offered, orders
from surgeline.reports.page import places
from surgeline.reports.page.blocks import KeyFigure
from surgeline.reports.page.floors import tally
from surgeline.reports.page.words import Words


def borrowers(done: LendingPlan, w: Words) -> str:
    s = done.manifest.scenario
    named = dict.fromkeys(lever.borrower for lever in done.manifest.lends) or done.manifest.effect.gains
    return w.cities([places.city(s, w, city) for city in named], 3)


def lenders(done: LendingPlan) -> list[str]:
    return list(dict.fromkeys(lever.lender for lever in done.manifest.lends))


def interval(w: Words, figure: Figure) -> str:
    """The interval in brackets."""
    return w.range_of(figure, w.exact, "plan.range")


def bare(w: Words, figure: Figure) -> str:
    """The interval without brackets, for a column of its own."""
    return interval(w, figure).strip("（）() ")


def sentences(done: LendingPlan, w: Words) -> list[str]:
    m = done.manifest
    if not m.levers:
        return [*recorded(done, w), w("plan.nothing", place=borrowers(done, w))]
    gains = sum(figure.mean for figure in m.effect.gains.values())
    first = w("plan.answer" if m.lends else "plan.answer_no_lend", n=len(lenders(done)), place=borrowers(done, w),
              most=most_at_once(done), called=asked(done, w),
              people=w.exact(m.effect.people.mean), range=interval(w, m.effect.people), gains=w.exact(gains))
    rivals = [best_rival(done, w)] if m.rivals else []
    return [*recorded(done, w), first, *stakes(done, w), *why(done, w), *given(done, w), *premise(done, w),
            *owed(done, w), floors_sentence(done, w), *rivals]


def at(w: Words, moment: datetime) -> str:
    """A day and an hour."""
    return f"{w.day_short(moment)} {moment:%H:%M}"


def asked(done: LendingPlan, w: Words) -> str:
    """Who is called in, and who else is asked."""
    others = offered.named(done, w, done.manifest.levers)
    return called(done, w) + (w("plan.asked_besides", names=w.list(others)) if others else "")


def called(done: LendingPlan, w: Words) -> str:
    """Who is called in."""
    one = chosen(done)
    if one is None or not one.people:
        return w("plan.called_nobody")
    return w("plan.called_people", people=w.exact(one.people), hours=w.exact(one.hours), yuan=w.exact(one.yuan))


def chosen(done: LendingPlan) -> MenuEntry | None:
    """The plan of the menu that is ordered."""
    return next((one for one in done.manifest.menu if one.name == done.manifest.stance), None)


def why(done: LendingPlan, w: Words) -> list[str]:
    """Why this plan of the menu, or which one is recommended instead."""
    m = done.manifest
    if len(m.menu) < 2:
        return []
    best = next(one for one in m.menu if one.name == m.recommended)
    if m.stance != m.recommended:
        return [w("plan.why_another", name=w(f"stance.{m.stance}"), recommended=w(f"stance.{best.name}"),
                  people=w.exact(best.effect.people.mean))]
    most = max((one for one in m.menu if one.ordinary), key=lambda one: one.effect.people.mean)
    fewer = most.effect.people.mean - best.effect.people.mean
    near = "" if most is best else w("plan.nearly", name=w(f"stance.{most.name}"), people=w.exact(fewer))
    return [w("plan.why_recommended", name=w(f"stance.{m.stance}"), near=near) + beyond(done, best, w)]


def given(done: LendingPlan, w: Words) -> list[str]:
    """That the plan is what the scenario or a variant of it does already; nothing of others."""
    one = chosen(done)
    if one is None or one.variant is None:
        return []
    return [w("plan.given_variant", name=variant_name(done, w, one.variant)) if one.variant else w("plan.given_own")]


def variant_name(done: LendingPlan, w: Words, key: str) -> str:
    """What the scenario calls a variant."""
    found = done.manifest.scenario.variants.get(key)
    return w.name(found.name) if found else key


def beyond(done: LendingPlan, best: MenuEntry, w: Words) -> str:
    """What an emergency would bring, where nobody has said that it is one."""
    more = next((one for one in done.manifest.menu if one.name == "emergency" and not one.ordinary
                 and one.effect.people.mean > best.effect.people.mean), None)
    if more is None:
        return ""
    return w("plan.beyond", people=w.exact(more.effect.people.mean), called=w.exact(more.people),
             yuan=w.exact(more.yuan))


def stakes(done: LendingPlan, w: Words) -> list[str]:
    """How many people call in each city that is helped, and which share of them gets through without and with it."""
    effect = done.manifest.effect
    return [w("plan.stakes", place=places.city(done.manifest.scenario, w, city), callers=w.count(callers.mean),
              before=w.percent(effect.before[city].mean), after=w.percent(effect.after[city].mean),
              lost=w.count(callers.mean * (1 - effect.after[city].mean)))
            for city, callers in effect.callers.items() if callers.mean >= 1]


def premise(done: LendingPlan, w: Words) -> list[str]:
    """What has to have happened by when, for seats to be there from the first hour on."""
    terms = done.manifest.scenario.lending
    return [] if terms is None else [
        w("plan.premise", agreed=at(w, terms.agreed), ready=at(w, terms.ready),
          connect=w.few(float(terms.connect) / 3600), rehearsal=w.few(float(terms.rehearsal) / 3600))]


def recorded(done: LendingPlan, w: Words) -> list[str]:
    """What the record says that a plan starts from."""
    record = done.manifest.record
    return [] if record is None else [
        w("today.answer", at=f"{record.at:%H:%M}", place=places.city(done.manifest.scenario, w, city),
          dials=w.count(sum(one.dials.values())), people=w.count(one.total.mean),
          range=w.range_of(one.total, w.count, "plan.range"), tomorrow=w.count(one.tomorrow.mean),
          range_tomorrow=w.range_of(one.tomorrow, w.count, "plan.range"))
        for city, one in record.cities.items()]


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
    lends = list(done.manifest.lends)
    return round(max((seats for _, _, hours in orders.phases(lends) for *_, seats in hours), default=0)) if lends else 0


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


def nobody(done: LendingPlan, w: Words) -> str:
    """That other policies call nobody in, where the plan does."""
    one = chosen(done)
    return w("plan.call_nobody") if one is not None and one.people else ""


def best_rival(done: LendingPlan, w: Words) -> str:
    """The best of the other policies that surely keep the floors, and how others fare. Full pooling is no order."""
    rivals = done.manifest.rivals
    keeping = {name: one for name, one in rivals.items() if one.proved and name != "pooled"}
    breaking = sum(not one.holds for one in rivals.values())
    open_still = len(rivals) - breaking - sum(one.proved for one in rivals.values())
    rest = w("plan.undecided_rivals", n=open_still) if open_still else ""
    if not keeping:
        return w("plan.no_rival", n=breaking, nobody=nobody(done, w)) + rest
    name = max(keeping, key=lambda key: keeping[key].people.mean)
    best = keeping[name]
    return w("plan.rival", nobody=nobody(done, w), name=w(f"policy.{name}"), people=w.exact(best.people.mean),
             n=breaking, behind=w.change(best.behind.mean), range=interval(w, best.behind)) + rest


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
