"""A PDF file in, a manuscript out: `document` is the door, `worker` the bounded process behind it."""
