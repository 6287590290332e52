"""Plans of help that are made in seconds."""
from optimizer.lending.menu import improving, menu
from optimizer.lending.settings import FIRST_DAYS
from optimizer.lending.trials import limits


def few_trials(patch):
    """Plans that are tried in few replications, and few of them next to each: as sound, and sooner made."""
    patch.setattr(limits, "replications", few)
    patch.setattr(menu, "MOST_IN_A_TRIAL", 12)
    patch.setattr(improving, "affordable", lambda trying: 3)


def few(province, days=0, least=4):
    """Two for a first look, twelve for a trial."""
    return {0: 12, FIRST_DAYS: 2}.get(days, max(least, 12))
