"""How many seats a city needs: loads and targets come in, seats by interval go out."""
