"""People who answer some classes of callers only: a scenario comes in; what each kind of people needs, shifts and a
roster for them, and the scenario with these go out, for the plan of those who answer everything.

``specialists`` is the way, ``need`` what is needed of each kind, and ``their_part`` how much of it their hours give.
``as_city`` shows some of a city's people as if they were all that it has, so that everything that plans a city plans
them; ``joining`` puts what comes of it into the city's table.
"""
