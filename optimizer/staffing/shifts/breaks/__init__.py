"""When people on given shifts take their breaks: need by interval and rules come in, break times go out, staggered so
that the need is kept as well as the rules let it be."""
