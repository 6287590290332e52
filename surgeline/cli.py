"""The command line. A command reads its words, calls one function, and shows what came back."""
from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

LANGUAGE = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", envvar="SURGELINE_LANG",
                        help="Language of what is printed.  输出语言。")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.  输出 JSON。")
BAD_INPUT, INTERRUPTED = 2, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="surgeline")
def main() -> None:
    """Surge capacity simulation and staffing planner for 12345 hotlines.  12345 热线话务激增仿真与座席规划。

    SCENARIO is the name of a shipped scenario or a file.  SCENARIO 是自带场景名或文件。
    """
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]


def bad_input(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn what a planner can mend into a message and exit code 2."""
    @wraps(command)
    def safely(*args: Any, **kwargs: Any) -> Any:
        from sim.problems import UserError
        from surgeline.problems import in_words
        try:
            return command(*args, **kwargs)
        except UserError as error:
            click.echo(in_words(error), err=True)
            sys.exit(BAD_INPUT)
        except KeyboardInterrupt:
            click.echo("已中断;重新运行同一命令即可续跑。Interrupted: the same command goes on from here.", err=True)
            sys.exit(INTERRUPTED)
    return safely


@main.command("list")
@LANGUAGE
@JSON
@bad_input
def list_scenarios(lang: str, as_json: bool) -> None:
    """What ships.  列出自带场景。"""
    from surgeline import checking
    checking.show_list(lang, as_json)


@main.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="FILE...")
@LANGUAGE
def check(scenarios: tuple[str, ...], lang: str) -> None:
    """Validate scenario files: all problems at once.  校验场景文件。"""
    from surgeline import checking
    sys.exit(BAD_INPUT if checking.check(scenarios, lang) else 0)


@main.command()
def schema() -> None:
    """Print the JSON schema of scenario files, for editors.  输出场景文件的 JSON Schema。"""
    from surgeline import checking
    checking.show_schema()


class Precise(click.ParamType):
    """A precision as written: 0.5pp or 1%."""

    name = "0.5pp|1%"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        from sim.statistics import Precision
        try:
            return Precision.read(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


def study_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What every command that simulates can be told."""
    for option in reversed((
        click.option("--engine", type=click.Choice(["kernel", "simpy"]), default="kernel", show_default=True,
                     help="The compiled twin, or the model of record.  引擎。"),
        click.option("--replications", type=click.IntRange(1, 100_000),
                     help="How often, each on other luck; by default run takes 10 (1 with simpy), and compare goes "
                          "on until the best is told.  重复次数。"),
        click.option("--precision", type=Precise(),
                     help="Go on until the 95 % interval's half-width is this.  精度:区间半宽。"),
        click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Which luck.  随机种子。"),
        click.option("--dask", metavar="ADDRESS", help="Compute on this Dask cluster.  用 Dask 集群计算。"),
        click.option("--out", type=click.Path(path_type=Path), help="Run folder; in results/ by default.  结果目录。"),
    )):
        command = option(command)
    return command


@main.command()
@click.argument("scenario")
@click.option("--variant", help="One of the scenario's variants.  方案名。")
@study_options
@click.option("--calls", is_flag=True, help="Also write one row a dial.  另存逐次拨打记录。")
@click.option("--verify", is_flag=True, help="Run both engines and compare every call.  双引擎逐通核对。")
@LANGUAGE
@JSON
@bad_input
def run(scenario: str, lang: str, as_json: bool, verify: bool, **options: Any) -> None:
    """Simulate a scenario and write a report.  仿真一个场景并生成报告。"""
    from surgeline import running
    if verify:
        sys.exit(running.verify(scenario, options, lang, as_json))
    running.run(scenario, options, lang, as_json)


@main.command()
@click.argument("scenario")
@click.option("--variant", "variants", multiple=True, metavar="NAME",
              help="A variant to compare, once each; all of them by default.  方案名,可重复。")
@click.option("--levers", metavar="FILE",
              help="A scenario file whose levers are one more variant.  另一场景文件的调度。")
@study_options
@LANGUAGE
@JSON
@bad_input
def compare(scenario: str, lang: str, as_json: bool, **options: Any) -> None:
    """Compare variants on the same luck and say which is the best.  用同一批来电比较各方案。"""
    from surgeline import comparing
    comparing.compare(scenario, options, lang, as_json)


@main.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@LANGUAGE
@bad_input
def report(folder: Path, lang: str) -> None:
    """Build the report of a run or a comparison again.  重新生成报告。"""
    from surgeline import reporting
    reporting.report(folder, lang)


@main.command()
@click.argument("scenario")
@click.option("--replications", type=click.IntRange(2, 1000), default=10, show_default=True,
              help="Of each trial.  每次试算的重复次数。")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Which luck.  随机种子。")
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file instead.  另存为。")
@LANGUAGE
@JSON
@bad_input
def calibrate(scenario: str, replications: int, seed: int, out: Path | None, lang: str, as_json: bool) -> None:
    """Solve for the values marked as calibrated so that the record holds, and write them.  按记录校准。"""
    from surgeline import calibrating
    sys.exit(calibrating.run(scenario, replications, seed, out, lang, as_json))


@main.command()
@click.argument("scenario")
@study_options
@LANGUAGE
@JSON
@bad_input
def sensitivity(scenario: str, lang: str, as_json: bool, **options: Any) -> None:
    """Which assumptions does the answer hang on?  哪些假设左右结论。"""
    from surgeline import sensing
    sensing.run(scenario, options, lang, as_json)


@main.command()
@click.argument("scenario")
@click.option("--rolling", type=click.DateTime(["%H:%M"]), metavar="HH:MM",
              help="Plan the next day at this time of each day, from what was known by then; compare with one plan and "
                   "with hindsight.  每晚滚动计划。")
@click.option("--replications", type=click.IntRange(2, 10_000),
              help="Of the proof, 200 by default; with --rolling courses of events, 10.  证明所用的重复次数。")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Which luck.  随机种子。")
@click.option("--dask", metavar="ADDRESS", help="Compute on this Dask cluster.  用 Dask 集群计算。")
@click.option("--out", type=click.Path(path_type=Path), help="Plan folder; in results/ by default.  结果目录。")
@LANGUAGE
@JSON
@bad_input
def plan(scenario: str, lang: str, as_json: bool, **options: Any) -> None:
    """Plan which cities lend how many seats, and prove it by simulation.  求支援方案并以仿真验证。"""
    from surgeline import planning
    sys.exit(planning.run(scenario, options, lang, as_json))


@main.command()
@click.argument("sql")
@click.argument("folders", nargs=-1, required=True, metavar="RUNS...", type=click.Path(path_type=Path))
@JSON
@bad_input
def query(sql: str, folders: tuple[Path, ...], as_json: bool) -> None:
    """Ask finished runs by SQL: tables runs, metrics, intervals, pools, helped, calls.  用 SQL 查询结果。"""
    from surgeline import console, store
    console.show_rows(store.query(sql, folders), as_json)


if __name__ == "__main__":
    main()
