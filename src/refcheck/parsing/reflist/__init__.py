"""A text in, its reference list and the entries of it out: `section` finds the list, `entries` cuts it."""
