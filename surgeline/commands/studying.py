"""Many replications as a command wants them: where they are computed, what is kept, what is said meanwhile."""
from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from sim.core import compiled
from sim.reading.loading import load, with_places
from sim.reading.yaml_places import Document
from sim.scenario.messages import say
from sim.scenario.problems import ClusterError, reason
from sim.scenario.scenario import Scenario
from sim.studies.replication import Job, replicate
from sim.studies.study import Rule, Study, key_of, study
from surgeline import console, usage
from surgeline.folders.whole import TakenError, held, remove
from surgeline.locale import Lang, in_lang, texts
from surgeline.problems import RunError

DEFAULT_REPLICATIONS = {"kernel": 10, "simpy": 1}
UNFINISHED = ".unfinished"
MOST_AT_ONCE = 100          # the same study, by commands that write elsewhere
FORGOTTEN_S = 30 * 86400.0  # whoever wanted to go on has done so
SMALLEST = "two-cities"     # of the shipped scenarios


def loaded(name: str) -> Scenario:
    """A scenario; what its file makes of its base's lists, and what it leaves out, is said beside.

    :raises ScenarioError: with every problem of the file.
    """
    return loaded_with_places(name)[0]


def loaded_with_places(name: str) -> tuple[Scenario, Document]:
    """The same, and where each value of it is written."""
    scenario, document = with_places(name)
    for notice in document.notices:
        console.say(in_lang(notice.told, usage.language()))
    return scenario, document


@contextmanager
def studied(scenario: Scenario, variants: Mapping[str, Scenario], options: dict[str, Any], lang: Lang,
            folder: Path, enough: Rule | None = None) -> Iterator[Study]:
    """Run a scenario and its variants; until ``enough`` says so, if nothing else is asked for. An interrupted study
    goes on where it was, until what it is for is done.

    :raises RunError: where there is no room to keep what is finished, or workers die again and again.
    """
    words, precision = texts(lang)["cli"], options["precision"]
    compile_first(options["engine"], words, options["dask"])
    replications = options["replications"] or DEFAULT_REPLICATIONS[options["engine"]]
    rule = None if options["replications"] or precision else enough
    name = key_of(scenario, variants, options["seed"], options["engine"], replications, precision, rule)
    with checkpoint(folder.parent, name, words) as unfinished:
        with told(unfinished), console.progress(words["simulating"]) as tell:
            found = study(scenario, variants, replications=replications, precision=precision, enough=rule,
                          seed=options["seed"], engine=options["engine"], workers=options["dask"], folder=unfinished,
                          tell=tell)
        if found.capped:
            console.say(words["undecided" if rule else "capped"].format(n=found.replications))
        try:
            yield found
        except BaseException:
            with suppress(OSError):  # the disk may be what is full
                found.keep()
            raise


# --- what is kept ----------------------------------------------------------------------------------------------------

@contextmanager
def checkpoint(folder: Path, name: str, words: dict[str, str]) -> Iterator[Path]:
    """Where the work of a command is kept until all of it is done. What an interrupted one has left is taken up.

    :raises RunError: if nothing can be kept there.
    """
    unfinished = folder / UNFINISHED
    try:
        with ExitStack() as stack:
            kept = free_of(unfinished, name, stack)
            forget_old(unfinished)
            if kept.is_dir():
                console.say(words["resuming"].format(folder=kept))
            try:
                yield kept
                remove(kept)
            finally:
                remove_if_empty(kept)
    finally:
        remove_if_empty(unfinished)


def remove_if_empty(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def free_of(unfinished: Path, name: str, stack: ExitStack) -> Path:
    """The folder of that name that nobody uses; the same study may be under way for another folder."""
    names = (name, *(f"{name}-{i}" for i in range(2, MOST_AT_ONCE)))
    for kept in sorted((unfinished / one for one in names), key=lambda one: not one.is_dir()):
        with suppress(TakenError):
            stack.enter_context(held(kept, with_parents=True))
            return kept
    raise TakenError(say("{folder} is in use by {most} commands", folder=unfinished / name, most=MOST_AT_ONCE))


def forget_old(unfinished: Path) -> None:
    """Nobody goes on with what was left a month ago."""
    for kept in unfinished.iterdir():
        if not kept.name.startswith(".") and time.time() - kept.lstat().st_mtime > FORGOTTEN_S:
            with suppress(RunError), held(kept):
                remove(kept)


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """What stops a study is said with where to find the rest.

    :raises RunError: where there is no room to keep what is finished, or workers die again and again.
    """
    try:
        yield
    except OSError as error:
        raise RunError(say("{folder} can't be written: {why}. What is finished is kept: make room and give the same "
                           "command.", folder=folder, why=reason(error))) from None
    except BrokenExecutor:
        raise RunError(say("Worker processes die again and again (out of memory?). What is finished is in {folder}: "
                           "the same command goes on from there.", folder=folder)) from None
    except ClusterError as error:
        if not folder.is_dir():
            raise
        raise ClusterError(say("{why}. What is finished is in {folder}: the same command goes on from there.",
                               why=error.message, folder=folder)) from None


# --- where it is computed --------------------------------------------------------------------------------------------

def compile_first(engine: str, words: dict[str, str], address: str | None = None) -> None:
    """The first run after an installation or an edit compiles for some seconds: say so, and do it once, before there
    are several processes that would each do it."""
    if engine == "kernel" and address is None and not compiled.is_warm():
        console.say(words["compiling"])
        replicate(Job.of(load(SMALLEST), "kernel", 1), 0)

