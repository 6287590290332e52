"""A staffing plan from beginning to end: a scenario and a city come in; need, shifts, roster and what they bring go
out.

``through`` is the way, ``plan`` what is found on it, ``illness`` the way for a day on which somebody is missing.
``by_skill`` goes before for people who answer some classes of callers only; ``shift_work`` is the part of the way that
both go; ``by_counts`` puts the shifts of several cities into the scenario again. Below them ``city_roster`` turns
people into a roster's problem and back, ``on_duty`` seats into people; ``calling`` has the terms on which people are
called: in a ``surge``, for seats that are ``lent``, from ``standby``.
"""
