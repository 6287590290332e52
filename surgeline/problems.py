"""What a planner can mend, in words."""
from __future__ import annotations

from concurrent.futures import BrokenExecutor

from sim.scenario.messages import Message, lines, printable, say
from sim.scenario.problems import ScenarioError, UserError, reason

LONGEST_PATH = 200


class UsageError(UserError):
    """A word on the command line that means nothing here."""


class RunError(UserError):
    """A folder or file that can't be written or read: the message says which and why."""


PROBLEMS = (UserError, BrokenExecutor, OSError, MemoryError)


def in_words(error: Exception) -> Message:
    """All problems, one a line."""
    if isinstance(error, ScenarioError):
        return listed(error)
    if isinstance(error, BrokenExecutor):
        return say("Worker processes die again and again (out of memory?).")
    if isinstance(error, MemoryError):
        return say("Not enough memory: {why}", why=str(error) or say("the scenario is too large for this machine"))
    if isinstance(error, OSError) and error.filename is not None:
        return say("{file}: {why}", file=printable(str(error.filename), LONGEST_PATH), why=reason(error))
    return reason(error)


def listed(error: ScenarioError) -> Message:
    """The problems of each file under its name, then what is to be noted."""
    files = dict.fromkeys(problem.place.file for problem in error.problems)
    found = []
    for file in files:
        here = [problem for problem in error.problems if problem.place.file == file]
        found.append(say("{file}: 1 problem", file=file) if len(here) == 1 else
                     say("{file}: {n} problems", file=file, n=len(here)))
        found += [say("  {problem}", problem=problem.told) for problem in here]
    if error.notices:
        found.append(say("besides, no problem but to be noted:"))
        found += [say("  {problem}", problem=notice.told) for notice in error.notices]
    return lines(found)
