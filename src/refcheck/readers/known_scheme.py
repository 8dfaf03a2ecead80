"""A manuscript read again for callouts of a scheme that is known beforehand (a journal's profile says it)."""

from __future__ import annotations

from dataclasses import replace

from refcheck.model import Manuscript, Scheme
from refcheck.parsing.callouts.scheme import callouts_in
from refcheck.parsing.manuscript import list_order

_BY_NUMBER = frozenset({Scheme.BRACKET, Scheme.PAREN, Scheme.SUPERSCRIPT})


def with_scheme(manuscript: Manuscript, scheme: Scheme, reason: str) -> Manuscript:
    """The manuscript with the callouts of this scheme alone; `reason` says who told it.

    Texts that cite by key, and lists without numbers, have no callouts of another scheme: they stay as they are.

    >>> from refcheck.readers.plain import read_markdown
    >>> m = read_markdown(b"Skin (1) and scars [1].\\n\\nReferences\\n\\n1. Lee A. Skin. Burns. 2020;1:2-3.", "m.md")
    >>> [c.text for c in with_scheme(m, Scheme.BRACKET, "the profile says so").callouts]
    ['[1]']
    """
    numbers = [r.number for r in manuscript.references if r.number is not None]
    if manuscript.scheme in (scheme, Scheme.KEY) or not numbers:
        return manuscript
    callouts = (
        callouts_in(
            manuscript.text, scheme, numbers, regions=manuscript.regions, superscripts=manuscript.superscripts
        )
        if scheme in _BY_NUMBER
        else ()
    )  # fmt: skip
    return replace(
        manuscript,
        scheme=scheme,
        scheme_reason=reason,
        callouts=callouts,
        order=list_order(manuscript.references, callouts, scheme),
    )
