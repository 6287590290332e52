"""A surge that needs more than ordinary time does: what is needed comes in; a roster that knows of it and the people
who are called in on top of it go out."""
