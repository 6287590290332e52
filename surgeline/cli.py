"""The command line. A command reads its words, calls one function, and shows what came back."""
from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.scenario.problems import RuleError
from surgeline import usage
from surgeline.ending import BAD_INPUT, KEEPS_NOTHING, Commands, told_in_utf8
from surgeline.locale import LANGS, in_lang

if TYPE_CHECKING:
    from datetime import datetime

    from surgeline.locale import Lang

LANGUAGE = usage.option(usage.OPTION, type=click.Choice(LANGS), default=usage.language,
                        help="Language of what is printed.")
LANGUAGE_TOO = usage.option(usage.OPTION, type=click.Choice(LANGS), envvar=usage.VARIABLE, expose_value=False,
                            help="Language of what is printed.")
JSON = usage.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="surgeline", message="%(prog)s %(version)s", cls=usage.Option,
                      help="Show the version and exit.")
@LANGUAGE_TOO
def main() -> None:
    """Surge capacity simulation and staffing planner for 12345 hotlines.

    SCENARIO is the name of a shipped scenario or a file.
    """
    sys.stdout, sys.stderr = (told_in_utf8(stream) for stream in (sys.stdout, sys.stderr))


SEED = usage.option("--seed", type=click.IntRange(0, 2**128 - 1), default=1, show_default=True,
                    help="Which luck.")
DASK = usage.option("--dask", metavar="ADDRESS", help="Compute on this Dask cluster.")
PLAN_FOLDER = usage.option("--out", type=usage.Destination(), help="Plan folder; in results/ by default.")


@main.command("list")
@LANGUAGE
@JSON
def list_scenarios(lang: Lang, as_json: bool) -> None:
    """What ships."""
    from surgeline.commands import check as check_command
    check_command.show_list(lang, as_json)


@main.command()
@usage.argument("name")
@usage.option("--from", "calls", metavar="FILE", type=click.Path(path_type=Path),
              help="Calls as an ACD exports them, XLSX or CSV.")
@usage.option("--sheet", help="Which sheet of it.")
@usage.option("--seats", metavar="FILE", type=click.Path(path_type=Path),
              help="Seats as a duty manager plans them, XLSX or CSV.")
@usage.option("--seats-count", type=click.Choice(["working", "rostered"]), default="working", show_default=True,
              help="What the table of seats counts: seats at the telephone, or people on the roster, breaks included.")
@usage.option("--column", "columns", multiple=True, metavar="WHAT=HEADING",
              help="A column that is not to be guessed, such as calls=Offered; may be given several times.")
@usage.option("--counts", type=click.Choice(["dials", "people"]), default="dials", show_default=True,
              help="What the calls count; an ACD counts dials.")
@usage.option("--city", help="The city's name.")
@usage.option("--calls-a-day", type=click.FloatRange(0, 1e9), help="People who call on a day.")
@usage.option("--agents", type=click.FloatRange(0, 1e6), help="Agents.")
@usage.option("--workplaces", type=click.FloatRange(0, 1e6), help="Workplaces.")
@usage.option("--talk", type=click.FloatRange(1, 86400), metavar="SECONDS", help="Mean length of a talk.")
@usage.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="The first day, where the tables have no dates.")
@usage.option("--out", type=usage.Destination(), default=".", help="Folder to write into.")
@LANGUAGE
def new(name: str, out: Path, lang: Lang, **options: Any) -> None:
    """Write a first scenario of an own city, from tables or from a few numbers."""
    from surgeline.commands import new_questions
    new_questions.run(name, out, lang, options)


@main.command()
@usage.argument("scenarios", nargs=-1, required=True, metavar="FILE...")
@LANGUAGE
def check(scenarios: tuple[str, ...], lang: Lang) -> None:
    """Validate scenario files: all problems at once."""
    from surgeline.commands import check as check_command
    sys.exit(BAD_INPUT if check_command.check(scenarios, lang) else 0)


@main.command()
@usage.option("--reference", "as_reference", is_flag=True,
              help="Print a reference for readers instead, as Markdown.")
@LANGUAGE
def schema(as_reference: bool, lang: Lang) -> None:
    """Print the JSON schema of scenario files, for editors."""
    if as_reference:
        from surgeline.commands.reference import reference
        click.echo(reference(lang), nl=False)
        return
    from surgeline.commands import check as check_command
    check_command.show_schema()


class Precise(click.ParamType[Any]):
    """A precision as written: 0.5pp or 1%."""

    name = "0.5pp|1%"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        from sim.measures.statistics import Precision
        try:
            return Precision.read(value)
        except RuleError as error:
            self.fail(in_lang(error.message, usage.language()), param, ctx)


def study_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every command that simulates can be told."""
    for option in reversed((
        usage.option("--engine", type=click.Choice(["kernel", "simpy"]), default="kernel", show_default=True,
                     help="The compiled twin, or the model of record."),
        usage.option("--replications", type=click.IntRange(1, 100_000),
                     help="How often, each on other luck; by default run takes 10 (1 with simpy), and compare goes "
                          "on until the best is told."),
        usage.option("--precision", type=Precise(),
                     help="Go on until the 95 % interval's half-width is this."),
        SEED,
        DASK,
        usage.option("--out", type=usage.Destination(), help="Run folder; in results/ by default."),
    )):
        command = option(command)
    return command


@main.command()
@usage.argument("scenario")
@usage.option("--variant", help="One of the scenario's variants.")
@study_options
@usage.option("--calls", is_flag=True,
              help="Also write one row a dial, of every replication.")
@usage.option("--verify", is_flag=True, help="Run both engines and compare every call.")
@LANGUAGE
@JSON
def run(scenario: str, lang: Lang, as_json: bool, verify: bool, **options: Any) -> None:
    """Simulate a scenario and write a report."""
    from surgeline.commands import run as run_command
    if verify:
        click.get_current_context().meta[KEEPS_NOTHING] = True
        sys.exit(run_command.verify(scenario, options, lang, as_json))
    run_command.run(scenario, options, lang, as_json)


@main.command()
@usage.argument("scenario")
@usage.option("--variant", "variants", multiple=True, metavar="NAME",
              help="A variant to compare, once each; all of them by default.")
@usage.option("--levers", metavar="FILE",
              help="A scenario file whose levers are one more variant.")
@study_options
@LANGUAGE
@JSON
def compare(scenario: str, lang: Lang, as_json: bool, **options: Any) -> None:
    """Compare variants on the same luck and say which is the best."""
    from surgeline.commands import compare as compare_command
    compare_command.compare(scenario, options, lang, as_json)


@main.command()
@usage.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@usage.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day that the report of a run is to be about.")
@LANGUAGE
def report(folder: Path, day: datetime | None, lang: Lang) -> None:
    """Build the report of a run or a comparison again."""
    from surgeline.commands import report as report_command
    report_command.report(folder, lang, day)


@main.command()
@usage.argument("scenario")
@usage.option("--replications", type=click.IntRange(2, 1000), default=10, show_default=True,
              help="Of each trial.")
@SEED
@usage.option("--out", type=usage.Destination(), help="Write to this file instead.")
@LANGUAGE
@JSON
def calibrate(scenario: str, replications: int, seed: int, out: Path | None, lang: Lang, as_json: bool) -> None:
    """Solve for the values marked as calibrated so that the record holds, and write them."""
    from surgeline.commands import calibrate as calibrate_command
    sys.exit(calibrate_command.run(scenario, replications, seed, out, lang, as_json))


@main.command()
@usage.argument("scenario")
@study_options
@LANGUAGE
@JSON
def sensitivity(scenario: str, lang: Lang, as_json: bool, **options: Any) -> None:
    """Which assumptions does the answer hang on?"""
    from surgeline.commands import sensitivity as sensitivity_command
    sensitivity_command.run(scenario, options, lang, as_json)


@main.command()
@usage.argument("scenario", required=False)
@usage.option("--rolling", type=click.DateTime(["%H:%M"]), metavar="HH:MM",
              help="Plan the next day at this time of each day, from what was known by then; compare with one plan and "
                   "with hindsight.")
@usage.option("--actual", metavar="FILE", type=click.Path(path_type=Path),
              help="Plan tomorrow from today's record: counts by interval as an ACD has them, XLSX or CSV.")
@usage.option("--at", type=click.DateTime(["%H:%M"]), metavar="HH:MM",
              help="Until when the record counts; as far as it goes by default.")
@usage.option("--order", metavar="FILE",
              help="The plan in force, such as yesterday's plan.yaml; the scenario's own levers by default.")
@usage.option("--on", metavar="DATE[..DATE]", help="Plan for a day, or some days, of the scenario only.")
@usage.option("--choose", type=click.Choice(("unnoticed", "on_duty", "called_in", "within", "emergency", "everything")),
              help="Which plan of the menu is ordered; the recommended one by default.")
@usage.option("--replications", type=click.IntRange(2, 10_000),
              help="Of a proof at the most, as many as its days need by default; with --rolling courses of events, 10.")
@usage.option("--from", "edited", metavar="FILE", type=click.Path(path_type=Path),
              help="A plan that was edited, plan.yaml or order.xlsx of its folder: judge it and write its order anew.")
@SEED
@DASK
@PLAN_FOLDER
@LANGUAGE
@JSON
def plan(scenario: str | None, lang: Lang, as_json: bool, **options: Any) -> None:
    """Plan which cities lend how many seats, and prove it by simulation."""
    from surgeline.commands import plan as plan_command
    sys.exit(plan_command.run(scenario, options, lang, as_json))


@main.command()
@usage.argument("scenario")
@usage.option("--city", "cities", multiple=True,
              help="The city whose people get a roster; given several times, and without it for all cities in focus, "
                   "only shifts.")
@usage.option("--seconds", type=click.FloatRange(1, 86400), metavar="SECONDS",
              help="How long to look for shifts, for a roster, and for calls on top; 60 by default.")
@usage.option("--ill", metavar="NAME@MOMENT",
              help="Somebody of the roster is ill from then on, such as NAME@06:40: who can take the shift? Plans "
                   "nothing.")
@usage.option("--replications", type=click.IntRange(2, 10_000),
              help="Of each round of simulation; 16 by default, 32 for one city.")
@SEED
@DASK
@PLAN_FOLDER
@LANGUAGE
@JSON
def staff(scenario: str, lang: Lang, as_json: bool, **options: Any) -> None:
    """Plan how many people must sit down when, which shifts cover it, and who works them."""
    from surgeline.commands import staff as staff_command
    staff_command.run(scenario, options, lang, as_json)


@main.command()
@usage.argument("sql")
@usage.argument("folders", nargs=-1, required=True, metavar="RUNS...", type=click.Path(path_type=Path))
@LANGUAGE_TOO
@JSON
def query(sql: str, folders: tuple[Path, ...], as_json: bool) -> None:
    """Ask finished runs by SQL: tables runs, metrics, intervals, pools, helped, calls.

    A query may take 60 s and 2 GB of memory.
    """
    from surgeline import console
    from surgeline.folders import store
    console.show_rows(store.query(sql, folders), as_json)
