"""The compiled kernel is never stale: an edited rule in another file is another kernel."""
import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

from sim import sources

HERE = Path(__file__).parent.parent
ASK = """
from sim.compiled import CACHE, is_warm
warm = is_warm()
from sim import load, world
from sim.engines import engine
setting = world.build(load("two-cities"))
outcomes = engine("kernel")(setting.world, world.draw_callers(setting, 1, 0))
print(CACHE.name, warm, int(outcomes.flows.sum()))
"""


def imported(path: Path) -> set[Path]:
    """The modules of sim that a file names in its imports, wherever they stand."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "sim":
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    files = (HERE.joinpath(*name.split(".")).with_suffix(".py") for name in names)
    return {file for file in files if file.is_file()}


def hashed() -> set[Path]:
    paths = [HERE / "sim" / name for name in sources.COMPILED]
    return {file for path in paths for file in ([path] if path.is_file() else path.rglob("*.py"))}


def test_what_compiled_code_is_made_of_is_hashed():
    files = (HERE / "sim").rglob("*.py")
    made_of = {file for file in files if HERE / "sim" / "compiled.py" in imported(file)}
    while more := {one for file in made_of for one in imported(file)} - made_of:
        made_of |= more
    assert HERE / "sim" / "rules.py" in made_of
    assert made_of - {HERE / "sim" / "sources.py"} <= hashed()


def ask(tree: Path, cache: Path) -> tuple[str, bool, int]:
    """The cache folder, whether it was warm, and a number that depends on every rule."""
    done = subprocess.run([sys.executable, "-c", ASK], cwd=tree, capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(tree), "SURGELINE_CACHE": str(cache)})
    name, warm, total = done.stdout.split()
    return name, warm == "True", int(total)


def test_an_edited_rule_is_compiled_anew(tmp_path):
    tree, cache = tmp_path / "tree", tmp_path / "cache"
    for folder in ("sim", "scenarios"):
        shutil.copytree(HERE / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    first = ask(tree, cache)
    again = ask(tree, cache)
    assert first[1:] == (False, first[2])
    assert again == (first[0], True, first[2])

    rules = tree / "sim" / "rules.py"
    text = rules.read_text()
    assert text.count("return (draw >> 31) < chance") == 1
    rules.write_text(text.replace("return (draw >> 31) < chance", "return (draw >> 31) < chance // 2"))
    edited = ask(tree, cache)
    assert edited[0] != first[0]
    assert edited[1] is False
    assert edited[2] != first[2]
