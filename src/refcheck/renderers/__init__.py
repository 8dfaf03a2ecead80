"""Report -> str | bytes. `RENDERERS` maps a format name to the function that writes it."""
