"""One printed entry in, its fields out: `entry` is the door, the trained `tagger` reads, `corrections` puts right."""
