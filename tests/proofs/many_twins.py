"""Run both engines on many more random worlds than the tests do.

    python tests/proofs/many_twins.py 100000 [FIRST]

World n is drawn with seed n, from FIRST (0) on. One world in ten is told a third time, by the clerk of ``test_rules``.
Prints the first world in which the stories differ, and ends with 1.
"""
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import chain

import at_hand  # noqa: F401  what tests share
import numpy as np
from test_rules import told_again
from worlds import NumpyDice, assert_equal, assert_valid, nasty_world

from sim.core.arrays import LAW
from sim.core.engines import kernel, reference

BATCH = 250


def difference(seed: int) -> str | None:
    """How the stories of a world differ, None if they do not."""
    third = seed % 10 == 0
    world, callers = nasty_world(NumpyDice(seed), with_days=not third)
    wanted = reference.run(world, callers, keep_calls=True)
    try:
        assert_valid(world)
        assert_equal(kernel.run(world, callers, keep_calls=True), wanted)
        if third:
            assert_equal(told_again(world, callers), wanted)
    except AssertionError as error:
        return str(error)
    return None


def differences(seeds: range) -> list[tuple[int, str]]:
    """The seeds of worlds in which the stories differ."""
    found = ((seed, difference(seed)) for seed in seeds)
    return [(seed, text) for seed, text in found if text]


def show(seed: int, text: str) -> None:
    """Print a world in full, but for its laws, which are told by their ends."""
    world, callers = nasty_world(NumpyDice(seed), with_days=seed % 10 != 0)
    print(f"\nworld {seed}: the stories differ\n{text}")
    for field, value in chain(world._asdict().items(), callers._asdict().items()):
        if field == "law_ms":
            value = [f"{law[0]}..{law[-1]} ms" for law in value.reshape(-1, LAW)]
        print(f"{field} = {np.array2string(value, threshold=10_000) if isinstance(value, np.ndarray) else value}")


def main(worlds: int, first: int = 0) -> int:
    began, done = time.monotonic(), 0
    difference(0)  # compiled once, here, before the workers start
    batches = [range(n, min(n + BATCH, first + worlds)) for n in range(first, first + worlds, BATCH)]
    with ProcessPoolExecutor(2) as workers:
        for batch, found in zip(batches, workers.map(differences, batches), strict=True):
            if found:
                workers.shutdown(wait=False, cancel_futures=True)
                show(*found[0])
                return 1
            done += len(batch)
            if done % (20 * BATCH) == 0:
                print(f"{done} of {worlds} worlds, {time.monotonic() - began:.0f} s", flush=True)
    print(f"{done} worlds, no difference, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])) if len(sys.argv) > 1 else __doc__)
