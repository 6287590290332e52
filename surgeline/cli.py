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
BAD_INPUT = 2


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
        from surgeline.problems import PROBLEMS, in_words
        try:
            return command(*args, **kwargs)
        except PROBLEMS as error:
            click.echo(in_words(error), err=True)
            sys.exit(BAD_INPUT)
    return safely


@main.command("list")
@LANGUAGE
@JSON
@bad_input
def list_scenarios(lang: str, as_json: bool) -> None:
    """What ships.  列出自带场景。"""
    from surgeline import console
    console.show_list(lang, as_json)


@main.command()
@click.argument("scenarios", nargs=-1, required=True, metavar="FILE...")
@LANGUAGE
def check(scenarios: tuple[str, ...], lang: str) -> None:
    """Validate scenario files: all problems at once.  校验场景文件。"""
    from surgeline import console
    sys.exit(BAD_INPUT if console.check(scenarios, lang) else 0)


@main.command()
def schema() -> None:
    """Print the JSON schema of scenario files, for editors.  输出场景文件的 JSON Schema。"""
    from surgeline import console
    console.show_schema()


@main.command()
@click.argument("scenario")
@click.option("--variant", help="One of the scenario's variants.  方案名。")
@click.option("--engine", type=click.Choice(["kernel", "simpy"]), default="kernel", show_default=True,
              help="The compiled twin, or the model of record.  引擎。")
@click.option("--replications", type=click.IntRange(1, 100_000),
              help="How often, each on other luck; 10 by default, 1 with simpy.  重复次数。")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Which luck.  随机种子。")
@click.option("--out", type=click.Path(path_type=Path), help="Run folder; under results/ by default.  结果目录。")
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
@click.argument("folder", metavar="RUN", type=click.Path(path_type=Path))
@LANGUAGE
@bad_input
def report(folder: Path, lang: str) -> None:
    """Build the report of a run again.  重新生成报告。"""
    from surgeline import running
    running.report(folder, lang)


if __name__ == "__main__":
    main()
