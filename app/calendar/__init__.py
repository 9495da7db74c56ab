"""When things are due: working days, holidays and the deadlines reckoned from them."""
