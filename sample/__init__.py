"""The sample district: its records as files, and the generator of the part that is made up."""
