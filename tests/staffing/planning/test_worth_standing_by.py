"""Nobody stands by where that brings nothing on days that the search has not seen."""
import numpy as np

from optimizer.staffing.planning.standby.sizing import worth_it


def test_only_days_that_gain_or_miss_their_share_have_people():
    """Four days, two replications, half of which shall be kept: the first is kept more often with them; the second is
    kept often enough and no more often; the third is never kept, whatever the search has seen; the last has nobody."""
    without = np.array([[True, True, False, True], [False, True, False, True]])
    kept = np.array([[True, True, False, True], [True, True, False, True]])
    assert worth_it(np.array([2, 4, 3, 0]), kept, without, 0.5).tolist() == [2, 0, 3, 0]
