"""One convention of labels for all sources: names of the labels, and where a labelled stretch begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from refcheck import text
from refcheck.parsing.fields.tokens import Token, identified, tokenise

# The sources' labels and ours. Identifiers are found by patterns, so the tagger need only know that they are none
# of the other fields.
RENAMED = {
    "COLLAB": "GROUP", "VOLX": "VOLX", "REPORT": "GENRE", "LOCATION": "PLACE", "TRANSLATOR": "NOTE", "DOI": "ID",
    "PMID": "ID", "PMCID": "ID", "ARXIV": "ID", "URL": "ID", "ISBN": "ID",
}  # fmt: skip

BARE = frozenset(["DATE", "PAGES", "VOLUME", "ISSUE"])  # brackets around these are never part of them
_TRAILING = frozenset(".,;:)]\"”'»’`*")
_LEADING = frozenset(".,;:([“\"«'‘`*-–—")
_IN = frozenset(["in", "dans", "em", "edited", "by", "en"])
_EDITOR_MARKS = frozenset(["ed", "eds", "editor", "editors", "hrsg", "hg", "org", "orgs", "coord", "ed.", "edited"])
_VOLUME_MARKS = re.compile(r"(?i)vols?|volumes?|v|band|bd|tome|t|jg|jahrgang")
_ISSUE_MARKS = re.compile(r"(?i)n|nos?|nr|n°|nº|numb?er|num|issues?|iss|heft|h|fasc")
_PAGE_MARKS = frozenset(["p", "pp", "page", "pages", "s", "seiten", "art", "article", "no"])


class Example(NamedTuple):
    """A labelled reference as the tagger sees it."""

    text: str
    tokens: list[Token]
    labels: list[str]
    origin: str


def example(segments: Iterable[Sequence[str]], origin: str) -> Example | None:
    """Labelled stretches (joined they are the printed reference) as tokens with labels; None where nothing is left."""
    raw = ""
    per_character: list[str] = []
    for label, piece in segments:
        raw += piece
        per_character += [RENAMED.get(label, label)] * len(piece)
    trace = text.unwrap(raw)
    tokens = tokenise(trace.text, identified(trace.text))
    if not tokens:
        return None
    labels = [per_character[trace.at[t.start]] for t in tokens]
    return Example(trace.text, tokens, trimmed(tokens, labels), origin)


#: Fields that what stands between fields remembers: a chain that sees one label back would forget, at every full stop,
#: what it has just read.
REMEMBERED = frozenset(
    ["AUTHOR", "TITLE", "JOURNAL", "BOOK", "DATE", "VOLUME", "ISSUE", "PAGES", "PUBLISHER", "PLACE", "EDITOR"]
)


def remembering(labels: Sequence[str]) -> list[str]:
    """Labels in which what belongs to no field says behind which one it stands.

    >>> remembering(["AUTHOR", "O", "O", "TITLE"])
    ['AUTHOR', 'O>AUTHOR', 'O>AUTHOR', 'TITLE']
    """
    out = []
    before = ""
    for label in labels:
        if label != "O":
            before = f">{label}" if label in REMEMBERED else ""
            out.append(label)
        else:
            out.append("O" + before)
    return out


def trimmed(tokens: Sequence[Token], labels: list[str]) -> list[str]:
    """Labels with the marks and words at the edges of each stretch taken off ("In: ", "vol. ", a final full stop)."""
    labels = list(labels)
    n = len(tokens)
    i = 0
    while i < n:
        j = i
        while j < n and labels[j] == labels[i]:
            j += 1
        label = labels[i]
        if label == "VOLX":
            _volume_and_issue(tokens, labels, i, j)
        elif label != "O":
            _trim(tokens, labels, label, i, j)
        i = j
    for k, token in enumerate(tokens):
        if token.kind:
            labels[k] = "ID"
    return labels


def _trim(tokens: Sequence[Token], labels: list[str], label: str, i: int, j: int) -> None:
    end = j
    while end > i + 1 and tokens[end - 1].text in _TRAILING:
        if label not in BARE and tokens[end - 1].text in ")]" and any(t.text in "([" for t in tokens[i:end]):
            break
        end -= 1
        labels[end] = "O"
    start = i
    while start < end - 1:
        word = tokens[start].text
        if label not in BARE and word in "([" and any(t.text in ")]" for t in tokens[start:end]):
            break
        lower = word.lower()
        edge = (
            word in _LEADING
            or (label in ("EDITOR", "BOOK") and lower in _IN)
            or (label == "VOLUME" and bool(_VOLUME_MARKS.fullmatch(word)))
            or (label == "ISSUE" and bool(_ISSUE_MARKS.fullmatch(word)))
            # "S. 27" is page 27 in German, "S27" a page of a supplement.
            or (label == "PAGES" and lower in _PAGE_MARKS and tokens[start + 1].start > tokens[start].end)
            or (label == "PAGES" and lower in _PAGE_MARKS and tokens[start + 1].text in ".,")
            or (label == "PAGES" and lower in ("p", "pp"))
        )
        if not edge or (label == "AUTHOR" and word in "-–—"):
            break
        labels[start] = "O"
        start += 1
    if label == "EDITOR":
        while end > start + 1 and (tokens[end - 1].text.lower() in _EDITOR_MARKS or tokens[end - 1].text in ".,()"):
            if tokens[end - 1].text == "." and len(tokens[end - 2].text) == 1:
                break
            end -= 1
            labels[end] = "O"


def _volume_and_issue(tokens: Sequence[Token], labels: list[str], i: int, j: int) -> None:
    """A volume statement that nobody has split: the first number is the volume, one in brackets or after "no" the
    issue, one before ";" a year or a day."""
    numbers = [k for k in range(i, j) if tokens[k].text.isdigit()]
    for k in range(i, j):
        labels[k] = "O"
    semicolon = next((k for k in range(i, j) if tokens[k].text == ";"), i - 1)
    volume_seen = False
    for k in numbers:
        if k < semicolon:
            labels[k] = "DATE"
            continue
        before = tokens[k - 1].text.lower() if k else ""
        if before in "(/" or before in ("no", "n", "nr", "heft", "n°", "issue") or volume_seen:
            labels[k] = "ISSUE"
        else:
            labels[k] = "VOLUME"
            volume_seen = True
