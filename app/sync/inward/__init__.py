"""Records in: pages read by contract, merged, projected, counted and booked, one commit a page."""
