"""What to print in place of authors who are not the recorded ones, in the manner of the list they stand in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from refcheck.model import Detail, Name, Reference, Span, Work
from refcheck.text import fold

_SEPARATOR = re.compile(r"[,;]\s{1,3}")
_CONJUNCTION = re.compile(r"(?i)[,;]?\s?(?:&|\b(?:and|und|et|y|e|og|och|en)\b)")
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.?[\s-]?){1,5}")


def author_corrections(
    text: str, reference: Reference, work: Work, details: Sequence[Detail]
) -> list[tuple[Span, str]]:
    """Stretches of the text and what to print there; empty where one of the differences has no certain place.

    Initials are left as they are printed.
    """
    out: list[tuple[Span, str]] = []
    for detail in details:
        if detail.kind == "initials":
            continue
        found = _one(text, reference, work, detail)
        if not found:
            return []
        out += found
    return out


def _one(text: str, reference: Reference, work: Work, detail: Detail) -> list[tuple[Span, str]]:
    mine = _named(reference.authors, detail.printed)
    theirs = _named(work.authors, detail.recorded)
    if detail.kind in ("misspelt", "replaced") and detail.span and mine and theirs:
        given = in_manner(mine.given, theirs.given) if detail.kind == "replaced" else mine.given
        new = _put(text, detail.span, mine, theirs.family, given)
        return [(detail.span, new)] if new else []
    if detail.kind == "order" and detail.span and detail.beside:
        return [(detail.span, text[slice(*detail.beside)]), (detail.beside, text[slice(*detail.span)])]
    if detail.kind == "added" and detail.span:
        end = _SEPARATOR.match(text, detail.span.end)
        return [(Span(detail.span.start, end.end()), "")] if end else []
    if detail.kind == "dropped" and detail.beside and theirs:
        return _inserted(text, reference, theirs, detail.beside)
    return []


def _named(names: Sequence[Name], shown: str) -> Name | None:
    return next((n for n in names if shown and " ".join(x for x in (n.family, n.given) if x) == shown), None)


def _put(text: str, span: Span, mine: Name, family: str, given: str) -> str:
    """The printed name with another surname and other given names; "" where its parts are not told apart."""
    printed = text[slice(*span)]
    if printed.count(mine.family) != 1 or (mine.given and mine.given not in printed):
        return ""
    if mine.family.isupper() and len(mine.family) > 2:
        family = family.upper()
    at = printed.index(mine.family)
    head, tail = printed[:at], printed[at + len(mine.family) :]
    if mine.given and mine.given != given:
        if text[span.end : span.end + 1] == "." and "." in mine.given:
            given = given.removesuffix(".")
        head, tail = head.replace(mine.given, given), tail.replace(mine.given, given)
    return head + family + tail


def _inserted(text: str, reference: Reference, theirs: Name, before: Span) -> list[tuple[Span, str]]:
    """A name put behind another, as that one is printed, with the list's own separator."""
    mine = next((n for n in reference.authors if n.family and n.family in text[slice(*before)]), None)
    if mine is None or not mine.given:
        return []
    # A stop behind the last initial is the initial's where the list prints stops, else that of the list.
    stopped = any("." in n.given for n in reference.authors) and not mine.given.endswith(".")
    end = before.end + (stopped and text[before.end : before.end + 1] == ".")
    behind = _SEPARATOR.match(text, end)
    ahead = _SEPARATOR.search(text, max(0, before.start - 3), before.start)
    sign = behind or ahead
    last = not behind and not _CONJUNCTION.match(text, end)
    if sign is None or (last and _CONJUNCTION.search(text, max(0, before.start - 6), before.start)):
        return []
    new = _put(text, before, mine, theirs.family, in_manner(mine.given, theirs.given))
    if not new:
        return []
    stop = "." if end > before.end and not new.endswith(".") else ""
    return [(Span(end, end), sign.group() + new + stop)]


def in_manner(printed: str, recorded: str) -> str:
    """Recorded given names as the printed ones beside them are given: in full, or as initials with or without stops.

    >>> in_manner("JR", "Ilaria Maria"), in_manner("J. R.", "Ilaria Maria"), in_manner("J.", "Ilaria-Maria")
    ('IM', 'I. M.', 'I.-M.')
    >>> in_manner("Jane", "Ilaria Maria")
    'Ilaria Maria'
    """
    if not _INITIALS.fullmatch(printed.strip()) or not recorded:
        return recorded
    parts = [p for p in re.split(r"(?<=[\w.])(?=[\s-])|[.](?=\w)", recorded) if p.strip(" .-")]
    stop = "." if "." in printed else ""
    gap = " " if re.search(r"\.\s", printed) or printed.count(".") == 1 else ""
    out = ""
    for part in parts:
        hyphen = part.startswith("-")
        letters = part.strip(" .-")
        several = letters.isupper() and len(letters) <= 3
        for c in letters if several else letters[:1]:
            out += ("-" if hyphen and out and stop else gap if out else "") + c.upper() + stop
    return out if fold(out) else recorded
