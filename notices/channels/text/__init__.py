"""Text messages: to the phones that the register knows, each number once a notice."""
