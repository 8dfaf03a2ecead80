"""A report in, data for programs out: `wire` alone knows the JSON."""
