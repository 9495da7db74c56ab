"""What a district's requests cost at ten thousand, a hundred thousand and a million of them."""
