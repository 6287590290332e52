"""Every number that planning is tuned by, with its reason. None of them says what is true of a province: terms do."""
from __future__ import annotations

# --- what is known before anything is solved -------------------------------------------------------------------------

DIALS_AVERAGED = 5         # formulas know one chance of another dial: that of the first tries, averaged
MOST_AGAIN = 0.9           # of the callers of a matter who come back: towards 1 their number grows without bound
MOST_PERSISTENT = 0.999    # chance of another dial: whoever never gives up still has so many dials in the long run
DRAWS = 3                  # days of demand that a plan is made for, quiet, usual and busy: the model grows with each
SURFACE_RATES = 28         # points of a surface along its callers, denser where few call
SURFACE_SEATS = 40         # and along its seats, evenly
MOST_RATE = 1.6            # times the highest rate of fresh callers: redials and busy days come on top of it
LEAST_RATE = 0.02          # of the highest rate of a surface: where its first point above nought lies
PLANES = 9                 # along each side of a block's part of a surface: constraints grow with their square
DAYS_THAT_MAY_COME = 19    # a prime, so that absence goes through them in an order of its own
ABSENCE_STEPS = 7          # of these days, how absence goes through its range beside busyness
MOST_CARRIED = 0.9         # of callers who try again in the next block: with all of them a queue would never end
REDIAL_COUNTS = 8          # times that redials are counted again, on the way to where they make themselves

# --- the model -------------------------------------------------------------------------------------------------------

GAP = 0.01                 # of what help brings, not of all who are answered
SOLVE_MOST_S = 300.0       # for one model; what is found by then has its gap told
A_PERSON = 1.0             # what gaps are a share of where help brings next to nothing
FLAT_CORNER = 1e-3         # of a person: corners that hardly bend are none, and leave the model smaller
SEAT_HOUR_TIE = 1e-3       # a person for ever so many seat-hours: of plans that are as good the smaller one
FRONTIER_STEPS = 6         # parts of the seats lent at once at which is asked what fewer would bring
QUESTION_GAP = 0.005
QUESTION_MOST_S = 15.0     # for each question about other terms: its answer is no plan that anybody carries out
QUESTION_PARTS = 4         # models that are built, side by side, each for some of the questions

# --- trials ----------------------------------------------------------------------------------------------------------

ROUNDS = 2                 # of solving and simulating at the most: they end before where simulation tells nothing new
FIRST_DAYS = 4             # of all replications of the first menu, and
FIRST_LEAST = 2            # replications: a look, before anything is measured
FEW = 5                    # replications that show where a policy stands
CALLERS_SENT = 1e5         # of replications that a worker is sent at once, and
MOST_SENT = 25             # of these
ABSENCES = 5               # shares of absent agents that replications take in turn
AIM = 0.95                 # of a bound: where the next plan aims whose floors did not hold
LEARNT = 0.1               # promised and delivered, relatively: the model has learnt enough
LEAST_FACTOR, MOST_FACTOR = 0.1, 3.0  # of what the model may learn to multiply by: beyond lies one unlucky trial
LEVELS = (0.1, 0.2, 0.35, 0.55, 0.8, 1.0)  # parts of what terms allow at which floors are measured
LEVELS_KEPT_IDLE = (0.35, 0.55, 0.8, 1.0)  # where some seats stay idle for their home: few of them harm nobody
KEPT_IDLE = (0, 2)         # of a lender's seats, ways that are measured
MOST_DROPS = 2.5           # times that service may drop as far as the floors say, in the most generous plan of a menu
ROOM = 1.25                # a floor that leaves room for so many times as many seats lets a lender try more
WIDER = 1.5                # times as many seats as before, at the most
SEARCH_DAYS = 36           # of all replications, on which a trial looks at each floor
SEARCH_LEAST = 4           # replications of a trial at the least
DIALS_OF_A_TRIAL = 6e6     # more replications where as many dials allow it,
MOST_IN_A_TRIAL = 100      # up to so many
LEAST_TRIED = 6            # of fewer plans next to one nothing is to be hoped for
NEIGHBOURS_TRIED = 8       # at once, of which the best one is taken
DIALS_SEARCHED = 4e7       # that are simulated, of all plans that are tried next to one
DIALS_STARTED = 2.5e4      # that could have been simulated in the time that it takes to begin a replication
RIVAL = 12                 # replications of a policy that few do not tell from the plan
RIVAL_DAYS = 100           # or as many as have so many days on which seats can be lent
PREMISE_DAYS = 10          # on which is looked at a plan whose assumptions are at an end of their range, and
PREMISE_LEAST = 4          # replications
OVERFLOW_AFTER_S = 60.0    # a call overflows once it has waited as long, in the policy that is measured against

# --- the proof -------------------------------------------------------------------------------------------------------

PROOF_DAYS = 600           # of all replications of a proof at the most, and
PROOF_MOST = 120           # replications; or
CALLERS_PROVED = 2.7e7     # in as many replications as have so many callers,
PROOF_MOST_OF_FEW = 1000   # these at the most
PROOF_LEAST = 20
PROVED_WITH = 0.75         # of these, with which a plan aims to be proved: the rest is for where chance is against it
PROOFS = 3                 # times that a plan may be proved, cut back and proved again
LOOKS_EACH = 3             # at the floors in one proof: with a quarter of its replications, half of them and all
LOOK_LEAST = 5             # replications of a look: fewer say nothing of how much they differ
LOOKS = PROOFS * LOOKS_EACH  # a proof's confidence allows for them
SURE = 0.95                # that all floors hold
ENOUGH = 0.98              # of what the best plan brings: whoever asks less for so much is recommended
MARGIN = 0.9               # of a drop: where a proof can be hoped for
A_HAIR = 1e-9              # of a share: what differs by less was rounded

# --- seeds, counted from that of the plan: no trial sees the luck of another -----------------------------------------

PROOF_SEEDS = (1, *range(11, 10 + PROOFS))  # of the proof, and of those after it
SEARCH_SEED = 2            # of the search, one more for each of its steps
SECOND_SURGE_SEED = 9
PREMISE_SEED = 8

# --- plans made anew each evening ------------------------------------------------------------------------------------

PATHS = 10                 # courses of events in which evenings are lived through
PATHS_SEED = 1
LOOKED_BACK_S = 7200.0     # before an evening: how busy it is now
DAYS_AHEAD = 2             # that an evening's plan looks ahead: the first of them is ordered

# --- levels at which an order is changed on the day ------------------------------------------------------------------

QUARTER_S = 900            # the shortest time over which an ACD tells an answer rate
LEVEL_DAYS = 60            # days of the plan that are looked at, in all replications
LEVEL_MOST = 20            # replications of a plan of a day or two
MOST_LEVELS = 14           # times of day: columns of a sheet of paper
LEVEL_SEED = 40            # counted from that of the plan
FALSE_ALARM = 0.05         # of quarter-hours of a plan that goes well, that lie below the level
