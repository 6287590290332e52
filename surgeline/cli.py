"""The command line. A command reads its words, calls one function, and shows what came back."""
from __future__ import annotations

import sys

INTERRUPTED = 130
EARLY = "已中断；什么也没有保留，重新运行将从头开始。Interrupted: nothing is kept, the same command begins anew."
try:
    import os
    import signal
    import threading
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import contextmanager, suppress
    from pathlib import Path
    from typing import Any

    import click

    from sim.scenario.messages import Message, say
    from sim.scenario.problems import RuleError
    from surgeline import usage
    from surgeline.locale import LANGS, in_lang
except KeyboardInterrupt:
    print(EARLY, file=sys.stderr)  # before any language is known
    sys.exit(INTERRUPTED)

LANGUAGE = usage.option(usage.OPTION, type=click.Choice(LANGS), default=usage.language,
                        help="Language of what is printed.")
LANGUAGE_TOO = usage.option(usage.OPTION, type=click.Choice(LANGS), envvar=usage.VARIABLE, expose_value=False,
                            help="Language of what is printed.")
JSON = usage.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
GOES_ON = say("Interrupted: the same command goes on from here.")
BEGINS_ANEW = say("Interrupted: nothing is kept, the same command begins anew.")
BAD_INPUT = 2
REMIND_S = 1.0
KEEPS_NOTHING = "surgeline.keeps_nothing"
RESUMED = ("run", "compare", "sensitivity", "calibrate")  # commands that keep what is finished


# --- how a command ends ----------------------------------------------------------------------------------------------

class Commands(usage.Group):
    """Commands whose every end is told in words: what a planner can mend, Ctrl-C, and nobody who reads on."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        words = sys.argv[1:] if args is None else list(args)
        with usage.speaking(words):
            return super().main(words, *more, **options)

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
    tell(GOES_ON if keeps else BEGINS_ANEW)
    exec("")  # Python notes where Ctrl-C ended such text, and would end itself by the signal instead of by a code
    sys.exit(INTERRUPTED)


def end_in_words(error: BaseException) -> None:
    """What a planner can mend: a message and exit code 2. Nothing else is caught here."""
    from surgeline.problems import PROBLEMS, in_words
    if isinstance(error, PROBLEMS):
        full = isinstance(error, OSError) and error.filename is None and not can_show()
        tell(say("standard output: {why}", why=in_words(error)) if full else in_words(error))
        sys.exit(BAD_INPUT)


def tell(message: Message) -> None:
    click.echo(in_lang(message, usage.language()), err=True)


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
@click.version_option(package_name="surgeline", message="%(prog)s %(version)s", cls=usage.Option,
                      help="Show the version and exit.")
@LANGUAGE_TOO
def main() -> None:
    """Surge capacity simulation and staffing planner for 12345 hotlines.

    SCENARIO is the name of a shipped scenario or a file.
    """
    sys.stdout, sys.stderr = (told_in_utf8(stream) for stream in (sys.stdout, sys.stderr))


def told_in_utf8(stream: Any) -> Any:
    """A terminal is told in its own letters, if these have Chinese ones, and everything else in UTF-8."""
    if stream is None:  # closed
        return open(os.devnull, "w", encoding="utf-8")
    own = stream.isatty() and stream.encoding.lower().startswith(("gb", "big5", "cp936", "cp950", "euc"))
    stream.reconfigure(encoding=stream.encoding if own else "utf-8", errors="backslashreplace")
    return stream


SEED = usage.option("--seed", type=click.IntRange(0, 2**128 - 1), default=1, show_default=True,
                    help="Which luck.")


@main.command("list")
@LANGUAGE
@JSON
def list_scenarios(lang: str, as_json: bool) -> None:
    """What ships."""
    from surgeline.commands import check as check_command
    check_command.show_list(lang, as_json)


@main.command()
@usage.argument("scenarios", nargs=-1, required=True, metavar="FILE...")
@LANGUAGE
def check(scenarios: tuple[str, ...], lang: str) -> None:
    """Validate scenario files: all problems at once."""
    from surgeline.commands import check as check_command
    sys.exit(BAD_INPUT if check_command.check(scenarios, lang) else 0)


@main.command()
@LANGUAGE_TOO
def schema() -> None:
    """Print the JSON schema of scenario files, for editors."""
    from surgeline.commands import check as check_command
    check_command.show_schema()


class Precise(click.ParamType):
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
        usage.option("--dask", metavar="ADDRESS", help="Compute on this Dask cluster."),
        usage.option("--out", type=click.Path(path_type=Path), help="Run folder; in results/ by default."),
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
def run(scenario: str, lang: str, as_json: bool, verify: bool, **options: Any) -> None:
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
def compare(scenario: str, lang: str, as_json: bool, **options: Any) -> None:
    """Compare variants on the same luck and say which is the best."""
    from surgeline.commands import compare as compare_command
    compare_command.compare(scenario, options, lang, as_json)


@main.command()
@usage.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@LANGUAGE
def report(folder: Path, lang: str) -> None:
    """Build the report of a run or a comparison again."""
    from surgeline.commands import report as report_command
    report_command.report(folder, lang)


@main.command()
@usage.argument("scenario")
@usage.option("--replications", type=click.IntRange(2, 1000), default=10, show_default=True,
              help="Of each trial.")
@SEED
@usage.option("--out", type=click.Path(path_type=Path), help="Write to this file instead.")
@LANGUAGE
@JSON
def calibrate(scenario: str, replications: int, seed: int, out: Path | None, lang: str, as_json: bool) -> None:
    """Solve for the values marked as calibrated so that the record holds, and write them."""
    from surgeline.commands import calibrate as calibrate_command
    sys.exit(calibrate_command.run(scenario, replications, seed, out, lang, as_json))


@main.command()
@usage.argument("scenario")
@study_options
@LANGUAGE
@JSON
def sensitivity(scenario: str, lang: str, as_json: bool, **options: Any) -> None:
    """Which assumptions does the answer hang on?"""
    from surgeline.commands import sensitivity as sensitivity_command
    sensitivity_command.run(scenario, options, lang, as_json)


@main.command()
@usage.argument("scenario")
@usage.option("--rolling", type=click.DateTime(["%H:%M"]), metavar="HH:MM",
              help="Plan the next day at this time of each day, from what was known by then; compare with one plan and "
                   "with hindsight.")
@usage.option("--replications", type=click.IntRange(2, 10_000),
              help="Of the proof, 200 by default; with --rolling courses of events, 10.")
@SEED
@usage.option("--dask", metavar="ADDRESS", help="Compute on this Dask cluster.")
@usage.option("--out", type=click.Path(path_type=Path), help="Plan folder; in results/ by default.")
@LANGUAGE
@JSON
def plan(scenario: str, lang: str, as_json: bool, **options: Any) -> None:
    """Plan which cities lend how many seats, and prove it by simulation."""
    from surgeline.commands import plan as plan_command
    sys.exit(plan_command.run(scenario, options, lang, as_json))


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


def program() -> None:
    """A command as a program of its own: once it is through there is nothing left to interrupt."""
    try:
        main()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    program()
