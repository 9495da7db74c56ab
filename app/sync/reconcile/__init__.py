"""Both sides counted and compared, what differs named and read anew, and how fresh it all is."""
