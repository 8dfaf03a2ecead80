"""bytes -> Manuscript. `READERS` maps a suffix to the function that reads such a file."""
