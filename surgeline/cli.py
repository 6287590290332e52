"""The command line. A command reads its words, calls one function, and shows what came back."""
from __future__ import annotations

import sys

INTERRUPTED = 130
GOES_ON = "已中断;重新运行同一命令即可续跑。Interrupted: the same command goes on from here."
BEGINS_ANEW = "已中断;什么也没有保留,重新运行将从头开始。Interrupted: nothing is kept, the same command begins anew."
try:
    import os
    import signal
    import threading
    from collections.abc import Callable, Iterator
    from contextlib import contextmanager, suppress
    from pathlib import Path
    from typing import Any

    import click
except KeyboardInterrupt:
    print(BEGINS_ANEW, file=sys.stderr)
    sys.exit(INTERRUPTED)

LANGUAGE = click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", envvar="SURGELINE_LANG",
                        help="Language of what is printed.  输出语言。")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.  输出 JSON。")
BAD_INPUT = 2
REMIND_S = 1.0
KEEPS_NOTHING = "surgeline.keeps_nothing"
RESUMED = ("run", "compare", "sensitivity", "calibrate")  # commands that keep what is finished


# --- how a command ends ----------------------------------------------------------------------------------------------

class Commands(click.Group):
    """Commands whose every end is told in words: what a planner can mend, Ctrl-C, and nobody who reads on."""

    def invoke(self, ctx: click.Context) -> Any:
        with interrupts() as came:
            try:
                return flushed(super().invoke, ctx)
            except (Exception, KeyboardInterrupt) as error:  # Ctrl-C comes out of some libraries as an error of theirs
                if came or isinstance(error, KeyboardInterrupt):
                    end_interrupted(ctx)
                if isinstance(error, BrokenPipeError):  # who reads has read enough
                    forget_output()
                    sys.exit(0)
                end_in_words(error)
                raise


def flushed(command: Callable[[click.Context], Any], ctx: click.Context) -> Any:
    """What a command gives back, once all that it printed is where it belongs.

    :raises OSError: if it can't get there.
    """
    try:
        found = command(ctx)
    except SystemExit:
        sys.stdout.flush()
        raise
    sys.stdout.flush()
    return found


@contextmanager
def interrupts() -> Iterator[list[int]]:
    """Ctrl-C is noted besides being raised, and raised again where it was lost: callbacks of imports swallow it."""
    came: list[int] = []

    def note(number: int, frame: Any) -> None:
        came.append(number)
        remind_in(REMIND_S)
        raise KeyboardInterrupt

    def remind(number: int, frame: Any) -> None:
        remind_in(REMIND_S)
        if sys.exc_info()[0] is None:  # else it is on its way
            raise KeyboardInterrupt

    handlers = {signal.SIGINT: note} | ({signal.SIGALRM: remind} if hasattr(signal, "SIGALRM") else {})
    before = {number: signal.getsignal(number) for number in handlers}
    hooks = sys.unraisablehook, sys.excepthook
    if threading.current_thread() is not threading.main_thread() or before[signal.SIGINT] is signal.SIG_IGN:
        yield came  # nobody interrupts
        return
    try:
        sys.unraisablehook = lambda told: None if told.exc_type is KeyboardInterrupt else hooks[0](told)
        sys.excepthook = lambda kind, *more: None if kind is KeyboardInterrupt else hooks[1](kind, *more)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        yield came
    finally:
        remind_in(0)
        sys.unraisablehook, sys.excepthook = hooks
        for number, handler in before.items():
            signal.signal(number, handler)


def remind_in(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def end_interrupted(ctx: click.Context) -> None:
    """In one line, which is true: not every command keeps what is finished."""
    remind_in(0)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    keeps = ctx.invoked_subcommand in RESUMED and not ctx.meta.get(KEEPS_NOTHING)
    click.echo(GOES_ON if keeps else BEGINS_ANEW, err=True)
    exec("")  # Python notes where Ctrl-C ended such text, and would end itself by the signal instead of by a code
    sys.exit(INTERRUPTED)


def end_in_words(error: BaseException) -> None:
    """What a planner can mend: a message and exit code 2. Nothing else is caught here."""
    from surgeline.problems import PROBLEMS, in_words
    if isinstance(error, PROBLEMS):
        full = isinstance(error, OSError) and error.filename is None and not can_show()
        click.echo("standard output: " * full + in_words(error), err=True)
        sys.exit(BAD_INPUT)


def can_show() -> bool:
    """Whether what was printed gets where it belongs. What doesn't is not tried again as the program ends."""
    try:
        print(flush=True)
    except OSError:
        forget_output()
        return False
    return True


def forget_output() -> None:
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="surgeline")
def main() -> None:
    """Surge capacity simulation and staffing planner for 12345 hotlines.  12345 热线话务激增仿真与座席规划。

    SCENARIO is the name of a shipped scenario or a file.  SCENARIO 是自带场景名或文件。
    """
    sys.stdout, sys.stderr = (told_in_utf8(stream) for stream in (sys.stdout, sys.stderr))


def told_in_utf8(stream: Any) -> Any:
    """A terminal is told in its own letters, if these have Chinese ones, and everything else in UTF-8."""
    if stream is None:  # closed
        return open(os.devnull, "w", encoding="utf-8")
    own = stream.isatty() and stream.encoding.lower().startswith(("gb", "big5", "cp936", "cp950", "euc"))
    stream.reconfigure(encoding=stream.encoding if own else "utf-8", errors="backslashreplace")
    return stream


SEED = click.option("--seed", type=click.IntRange(0, 2**128 - 1), default=1, show_default=True,
                    help="Which luck.  随机种子。")


@main.command("list")
@LANGUAGE
@JSON
def list_scenarios(lang: str, as_json: bool) -> None:
    """What ships.  列出自带场景。"""
    from surgeline.commands import check as check_command
    check_command.show_list(lang, as_json)


@main.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="FILE...")
@LANGUAGE
def check(scenarios: tuple[str, ...], lang: str) -> None:
    """Validate scenario files: all problems at once.  校验场景文件。"""
    from surgeline.commands import check as check_command
    sys.exit(BAD_INPUT if check_command.check(scenarios, lang) else 0)


@main.command()
@click.option("--reference", "as_reference", is_flag=True,
              help="Print a reference for readers instead, as Markdown.  输出供阅读的字段参考。")
@LANGUAGE
def schema(as_reference: bool, lang: Any) -> None:
    """Print the JSON schema of scenario files, for editors.  输出场景文件的 JSON Schema。"""
    if as_reference:
        from surgeline.commands.reference import reference
        click.echo(reference(lang), nl=False)
        return
    from surgeline.commands import check as check_command
    check_command.show_schema()


class Precise(click.ParamType):
    """A precision as written: 0.5pp or 1%."""

    name = "0.5pp|1%"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        from sim.measures.statistics import Precision
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
def run(scenario: str, lang: str, as_json: bool, verify: bool, **options: Any) -> None:
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
def compare(scenario: str, lang: str, as_json: bool, **options: Any) -> None:
    """Compare variants on the same luck and say which is the best.  用同一批来电比较各方案。"""
    from surgeline.commands import compare as compare_command
    compare_command.compare(scenario, options, lang, as_json)


@main.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@LANGUAGE
def report(folder: Path, lang: str) -> None:
    """Build the report of a run or a comparison again.  重新生成报告。"""
    from surgeline.commands import report as report_command
    report_command.report(folder, lang)


@main.command()
@click.argument("scenario")
@click.option("--replications", type=click.IntRange(2, 1000), default=10, show_default=True,
              help="Of each trial.  每次试算的重复次数。")
@SEED
@click.option("--out", type=click.Path(path_type=Path), help="Write to this file instead.  另存为。")
@LANGUAGE
@JSON
def calibrate(scenario: str, replications: int, seed: int, out: Path | None, lang: str, as_json: bool) -> None:
    """Solve for the values marked as calibrated so that the record holds, and write them.  按记录校准。"""
    from surgeline.commands import calibrate as calibrate_command
    sys.exit(calibrate_command.run(scenario, replications, seed, out, lang, as_json))


@main.command()
@click.argument("scenario")
@study_options
@LANGUAGE
@JSON
def sensitivity(scenario: str, lang: str, as_json: bool, **options: Any) -> None:
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
def plan(scenario: str, lang: str, as_json: bool, **options: Any) -> None:
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
    """A command as a program of its own: once it is through there is nothing left to interrupt."""
    try:
        main()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    program()
