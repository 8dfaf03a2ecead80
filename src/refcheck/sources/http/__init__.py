"""A request in, an answer that may be believed or `SourceUnavailable` out: the only rooms that open a socket."""
