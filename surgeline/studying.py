"""Many replications as a command wants them: where they are computed, what is kept, what is said meanwhile."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import BrokenExecutor, Executor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sim import compiled, executors, studies
from sim.scenario import Scenario
from sim.studies import Rule, Study
from surgeline import console
from surgeline.locale import texts
from surgeline.runs import RunError

DEFAULT_REPLICATIONS = {"kernel": 10, "simpy": 1}
UNFINISHED = ".unfinished"


def studied(scenario: Scenario, variants: Mapping[str, Scenario], options: dict[str, Any], lang: str,
            folder: Path, enough: Rule | None = None) -> Study:
    """Run a scenario and its variants; until ``enough`` says so, if nothing else is asked for. An interrupted study
    goes on where it was, until it is forgotten.

    :raises RunError: where there is no room to keep what is finished, or workers die again and again.
    """
    words, precision = texts(lang)["cli"], options["precision"]
    announce_compiling(options["engine"], words)
    replications = options["replications"] or DEFAULT_REPLICATIONS[options["engine"]]
    rule = None if options["replications"] or precision else enough
    name = studies.key_of(scenario, variants, options["seed"], options["engine"], replications, precision, rule)
    unfinished = folder.parent / UNFINISHED / name
    with kept(unfinished, words), computing(options["dask"]) as executor, \
            console.progress(words["simulating"]) as tell:
        study = studies.study(scenario, variants, replications=replications, precision=precision, enough=rule,
                              seed=options["seed"], engine=options["engine"], executor=executor, folder=unfinished,
                              tell=tell)
    if study.capped:
        console.say(words["undecided" if rule else "capped"].format(n=study.replications))
    return study


@contextmanager
def kept(folder: Path, words: dict[str, str]) -> Iterator[None]:
    """What an interrupted study has left is taken up, and what stops this one is said with where to find the rest.

    :raises RunError: where there is no room to keep what is finished, or workers die again and again.
    """
    if folder.is_dir():
        console.say(words["resuming"].format(folder=folder))
    try:
        yield
    except OSError as error:
        raise RunError(words["no_room"].format(folder=folder, why=error.strerror or error)) from None
    except BrokenExecutor:
        raise RunError(words["workers_die"].format(folder=folder)) from None


def forget(study: Study) -> None:
    """Remove what was kept of a study: its run folder has everything."""
    study.forget()
    if study.shelf.folder is not None:
        with suppress(OSError):  # other studies are unfinished
            study.shelf.folder.parent.rmdir()


def announce_compiling(engine: str, words: dict[str, str]) -> None:
    """The first run after an installation or an edit compiles for some seconds: say so."""
    if engine == "kernel" and not compiled.is_warm():
        console.say(words["compiling"])


@contextmanager
def computing(address: str | None) -> Iterator[Executor | None]:
    """A cluster's workers, if an address is given."""
    if address is None:
        yield None
        return
    with executors.cluster(address) as executor:
        yield executor

