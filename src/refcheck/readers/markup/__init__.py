"""A marked-up article in (JATS, HTML, Markdown, LaTeX), a manuscript out: one module a language."""
