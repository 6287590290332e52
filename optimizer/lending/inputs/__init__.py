"""What a plan is made from: the province in numbers, what cities answer with so many seats, second surges."""
