"""Staff: rights for a time, asked by one and approved by another; cover; accounts that end."""
