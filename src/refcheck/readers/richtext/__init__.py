"""A rich-text file in, a manuscript out: `document` is the door."""
