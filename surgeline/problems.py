"""What a planner can mend, in words."""
from __future__ import annotations

from concurrent.futures import BrokenExecutor

from sim.scenario.problems import ScenarioError, UserError, printable

LONGEST_PATH = 200


class UsageError(UserError):
    """A word on the command line that means nothing here."""


class RunError(UserError):
    """A folder or file that can't be written or read: the message says which and why."""


PROBLEMS = (UserError, BrokenExecutor, OSError, MemoryError)


def in_words(error: Exception) -> str:
    """All problems, one a line."""
    if isinstance(error, ScenarioError):
        return listed(error)
    if isinstance(error, BrokenExecutor):
        return "计算进程一再被终止(内存不足?)。Worker processes die again and again (out of memory?)."
    if isinstance(error, MemoryError):
        return f"内存不足。Not enough memory: {error or 'the scenario is too large for this machine'}"
    if isinstance(error, OSError):
        about = f"{printable(str(error.filename), LONGEST_PATH)}: " if error.filename is not None else ""
        return f"{about}{error.strerror or error}"
    return str(error)


def listed(error: ScenarioError) -> str:
    """The problems of each file under its name."""
    files = dict.fromkeys(problem.place.file for problem in error.problems)
    lines = []
    for file in files:
        here = [problem for problem in error.problems if problem.place.file == file]
        lines.append(f"{file}: {len(here)} problem{'s' if len(here) > 1 else ''}")
        lines += [f"  {problem}" for problem in here]
    return "\n".join(lines)
