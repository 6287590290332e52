"""What a planner can mend, in words."""
from __future__ import annotations

from sim.problems import ScenarioError, UserError


class UsageError(UserError):
    """A word on the command line that means nothing here."""


def in_words(error: UserError) -> str:
    """All problems, one a line."""
    if isinstance(error, ScenarioError):
        return listed(error)
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
