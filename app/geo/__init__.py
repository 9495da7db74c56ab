"""Where things are: coordinate systems, nearness on the sphere, and polygons of areas."""
