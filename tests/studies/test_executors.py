"""Wherever replications are computed, in whatever order, and whoever dies meanwhile: the numbers are the same.

Processes, clusters and kills are real. Units that do more than compute are functions here, which workers import.
"""
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial

import pytest

from sim.reading.loading import load
from sim.scenario.problems import ClusterError
from sim.studies import checkpoint, executors
from sim.studies import study as studies
from sim.studies.checkpoint import STATE
from sim.studies.executors import Here, Processes, all_of
from sim.studies.study import study

REPLICATIONS = 12
VARIANTS = ["none", "at-once"]


@pytest.fixture(scope="module")
def scenario():
    return load("two-cities")


@pytest.fixture(scope="module")
def alone(scenario):
    """What one process finds, one thing after another."""
    return study(scenario, VARIANTS, replications=REPLICATIONS, workers=1).arrays()


def studied(scenario, executor, **options):
    return study(scenario, VARIANTS, replications=REPLICATIONS, workers=executor, **options).arrays()


def assert_same(found, wanted):
    """Equal to the last bit."""
    assert found.keys() == wanted.keys()
    for key in wanted:
        assert found[key].tobytes() == wanted[key].tobytes(), key


# --- units that note what they do, and perhaps die -------------------------------------------------------------------

def is_first(file):
    """Whether nobody made this file before: one variant of a replication dies, the others may be computed beside it."""
    try:
        open(file, "x").close()
    except FileExistsError:
        return False
    return True


@pytest.fixture(autouse=True)
def one_by_one(monkeypatch):
    """Units are single replications here, so that each can note itself, and what is finished is kept at once."""
    monkeypatch.setattr(studies, "PIECE_S", 0)
    monkeypatch.setattr(checkpoint, "EVERY_S", 0)


def noted(log, deadly, fn, job, replications):
    """A unit that notes itself, and that kills its worker after its work where it is told to."""
    replication, = replications
    found = fn(job, replications)
    with open(log, "a") as file:
        file.write(f"{replication}-{job.name}\n")
    if replication in deadly and (deadly[replication] is None or is_first(deadly[replication])):
        os.kill(os.getpid(), signal.SIGKILL)
    return found


class Noted(Executor):
    """Another executor whose units note themselves; ``deadly`` has a file that stands for the first death, or None
    for a death each time, by replication."""

    def __init__(self, inner, log, deadly=None):
        self.inner, self.log, self.deadly, self.workers = inner, log, deadly or {}, inner.workers

    def submit(self, fn, /, *args, **options):
        return self.inner.submit(noted, str(self.log), self.deadly, fn, *args, **options)

    def computed(self):
        """How often each unit was computed."""
        return Counter(self.log.read_text().split())


class NotedProcesses(Noted, Processes):
    """Processes whose units note themselves. They are ours, so that losses are made good."""

    def __init__(self, workers, log, deadly=None):
        Noted.__init__(self, Processes(workers), log, deadly)

    def has_lost(self):
        return self.inner.has_lost()

    def renew(self):
        self.inner.renew()

    def shutdown(self, wait=True, *, cancel_futures=False):
        self.inner.shutdown(wait, cancel_futures=cancel_futures)


# --- processes -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("workers", [1, 2, 3])
def test_processes_find_what_one_finds(scenario, alone, workers):
    with Processes(workers) as executor:
        assert_same(studied(scenario, executor), alone)


class Shuffled(Executor):
    """Threads whose results come in an order of their own."""

    def __init__(self, seed):
        self.workers, self.dice, self.threads = 4, random.Random(seed), ThreadPoolExecutor(8)
        self.came = []

    def submit(self, fn, /, job, replications):
        return self.threads.submit(self.late, self.dice.choice([0, 0, 0.05, 0.2, 0.6]), fn, job, replications)

    def late(self, delay_s, fn, job, replications):
        time.sleep(delay_s)
        found = fn(job, replications)
        self.came.extend(replications)
        return found


@pytest.mark.parametrize("seed", range(3))
def test_the_order_in_which_results_come_changes_nothing(scenario, alone, seed):
    with Shuffled(seed) as executor:
        assert_same(studied(scenario, executor), alone)
    assert executor.came != sorted(executor.came)


def test_a_killed_worker_loses_only_what_was_in_hand(scenario, alone, tmp_path):
    deadly = {3: str(tmp_path / "died")}
    with NotedProcesses(2, tmp_path / "log", deadly) as executor:
        assert_same(studied(scenario, executor), alone)
    units = REPLICATIONS * (1 + len(VARIANTS))
    computed = executor.computed()
    assert (tmp_path / "died").exists()
    assert len(computed) == units
    assert units < computed.total() <= units + 2  # the dead worker's, and perhaps that of the other, who goes with it


def test_workers_killed_from_outside_at_any_moment(scenario, alone):
    dice = random.Random(5)
    with Processes(2) as executor:
        def kill():
            for _ in range(3):
                time.sleep(dice.uniform(0.1, 0.4))
                for process in list(executor.pool._processes.values())[:1]:
                    with suppress(ProcessLookupError):  # gone by itself
                        os.kill(process.pid, signal.SIGKILL)
        killer = threading.Thread(target=kill)
        killer.start()
        found = studied(scenario, executor)
        killer.join()
    assert_same(found, alone)


def tell_half(died):
    """What a worker does that is killed while it tells a result, and the second time a whole one."""
    if is_first(died):
        die_telling()
    return 7


def die_telling():
    frame = sys._getframe()
    while "result_queue" not in frame.f_locals:
        frame = frame.f_back
    os.write(frame.f_locals["result_queue"]._writer.fileno(), struct.pack("!i", 1000) + b"half")
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_worker_killed_while_it_tells_its_result_is_noticed(tmp_path):
    with Processes(2) as executor:
        assert all_of(executor, tell_half, [(tmp_path / "died",)]) == [7]


def test_nobody_waits_for_a_worker_that_never_ends():
    """As one that waits for a lock which a killed one holds."""
    with Processes(2) as executor:
        workers = {executor.submit(os.getpid).result() for _ in range(20)}
        os.kill(min(workers), signal.SIGSTOP)
    assert not any(is_alive(worker) for worker in workers)


def test_workers_that_die_every_time_are_told(scenario, alone, tmp_path):
    """What was finished before is kept, and the same study goes on from there."""
    with NotedProcesses(2, tmp_path / "log", {5: None}) as executor, pytest.raises(BrokenExecutor):
        studied(scenario, executor, folder=tmp_path / "checkpoint")
    deaths = sum(times for unit, times in executor.computed().items() if unit.startswith("5-"))
    assert deaths > executors.LOSSES
    kept = {unit for unit in executor.computed() if int(unit.partition("-")[0]) < 4}
    assert len(kept) == 4 * 3

    with NotedProcesses(2, tmp_path / "again") as executor:
        assert_same(studied(scenario, executor, folder=tmp_path / "checkpoint"), alone)
    assert kept.isdisjoint(executor.computed())
    assert executor.computed().total() <= REPLICATIONS * 3 - len(kept)


def test_workers_end_with_a_parent_that_is_killed(tmp_path):
    """Nobody is left to work for."""
    ask = """
import os, sys, time
from sim.studies.executors import Processes
if __name__ == "__main__":
    executor = Processes(2)
    pids = {executor.submit(os.getpid).result() for _ in range(20)}
    executor.submit(time.sleep, 600)
    print(*executor.pool._processes, flush=True)
    time.sleep(600)
"""
    (tmp_path / "ask.py").write_text(ask)
    parent = subprocess.Popen([sys.executable, str(tmp_path / "ask.py")], stdout=subprocess.PIPE, text=True)
    workers = [int(pid) for pid in parent.stdout.readline().split()]
    assert workers
    parent.kill()
    parent.communicate()
    for _ in range(300):
        if not any(is_alive(pid) for pid in workers):
            return
        time.sleep(0.1)
    for pid in workers:
        os.kill(pid, signal.SIGKILL)
    pytest.fail("workers live on")


@pytest.mark.parametrize("thread", [True, False])
def test_a_script_that_asks_is_run_once(thread, tmp_path):
    """Without a guard: workers need nothing of it. Beside a second thread no process can be copied."""
    ask = f"""
import threading, time
from sim.studies.executors import Processes, start_method
if {thread}:
    threading.Thread(target=time.sleep, args=[600], daemon=True).start()
print(start_method())
with Processes(2) as executor:
    print(executor.submit(sum, [2, 3]).result())
"""
    (tmp_path / "ask.py").write_text(ask)
    done = subprocess.run([sys.executable, str(tmp_path / "ask.py")], capture_output=True, text=True, timeout=120)
    assert (done.stdout.split(), done.stderr) == ((["forkserver"] if thread else ["fork"]) + ["5"], "")


def is_alive(pid):
    """Whether a process is there and more than a name that nobody has asked for yet."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


# --- in turn ---------------------------------------------------------------------------------------------------------

class Held(Executor):
    """Keeps units until they are let go."""

    workers = 2

    def __init__(self):
        self.held = []

    def submit(self, fn, /, *args):
        future = Future()
        self.held.append((future, fn, args))
        return future

    def let_go(self, i):
        future, fn, args = self.held.pop(i)
        future.set_result(fn(*args))


def test_no_more_units_are_on_their_way_than_the_window():
    executor = Held()
    most, turns = 0, executors.in_turn(executor, lambda unit: executor.submit(int, unit), iter(range(20)))
    found = []
    threading.Timer(0.2, lambda: executor.let_go(-1)).start()
    for unit, result in turns:
        found.append((unit, result))
        most = max(most, len(executor.held))
        if executor.held:
            executor.let_go(-1)
    assert most == 4 - 1  # one has just come
    assert sorted(found) == [(n, n) for n in range(20)]


def test_what_was_finished_as_a_worker_died_is_not_computed_again():
    class Broken(Processes):
        def __init__(self):
            self.renewed = 0

        def renew(self):
            self.renewed += 1

    def work(unit):
        sent.append(unit)
        future = Future()
        if unit == 1 and not executor.renewed:
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(-unit)
        return future

    executor, sent = Broken(), []
    assert sorted(executors.in_turn(executor, work, iter(range(6)))) == [(n, -n) for n in range(6)]
    assert sorted(sent) == [0, 1, 1, 2, 3, 4, 5]


def test_a_unit_that_fails_is_told_as_it_is():
    executor = Here()
    with pytest.raises(ZeroDivisionError):
        list(executors.in_turn(executor, lambda unit: executor.submit(lambda: 1 // unit), iter([1, 0, 1])))


# --- a cluster -------------------------------------------------------------------------------------------------------

@contextmanager
def local_cluster(workers, **options):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(n_workers=workers, processes=True, dashboard_address=":0", host="127.0.0.1",
                                  silence_logs=50, **options) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def dask():
    """Two workers, each with two threads, as ``dask worker`` starts them on a machine with as many cores."""
    with local_cluster(2, threads_per_worker=2) as cluster:
        yield cluster


def test_a_cluster_finds_what_one_process_finds(scenario, alone, dask):
    with executors.cluster(dask.scheduler_address) as executor:
        assert executor.workers == 4
        assert_same(studied(scenario, executor), alone)


@pytest.mark.parametrize(("name", "its"), [("numpy", "1.0"), ("scipy", "1.0"), ("numba", "1.0"), ("Python", "3.0"),
                                           ("time zone", "UTC-12"), ("this program", "000000000000")])
def test_workers_whose_numbers_could_differ_are_told_with_what_differs(dask, monkeypatch, name, its):
    theirs = executors.ground()
    monkeypatch.setattr(executors, "ground", Ground(theirs | {name: its}))
    with pytest.raises(ClusterError) as told, executors.cluster(dask.scheduler_address):
        pass
    assert f"has {name} {theirs[name]} (here {its})" in str(told.value)
    assert str(told.value).count("tcp://") == 3  # the cluster's and two workers'


class Ground:
    """What numbers stand on: here something else than where it is unpacked."""

    def __init__(self, mine):
        self.mine = mine

    def __call__(self):
        return self.mine

    def __reduce__(self):
        return getattr, (executors, "ground")


def test_a_killed_worker_of_a_cluster_loses_only_what_was_in_hand(scenario, alone, dask, tmp_path):
    deadly = {3: str(tmp_path / "died")}
    with executors.cluster(dask.scheduler_address) as inner:
        executor = Noted(inner, tmp_path / "log", deadly)
        assert_same(studied(scenario, executor), alone)
    units = REPLICATIONS * (1 + len(VARIANTS))
    computed = executor.computed()
    assert (tmp_path / "died").exists()
    assert len(computed) == units
    assert computed.total() <= units + 2 * executor.workers  # what was on its way


def test_workers_of_a_cluster_that_die_every_time_are_told(scenario, alone, dask, tmp_path):
    with pytest.raises(ClusterError, match="die again and again"), executors.cluster(dask.scheduler_address) as inner:
        studied(scenario, Noted(inner, tmp_path / "log", {5: None}), folder=tmp_path / "checkpoint")
    assert list((tmp_path / "checkpoint").glob("*.npz"))
    assert_same(studied(scenario, Here(), folder=tmp_path / "checkpoint"), alone)


def test_a_cluster_without_workers_is_told():
    with local_cluster(0) as cluster, pytest.raises(ClusterError, match="has no workers"), \
            executors.cluster(cluster.scheduler_address):
        pass


def test_a_time_zone_is_its_hours_in_winter_and_summer():
    ask = [sys.executable, "-c", "from sim.studies.executors import time_zone; print(time_zone())"]
    for zone, wanted in (("UTC", "UTC+0"), ("Asia/Shanghai", "UTC+8"), ("Europe/Berlin", "UTC+2/UTC+1"),
                         ("Asia/Kolkata", "UTC+5.5")):
        done = subprocess.run(ask, capture_output=True, text=True, check=True, env={**os.environ, "TZ": zone})
        assert done.stdout.strip() == wanted


@contextmanager
def answering(what):
    """The address of a program that says this to whoever calls, or nothing at all."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        def answer():
            while what:
                try:
                    caller = server.accept()[0]
                except OSError:
                    return
                with caller:
                    caller.recv(1000)
                    caller.sendall(what)
        threading.Thread(target=answer, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("address", ["", "nonsense", "tcp://", "127.0.0.1:port", "http://127.0.0.1:80",
                                     "tls://127.0.0.1:8786", "inproc://x"])
def test_what_is_no_address_is_told(address):
    pytest.importorskip("distributed")
    with pytest.raises(ClusterError, match="is the address right"), executors.cluster(address):
        pass


@pytest.mark.parametrize("what", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_what_is_no_cluster_is_told(what, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr(executors, "CONNECT_S", 1)
    with answering(what) as address, pytest.raises(ClusterError, match="no cluster answers"), \
            executors.cluster(address):
        pass


ALONE = """
import time
from distributed import LocalCluster
if __name__ == "__main__":
    cluster = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0", host="127.0.0.1")
    print(cluster.scheduler_address, flush=True)
    time.sleep(600)
"""


@contextmanager
def cluster_apart(folder):
    """A cluster that is no child of this process's own: its address, and how to kill all of it."""
    (folder / "cluster.py").write_text(ALONE)
    process = subprocess.Popen([sys.executable, str(folder / "cluster.py")], stdout=subprocess.PIPE, text=True,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    kill = partial(os.killpg, process.pid, signal.SIGKILL)
    try:
        yield process.stdout.readline().strip(), kill
    finally:
        with suppress(ProcessLookupError):
            kill()
        process.wait()
        process.stdout.close()


def test_a_cluster_that_is_lost_is_told(scenario, alone, tmp_path):
    """It goes while replications are on their way; those that are finished are kept."""
    config = pytest.importorskip("dask").config
    pytest.importorskip("distributed")

    def kill_in_the_middle():
        while not (tmp_path / "checkpoint" / STATE).exists():
            time.sleep(0.01)
        kill()

    with cluster_apart(tmp_path) as (address, kill), config.set({"distributed.comm.timeouts.connect": "1s"}):
        killer = threading.Thread(target=kill_in_the_middle, daemon=True)
        killer.start()
        with pytest.raises(ClusterError, match="was lost"), executors.cluster(address) as executor:
            study(scenario, VARIANTS, replications=10_000, workers=executor, folder=tmp_path / "checkpoint")
    assert (tmp_path / "checkpoint" / STATE).exists()
    assert_same(studied(scenario, Here(), folder=tmp_path / "checkpoint"), alone)
