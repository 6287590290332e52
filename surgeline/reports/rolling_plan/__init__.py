"""The report of plans made anew each evening: a rolling plan's folder comes in."""
