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

GAP = 0.005                # of what help brings, not of all who are answered
SOLVE_MOST_S = 300.0       # for one model; what is found by then has its gap told
A_PERSON = 1.0             # what gaps are a share of where help brings next to nothing
FLAT_CORNER = 1e-3         # of a person: corners that hardly bend are none, and leave the model smaller
SEAT_HOUR_TIE = 1e-3       # a person for ever so many seat-hours: of plans that are as good the smaller one
FRONTIER_STEPS = 6         # parts of the seats lent at once at which is asked what fewer would bring
QUESTION_MOST_S = 60.0     # for each question about other terms: its answer is no plan that anybody carries out
QUESTION_PARTS = 4         # models that are built, side by side, each for some of the questions

# --- trials ----------------------------------------------------------------------------------------------------------

ROUNDS = 6                 # of solving and simulating at the most: they end before where simulation tells nothing new
FEW = 5                    # replications that show whom lent seats should serve, or where a policy stands
ABSENCES = 5               # shares of absent agents that replications take in turn
AIM = 0.95                 # of a bound: where the next plan aims whose floors did not hold
LEARNT = 0.1               # promised and delivered, relatively: the model has learnt enough
LEAST_FACTOR, MOST_FACTOR = 0.1, 3.0  # of what the model may learn to multiply by: beyond lies one unlucky trial
LIMIT_STEPS = 4            # times that limits of lenders are tried
LIMIT_DAYS = 100           # of all replications, on which a trial of limits looks at each floor
WINDOW = 10                # days looked at together: seats that serve both cities harm only while help is needed
SEARCH_DAYS = 150          # of all replications, on which the search looks at each floor
SEARCH_STEPS = 2           # times that a better plan is looked for next to the best one
NEIGHBOURS_EACH = 1        # of a kind that are simulated in a step: the most promising one
RIVAL = 12                 # replications of a policy that few do not tell from the plan
RIVAL_DAYS = 400           # or as many as have so many days on which seats can be lent
OVERFLOW_AFTER_S = 60.0    # a call overflows once it has waited as long, in the policy that is measured against

# --- the proof -------------------------------------------------------------------------------------------------------

PROOF = 200                # replications: a floor kept on 90 % of so many days surely holds on 85 % of them
PROOFS = 6                 # times that a plan may be proved, cut back and proved again: its confidence allows for them
SURE = 0.95                # that all floors hold together
MARGIN = 0.9               # of a drop: where a proof can be hoped for
REHEARSALS = 4             # of the plan before its proof, each cutting back what would not be proved
GIVEN_UP_AFTER = 40        # replications of a proof, after which a plan is given up that does not promise one
A_HAIR = 1e-9              # of a share: what differs by less was rounded

# --- seeds, counted from that of the plan: no trial sees the luck of another -----------------------------------------

PROOF_SEEDS = (1, *range(11, 10 + PROOFS))  # of the proof, and of those after it
SEARCH_SEED = 2            # of the search, one more for each of its steps
SECOND_SURGE_SEED = 9

# --- plans made anew each evening ------------------------------------------------------------------------------------

PATHS = 10                 # courses of events in which evenings are lived through
PATHS_SEED = 1
DAYS_AHEAD = 2             # that an evening's plan looks ahead: the first of them is ordered
