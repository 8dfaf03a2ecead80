"""A Word file in, a manuscript out: `document` is the door."""
