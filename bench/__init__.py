"""The measurements, and the peers they are measured beside."""
