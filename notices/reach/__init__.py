"""Who will see a notice, and whom it reached: counts by area, never a person."""
