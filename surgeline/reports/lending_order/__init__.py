"""The order of a plan: a plan folder comes in, and sheets of paper go out, one for the province, one for every city
that does something, and a request for every borrower."""
