"""The OR-Tools model: estimates come in, seats by lender, borrower and block go out, with a bound."""
