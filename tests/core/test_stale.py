"""The compiled kernel is never stale: an edited rule in another file is another kernel."""
import ast
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from sim.core import compiled, sources
from sim.core.sources import compiled_hash

HERE = Path(__file__).parents[2]
ASK = """
from sim.core.compiled import CACHE, is_warm
warm = is_warm()
from sim import load
from sim.world.build import build
from sim.world.callers import draw_callers
from sim.core.engines import engine
setting = build(load("two-cities"))
outcomes = engine("kernel")(setting.world, draw_callers(setting, 1, 0))
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
    made_of = {file for file in files if HERE / "sim" / "core" / "compiled.py" in imported(file)}
    while more := {one for file in made_of for one in imported(file)} - made_of:
        made_of |= more
    assert HERE / "sim" / "core" / "rules.py" in made_of
    assert made_of - {HERE / "sim" / "core" / "sources.py"} <= hashed()


def ask(tree: Path, cache: Path, **more: str) -> tuple[str, bool, int]:
    """The cache folder, whether it was warm, and a number that depends on every rule."""
    done = subprocess.run([sys.executable, "-c", ASK], cwd=tree, capture_output=True, text=True, check=True,
                          env={**os.environ, "PYTHONPATH": str(tree), "SURGELINE_CACHE": str(cache), **more})
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

    rules = tree / "sim" / "core" / "rules.py"
    text = rules.read_text()
    assert text.count("return (draw >> 31) < chance") == 1
    rules.write_text(text.replace("return (draw >> 31) < chance", "return (draw >> 31) < chance // 2"))
    edited = ask(tree, cache)
    assert edited[0] != first[0]
    assert edited[1] is False
    assert edited[2] != first[2]


# --- where it is kept ------------------------------------------------------------------------------------------------

def compiled_below(folder: Path) -> list[Path]:
    """Files of compiled code."""
    return [path for path in folder.rglob("*") if path.suffix in (".nbi", ".nbc")]


def test_variables_of_numba_change_neither_numbers_nor_places(tmp_path):
    cache = tmp_path / "cache"
    usual = ask(HERE, cache)
    for more in ({"NUMBA_CACHE_DIR": str(tmp_path / "theirs")}, {"NUMBA_DISABLE_JIT": "1"}):
        assert ask(HERE, cache, **more) == (usual[0], True, usual[2])
    assert not (tmp_path / "theirs").exists()


SHARED = """
import os
from pathlib import Path
from sim.studies import executors
from sim.core.compiled import CACHE, is_warm
from sim.reading import load
from sim.studies.replication import Job, replicate
from surgeline.locale import texts
from surgeline.commands.studying import compile_first
if __name__ == "__main__":
    print(CACHE, is_warm())
    compile_first("kernel", texts("en")["cli"])
    print(is_warm())
    before = {path: path.stat().st_mtime_ns for path in CACHE.rglob("*.nb?")}
    job = Job.of(load("two-cities"), "kernel", 1)
    with executors.Processes(2) as pool:
        for future in [pool.submit(replicate, job, r) for r in range(8)]:
            future.result()
    print(before == {path: path.stat().st_mtime_ns for path in CACHE.rglob("*.nb?")})
"""


def test_where_nothing_can_be_kept_processes_share_what_one_compiled(tmp_path):
    """And nothing is left anywhere."""
    tree, temporary = tmp_path / "tree", tmp_path / "temporary"
    for folder in ("sim", "optimizer", "scenarios", "surgeline"):
        shutil.copytree(HERE / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "file").write_text("")
    temporary.mkdir()
    (tree / "ask.py").write_text(SHARED)
    more = {"PYTHONPATH": str(tree), "SURGELINE_CACHE": str(tmp_path / "file" / "x"), "TMPDIR": str(temporary)}
    done = subprocess.run([sys.executable, str(tree / "ask.py")], capture_output=True, text=True, check=True,
                          env={**os.environ, **more})
    folder, *told = done.stdout.split()
    assert told == ["False", "True", "True"]
    assert "compiling" in done.stderr
    assert Path(folder).is_relative_to(temporary)
    assert list(temporary.iterdir()) == []
    assert compiled_below(tree) == []


def test_a_cache_that_can_only_be_read_is_used_and_left_alone(tmp_path, monkeypatch):
    warm = tmp_path / "warm" / compiled_hash()
    (warm / "sim_1").mkdir(parents=True)
    (warm / "sim_1" / "kernel.advance-1.nbi").write_bytes(b"compiled")
    monkeypatch.setenv("SURGELINE_CACHE", str(tmp_path / "warm"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    real = tempfile.TemporaryFile

    def refused(**where):
        if where["dir"] == warm / "sim_1":  # the folder itself may be written, what lies in it may not
            raise OSError(30, "Read-only file system")
        return real(**where)

    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "TemporaryFile", refused)
        found = compiled.cache_folder()
    assert found != warm
    assert found.name == compiled_hash()
    assert (found / "sim_1" / "kernel.advance-1.nbi").read_bytes() == b"compiled"
    assert os.environ["SURGELINE_CACHE"] == str(found.parent)
    compiled.remove(str(found.parent), os.getpid() + 1)  # a copy of this process
    assert found.exists()
    compiled.remove(str(found.parent), os.getpid())
    assert not found.parent.exists()
