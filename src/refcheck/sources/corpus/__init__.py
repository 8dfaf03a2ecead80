"""Files of Crossref records in, a source that needs no service out: in memory, on disk, or on a cluster."""
