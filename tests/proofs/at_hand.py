"""Imported first by proofs that are run by their path: what tests share is at hand then, as pytest has it."""
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS.parent), *(str(TESTS / folder) for folder in ("helpers", "core"))]
