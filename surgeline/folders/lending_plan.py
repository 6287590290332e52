"""Plan folders: who lends how many seats to whom and when, what it was worth in simulation, and what else was tried."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from sim.reading.yaml_places import Document
from sim.scenario.lever import Lever
from sim.scenario.levers import Lend
from sim.scenario.quantities import Part, Quantity
from sim.scenario.scenario import Scenario
from surgeline.folders import order_book
from surgeline.folders.folder import Folder
from surgeline.folders.from_record import FILE, FromRecord, surges_written
from surgeline.folders.manifests import Entry, Mean, Origin
from surgeline.folders.order_entries import BrokenTerm, CityLevels, levels_of
from surgeline.folders.order_hours import ORDERED, Ordered
from surgeline.folders.scenario_files import copy_beside, dumped, own_files
from surgeline.locale import LANGS, texts

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.lending.inputs.province import Province
    from optimizer.lending.judged import Judged
    from optimizer.lending.menu.drafts import Tested
    from optimizer.lending.menu.options import Option
    from optimizer.lending.plan import Plan
    from optimizer.lending.trials.contingencies import Contingency as Answered
    from optimizer.lending.trials.evaluation import Evaluation
    from optimizer.lending.trials.floors import FloorResult
    from optimizer.lending.trials.premises import Premise

KIND = "plan"
HEAD = """\
# 支援方案：{zh}。由 `surgeline plan` 求得，可以修改后用 `surgeline run` 复演。
# A plan of help: {en}. Found by `surgeline plan`; edit it and replay it with `surgeline run`.
"""
HEAD_OF_EDITED = """\
# 改过的支援方案：{zh}。由 `surgeline plan --from` 评判，可以再改。
# An edited plan of help: {en}. Judged by `surgeline plan --from`; edit it again as you like.
"""
HEAD_OF_EVENING = """\
# 由当日话务记录推算的今天与明天，`surgeline plan --actual` 写成；plan.yaml 以它为基础。
# Today and tomorrow as estimated from the day's record, written by `surgeline plan --actual`; plan.yaml stands on it.
"""
HEAD_OF_POLICIES = """\
# 与方案比较的各种做法：`surgeline compare policies.yaml` 用同一批来电比较。
# Policies that the plan was measured against: `surgeline compare policies.yaml` compares them with the same callers.
"""


class Floor(Entry):
    """A floor of a lender at a time of day, or of its whole days."""

    lender: str
    hour: int = 0
    minute: int = 0
    name: Literal["answered", "within", "answered_drop", "within_drop", "day_drop"]
    bound: float
    confidence: float | None = None     # share of the days that must keep it; of means none
    mean: Mean
    worst: float | None = None          # in folders of before
    kept: Mean | None = None            # share of the days that keep it; of means none
    proved: bool
    broken: bool
    surely_broken: bool

    @property
    def slack(self) -> float:
        """How far above the bound the mean surely is; or how many more days surely keep it than must, as a share."""
        if self.kept is None or self.confidence is None:
            return self.mean.low - self.bound
        return self.kept.low - self.confidence


class Effect(Entry):
    """What a policy changes against not lending, on the same luck."""

    replications: int
    people: Mean
    gains: dict[str, Mean]
    lenders: dict[str, Mean]
    rates: dict[str, Mean]
    floors: tuple[Floor, ...]
    holds: bool
    callers: dict[str, Mean] = {}   # by borrower: people who call on the days of the plan; in folders of before none
    before: dict[str, Mean] = {}    # which share of them gets through without it
    after: dict[str, Mean] = {}     # and with it

    @property
    def proved(self) -> bool:
        """Whether all floors surely hold."""
        return all(floor.proved for floor in self.floors)


class AtAnEnd(Entry):
    """What a plan brings where one assumption is at an end of its range."""

    what: Literal["callers", "presence"]
    value: float | None = None    # of presence
    callers: dict[str, Mean]      # by borrower
    after: dict[str, Mean]        # which share of them gets through with the plan
    people: Mean
    given_way: int                # floors that surely give way
    floors: int                   # of so many


class Rival(Effect):
    """What another policy changes, and how many people more the plan answers on the same luck."""

    behind: Mean
    seat_hours: float | None = None  # lent; of routing, which lends none, and in folders of before, nothing


class Tried(Entry):
    """One round: what the model promised, and what simulation delivered."""

    serves: str
    gap: float
    promised: float
    delivered: Mean
    cost_promised: float
    cost_delivered: float
    broken: int


class Neighbour(Entry):
    """A plan that differs by a seat, against the plan on luck of its own."""

    kind: Literal["more", "less", "moved"]
    lender: str
    other: str
    borrower: str
    people: Mean
    holds: bool
    taken: bool
    minute: int | None = None   # of the day at which a block begins; of a whole stint, and in folders of before, none


class MenuEntry(Entry):
    """A plan of the menu."""

    name: str
    levers: tuple[Annotated[Ordered, Field(discriminator="kind")], ...]
    effect: Effect
    seats: int          # lent at once at the most, by people on duty and people called in
    people: float       # times that somebody is called in
    hours: float        # of those
    yuan: float
    beyond: float       # of these hours, beyond the limits of overtime
    ordinary: bool      # whether terms and ordinary overtime allow it
    drops: float        # times the drops of the terms' floors
    variant: str | None = None  # whose levers these are: a variant's, or "" for the scenario's own; of others none


class Contingency(Entry):
    """What is done about a second surge."""

    city: str
    start: datetime
    end: datetime
    times: float
    chance: float
    recalled: dict[str, int]  # by borrower: seats
    called: dict[str, int]    # by lender
    people: Mean
    dropped: tuple[int, int]
    floors: int
    worth_it: bool


class Manifest(Origin):
    """What was planned, and its proof."""

    kind: Literal["plan"]
    stance: str = ""    # of the plan of the menu that is ordered; of an edited plan none
    recommended: str = ""
    enough: float | None = None  # of what the best plan brings: whoever asks less for so much is recommended
    menu: tuple[MenuEntry, ...] = ()
    serves: str
    levers: tuple[Annotated[Ordered, Field(discriminator="kind")], ...]
    effect: Effect
    rivals: dict[str, Rival]
    rounds: tuple[Tried, ...]
    neighbours: tuple[Neighbour, ...]
    standby: dict[str, int]
    strikes: tuple[Contingency, ...]
    marginal: dict[str, dict[Literal["more", "less"], float]]  # by lender: people, as the model has it
    gap: float
    bound: float
    frontier: tuple[tuple[int, float], ...]  # seats at once, people more that the model promises
    refusals: dict[str, float]
    prices: dict[str, float]  # by term: people more without it
    not_asked: dict[str, Literal["floors", "home", "terms"]]
    promised: dict[str, dict[str, float]]   # by borrower and start of block: people more
    delivered: dict[str, dict[str, float]]
    laps: dict[str, float]
    scenario: Scenario
    record: FromRecord | None = None        # that the plan starts from
    levels: dict[str, CityLevels] = {}      # by city; in folders of before none
    edition: int = 1                        # how often the order of this plan has been written
    edited: str = ""                        # the file from which it was read; nothing was searched then
    broken_terms: tuple[BrokenTerm, ...] = ()
    premises: tuple[AtAnEnd, ...] = ()      # in folders of before none

    @property
    def lends(self) -> tuple[Lend, ...]:
        """The levers that lend seats."""
        return tuple(one for one in self.levers if isinstance(one, Lend))


@dataclass(frozen=True)
class LendingPlan(Folder):
    """A finished plan, read from its folder."""

    KIND = KIND
    MANIFEST = Manifest

    manifest: Manifest


def manifest_of(plan: Plan, scenario: Scenario, origin: dict[str, Any], record: FromRecord | None = None) -> Manifest:
    return Manifest.model_validate({
        **origin, "kind": KIND, "stance": plan.option.name, "recommended": plan.recommended,
        "enough": plan.enough, "menu": [entry(plan.province, one) for one in plan.menu],
        "serves": (plan.serves.on_duty if plan.option.draft.stance.on_duty else plan.serves.called_in).serves,
        "levers": plan.levers,
        "effect": effect(plan.province, plan.verdict),
        "rivals": {name: Rival(**dict(effect(plan.province, one.verdict)), behind=one.behind,
                               seat_hours=seat_hours(plan.policies[name]))
                   for name, one in plan.rivals.items()},
        "rounds": [{
            "serves": trial.serves.on_duty.serves, "gap": trial.solution.gap,
            "promised": sum(float(values.sum()) for values in trial.solution.gains.values()),
            "delivered": trial.verdict.people,
            "cost_promised": sum(float(values.sum()) for values in trial.solution.losses.values()),
            "cost_delivered": -sum(figure.mean for figure in trial.verdict.lenders.values()),
            "broken": sum(floor.broken for floor in trial.verdict.floors)} for trial in plan.trials],
        "neighbours": [neighbour(plan.province, one) for one in plan.tests],
        "standby": plan.standby, "strikes": [armed(one) for one in plan.strikes],
        "premises": [at_an_end(one) for one in plan.premises],
        "marginal": {city: {kind: round(x, 1) for kind, x in of.items()} for city, of in plan.marginal.items()},
        "gap": plan.solution.gap, "bound": plan.solution.bound,
        "frontier": [(point.seats, round(point.people, 1)) for point in plan.asked.frontier],
        "refusals": {city: round(people, 1) for city, people in plan.asked.refusals.items()},
        "prices": {term: round(people, 1) for term, people in plan.asked.prices.items()}, "not_asked": plan.not_asked,
        "promised": by_block(plan.province, plan.solution.gains),
        "delivered": by_block(plan.province, plan.verdict.gained_by_block),
        "levels": levels_of(plan.levels), "scenario": scenario,
        "laps": {what: round(seconds, 1) for what, seconds in plan.seconds.items()},
        "record": record,
    })


def entry(province: Province, one: Option) -> MenuEntry:
    """A plan of the menu."""
    verdict, levers = one.proof.verdict, one.draft.levers
    return MenuEntry.model_validate({
        "name": one.name, "levers": levers, "effect": effect(province, verdict),
        "seats": most_lent(province, levers), "people": one.asked.people, "hours": one.asked.hours,
        "yuan": one.asked.yuan, "beyond": one.asked.beyond, "ordinary": one.ordinary,
        "drops": one.draft.stance.drops, "variant": one.draft.variant})


def seat_hours(scenario: Scenario) -> float | None:
    """That a policy lends within the horizon; none where it lends nothing, as routing does."""
    lends, of = [one for one in scenario.levers if isinstance(one, Lend)], scenario.horizon
    hours = [float(one.seats) * (min(end, of.end) - max(begin, of.start)).total_seconds() / 3600 for one in lends
             for begin, end in one.span.stretches() if begin < of.end and end > of.start]
    return round(sum(hours), 1) if lends else None


def most_lent(province: Province, levers: tuple[Lever, ...]) -> int:
    """Seats lent at once at the most."""
    lends = [lever for lever in levers if isinstance(lever, Lend)]
    return round(max((sum(float(lever.seats) for lever in lends if lever.span.covers(block.start))
                      for block in province.blocks), default=0.0))


def effect(province: Province, found: Evaluation) -> Effect:
    """What was found of a policy, its floors by the time of day."""
    floors = tuple(floor(province, one) for one in found.floors)
    return Effect.model_validate(found).model_copy(update={"floors": floors})


def floor(province: Province, one: FloorResult) -> Floor:
    hour, minute = divmod((one.number or 0) * province.block_s // 60, 60)
    return Floor.model_validate(one).model_copy(update={"hour": hour, "minute": minute})


def at_an_end(one: Premise) -> dict[str, Any]:
    verdict = one.verdict
    return {"what": one.what, "value": one.value, "callers": verdict.callers, "after": verdict.after,
            "people": verdict.people, "given_way": sum(floor.surely_broken for floor in verdict.floors),
            "floors": len(verdict.floors)}


def neighbour(province: Province, one: Tested) -> dict[str, Any]:
    names, number = ("kind", "lender", "other", "borrower"), one.neighbour.number
    return {**{name: getattr(one.neighbour, name) for name in names}, "people": one.people,
            "holds": one.holds, "taken": one.taken,
            "minute": None if number is None else number * province.block_s // 60}


def armed(one: Answered) -> dict[str, Any]:
    strike = one.strike
    return {"city": strike.city, "start": strike.start, "end": strike.end, "times": float(strike.times),
            "chance": float(strike.chance), "people": one.people,
            **{name: getattr(one, name) for name in ("recalled", "called", "dropped", "floors", "worth_it")}}


def by_block(province: Province, values: dict[str, Any]) -> dict[str, dict[str, float]]:
    """By key and start of the block."""
    starts = [f"{block.start:%Y-%m-%dT%H:%M}" for block in province.blocks]
    return {key: dict(zip(starts, (round(float(x), 2) for x in row), strict=True)) for key, row in values.items()}


# --- the plan as scenario files -------------------------------------------------------------------------------------

def plan_yaml(plan: Plan | Judged, scenario: Scenario, base: str, over: dict[str, Any], above: str = HEAD) -> str:
    """The scenario of a base file with the plan instead of its own lending, as a planner would write it."""
    title = {"zh": f"{scenario.title.zh}：支援方案", "en": f"{scenario.title.en}: a plan"}
    head = above.format(zh=scenario.title.zh, en=scenario.title.en)
    return head + dumped({"surgeline": 1, "extends": base, "title": title, "observed": [],
                          "horizon": days_of(plan.province.scenario), **over,
                          "levers": instead(*in_horizon(plan.province.scenario), *plan.levers)})


def evening_yaml(plan: Plan, scenario: Scenario, base: str, over: dict[str, Any]) -> str:
    """The scenario of the evening on which the plan was made: what a record said of today and tomorrow."""
    title = {"zh": f"{scenario.title.zh}：由当日记录推算", "en": f"{scenario.title.en}: from the day's record"}
    return HEAD_OF_EVENING + dumped({"surgeline": 1, "extends": base, "title": title, "observed": [],
                                     "horizon": days_of(plan.province.scenario), **over,
                                     **surges_written(scenario)})


def days_of(scenario: Scenario) -> dict[str, str]:
    """A horizon as files write it."""
    of = scenario.horizon
    return {"start": f"{of.start:%Y-%m-%d %H:%M}", "end": f"{of.end:%Y-%m-%d %H:%M}"}


def policies_yaml(plan: Plan) -> str:
    """The plan with the policies that it was measured against as variants."""
    found = {"none": plan.province.scenario, **plan.policies}
    return HEAD_OF_POLICIES + dumped({"surgeline": 1, "extends": "plan.yaml", "variants": {
        name: {"name": {lang: texts(lang)["policy"][name] for lang in LANGS}, "levers": instead(*in_horizon(one)),
               **({"on": None, "change": None} if name in plan.province.scenario.variants else {})}
        for name, one in found.items()}})


def in_horizon(scenario: Scenario) -> list[Any]:
    """The levers of a scenario of some days of which any lies in them: a file may say no others."""
    of = scenario.horizon
    return [one for one in scenario.levers
            if getattr(one, "start", of.start) < of.end and getattr(one, "end", of.end) > of.start]


def instead(*levers: Any) -> dict[str, Any] | list[Any]:
    """Levers instead of those of the base."""
    return {"replace": [written(lever) for lever in levers]} if levers else []


def written(lever: Any) -> dict[str, Any]:
    """A lever as files write it: what it says itself, quantities as numbers."""
    said = {}
    for name in lever.model_fields_set:
        field, value = type(lever).model_fields[name], getattr(lever, name)
        if value != field.default or field.is_required() or name == "hours":
            said[field.alias or name] = plain(name, value)
    return {key: said[key] for key in sorted(said, key=order_of(lever))}


def order_of(lever: Any) -> Callable[[str], int]:
    names = [field.alias or name for name, field in type(lever).model_fields.items()]
    return lambda name: -1 if name == "kind" else names.index(name)


def plain(name: str, value: Any) -> Any:
    """A value of a lever in the words of a file."""
    if name == "hours":
        return [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in value]
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Quantity):
        return number(value)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Part):
        return {field: plain(field, getattr(value, field)) for field in type(value).model_fields}
    return value


def number(quantity: Quantity) -> float | int | str:
    """A quantity in its base unit; of these only seconds are written."""
    if quantity.unit == "s":
        return f"{quantity.number:g} s"
    return int(quantity.number) if quantity.number == int(quantity.number) else quantity.number


# --- folders ---------------------------------------------------------------------------------------------------------

def write(plan: Plan, scenario: Scenario, document: Document, origin: dict[str, Any], folder: Path,
          write_reports: Callable[[LendingPlan], None], record: FromRecord | None = None) -> LendingPlan:
    """Write a plan folder with its reports. It appears whole or not at all.

    :param record: that the scenario was estimated from; the scenario is written as a file then.
    :raises RunError: if the folder is there already or can't be written.
    """
    done = LendingPlan(folder, manifest_of(plan, scenario, origin, record))
    is_evening, over = record is not None, surges_that_are_over(document, scenario)
    return done.write(write_reports, lambda part: write_files(plan, scenario, own_files(document), part, over,
                                                              is_evening))


def surges_that_are_over(document: Document, scenario: Scenario) -> dict[str, Any]:
    """Takes second surges away that lie outside the days of a plan."""
    terms = document.data.get("lending") if isinstance(document.data, dict) else None
    there = isinstance(terms, dict) and terms.get("second_surges")
    left = scenario.lending is not None and scenario.lending.second_surges
    return {"lending": {"second_surges": []}} if there and not left else {}


def write_files(plan: Plan, scenario: Scenario, own: list[Path], folder: Path, over: dict[str, Any],
                is_evening: bool) -> None:
    """The plan and what it was measured against as scenario files, beside the planner's own."""
    base = own[-1].name if own else scenario.name
    if is_evening:
        (folder / FILE).write_text(evening_yaml(plan, scenario, base, over), encoding="utf-8")
        base, over = FILE, {}
    (folder / "plan.yaml").write_text(plan_yaml(plan, scenario, base, over), encoding="utf-8")
    (folder / "policies.yaml").write_text(policies_yaml(plan), encoding="utf-8")
    order_book.write(scenario, ordered(plan.levers), folder / "order.xlsx")
    copy_beside(own, folder)


def ordered(levers: Sequence[Lever]) -> list[Ordered]:
    """Levers that an order can give."""
    return [lever for lever in levers if isinstance(lever, ORDERED)]


def write_judged(found: Judged, scenario: Scenario, origin: dict[str, Any], folder: Path, edited: dict[str, Any],
                 base: str, own: list[Path], write_reports: Callable[[LendingPlan], None]) -> LendingPlan:
    """Write the folder of a plan that was edited: nothing was searched, and it says so.

    :param edited: the file that was read, and how often its order has been written.
    :param base: what the plan's file extends, one of the planner's own or one that ships.
    :raises RunError: if the folder is there already or can't be written.
    """
    done = LendingPlan(folder, judged_manifest(found, scenario, origin, edited))
    return done.write(write_reports, lambda part: write_judged_files(found, scenario, base, own, part))


def judged_manifest(found: Judged, scenario: Scenario, origin: dict[str, Any], edited: dict[str, Any]) -> Manifest:
    served = {one.serves for one in found.levers if isinstance(one, Lend)}
    return Manifest.model_validate({
        **origin, **edited, "kind": KIND, "serves": served.pop() if len(served) == 1 else "both",
        "levers": found.levers, "effect": effect(found.province, found.verdict), "rivals": {}, "rounds": (),
        "neighbours": (), "standby": {}, "strikes": (), "marginal": {}, "gap": 0.0, "bound": 0.0, "frontier": (),
        "refusals": {}, "prices": {}, "not_asked": {}, "promised": {},
        "delivered": by_block(found.province, found.verdict.gained_by_block),
        "laps": {what: round(seconds, 1) for what, seconds in found.seconds.items()}, "scenario": scenario,
        "levels": levels_of(found.levels), "broken_terms": found.broken})


def write_judged_files(found: Judged, scenario: Scenario, base: str, own: list[Path], folder: Path) -> None:
    """The plan as a scenario file and as a workbook, beside the planner's own files."""
    below = copy_beside(own, folder, ("plan.yaml", "order.xlsx"))
    (folder / "plan.yaml").write_text(plan_yaml(found, scenario, below or base, {}, HEAD_OF_EDITED), encoding="utf-8")
    order_book.write(scenario, found.levers, folder / "order.xlsx")
