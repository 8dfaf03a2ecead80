"""Which records a bibliographic query brings up: BM25 over an inverted index, as a search engine would.

Like Crossref's, the score is no confidence: it grows with every word of the query, so that the same text twice scores
twice.
"""

from __future__ import annotations

import heapq
import html
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_K1, _B = 1.2, 0.75  # Lucene's
_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[^<>]{0,200}>")


def tokens(text: str) -> list[str]:
    """Lower-case words without accents; markup and entities do not count."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    if "&" in text or "<" in text:
        text = _TAG.sub("", html.unescape(text))
    return _WORD.findall(text.lower())


def described(record: Mapping[str, Any]) -> str:
    """What a query.bibliographic looks at: titles, authors, ISSNs, years, volume, issue, pages."""
    parts: list[str] = []
    for key in ("title", "subtitle", "container-title", "short-container-title", "ISSN"):
        value = record.get(key) or ()
        parts += [value] if isinstance(value, str) else [str(v) for v in value]
    for who in ("author", "editor"):
        for person in record.get(who) or ():
            parts += [str(person.get(k) or "") for k in ("given", "family", "name")]
    for key in ("volume", "issue", "page", "article-number", "publisher"):
        parts.append(str(record.get(key) or ""))
    for key in ("issued", "published-print", "published-online", "posted"):
        dates = (record.get(key) or {}).get("date-parts") or [[]]
        parts.append(str((dates[0] or [""])[0] or ""))
    return " ".join(parts)


class Relevance:
    """Records by what they say about themselves."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        lengths: list[int] = []
        counts: list[Counter[str]] = []
        for text in texts:
            counted = Counter(tokens(text))
            counts.append(counted)
            lengths.append(sum(counted.values()))
        average = (sum(lengths) / len(lengths)) if lengths else 1.0
        for i, counted in enumerate(counts):
            norm = _K1 * (1 - _B + _B * lengths[i] / average)
            for word, n in counted.items():
                self._postings[word].append((i, n * (_K1 + 1) / (n + norm)))
        self._size = len(lengths)

    def best(self, query: str, rows: int, hidden: frozenset[int] = frozenset()) -> Sequence[tuple[int, float]]:
        """Positions and scores of the best records, best first."""
        asked = Counter(tokens(query))
        found = [(len(self._postings[w]), w, n) for w, n in asked.items() if w in self._postings]
        scores: dict[int, float] = defaultdict(float)
        for df, word, times in sorted(found):
            # What half the records say tells nothing, and costs the most.
            if df * 4 > self._size > 100 and scores:
                continue
            weight = times * math.log(1 + (self._size - df + 0.5) / (df + 0.5))
            for i, part in self._postings[word]:
                scores[i] += weight * part
        for i in hidden:
            scores.pop(i, None)
        return heapq.nlargest(rows, scores.items(), key=lambda item: (item[1], -item[0]))
