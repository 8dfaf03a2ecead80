"""A bare list of references in (BibTeX, RIS, CSL JSON, lines), a manuscript without text out: one module a form."""
