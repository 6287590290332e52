"""A plan from beginning to end: solve, prove by simulation, write the folder with its order sheet, and show."""
from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from optimizer.lending.inputs.default_terms import on_days, terms_of
from optimizer.lending.inputs.estimates import FloorError, NoPlanError
from optimizer.lending.menu.options import Option
from optimizer.lending.plan import CutShort, Plan, Wish, plan
from optimizer.lending.rolling import RollingPlan as Found
from optimizer.lending.rolling import rolling
from optimizer.lending.settings import PATHS
from sim.reading.loading import with_places
from sim.reading.yaml_places import Document
from sim.scenario.lending_terms import Agreement
from sim.scenario.messages import printable, say
from sim.scenario.problems import ScenarioError
from sim.scenario.scenario import Scenario
from sim.studies.checkpoint import Checkpoint
from sim.studies.replication import Job
from sim.studies.result import Result
from sim.studies.study import key_of
from surgeline import console, reports
from surgeline.commands import from_record as evenings
from surgeline.commands import plan_edited
from surgeline.commands.run import default_folder
from surgeline.commands.studying import checkpoint, compile_first
from surgeline.folders import lending_plan as plan_folder
from surgeline.folders import rolling_plan as rolling_folder
from surgeline.folders import run as run_folder
from surgeline.folders import whole
from surgeline.folders.from_record import FromRecord, from_record
from surgeline.folders.lending_plan import LendingPlan
from surgeline.folders.rolling_plan import RollingPlan
from surgeline.locale import Lang, in_lang, texts
from surgeline.problems import UsageError

NO_PLAN = 3


def run(name: str | None, options: dict[str, Any], lang: Lang, as_json: bool) -> int:
    """Plan, prove, write and show. Returns the exit code: 3 where no plan is possible."""
    if options["edited"] or name is None:
        return plan_edited.run(name, options, lang, as_json)
    words, at = texts(lang)["cli"], options["rolling"]
    scenario, document = with_places(name)
    folder = options["out"] or default_folder(scenario.name, "rolling" if at else "plan")
    if scenario.lending is None and not as_json:
        console.say(words["default_terms"])
    terms = terms_of(scenario)
    refuse_idle(options)
    record = None
    if options["actual"]:
        scenario, record = of_evening(scenario, terms, options)
    else:
        scenario = (on_days(scenario, terms, *days_of(options["on"], scenario, terms)) if options["on"]
                    else scenario.model_copy(update={"lending": terms}))
    if not at:
        plan_edited.refuse_few(options["replications"])
    refuse_late(document, scenario)
    try:
        with whole.new(folder):
            done = planned(scenario, document, options, folder, lang, record)
    except FloorError as error:
        raise missed(document, terms, error) from None
    except NoPlanError as error:
        console.say(words["no_plan"].format(why=in_lang(error.message, lang)))
        return NO_PLAN
    if as_json:
        print(json.dumps(done.summary(), ensure_ascii=False))
    else:
        files = {"order": "order.html", "order_book": "order.xlsx", "report": "report.html", "plan_file": "plan.yaml"}
        there = {key: folder / file for key, file in files.items() if (folder / file).exists()}
        console.show_sentences(scenario, reports.sentences_of(done, lang), there, lang)
    return 0


def days_of(text: str, scenario: Scenario, terms: Agreement) -> tuple[date, date]:
    """The first and the last of some days, as written: one, or two with dots between.

    :raises UsageError: for anything else, and for days outside the horizon or on which no seat is ready.
    """
    horizon, ready = scenario.horizon, terms.ready.date()
    try:
        days = [date.fromisoformat(part.strip()) for part in text.split("..")]
    except ValueError:
        days = []
    if len(days) not in (1, 2) or days != sorted(days):
        raise UsageError(say("--on: write a day, or the first and the last one, such as {day} or {day}..{next}, got "
                             "{got}", day=str(horizon.start.date()), next=str(horizon.start.date() + timedelta(1)),
                             got=printable(text)))
    first, last = days[0], days[-1]
    if first < horizon.start.date() or not ready <= last <= horizon.last_day:
        raise UsageError(say("--on: {got} is not within {first} to {last}, the days of the scenario on which seats can "
                             "be ready", got=printable(text), first=str(max(ready, horizon.start.date())),
                             last=str(horizon.last_day)))
    return first, last


def refuse_idle(options: dict[str, Any]) -> None:
    """:raises UsageError: for what says nothing without a record, or beside it."""
    if options["actual"] and options["rolling"]:
        raise UsageError(say("--rolling lives through simulated days, --actual starts from a recorded one: leave one "
                             "out"))
    if options["choose"] and options["rolling"]:
        raise UsageError(say("--choose does nothing beside --rolling, which plans anew each evening: leave one out"))
    for name in ("at", "order"):
        if options[name] and not options["actual"]:
            raise UsageError(say("--{name} does nothing without --actual, the record of a day", name=name))


def of_evening(scenario: Scenario, terms: Agreement, options: dict[str, Any]) -> tuple[Scenario, FromRecord]:
    """The scenario of the evening that a record ends on, cut to the days that are planned, and what the record says.

    :raises ScenarioError: with all that is wrong with the record.
    """
    days = days_of(options["on"], scenario, terms) if options["on"] else None
    found = evenings.read(scenario, options["actual"], options["at"], days[0] if days else None)
    tomorrow = found.day + timedelta(1)
    first, last = days or days_of(str(tomorrow), scenario, terms)
    told = from_record(found, options["actual"].name, first, evenings.order(scenario, options["order"], first))
    return evenings.cut(found, terms, first, last), told


def planned(scenario: Scenario, document: Document, options: dict[str, Any], folder: Path, lang: Lang,
            record: FromRecord | None = None) -> LendingPlan | RollingPlan:
    """Plan, prove and write. An interrupted plan is written as far as it is, and the same command goes on.

    :raises NoPlanError: where nothing can be planned.
    """
    words, at = texts(lang)["cli"], options["rolling"]
    compile_first("kernel", words, options["dask"])
    if at:
        with console.progress(words["planning"]) as tell:
            found = rolling(scenario, 60 * at.hour + at.minute, paths=options["replications"] or PATHS,
                            seed=options["seed"], workers=options["dask"], tell=tell)
        return written(found, scenario, document, options["seed"], folder)
    with checkpoint(folder.parent, key_of(scenario, {}, options["seed"], "kernel", "plan"), words) as kept:
        try:
            with console.progress(words["planning"]) as tell:
                wish = Wish(options["seed"], options["replications"], options["choose"])
                best = plan(scenario, wish, workers=options["dask"], tell=tell, kept=Checkpoint(kept, "plan"),
                            shown=lambda menu: show_menu(menu, lang))
        except CutShort as cut:
            so_far(cut.best, scenario, document, options["seed"], folder, record, lang)
            raise
        return written(best, scenario, document, options["seed"], folder, record)


def show_menu(menu: Sequence[Option], lang: Lang) -> None:
    """A menu on its way: what each plan would bring, on the luck that it is made on."""
    words = texts(lang)
    each = [words["cli"]["one_on_its_way"].format(name=words["stance"][one.name], called=round(one.asked.people),
                                                  people=round(one.proof.verdict.people.mean)) for one in menu]
    console.say(words["cli"]["on_its_way"].format(each=words["cli"]["and_on_its_way"].join(each)))


def so_far(best: Plan, scenario: Scenario, document: Document, seed: int, folder: Path, record: FromRecord | None,
           lang: Lang) -> None:
    """The folder of the best plan so far, instead of that of an earlier interruption."""
    place = folder.with_name(f"{folder.name}-so-far")
    if place.is_dir():
        whole.remove(place)
    with whole.new(place):
        written(best, scenario, document, seed, place, record)
    console.say(texts(lang)["cli"]["so_far"].format(folder=place))


def written(found: Plan | Found, scenario: Scenario, document: Document, seed: int, folder: Path,
            record: FromRecord | None = None) -> LendingPlan | RollingPlan:
    """The folder of what was found."""
    origin = run_folder.origin(Result(Job.of(scenario, "kernel", seed), seconds=sum(found.seconds.values())))
    if isinstance(found, Plan):
        origin |= {"replications": found.verdict.replications}
        return plan_folder.write(found, scenario, document, origin, folder, reports.write, record)
    origin |= {"replications": found.verdicts["rolling"].replications}
    done = RollingPlan(folder, rolling_folder.manifest_of(found, scenario, origin))
    return done.write(reports.write, done.write_orders)


def refuse_late(document: Document, scenario: Scenario) -> None:
    """:raises ScenarioError: where seats are ready when all is over, or before it begins."""
    terms, horizon = scenario.lending, scenario.horizon
    if terms is not None and not horizon.start <= terms.ready < horizon.end:
        document.note(("lending", "agreed"), say("seats are ready on {ready:%Y-%m-%d %H:%M}, outside the horizon "
                                                 "({start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}): agree at another "
                                                 "time", ready=terms.ready, start=horizon.start, end=horizon.end))
        raise ScenarioError(document.problems)


def missed(document: Document, terms: Agreement, error: FloorError) -> ScenarioError:
    """Floors that a lender misses at home, where they are written."""
    for lender, floors in error.missed.items():
        for floor, could in floors.items():
            where = ("lending", "floors", lender, floor) if lender in terms.floors else ("lending", "floor", floor)
            document.note(where, say("{lender} does not keep it in {confidence:.0%} of the days even where it lends "
                                     "nothing, but {floor:g} % could be kept: lower the floor or its confidence, or "
                                     "leave the city out", lender=lender,
                                     confidence=float(terms.floor_of(lender).confidence),
                                     floor=math.floor(1000 * could) / 10))
    return ScenarioError(document.problems)

