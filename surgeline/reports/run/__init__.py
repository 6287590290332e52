"""The report of a run, one file a section: a run folder comes in."""
