"""Where replications are computed: here, in processes of this machine, or on a cluster. The numbers are the same."""
from __future__ import annotations

import asyncio
import importlib.metadata
import logging
import multiprocessing
import os
import platform
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from types import ModuleType
from typing import Any, TypeVar, cast

from sim.core.sources import sources_hash
from sim.scenario.messages import Message, in_a_row, say
from sim.scenario.problems import ClusterError
from sim.studies.replication import Tell

T = TypeVar("T")
U = TypeVar("U")
LOSSES = 3  # times that workers may die before it is no accident
CONNECT_S = 10
MOST_TOLD = 5
LOGGERS = ("distributed", "tornado", "asyncio")
LOOK_S = 0.5


class Here(Executor):
    """This very process, one thing after another. ``tell``, if given, is told how much of the thing at hand is done."""

    def __init__(self, tell: Tell | None = None):
        self.told: dict[str, Any] = {} if tell is None else {"tell": tell}

    def submit(self, fn: Callable[..., T], /, *args: Any, **options: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **options, **self.told))
        except Exception as error:
            future.set_exception(error)
        return future


class Processes(Executor):
    """Processes of this machine. If one is killed, a new set takes over."""

    def __init__(self, workers: int):
        self.workers, self.pool = workers, pool_of(workers)

    def submit(self, fn: Callable[..., T], /, *args: Any, **options: Any) -> Future[T]:
        with interrupts_masked(), main_unseen():  # processes begin here
            return self.pool.submit(fn, *args, **options)

    def has_lost(self) -> bool:
        """Whether a worker has died. Its pool may never say so, and wait for the rest of a half-told result."""
        return any(not worker.is_alive() for worker in workers_in(self.pool))

    def renew(self) -> None:
        end(self.pool)
        self.pool = pool_of(self.workers)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        end(self.pool)


def pool_of(workers: int) -> ProcessPoolExecutor:
    """Workers that begin with the kernel loaded."""
    from multiprocessing import resource_tracker
    method = start_method()
    context = multiprocessing.get_context(method)
    if method == "forkserver":
        context.set_forkserver_preload(["sim.studies.replication", "sim.core.engines.kernel"])
        resource_tracker.ensure_running()  # as it begins it lets interrupts through that submit holds back
    return ProcessPoolExecutor(workers, context, initializer=follow_the_parent)


def workers_in(pool: ProcessPoolExecutor) -> list[Any]:
    return list((pool._processes or {}).values())


def end(pool: ProcessPoolExecutor) -> None:
    """Kill its workers, whatever they do, and let go who listens to them.

    One that was killed from outside may have shut a lock for ever, or told half a result: who waited for the others to
    end by themselves would wait with them.
    """
    workers, results = workers_in(pool), cast(Any, pool._result_queue)
    pool.shutdown(wait=False, cancel_futures=True)
    for worker in workers:
        worker.kill()
    for worker in workers:
        worker.join()
    if results is not None:
        results._writer.close()  # the last end that could still write


def start_method() -> str:
    """A copy of this process begins at once, but only a process of one thread may be copied safely."""
    if sys.platform == "linux" and threading.active_count() == 1:
        return "fork"
    return "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


@contextmanager
def interrupts_masked() -> Iterator[None]:
    """Processes that begin meanwhile never see Ctrl-C."""
    before = mask("SIG_BLOCK", {signal.SIGINT})
    try:
        yield
    finally:
        mask("SIG_SETMASK", before)


@contextmanager
def main_unseen() -> Iterator[None]:
    """Processes that begin meanwhile do not run the analyst's own script again: they need nothing of it."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def interrupts_noted() -> Iterator[list[Any]]:
    """Ctrl-C is noted, and raised at the end: in the middle of handing out work it would leave locks behind that nobody
    opens."""
    came: list[Any] = []
    if threading.current_thread() is not threading.main_thread() or signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        yield came  # nobody interrupts other threads, nor what goes on in the background
        return
    handler = signal.signal(signal.SIGINT, lambda *what: came.append(what))
    try:
        yield came
    finally:
        signal.signal(signal.SIGINT, handler)
        if came and callable(handler):
            handler(*came[0])


def mask(how: str, signals: set[Any]) -> set[Any]:
    """Which signals were blocked before, in this thread and for what it starts; none where there is no such thing."""
    return signal.pthread_sigmask(getattr(signal, how), signals) if hasattr(signal, "pthread_sigmask") else set()


def follow_the_parent() -> None:
    """Leave interrupts to it, and end where it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_the_parent, daemon=True).start()


def end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


Workers = int | str | Executor | None


@contextmanager
def at_work(workers: Workers) -> Iterator[Executor]:
    """Where to compute.

    :param workers: so many processes, 1 for none but this one, None for one on each core; the address of a Dask
        cluster, such as "tcp://10.0.0.1:8786"; or an executor, which stays open.
    :raises ClusterError: if a cluster can't be reached or used, or is lost.
    """
    if isinstance(workers, Executor):
        yield workers
    elif isinstance(workers, str):
        with cluster(workers) as executor:
            yield executor
    elif workers == 1:
        yield Here()
    else:
        with Processes(workers or cores()) as pool:
            yield pool


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The workers of a Dask cluster.

    :raises ClusterError: if it can't be reached or used, or is lost.
    """
    try:
        from distributed import KilledWorker
        from distributed.comm import CommClosedError
    except ImportError:
        raise ClusterError(say("a cluster needs the package distributed: pip install 'surgeline[cluster]'")) from None
    with quiet(), connected(address) as client:
        refuse_unfit_workers(client, address)
        executor = client.get_executor(retries=LOSSES, pure=False)
        executor.workers = sum(client.ncores().values())
        try:
            yield executor
        except KilledWorker:
            raise ClusterError(say("workers of {address} die again and again (out of memory?)",
                                   address=address)) from None
        except (CommClosedError, CancelledError):
            raise ClusterError(say("the cluster at {address} was lost", address=address)) from None


@contextmanager
def quiet() -> Iterator[None]:
    """What goes wrong with a cluster is said once, in words: its own loggers would say it first, in many lines."""
    loggers = [logging.getLogger(name) for name in (*LOGGERS, *logging.root.manager.loggerDict)
               if name.partition(".")[0] in LOGGERS]
    before = [(logger, logger.handlers, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [logging.NullHandler()], False
    try:
        yield
    finally:
        for logger, handlers, propagate in before:
            logger.handlers, logger.propagate = handlers, propagate


def connected(address: str) -> Any:
    """A client of the scheduler at an address."""
    from distributed import Client
    try:
        with ThreadPoolExecutor(1) as thread:  # a notebook has a loop of its own in this one
            thread.submit(asyncio.run, greet(address)).result()
        return Client(address, timeout=CONNECT_S, set_as_default=False, direct_to_workers=True)
    except Exception as error:  # whatever another program may answer
        why = str(error) if isinstance(error, OSError | ValueError) else ""
        raise ClusterError(say("no cluster answers at {address}: {why}. Is the scheduler running, and is the address "
                               "right?", address=address, why=why or type(error).__name__)) from None


async def greet(address: str) -> None:
    """Connect and part again. A client would wait for ever for what takes the call and never says a word."""
    from distributed.comm import connect
    comm = await asyncio.wait_for(connect(address, timeout=CONNECT_S), CONNECT_S + 1)
    await comm.close()


def ground() -> dict[str, str]:
    """What the numbers of a worker stand on, besides what it is asked."""
    found = {name: importlib.metadata.version(name) for name in ("numpy", "scipy", "numba", "pandas")}
    return {"this program": sources_hash(), "Python": platform.python_version(), **found, "time zone": time_zone()}


def time_zone() -> str:
    """Its hours in winter and in summer."""
    behind = {time.timezone, time.altzone} if time.daylight else {time.timezone}
    return "/".join(f"UTC{-seconds / 3600:+g}" for seconds in sorted(behind))


def refuse_unfit_workers(client: Any, address: str) -> None:
    """:raises ClusterError: if there are no workers, or the numbers of some would stand on other ground."""
    found = client.run(ground, on_error="return")
    if not found:
        raise ClusterError(say("the cluster at {address} has no workers: start some with dask worker {address}",
                               address=address))
    here, others = ground(), list[Message]()
    for worker, its in sorted(found.items()):
        if not isinstance(its, dict):
            others.append(say("{worker} has another version of this program, or none", worker=worker))
        elif its != here:
            others.append(say("{worker} has {differences}", worker=worker, differences=[
                say("{name} {value} (here {mine})", name=name, value=its.get(name), mine=mine)
                for name, mine in here.items() if its.get(name) != mine]))
    if others:
        told, left = others[:MOST_TOLD], len(others) - MOST_TOLD
        if left > 0:
            told.append(say("and {left} more", left=left))
        raise ClusterError(say("not all workers of {address} are as this machine, and their numbers could differ: "
                               "{others}", address=address, others=in_a_row(told)))


def workers_of(executor: Executor) -> int:
    """How many units an executor works at together: as it says itself, or as many as there are cores here."""
    return 1 if isinstance(executor, Here) else int(getattr(executor, "workers", cores()))


def window_of(executor: Executor) -> int:
    """How many units may be on their way, so that no worker waits for its next; here nothing is sent ahead."""
    return 1 if isinstance(executor, Here) else 2 * workers_of(executor)


def in_turn(executor: Executor, work: Callable[[U], Future[T]], units: Iterator[U]) -> Iterator[tuple[U, T]]:
    """Results as they come, with few units on their way; a unit whose worker died is sent again."""
    noting: AbstractContextManager[list[Any]] = nullcontext([]) if isinstance(executor, Here) else interrupts_noted()
    with noting as came:
        for done in rounds(executor, work, units, window_of(executor)):
            yield from done
            if came:
                raise KeyboardInterrupt


def all_of(executor: Executor | None, work: Callable[..., T], units: Sequence[tuple[Any, ...]]) -> list[T]:
    """Results of the same work with other arguments, in their order; computed here where there is no executor."""
    pool = executor or Here()
    done = in_turn(pool, lambda unit: pool.submit(work, *units[unit]), iter(range(len(units))))
    return [result for _, result in sorted(done, key=lambda one: one[0])]


def rounds(executor: Executor, work: Callable[[U], Future[T]], units: Iterator[U],
           window: int) -> Iterator[list[tuple[U, T]]]:
    """What was finished since the last look, at least twice a second."""
    running: dict[Future[T], U] = {}
    again: list[U] = []
    losses = 0
    while True:
        try:
            fill(running, again, work, units, window)
            if not running:
                return
            done = wait(running, timeout=LOOK_S, return_when=FIRST_COMPLETED).done
            yield [(running.pop(future), future.result()) for future in done if has_result(future)]
            for future in done & running.keys():
                future.result()  # raises what went wrong
            if not done and isinstance(executor, Processes) and executor.has_lost():
                raise BrokenExecutor
        except BrokenExecutor:
            losses += 1
            if losses > LOSSES or not isinstance(executor, Processes):
                raise
            executor.renew()
            again += [running.pop(future) for future in list(running) if not has_result(future)]


def has_result(future: Future[T]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def fill(running: dict[Future[T], U], again: list[U], work: Callable[[U], Future[T]], units: Iterator[U],
         window: int) -> None:
    """Send units until enough are on their way. One that can't be sent stays in ``again``."""
    while len(running) < window:
        if not again:
            again.extend(islice(units, 1))
        if not again:
            return
        running[work(again[-1])] = again[-1]
        again.pop()
