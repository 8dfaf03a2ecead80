"""A text and the numbers of its list in, the scheme and the callouts out: `scheme` is the door."""
