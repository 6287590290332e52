"""Do the tests notice a fault? Plant faults in the engines and in what they share, one at a time, and see.

    python tests/proofs/mutation.py [FILE ...]        FILE: kernel.py, event_wheel.py, …; all of them if none

Each fault is one exact replacement in a copy of the project. Prints a table of what caught it, and ends with 1 if a
fault survives. What both engines share is tried without the test of twins, who would agree on a shared fault.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 2
MOST_SECONDS = 300

DAYS = ["tests/core/test_worked_days.py", "tests/core/test_home_first.py"]
OF_KERNEL = [*DAYS, "tests/core/test_twins.py", "-k", "kernel or test_twins"]
WITHOUT_KERNEL = ["-k", "not kernel"]
TESTS = {
    "sim/core/engines/kernel.py": OF_KERNEL,
    "sim/core/engines/event_wheel.py": OF_KERNEL,
    "sim/core/engines/lines.py": OF_KERNEL,
    "sim/core/engines/state.py": OF_KERNEL,
    "sim/core/engines/reference.py": [*DAYS, "tests/core/test_rules.py", "tests/core/test_live.py",
                                      "-k", "reference or story or matching or test_live"],
    "sim/core/rules.py": [*DAYS, "tests/core/test_rules.py", *WITHOUT_KERNEL],
    "sim/core/draws.py": ["tests/core/test_draws.py", "tests/core/test_worked_days.py", *WITHOUT_KERNEL],
}


class Fault(NamedTuple):
    """What somebody might get wrong: the right text, which must be there exactly once, and a wrong one."""

    file: str
    what: str
    right: str
    wrong: str


def faults(file: str, *each: tuple[str, str, str]) -> list[Fault]:
    return [Fault(file, *one) for one in each]


FAULTS = [
    *faults(
        "sim/core/engines/kernel.py",
        ("delay after a hang-up as after a busy signal",
         "w.redial_delay[c.queue, cause]", "w.redial_delay[c.queue, BUSY_SIGNAL]"),
        ("the draw of another purpose for redialling",
         "draws.draw(c.key, c.attempt, draws.REDIAL),", "draws.draw(c.key, c.attempt, draws.CHANNEL),"),
        ("who redials may stay away", "return c.attempt == 0 and away > 0", "return away > 0"),
        ("a new head of a line is not looked at as it joins",
         "        line.head = i\n        touch_queue(s, c.queue)\n", "        line.head = i\n"),
        ("a new head of a line is not looked at as another leaves",
         "    line.head = c.next\n    if c.next != NO_CELL:\n        touch_queue(s, c.queue)\n",
         "    line.head = c.next\n"),
        ("a hang-up keeps its line", "    hang_up_line(s, w.queue_city[c.queue])\n", ""),
        ("the line is kept through the wrap-up", "(s, city, now.ms + talk)", "(s, city, now.ms + talk + wrap_up)"),
        ("a returning caller's days begin with the answer", "part(w, s, i, now.ms + talk)", "part(w, s, i, now.ms)"),
        ("the hang-up of an answered call is not cancelled", "    cancel(w, s, i)\n", ""),
        ("who is first in a line waits for ever", "            stay(w, s, head)\n", "            pass\n"),
        ("the pace of the interval of the dial, not of the answer",
         "w.speed_pm[s.now[0].interval,", "w.speed_pm[c.dialled_ms // w.interval_ms,"),
        ("wrap-up frees the seat with the talk",
         "schedule_new(w, s, now.ms + talk + wrap_up, rules.SEAT_FREE, p)",
         "schedule_new(w, s, now.ms + talk, rules.SEAT_FREE, p)"),
        ("a returning caller's tries go on", "        c.tries = 0\n        draw", "        draw"),
        ("an answer counts where it happens, not where it was dialled",
         "s.flows[dialled, c.queue, arrays.DIALS_ANSWERED]", "s.flows[now.interval, c.queue, arrays.DIALS_ANSWERED]"),
        ("people who were answered before are counted again", "if c.was_answered == 0:", "if c.was_answered <= 1:"),
        ("seats that finish a call after closing are not staffed",
         "passed * max(pool.busy, w.seats[now.interval, p])", "passed * w.seats[now.interval, p]"),
        ("a seat that frees does not look for work",
         "    if rules.has_help(w.pool_resume[p]) or somebody_waits(w, s, p):\n        touch_pool(s, p)\n", ""),
        ("a seat that frees looks for work in one queue only", "waiting |= s.lines", "waiting = s.lines"),
        ("one call more than there are seats",
         "return w.seats[s.now[0].interval, p] - s", "return 1 + w.seats[s.now[0].interval, p] - s"),
        ("seats that are kept idle are taken",
         "p, reserve = w.edge_pool[edge], w.edge_reserve[edge]", "p, reserve = w.edge_pool[edge], 0"),
        ("help goes on at once where it has stopped", "s.pools[p].helping, w.pool_release", "1, w.pool_release"),
        ("help that has begun begins anew with each call", "s.pools[p].helping, w.pool_release", "0, w.pool_release"),
        ("the first call does not begin help",
         "        s.pools[p].helping |= rules.is_help(w.edge_reserve[edge])\n", ""),
        ("an own call does not stop help", "        touch_pool(s, p)\n    talk, wrap_up", "    talk, wrap_up"),
        ("seats that free unasked do not begin help", "rules.has_help(w.pool_resume[p]) or somebody", "somebody"),
        ("help begins and stops before own calls have their seats",
         "        edge = best_pair(w, s)\n        if edge",
         "        for k in range(s.now[0].touched_pools):\n            begin_or_stop_helping(w, s, s.pool_list[k])\n"
         "        edge = best_pair(w, s)\n        if edge"),
        ("who waits loses a seat to a call without a line", " and not is_awaited(w, s, p):", ":"),
        ("a city without a free line answers on busy", "if has_line(w, s, w.pool_home[p]) and not", "if not"),
        ("a call answered on busy needs no line",
         "        take_line(s, city)\n        begin_talk", "        begin_talk"),
        ("a call answered on busy holds a line at home",
         "city = w.pool_home[w.edge_pool[edge]]", "city = w.queue_city[c.queue]"),
        ("every edge is for calls without a line", "rules.on_busy(w.edge_after_ms[edge]) and ", ""),
        ("only the first of several freed pools looks for work",
         "for k in range(s.now[0].touched_pools):\n        p =",
         "for k in range(min(1, s.now[0].touched_pools)):\n        p ="),
        ("no second alarm for a line while one is set", "soonest != line.recheck_ms:", "line.recheck_ms <= now.ms:"),
        ("seats that open do not look for work",
         "w.seats[i, p] != w.seats[i - 1, p]", "w.seats[i, p] < w.seats[i - 1, p]"),
        ("seats that close do not stop help",
         "w.seats[i, p] != w.seats[i - 1, p]", "w.seats[i, p] > w.seats[i - 1, p]"),
        ("hang-ups before matching", "| rules.MATCH):", "| rules.HANG_UP):"),
        ("whether a matter is settled is drawn once for all matters",
         "draws.draw(c.key, c.attempt, draws.SETTLED)", "draws.draw(c.key, 0, draws.SETTLED)"),
    ),
    *faults(
        "sim/core/engines/event_wheel.py",
        ("dials of one moment: highest caller first",
         "s.near[k - 1].at == at and s.near[k - 1].caller < caller",
         "s.near[k - 1].at == at and s.near[k - 1].caller > caller"),
        ("an event at the boundary is put into the interval before it",
         "if ms < (s.now[0].interval + 1) * w.interval_ms", "if ms <= (s.now[0].interval + 1) * w.interval_ms"),
        ("an event for the bucket at hand is put behind it", "bucket <= s.now[0].bucket", "bucket < s.now[0].bucket"),
        ("events of later intervals are forgotten", "    i = s.lists[2 * BUCKETS + interval]\n", "    i = NO_CELL\n"),
        ("a cancelled event takes those behind it along",
         "        s.cells[before].link = c.link\n", "        s.cells[before].link = NO_CELL\n"),
    ),
    *faults(
        "sim/core/engines/lines.py",
        ("one call more than there are lines", "s.halls[city].used >= most", "s.halls[city].used > most"),
        ("talks that have ended are never counted off",
         "        count_off(s, city)\n    return", "        pass\n    return"),
        ("a talk that ends now keeps its line", "end_ms > now_ms", "end_ms >= now_ms"),
        ("room for talks runs out",
         "        count_off(s, city)\n    s.talk_ends", "        hall.talks = 0\n    s.talk_ends"),
        ("the soonest end is not noted", "    hall.soonest_ms = min(hall.soonest_ms, end_ms)\n\n", "\n"),
        ("the soonest end of those that go on is forgotten",
         "            hall.soonest_ms = min(hall.soonest_ms, end_ms)\n", ""),
    ),
    *faults(
        "sim/core/engines/state.py",
        ("room for as many talks as there are seats of one pool", "np.add.at(at_once,", "np.maximum.at(at_once,"),
        ("room for talks is kept at home where the helper's line is held",
         "== ON_BUSY, home, city)", "== 0, city, city)"),
        ("what was counted is lost as a buffer grows", "    new[:len(a)] = a\n", ""),
    ),
    *faults(
        "sim/core/engines/reference.py",
        ("who waits loses a seat to a call without a line",
         "self.has_spare(edge) and not awaited", "self.has_spare(edge)"),
        ("a call answered on busy holds a line at home", "            city = self.home[self.edges.all[edge][0]]\n", ""),
        ("the lowest pool answers on busy", "return rank, pool\n", "return pool, rank\n"),
        ("seats that are kept idle are taken",
         "if rules.is_help(reserve) else reserve\n", "if rules.is_help(reserve) else 0\n"),
        ("the first call does not begin help", "        self.pools[pool].helping |= rules.is_help(reserve)\n", ""),
        ("help on busy does not stop", "            self.touch(pool=self.edges.all[edge][0])\n", ""),
        ("dials of one moment: highest caller first", "PHASE[kind] + caller", "PHASE[kind] - caller"),
        ("seats that open do not look for work", "if seats != before[p] or interval == 0:", "if interval == 0:"),
        ("seats that close do not stop help",
         "if seats != before[p] or interval == 0:", "if seats > before[p] or interval == 0:"),
        ("seat time runs on into the next interval",
         "            for p in range(len(self.pools)):\n                self.count_busy(p)\n", ""),
        ("one call more than there are lines",
         "self.lines_used[city] < self.room", "self.lines_used[city] <= self.room"),
        ("a hang-up keeps its line",
         "        if edge is None:\n            self.lines_used[city] -= 1\n",
         "        if edge is None:\n"),
        ("the line is kept through the wrap-up",
         "return At(self.env, now + talk, rules.TALK_END)",
         "return At(self.env, now + talk + wrap_up, rules.TALK_END)"),
        ("a new head of a line is not looked at", "if len(line) == 1:", "if len(line) == 2:"),
        ("a helper comes a tick late",
         "self.touch_later(person.queue, self.env.now + delay)",
         "self.touch_later(person.queue, self.env.now + delay + 1)"),
        ("patience of an answered call ends a later one",
         "self.hang_up(person, outcome))", "self.hang_up(person, person.outcome))"),
        ("the seat is free before the wrap-up",
         "At(self.env, now + talk + wrap_up, rules.SEAT_FREE)", "At(self.env, now + talk, rules.SEAT_FREE)"),
        ("an answer counts where it happens, not where it was dialled",
         "self.dialled_in(person), pool, queue))", "self.interval, pool, queue))"),
        ("the draw of another purpose for the wrap-up",
         "self.wrap_up[queue], draws.WRAP_UP)", "self.wrap_up[queue], draws.TALK)"),
        ("a busy signal counts as a hang-up",
         "return self.after_failure(person, BUSY_SIGNAL)", "return self.after_failure(person, HUNG_UP)"),
        ("a returning caller's tries go on", "        person.tries = 0\n", ""),
        ("one draw decides about another channel for all failures", "self.divert, person.attempt)", "self.divert)"),
        ("seat time counts a call before it began",
         "        self.count_busy(pool)\n        self.pools[pool].busy += 1\n",
         "        self.pools[pool].busy += 1\n        self.count_busy(pool)\n"),
        ("a seat that frees does not look for work",
         "        self.pools[pool].busy -= 1\n        self.touch(pool=pool)\n", "        self.pools[pool].busy -= 1\n"),
        ("hang-ups before matching",
         "self.env.now + patience, rules.HANG_UP)", "self.env.now + patience, rules.RECHECK)"),
        ("last come, first served", "popitem(last=False)", "popitem(last=True)"),
        ("freed seats look at nobody's line", "return of_queues + [", "return of_queues + 0 * ["),
        ("people count where they end, not where they were born",
         "self.flows[rules.born_in(person.caller)][person.queue][what]",
         "self.flows[self.interval][person.queue][what]"),
        ("people who were answered before are counted again", "if not person.was_answered:", "if True:"),
        ("a change looks at nobody who waits",
         "            self.make_callers()\n        self.touch_everything()\n",
         "            self.make_callers()\n"),
        ("a change forgets when a waiting call may go to a helper",
         "if person.dialled_ms + delay > self.env.now:", "if person.dialled_ms + delay < 0:"),
        ("a caller who was wished away dials all the same", "if not self.exists(person):", "if False:"),
        ("callers who are wished for do not come", "self.made[queue] = max(self.made[queue], expected)",
         "self.made[queue] = 1 << 24"),
        ("seat time before a change by the tables after it",
         "        for p in range(len(self.pools)):\n            self.count_busy(p)\n        self.pools +=",
         "        self.pools +="),
    ),
    *faults(
        "sim/core/rules.py",
        ("matching before dials",
         "RECHECK, DIAL, MATCH, HANG_UP = range(6)", "RECHECK, MATCH, DIAL, HANG_UP = range(6)"),
        ("dials before lines are freed",
         "TALK_END, SEAT_FREE, RECHECK, DIAL, MATCH", "DIAL, TALK_END, SEAT_FREE, RECHECK, MATCH"),
        ("happens: one chance too many", "(draw >> 31) < chance", "(draw >> 31) <= chance"),
        ("share_of: half the range", "((draw >> 31) * whole) >> 32", "((draw >> 32) * whole) >> 32"),
        ("share_of: up to the whole", "((draw >> 31) * whole) >> 32", "((draw >> 31) * (whole + 1)) >> 32"),
        ("duration_ms: no fine tail", "if cell == KNOTS - 1:", "if cell == KNOTS:"),
        ("duration_ms: the tail begins a knot early",
         "at + KNOTS + 1, below >> FINE_BITS", "at + KNOTS, below >> FINE_BITS"),
        ("duration_ms: steps instead of lines",
         "return max(1, low + (((high - low) * (below >> (bits - 20))) >> 20))", "return max(1, low)"),
        ("duration_ms: the place within a cell is cut too short",
         "(below >> (bits - 20))) >> 20", "(below >> (bits - 16))) >> 20"),
        ("duration_ms: no time at all", "return max(1, low +", "return max(0, low +"),
        ("FINE_BITS: a cell of the tail is twice as wide", "CELL_BITS - 12", "CELL_BITS - 11"),
        ("at_speed_ms: only one of two cuts",
         "pool_pm // PER_MILLE * edge_pm // PER_MILLE", "pool_pm * edge_pm // PER_MILLE**2"),
        ("at_speed_ms: no time at all", "min(LONGEST_MS, max(1, work_ms", "min(LONGEST_MS, max(0, work_ms"),
        ("at_speed_ms: longer than a record holds", "min(LONGEST_MS, max(1, work_ms", "max(1, max(1, work_ms"),
        ("may_take: a tick late", "now_ms - since_ms >= after_ms", "now_ms - since_ms > after_ms"),
        ("may_take: who helps on busy takes those who wait", "after_ms != ON_BUSY and now_ms", "now_ms"),
        ("may_spare: one seat less is kept", "return idle > reserve", "return idle >= max(1, reserve)"),
        ("kept_from_help: what stops help and what begins it change places",
         "return release if helping else resume", "return resume if helping else release"),
        ("pace_pm: own calls at the pace of guests",
         "return PER_MILLE if has_help(resume) and not is_help(reserve) else pool_pm", "return pool_pm"),
        ("pace_pm: borrowed calls at the pace of own people",
         "has_help(resume) and not is_help(reserve)", "has_help(resume)"),
        ("prefer: longest wait before rank",
         "return (rank, since_ms, pool, queue) < best",
         "return (since_ms, rank, pool, queue) < (best[1], best[0], best[2], best[3])"),
        ("prefer: lowest queue before lowest pool",
         "return (rank, since_ms, pool, queue) < best",
         "return (rank, since_ms, queue, pool) < (best[0], best[1], best[3], best[2])"),
        ("prefer: shortest wait first",
         "return (rank, since_ms, pool, queue) < best",
         "return (rank, -since_ms, pool, queue) < (best[0], -best[1], best[2], best[3])"),
        ("days_later_ms: rounded down", "(delay_ms + DAY_MS // 2) // DAY_MS", "delay_ms // DAY_MS"),
        ("days_later_ms: back on the same day", "max(1, (delay_ms + DAY_MS", "max(0, (delay_ms + DAY_MS"),
        ("one_more: the last entry is never read", "min(tries + 1, length)", "min(tries + 1, max(1, length - 1))"),
        ("caller_number: by queue before birth",
         "(interval << 44) | (queue << 24) | k", "(queue << 44) | (interval << 24) | k"),
        ("caller_number: numbers run into queues", "(queue << 24) | k", "(queue << 8) | k"),
        ("born_in: a bit lost", "caller >> 44", "caller >> 45"),
        ("number_in_queue: a bit lost", "caller & ((1 << 24) - 1)", "caller & ((1 << 23) - 1)"),
    ),
    *faults(
        "sim/core/draws.py",
        ("GOLD: a digit wrong", "0x9E3779B97F4A7C15", "0x9E3779B97F4A7C17"),
        ("mix: a shift wrong", "z >> np.uint64(27)", "z >> np.uint64(28)"),
        ("mix: no last step", "return z ^ (z >> np.uint64(31))", "return z"),
        ("name: owner and part may change places",
         "mix(mix(key + GOLD) ^ (part * GOLD + np.uint64(1)))", "mix(mix(key + GOLD) + mix(part + GOLD))"),
        ("name: neighbours in an owner are neighbours in luck",
         "mix(mix(key + GOLD) ^ (part * GOLD + np.uint64(1)))", "mix(key + GOLD) + part"),
        ("draw: purposes run into the next attempt",
         "np.uint64(attempt) * np.uint64(PURPOSES)", "np.uint64(attempt) * np.uint64(8)"),
        ("draw: negative",
         "np.int64(mix(key + GOLD * counter) >> np.uint64(1))", "np.int64(mix(key + GOLD * counter))"),
        ("draw: the lowest bit is always 0",
         "np.int64(mix(key + GOLD * counter) >> np.uint64(1))",
         "np.int64((mix(key + GOLD * counter) >> np.uint64(2)) << np.uint64(1))"),
        ("run_key: seed 1 continues seed 0",
         "return name(mix(seed + GOLD), replication)", "return mix(seed + replication)"),
        ("caller_key: all callers of an interval are one",
         "name(group_key(run, queue_key, moment_key), k)", "group_key(run, queue_key, moment_key)"),
        ("caller_key: queue and moment change places",
         "name(name(run, queue_key), moment_key)", "name(name(run, moment_key), queue_key)"),
        ("uniforms: every moment is the first",
         "name(name(run, queue_keys[q]), moment_keys[i])", "name(name(run, queue_keys[q]), moment_keys[0])"),
        ("uniforms: may be nothing at all",
         "np.float64(draw(key, 0, purpose)) + 0.5", "np.float64(draw(key, 0, purpose))"),
        ("purposes change places", "PATIENCE, TALK, WRAP_UP, REDIAL,", "PATIENCE, WRAP_UP, TALK, REDIAL,"),
    ),
]


def copied(folder: Path) -> Path:
    """A copy of the project, without what it does not need."""
    unwanted = shutil.ignore_patterns(".*", "__pycache__", "results", "*.parquet", "*.egg-info")
    return Path(shutil.copytree(ROOT, folder / "project", ignore=unwanted))


def faulty(fault: Fault) -> str:
    """The file with its fault."""
    text = (ROOT / fault.file).read_text()
    if text.count(fault.right) != 1:
        raise ValueError(f"{fault.file}: {fault.what}: {text.count(fault.right)} times, not once: {fault.right!r}")
    return text.replace(fault.right, fault.wrong)


def first_failure(project: Path, tests: list[str]) -> str | None:
    """The first test that fails in a copy of the project, None if all pass."""
    env = os.environ | {"PYTHONPATH": f"{project}", "SURGELINE_CACHE": f"{project / 'cache'}", "SURGELINE_QUICK": "1"}
    command = [sys.executable, "-m", "pytest", "-x", "--tb=short", "-rfE", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        return "does not end"
    found = re.search(r"^FAILED tests/(.+?)( - |$)", done.stdout, re.MULTILINE)
    if done.returncode < 0:
        return "crashes"
    if done.returncode > 1 or re.search(r"numba.core.errors|SyntaxError|NameError|^ERROR ", done.stdout, re.MULTILINE):
        raise RuntimeError(f"the tests can't run:\n{done.stdout}\n{done.stderr}")
    return found.group(1) if found else None


def caught_by(fault: Fault | None, tests: list[str]) -> str | None:
    """The first test that notices a fault."""
    with tempfile.TemporaryDirectory(prefix="fault-") as folder:
        project = copied(Path(folder))
        if fault:
            (project / fault.file).write_text(faulty(fault))
        return first_failure(project, tests)


def main(names: list[str]) -> int:
    began = time.monotonic()
    chosen = [f for f in FAULTS if not names or Path(f.file).name in names]
    for fault in chosen:
        faulty(fault)  # fits, before the long part begins
    with ThreadPoolExecutor(AT_ONCE) as pool:
        suites = {tuple(TESTS[f.file]) for f in chosen}
        if failing := [name for name in pool.map(lambda suite: caught_by(None, list(suite)), suites) if name]:
            print(f"without any fault these fail: {', '.join(failing)}")
            return 1
        print("| where | fault | caught by |\n| --- | --- | --- |", flush=True)
        survivors = 0
        for fault, by in zip(chosen, pool.map(lambda f: caught_by(f, TESTS[f.file]), chosen), strict=True):
            print(f"| {Path(fault.file).name} | {fault.what} | {by or '**SURVIVED**'} |", flush=True)
            survivors += by is None
    print(f"\n{len(chosen)} faults, {survivors} survived, {time.monotonic() - began:.0f} s")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
