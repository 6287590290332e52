"""The one door to numba: what is compiled here is never stale.

numba's own cache notices an edit in the file of a function, not in a file that the function calls.
So the cache folder is named by a hash of every source that compiled code is made of: an edited rule has another folder.
"""
import atexit
import os
import shutil
import tempfile
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import numba
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic, register_jitable

from sim.core.sources import compiled_hash


def cache_folder() -> Path:
    """Where compiled code is kept: the user's cache; where that can't be written, a copy of it in a temporary folder,
    which processes that begin here share and which goes when this one ends."""
    home = os.environ.get("SURGELINE_CACHE") or os.path.join(os.path.expanduser("~"), ".cache", "surgeline")
    folder = Path(home) / compiled_hash()
    if is_writable(folder):
        return folder
    temporary = tempfile.mkdtemp(prefix="surgeline-")
    atexit.register(remove, temporary, os.getpid())
    os.environ["SURGELINE_CACHE"] = temporary
    with suppress(OSError):  # what is compiled already, if anything
        shutil.copytree(folder, Path(temporary) / folder.name, copy_function=shutil.copyfile)
    (Path(temporary) / folder.name).mkdir(exist_ok=True)
    return Path(temporary) / folder.name


def is_writable(folder: Path) -> bool:
    """Whether numba can write there, tried as numba tries it: else it would go elsewhere without a word."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in (folder, *(path for path in folder.iterdir() if path.is_dir())):
            tempfile.TemporaryFile(dir=one).close()
    except OSError:
        return False
    return True


def remove(folder: str, process: int) -> None:
    """A copy of the process that made it only uses it."""
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)


def is_warm() -> bool:
    """Whether the kernel is compiled already, from these very sources."""
    return any(CACHE.rglob("kernel.advance-*.nbi"))


CACHE = cache_folder()
numba.config.CACHE_DIR = str(CACHE)  # type: ignore[attr-defined]
# Uncompiled, whole numbers would grow past 64 bits instead of going round: other luck, without a word.
numba.config.DISABLE_JIT = 0  # type: ignore[attr-defined]

# Without numba's counting of references, which costs twenty times the simulation itself: a compiled function must not
# make arrays, only use those that it is given. (What they make is typed by numba, not by mypy.)
compiled: Any = partial(numba.njit, cache=True, _nrt=False)
# The kernel's small steps: part of the loop that calls them, compiled with it.
step: Any = partial(numba.njit, forceinline=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)
# Plain Python for the reference engine, compiled with whatever calls it in the kernel.
both_engines: Any = register_jitable(forceinline=True)


def ask_for(typing, array, index):
    """Code that asks for an element of an array. A hint: it changes nothing, and any index is allowed."""
    def build(context, builder, signature, args):
        start = context.make_array(signature.args[0])(context, builder, args[0]).data
        place = builder.bitcast(builder.gep(start, [args[1]]), ir.IntType(8).as_pointer())
        word = ir.IntType(32)
        hint = builder.module.declare_intrinsic("llvm.prefetch", [place.type],
                                                ir.FunctionType(ir.VoidType(), [place.type, word, word, word]))
        builder.call(hint, [place, word(0), word(3), word(1)])  # to read, soon again, data
        return context.get_dummy_value()
    return types.void(array, index), build


# Have an element of an array on its way from memory before it is needed.
prefetch: Any = intrinsic(ask_for)
