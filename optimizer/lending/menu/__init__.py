"""Several plans to choose from: a province goes in, plans that differ in who works and what lenders' citizens bear go
out, each proved."""
