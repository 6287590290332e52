"""The examples in docstrings say what really comes out."""
import doctest

import pytest

from sim.reading import loading
from sim.scenario import scenario
from sim.studies import study as studies
from sim.studies import sweep


@pytest.mark.parametrize("module", [loading, scenario, studies, sweep], ids=lambda module: module.__name__)
def test_examples_are_true(module):
    failed, tried = doctest.testmod(module)
    assert tried > 0
    assert failed == 0
