"""Plan folders: who lends how many seats to whom and when, what it was worth in simulation, and what else was tried."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from sim.reading.yaml_places import Document
from sim.scenario.levers import Lend
from sim.scenario.quantities import Part, Quantity
from sim.scenario.scenario import Scenario
from surgeline.folders.folder import Folder
from surgeline.folders.manifests import Entry, Mean, Origin
from surgeline.folders.scenario_files import copy_beside, dumped, own_files
from surgeline.locale import LANGS, texts

if TYPE_CHECKING:  # the solver takes long to load
    from optimizer.lending.inputs.province import Province
    from optimizer.lending.plan import Plan
    from optimizer.lending.trials.contingencies import Contingency as Answered
    from optimizer.lending.trials.evaluation import Evaluation
    from optimizer.lending.trials.floors import FloorResult
    from optimizer.lending.trials.neighbours import Tested

KIND = "plan"
HEAD = """\
# 支援方案：{zh}。由 `surgeline plan` 求得，可以修改后用 `surgeline run` 复演。
# A plan of help: {en}. Found by `surgeline plan`; edit it and replay it with `surgeline run`.
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

    @property
    def proved(self) -> bool:
        """Whether all floors surely hold."""
        return all(floor.proved for floor in self.floors)


class Rival(Effect):
    """What another policy changes, and how many people more the plan answers on the same luck."""

    behind: Mean


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
    serves: str
    levers: tuple[Lend, ...]
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


@dataclass(frozen=True)
class LendingPlan(Folder):
    """A finished plan, read from its folder."""

    KIND = KIND
    MANIFEST = Manifest

    manifest: Manifest


def manifest_of(plan: Plan, scenario: Scenario, origin: dict[str, Any]) -> Manifest:
    return Manifest.model_validate({
        **origin, "kind": KIND, "serves": plan.serves, "levers": plan.levers,
        "effect": effect(plan.province, plan.verdict),
        "rivals": {name: Rival(**dict(effect(plan.province, one.verdict)), behind=one.behind)
                   for name, one in plan.rivals.items()},
        "rounds": [{
            "serves": trial.serves, "gap": trial.solution.gap,
            "promised": sum(float(values.sum()) for values in trial.solution.gains.values()),
            "delivered": trial.verdict.people,
            "cost_promised": sum(float(values.sum()) for values in trial.solution.losses.values()),
            "cost_delivered": -sum(figure.mean for figure in trial.verdict.lenders.values()),
            "broken": sum(floor.broken for floor in trial.verdict.floors)} for trial in plan.trials],
        "neighbours": [neighbour(one) for one in plan.tests],
        "standby": plan.standby, "strikes": [armed(one) for one in plan.strikes],
        "marginal": {city: {kind: round(x, 1) for kind, x in of.items()} for city, of in plan.marginal.items()},
        "gap": plan.solution.gap, "bound": plan.solution.bound,
        "frontier": [(point.seats, round(point.people, 1)) for point in plan.asked.frontier],
        "refusals": {city: round(people, 1) for city, people in plan.asked.refusals.items()},
        "prices": {term: round(people, 1) for term, people in plan.asked.prices.items()}, "not_asked": plan.not_asked,
        "promised": by_block(plan.province, plan.solution.gains),
        "delivered": by_block(plan.province, plan.verdict.gained_by_block),
        "laps": {what: round(seconds, 1) for what, seconds in plan.seconds.items()}, "scenario": scenario,
    })


def effect(province: Province, found: Evaluation) -> Effect:
    """What was found of a policy, its floors by the time of day."""
    floors = tuple(floor(province, one) for one in found.floors)
    return Effect.model_validate(found).model_copy(update={"floors": floors})


def floor(province: Province, one: FloorResult) -> Floor:
    hour, minute = divmod((one.number or 0) * province.block_s // 60, 60)
    return Floor.model_validate(one).model_copy(update={"hour": hour, "minute": minute})


def neighbour(one: Tested) -> dict[str, Any]:
    names = ("kind", "lender", "other", "borrower")
    return {**{name: getattr(one.neighbour, name) for name in names}, "people": one.people,
            "holds": one.holds, "taken": one.taken}


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

def plan_yaml(plan: Plan, scenario: Scenario, base: str) -> str:
    """The scenario of a base file with the plan instead of its own lending, as a planner would write it."""
    title = {"zh": f"{scenario.title.zh}：支援方案", "en": f"{scenario.title.en}: a plan"}
    head = HEAD.format(zh=scenario.title.zh, en=scenario.title.en)
    return head + dumped({"surgeline": 1, "extends": base, "title": title, "observed": [],
                          "horizon": days_of(plan.province.scenario),
                          "levers": instead(*plan.province.scenario.levers, *plan.levers)})


def days_of(scenario: Scenario) -> dict[str, str]:
    """A horizon as files write it."""
    of = scenario.horizon
    return {"start": f"{of.start:%Y-%m-%d %H:%M}", "end": f"{of.end:%Y-%m-%d %H:%M}"}


def policies_yaml(plan: Plan) -> str:
    """The plan with the policies that it was measured against as variants."""
    found = {"none": plan.province.scenario, **plan.policies}
    return HEAD_OF_POLICIES + dumped({"surgeline": 1, "extends": "plan.yaml", "variants": {
        name: {"name": {lang: texts(lang)["policy"][name] for lang in LANGS}, "levers": instead(*one.levers),
               **({"on": None, "change": None} if name in plan.province.scenario.variants else {})}
        for name, one in found.items()}})


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
          write_reports: Callable[[LendingPlan], None]) -> LendingPlan:
    """Write a plan folder with its reports. It appears whole or not at all.

    :raises RunError: if the folder is there already or can't be written.
    """
    done = LendingPlan(folder, manifest_of(plan, scenario, origin))
    return done.write(write_reports, lambda part: write_files(plan, scenario, own_files(document), part))


def write_files(plan: Plan, scenario: Scenario, own: list[Path], folder: Path) -> None:
    """The plan and what it was measured against as scenario files, beside the planner's own."""
    base = own[-1].name if own else scenario.name
    (folder / "plan.yaml").write_text(plan_yaml(plan, scenario, base), encoding="utf-8")
    (folder / "policies.yaml").write_text(policies_yaml(plan), encoding="utf-8")
    copy_beside(own, folder)
