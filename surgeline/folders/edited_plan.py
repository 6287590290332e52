"""A plan that somebody has edited, read again: plan.yaml, or order.xlsx beside it, with everything that is wrong at
once."""
from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.reading.cells import MOST_CELLS, cells_in, the_sheet
from sim.reading.files import extended, find
from sim.reading.loading import read as scenario_of
from sim.reading.loading import with_places
from sim.reading.table import Table
from sim.reading.yaml_places import Document, read_yaml
from sim.scenario.lending_terms import Agreement, is_planned
from sim.scenario.levers import CloudSeats, Desk
from sim.scenario.messages import say
from sim.scenario.problems import WORKBOOKS, Place, RuleError, ScenarioError, Where, problem
from sim.scenario.scenario import Scenario
from sim.scenario.shipped import SHIPPED
from surgeline.folders import lever_rows
from surgeline.folders.lending_plan import LendingPlan, Manifest, plain, written
from surgeline.folders.order_hours import ORDERED, Ordered
from surgeline.folders.scenario_files import own_files
from surgeline.problems import RunError

PLAN_FILE = "plan.yaml"
WRITTEN = {"surgeline", "extends", "title", "observed", "horizon", "levers"}
"""What a plan's file says as it is written; whatever else somebody adds must be kept."""


@dataclass(frozen=True)
class Edited:
    """What a file asks for, and the scenario in which it does."""

    scenario: Scenario              # without the plan; its terms are those of the plan, or its own
    levers: tuple[Ordered, ...]
    base: str                       # what the plan's scenario extends
    own: tuple[Path, ...]           # the planner's files that it stands on
    edition: int                    # of the order that is written now


def read(file: Path, name: str | None) -> Edited:
    """An edited plan.

    :param name: the scenario in which it is to be judged; that of its folder, or of the file itself, if None.
    :raises ScenarioError: with everything that is wrong, each with its file and its line or cell.
    """
    before = plan_beside(file)
    if file.suffix.lower() in WORKBOOKS:
        scenario, document, plan_file, levers = from_book(file, name, before)
    else:
        scenario, document, plan_file, levers = from_file(file, name, before)
    bare = scenario.model_copy(update={"levers": own_levers(scenario.levers, levers), "variants": {}})
    if before is not None and name is None:
        terms = scenario.lending if says_terms(plan_file) else before.scenario.lending
        bare = bare.model_copy(update={"name": before.scenario.name, "title": before.scenario.title, "lending": terms})
    base, own = stands_on(document, plan_file)
    return Edited(bare, levers, base, own, 1 if before is None else before.edition + 1)


def plan_beside(file: Path) -> Manifest | None:
    """What the folder of a file says of the plan that was edited; nothing where it is no plan's folder."""
    try:
        return LendingPlan.read(file.parent).manifest
    except RunError:
        return None


# --- a file of levers ------------------------------------------------------------------------------------------------

Read = tuple[Scenario, Document, Path, tuple[Ordered, ...]]


def from_file(file: Path, name: str | None, before: Manifest | None) -> Read:
    """A plan as a scenario file, in its own scenario or in another."""
    scenario, document = with_places(str(file))
    levers = of_plan(scenario, before)
    refuse_others(document, scenario, levers)
    if name is None:
        return scenario, document, file, levers
    at = [scenario.levers.index(one) for one in levers]
    other = load_other(name)
    places = {("levers", len(other.levers) + n, *where[2:]): place for n, i in enumerate(at)
              for where, place in document.values.items() if where[:2] == ("levers", i)}
    return put(file, name, other.levers, [written(one) for one in levers], places, [])


def load_other(name: str) -> Scenario:
    """Another scenario without lending of its own."""
    scenario = with_places(name)[0]
    return scenario.model_copy(update={"levers": without_lending(scenario.levers)})


def of_plan(scenario: Scenario, before: Manifest | None) -> tuple[Any, ...]:
    """The levers that are the plan's: all that its scenario has not of its own; where nobody knows that, those that an
    order can give."""
    levers = scenario.levers
    if before is None:
        return tuple(one for one in levers if isinstance(one, ORDERED) and is_ordered(scenario.lending, one))
    theirs = Counter(canonical(one) for one in without_lending(before.scenario.levers))
    found = []
    for one in levers:
        if theirs[canonical(one)]:
            theirs[canonical(one)] -= 1
        else:
            found.append(one)
    return tuple(found)


def is_ordered(terms: Agreement | None, one: Ordered) -> bool:
    """Whether an order gave a lever of which nobody knows: of a desk and of people at home only where the terms offer
    them, for scenarios have such of their own."""
    return not isinstance(one, Desk | CloudSeats) or is_planned(one, terms)


def refuse_others(document: Document, scenario: Scenario, levers: Iterable[Any]) -> None:
    """:raises ScenarioError: for levers that no order gives."""
    for one in levers:
        if not isinstance(one, ORDERED):
            document.note(("levers", scenario.levers.index(one), "kind"), say(
                "an order lends seats, calls people in, has them stand by or answer from home, brings volunteers or "
                "adds a desk, and nothing else: change the loan itself, or put it into the scenario"))
    if document.problems:
        raise ScenarioError(document.problems)


def without_lending(levers: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(one for one in levers if one.kind not in ("lend", "recall"))


def own_levers(levers: Sequence[Any], planned: Iterable[Any]) -> tuple[Any, ...]:
    """Those of the scenario that are not the plan's."""
    left, found = Counter(canonical(one) for one in planned), []
    for one in reversed(levers):
        if left[canonical(one)]:
            left[canonical(one)] -= 1
        else:
            found.append(one)
    return tuple(found[::-1])


def canonical(lever: Any) -> str:
    """What a lever says, whether a file wrote it out or left it to what is usual."""
    said = {name: plain(name, getattr(lever, name)) for name in type(lever).model_fields}
    return json.dumps(said, sort_keys=True, ensure_ascii=False, default=str)


# --- a workbook ------------------------------------------------------------------------------------------------------

def from_book(file: Path, name: str | None, before: Manifest | None) -> Read:
    """A plan as the workbook of an order, in the scenario of its folder or in another."""
    plan_file, shown = file.parent / PLAN_FILE, str(file)
    if name is None and not plan_file.is_file():
        raise problem(Place(shown, 0), say("stands beside no {plan}: leave it in the folder of its plan, or name the "
                                           "scenario behind it", plan=PLAN_FILE))
    stands_in = load_other(name) if name is not None else with_places(str(plan_file))[0]
    theirs = stands_in.levers if name is not None else own_levers(
        stands_in.levers, of_plan(stands_in, before))
    try:
        table = Table(shown, cells_in(file, MOST_CELLS, lambda book: the_sheet(book, lever_rows.is_levers)))
    except RuleError as error:
        raise problem(Place(shown), error.message) from None
    document = extended(*find(name or str(plan_file)))
    terms = terms_for(stands_in, before)
    known = lever_rows.Known([written(one) for one in before.levers] if before else [],
                             lever_rows.of_terms(terms, plain), [written(one) for one in terms.offers] if terms else ())
    rows = lever_rows.read(document, table, known, len(theirs))
    found = put(file, name or str(plan_file), theirs, rows.levers, rows.places, table.problems)
    return found if name is not None else (found[0], found[1], plan_file, found[3])


def terms_for(scenario: Scenario, before: Manifest | None) -> Agreement | None:
    return before.scenario.lending if before is not None else scenario.lending


def put(file: Path, name: str, theirs: Sequence[Any], levers: list[dict[str, Any]], places: dict[Where, Place],
        wrong: list[Any]) -> Read:
    """A scenario with these levers besides its own, read as a file is.

    :param file: in which the levers are written, as if it stood on the scenario.
    :param places: where what is said of them is written there.
    :param wrong: what is wrong besides.
    """
    path, shown = find(name)
    document = extended(path, shown)
    document.files[str(file)] = file
    for name in ("variants", "lever_groups"):   # what they add to is not there any more, and nothing is asked of them
        document.data.pop(name, None)
    document.data["levers"] = [*map(written, theirs), *levers]
    document.values = {where: at for where, at in document.values.items() if where[:1] != ("levers",)} | {
        ("levers",): Place(str(file))} | places
    document.keys = {where: at for where, at in document.keys.items() if where[:1] != ("levers",)}
    scenario = scenario_of(document, path.stem)
    del document.files[str(file)]
    told = {one.place for one in wrong}     # a cell that can't be read leaves something missing: that is told once
    if document.problems or wrong:
        raise ScenarioError([*(one for one in document.problems if one.place not in told), *wrong])
    assert scenario is not None
    levers_read = scenario.levers[len(theirs):]
    refuse_others(document, scenario, levers_read)
    return scenario, document, path, tuple(one for one in levers_read if isinstance(one, ORDERED))


# --- what it stands on -----------------------------------------------------------------------------------------------

def says_terms(file: Path) -> bool:
    """Whether the file of a plan says terms of its own."""
    return "lending" in read_yaml(file, str(file)).data


def stands_on(document: Document, file: Path) -> tuple[str, tuple[Path, ...]]:
    """What a plan's new file extends, and the planner's files among what it stands on: not the old plan, unless
    somebody has added to it."""
    own = own_files(document)
    if file.name == PLAN_FILE and set(read_yaml(file, str(file)).data) <= WRITTEN and document.bases:
        own = [path for path in own if path.resolve() != file.resolve()]
        base = document.bases[-1][0]
    else:
        base = file
    inside = base.resolve().is_relative_to(SHIPPED.resolve())
    shipped = base.resolve().relative_to(SHIPPED.resolve()).with_suffix("").as_posix() if inside else ""
    return shipped or base.name, tuple(own)
