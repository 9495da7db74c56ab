"""What delivery promises: everybody once, nobody twice unseen, whatever dies."""
