"""The sections of a comparison's report, one file each."""
