"""Every message has its Chinese, and nothing that a user meets is made past the catalog."""
from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path

import click
import pytest

from sim.scenario.messages import SEPARATORS
from surgeline import usage
from surgeline.cli import main
from surgeline.locale import catalog

HOUSE = Path(__file__).parents[2]
FILES = sorted(file for room in ("sim", "optimizer", "surgeline") for file in (HOUSE / room).rglob("*.py"))
CHINESE = catalog("zh")
TOLD_BY = {"RuleError": 0, "WorldError": 0, "ClusterError": 0, "UsageError": 0, "RunError": 0, "TakenError": 0,
           "UserError": 0, "NoPlanError": 0, "problem": 1, "note": 1, "conflict": 1, "wrong": 2, "Problem": 2}
"""Whatever tells a user something, and which of its arguments is the message."""
OF_OTHER_KINDS = {"sim/studies/sensitivity.py": {"problem"}}  # a space of samples
NOT_MET = {
    "Could not determine name for option with declarations {decls!r}", "Name '{name}' defined twice",
    "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? Did you mean to "
    "pass '--{name}'?", "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Arguments take exactly one parameter declaration, got {length}: {decls}.", "Value must be an iterable.",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}", "deprecated", "(dynamic)",
    "Do you want to continue?", "Confirm the action without prompting.", "%(prog)s, version %(version)s",
    "Invalid start character for option ({option})", "{value!r} is not a valid UUID.", "Choice({choices})",
    "{len_type} values are required, but {len_value} was given.",
    "{len_type} values are required, but {len_value} were given.", "Takes {nargs} values but 1 was given.",
    "Takes {nargs} values but {len} were given.", "file", "directory", "path", "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.", "{name} {filename!r} is not readable.",
    "{name} {filename!r} is not writable.", "{name} {filename!r} is not executable.",
    "{name} {filename!r} does not exist.",
}
"""What click says to programmers, or of options of kinds that there are none of here."""


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "id", "") or getattr(node.func, "attr", ""), node


def said(file: Path) -> list[ast.expr]:
    """What ``say`` is given in a file; a method of that name is another matter."""
    return [call.args[0] for _, call in calls(file) if getattr(call.func, "id", "") == "say"]


TEMPLATES = {one.value for file in FILES for one in said(file) if isinstance(one, ast.Constant)}


def placeholders(text: str) -> list[str]:
    return sorted({field for _, field, _, _ in string.Formatter().parse(text) if field is not None})


def has_words(template: str) -> bool:
    return any(re.search("[A-Za-z]", text) for text, *_ in string.Formatter().parse(template))


def texts_of_commands() -> set[str]:
    """All help, and what values are called in it."""
    commands = [main, *main.commands.values()]
    params = [(command, param) for command in commands for param in command.params]
    helps = {cleandoc(one.help or "") for one in (*commands, *(param for _, param in params if hasattr(param, "help")))}
    metavars = {super(type(param), param).make_metavar(click.Context(command)) for command, param in params
                if not getattr(param, "is_flag", False) and not isinstance(param.type, click.Choice)}
    usages = {"[OPTIONS]", "COMMAND [ARGS]...", "Show this message and exit.", "FILE...", "RUNS...", "HH:MM"}
    words = {one for one in metavars if one.isupper() and one.replace(" ", "").isalpha()}
    return (helps | words | usages) - {"", "SQL"}


def texts_of_click() -> set[str]:
    files = [Path(module.__file__) for module in usage.MODULES]
    return {"required"} | {arg.value for file in files for name, call in calls(file) if name in ("_", "ngettext")
            for arg in call.args if isinstance(arg, ast.Constant)}


def test_templates_are_written_where_they_are_said():
    assert [f"{file}:{one.lineno}" for file in FILES for one in said(file) if not isinstance(one, ast.Constant)] == []


def test_every_message_has_its_chinese():
    assert sorted(template for template in TEMPLATES | set(SEPARATORS) if has_words(template)
                  and template not in CHINESE) == []


def test_every_help_text_has_its_chinese():
    assert sorted(text for text in texts_of_commands() if text not in CHINESE) == []


def test_what_click_says_has_its_chinese():
    assert sorted(texts_of_click() - NOT_MET - CHINESE.keys()) == []


def test_no_chinese_is_left_over():
    assert sorted(CHINESE.keys() - TEMPLATES - set(SEPARATORS) - texts_of_commands() - texts_of_click()) == []


def test_both_languages_say_the_same_values():
    of_types = {"{value!r} is not a valid {number_type}."}  # their names are English
    assert [english for english, chinese in CHINESE.items() if english not in of_types
            and placeholders(english) != placeholders(chinese)] == []


def test_chinese_is_written_with_chinese_punctuation():
    def wrong(text: str) -> bool:
        return any(sign in ",;:()?" and ("一" <= before <= "龥" or "一" <= after <= "龥")
                   for before, sign, after in zip(" " + text, text, text[1:] + " ", strict=False))
    code = re.compile(r"“[^”]*”|\{\{.*?\}\}|\[[^]]*\]|[a-z]+:\S+|时:分")
    told = ((english, code.sub("", text)) for english, text in CHINESE.items())
    assert [english for english, text in told if wrong(text) and english != "Usage:"] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(HOUSE)))
def test_whatever_tells_a_user_something_takes_a_message(file):
    others = OF_OTHER_KINDS.get(str(file.relative_to(HOUSE)), set())
    told = [call.args[TOLD_BY[name]] for name, call in calls(file)
            if name in TOLD_BY and name not in others and len(call.args) > TOLD_BY[name]]
    assert [f"line {node.lineno}: {ast.unparse(node)}" for node in told
            if any(is_text(part) for part in parts_of(node))] == []


def parts_of(node: ast.expr) -> Iterator[ast.expr]:
    """What a message may be, of the branches of a choice and of a sum."""
    if isinstance(node, ast.BinOp):
        yield from (*parts_of(node.left), *parts_of(node.right))
    elif isinstance(node, ast.IfExp):
        yield from (*parts_of(node.body), *parts_of(node.orelse))
    else:
        yield node


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
