"""What runs in the process apart: not imported by the product, run by ``bounded.py``."""
