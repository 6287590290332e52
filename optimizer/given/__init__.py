"""What a plan is made from: the province in numbers, and what is known of its cities."""
