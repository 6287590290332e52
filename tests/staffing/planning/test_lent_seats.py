"""Who sits at lent seats, slot by slot: all that there are people for, each in one place, nobody for two borrowers."""
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from optimizer.staffing.planning.lent.seats import Seating, Stay, Stretch, manned, stretches


def stay(name, start, end, called=False):
    return Stay(name, start, end, called)


def seated(wanted, *stays):
    """(person, borrower, seat, start, end) of every block."""
    found = Seating({name: np.array(row) for name, row in wanted.items()}, stays).go_through()
    return [(one.stay.person, one.borrower, one.seat, one.start, one.end) for one in found]


def test_a_day_longer_than_a_shift_takes_two_people_a_seat():
    early, late = (stay("A", 0, 8), stay("B", 0, 7)), (stay("C", 6, 14), stay("D", 6, 13))
    found = seated({"b": [2] * 14}, *early, *late)
    assert found == [("A", "b", 1, 0, 8), ("B", "b", 2, 0, 7), ("C", "b", 2, 7, 14), ("D", "b", 1, 8, 13)]


def test_who_was_called_for_it_sits_there_before_who_is_on_duty():
    found = seated({"b": [1] * 4}, stay("on duty", 0, 9), stay("called", 0, 4, called=True))
    assert found == [("called", "b", 1, 0, 4)]


def test_who_leaves_soon_is_not_taken_where_another_stays():
    assert seated({"b": [1] * 6}, stay("leaves", 0, 2), stay("stays", 0, 6)) == [("stays", "b", 1, 0, 6)]


def test_who_knows_the_borrower_comes_again():
    days = [1] * 4 + [0] * 4 + [1] * 4
    found = seated({"b": days}, stay("new", 8, 12), stay("old", 0, 4), stay("old", 8, 12))
    assert [one[0] for one in found] == ["old", "old"]


def test_nobody_serves_two_borrowers_in_a_shift():
    found = seated({"a": [1, 1, 0, 0], "b": [0, 0, 1, 1]}, stay("A", 0, 4))
    assert found == [("A", "a", 1, 0, 2)]


def test_who_is_no_longer_wanted_may_come_back():
    found = seated({"a": [1, 1, 0, 1]}, stay("A", 0, 4))
    assert found == [("A", "a", 1, 0, 2), ("A", "a", 1, 3, 4)]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12),
       st.lists(st.tuples(st.integers(0, 11), st.integers(1, 8), st.booleans()), max_size=6))
def test_seats_are_manned_as_far_as_people_are_there(wanted, spans):
    stays = [stay(f"P{i}", start, start + length, called) for i, (start, length, called) in enumerate(spans)]
    blocks = Seating({"b": np.array(wanted)}, stays).go_through()
    there = [sum(one.start <= slot < one.end for one in stays) for slot in range(len(wanted))]
    assert manned(blocks, "b", len(wanted)).tolist() == [min(*pair) for pair in zip(wanted, there, strict=True)]
    for one in blocks:
        assert one.stay.start <= one.start < one.end <= one.stay.end
    for person in {one.stay.person for one in blocks}:
        own = sorted((one.start, one.end) for one in blocks if one.stay.person == person)
        assert all(first[1] <= second[0] for first, second in pairwise(own))


def test_stretches_are_slots_with_people_missing():
    assert list(stretches(np.array([0, 1, 3, -2, 0, 2]))) == [Stretch(1, 3, 3, 4), Stretch(5, 6, 2, 2)]
    assert list(stretches(np.zeros(3))) == []
