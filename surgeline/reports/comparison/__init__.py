"""The report of a comparison, one file a section: a comparison folder comes in."""
