"""The command line. A command reads its words, calls one function, and shows what came back."""
from __future__ import annotations

# First of all: from here on Ctrl-C is told in words.
from surgeline.ending import BAD_INPUT, KEEPS_NOTHING, Commands, of_program, told_in_utf8

# isort: split
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from datetime import datetime

    from surgeline.locale import Lang

LANGUAGE = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", envvar="SURGELINE_LANG",
                        help="Language of what is printed.  输出语言。")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.  输出 JSON。")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="surgeline")
def main() -> None:
    """Surge capacity simulation and staffing planner for 12345 hotlines.  12345 热线话务激增仿真与座席规划。

    SCENARIO is the name of a shipped scenario or a file.  SCENARIO 是自带场景名或文件。
    """
    sys.stdout, sys.stderr = (told_in_utf8(stream) for stream in (sys.stdout, sys.stderr))


SEED = click.option("--seed", type=click.IntRange(0, 2**128 - 1), default=1, show_default=True,
                    help="Which luck.  随机种子。")


@main.command("list")
@LANGUAGE
@JSON
def list_scenarios(lang: Lang, as_json: bool) -> None:
    """What ships.  列出自带场景。"""
    from surgeline.commands import check as check_command
    check_command.show_list(lang, as_json)


@main.command()
@click.argument("name")
@click.option("--from", "calls", metavar="FILE", type=click.Path(path_type=Path),
              help="Calls as an ACD exports them, XLSX or CSV.  交换机导出的话务表。")
@click.option("--sheet", help="Which sheet of it.  话务表的工作表名。")
@click.option("--seats", metavar="FILE", type=click.Path(path_type=Path),
              help="Seats as a duty manager plans them, XLSX or CSV.  值班长排的座席表。")
@click.option("--column", "columns", multiple=True, metavar="WHAT=HEADING",
              help="A column that is not to be guessed, such as calls=来电量.  指明列,可重复。")
@click.option("--counts", type=click.Choice(["dials", "people"]), default="dials", show_default=True,
              help="What the calls count; an ACD counts dials.  话务表数的是次数还是人数。")
@click.option("--city", help="The city's name.  城市名称。")
@click.option("--calls-a-day", type=click.FloatRange(0, 1e9), help="People who call on a day.  每天来电人数。")
@click.option("--agents", type=click.FloatRange(0, 1e6), help="Agents.  话务员人数。")
@click.option("--workplaces", type=click.FloatRange(0, 1e6), help="Workplaces.  工位数。")
@click.option("--talk", type=click.FloatRange(1, 86400), metavar="SECONDS", help="Mean talk.  平均通话秒数。")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="First day, where the tables have no dates.  首日。")
@click.option("--out", type=click.Path(path_type=Path), default=".", help="Folder to write into.  写到哪个文件夹。")
@LANGUAGE
def new(name: str, out: Path, lang: str, **options: Any) -> None:
    """Write a first scenario of an own city.  由话务表或几个数字写出本市的场景文件。"""
    from surgeline.commands import new_questions
    new_questions.run(name, out, lang, options)


@main.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="FILE...")
@LANGUAGE
def check(scenarios: tuple[str, ...], lang: Lang) -> None:
    """Validate scenario files: all problems at once.  校验场景文件。"""
    from surgeline.commands import check as check_command
    sys.exit(BAD_INPUT if check_command.check(scenarios, lang) else 0)


@main.command()
def schema() -> None:
    """Print the JSON schema of scenario files, for editors.  输出场景文件的 JSON Schema。"""
    from surgeline.commands import check as check_command
    check_command.show_schema()


def precise(text: str) -> Any:
    """A precision as written: 0.5pp or 1%."""
    from sim.measures.statistics import Precision
    try:
        return Precision.read(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def study_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every command that simulates can be told."""
    for option in reversed((
        click.option("--engine", type=click.Choice(["kernel", "simpy"]), default="kernel", show_default=True,
                     help="The compiled twin, or the model of record.  引擎。"),
        click.option("--replications", type=click.IntRange(1, 100_000),
                     help="How often, each on other luck; by default run takes 10 (1 with simpy), and compare goes "
                          "on until the best is told.  重复次数。"),
        click.option("--precision", type=precise, metavar="0.5PP|1%",
                     help="Go on until the 95 % interval's half-width is this.  精度:区间半宽。"),
        SEED,
        click.option("--dask", metavar="ADDRESS", help="Compute on this Dask cluster.  用 Dask 集群计算。"),
        click.option("--out", type=click.Path(path_type=Path), help="Run folder; in results/ by default.  结果目录。"),
    )):
        command = option(command)
    return command


@main.command()
@click.argument("scenario")
@click.option("--variant", help="One of the scenario's variants.  方案名。")
@study_options
@click.option("--calls", is_flag=True,
              help="Also write one row a dial, of every replication.  另存每次重复的逐次拨打记录。")
@click.option("--verify", is_flag=True, help="Run both engines and compare every call.  双引擎逐通核对。")
@LANGUAGE
@JSON
def run(scenario: str, lang: Lang, as_json: bool, verify: bool, **options: Any) -> None:
    """Simulate a scenario and write a report.  仿真一个场景并生成报告。"""
    from surgeline.commands import run as run_command
    if verify:
        click.get_current_context().meta[KEEPS_NOTHING] = True
        sys.exit(run_command.verify(scenario, options, lang, as_json))
    run_command.run(scenario, options, lang, as_json)


@main.command()
@click.argument("scenario")
@click.option("--variant", "variants", multiple=True, metavar="NAME",
              help="A variant to compare, once each; all of them by default.  方案名,可重复。")
@click.option("--levers", metavar="FILE",
              help="A scenario file whose levers are one more variant.  另一场景文件的调度。")
@study_options
@LANGUAGE
@JSON
def compare(scenario: str, lang: Lang, as_json: bool, **options: Any) -> None:
    """Compare variants on the same luck and say which is the best.  用同一批来电比较各方案。"""
    from surgeline.commands import compare as compare_command
    compare_command.compare(scenario, options, lang, as_json)


@main.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day that it is to be about.  只看这一天。")
@LANGUAGE
def report(folder: Path, day: datetime | None, lang: Lang) -> None:
    """Build the report of a run or a comparison again.  重新生成报告。"""
    from surgeline.commands import report as report_command
    report_command.report(folder, lang, day)


@main.command()
@click.argument("scenario")
@click.option("--replications", type=click.IntRange(2, 1000), default=10, show_default=True,
              help="Of each trial.  每次试算的重复次数。")
@SEED
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file instead.  另存为。")
@LANGUAGE
@JSON
def calibrate(scenario: str, replications: int, seed: int, out: Path | None, lang: Lang, as_json: bool) -> None:
    """Solve for the values marked as calibrated so that the record holds, and write them.  按记录校准。"""
    from surgeline.commands import calibrate as calibrate_command
    sys.exit(calibrate_command.run(scenario, replications, seed, out, lang, as_json))


@main.command()
@click.argument("scenario")
@study_options
@LANGUAGE
@JSON
def sensitivity(scenario: str, lang: Lang, as_json: bool, **options: Any) -> None:
    """Which assumptions does the answer hang on?  哪些假设左右结论。"""
    from surgeline.commands import sensitivity as sensitivity_command
    sensitivity_command.run(scenario, options, lang, as_json)


@main.command()
@click.argument("scenario")
@click.option("--rolling", type=click.DateTime(["%H:%M"]), metavar="HH:MM",
              help="Plan the next day at this time of each day, from what was known by then; compare with one plan and "
                   "with hindsight.  每晚滚动计划。")
@click.option("--replications", type=click.IntRange(2, 10_000),
              help="Of the proof, 200 by default; with --rolling courses of events, 10.  证明所用的重复次数。")
@SEED
@click.option("--dask", metavar="ADDRESS", help="Compute on this Dask cluster.  用 Dask 集群计算。")
@click.option("--out", type=click.Path(path_type=Path), help="Plan folder; in results/ by default.  结果目录。")
@LANGUAGE
@JSON
def plan(scenario: str, lang: Lang, as_json: bool, **options: Any) -> None:
    """Plan which cities lend how many seats, and prove it by simulation.  求支援方案并以仿真验证。"""
    from surgeline.commands import plan as plan_command
    sys.exit(plan_command.run(scenario, options, lang, as_json))


@main.command()
@click.argument("sql")
@click.argument("folders", nargs=-1, required=True, metavar="RUNS...", type=click.Path(path_type=Path))
@JSON
def query(sql: str, folders: tuple[Path, ...], as_json: bool) -> None:
    """Ask finished runs by SQL: tables runs, metrics, intervals, pools, helped, calls.  用 SQL 查询结果。

    A query may take 60 s and 2 GB of memory.  查询限 60 秒、2 GB 内存。
    """
    from surgeline import console
    from surgeline.folders import store
    console.show_rows(store.query(sql, folders), as_json)


def program() -> None:
    """The whole program, as its script starts it."""
    of_program(main)


if __name__ == "__main__":
    program()
