"""An OpenDocument text in, a manuscript out: `document` is the door."""
