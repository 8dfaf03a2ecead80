"""Volume, issue and page statements, taken apart."""

from __future__ import annotations

import re
from typing import NamedTuple

from refcheck import text
from refcheck.parsing.fields.runs import Run
from refcheck.words import ISSUE_MARKS, PART_MARKS, SUPPLEMENT_MARKS, VOLUME_MARKS

# Words that announce a volume, an issue or pages in the languages of the corpora (en de fr es it pt ru zh ko).
_VOLUME_MARK = re.compile(
    r"(?i)^\s?(?:vols?|volumes?|v|band|bd|tome|tom|t|т|том|jg|jahrgang|第|제)(?:[.\s:]{1,3}|(?=\d))"
)
_ISSUE_MARK = re.compile(
    r"(?i)^\s?(?:nos?|nr|n°|nº|nᵒ|№|n|iss|issues?|heft|h|fasc|num|numbers?|numero|número|вып|第|제)(?:[.°º\s:]{1,3}|(?=\d))"
)
_PAGE_MARK = re.compile(
    r"(?i)^\s?(?:pages?|pgs?|pp?|seiten|s|с|стр|article(?:\s(?:no|number|id))?|art(?:\.\s?(?:no|id))?|paper(?:\sno)?|id|no)\b"
    r"(?:[.,:\s]{1,3}|(?=\d))"
)
_GLUED = re.compile(r"^(?P<v>[A-Za-z]?\d{1,5})\s?[(\[]\s?(?P<i>[^()\[\]]{1,40}?)\s?[)\]]$")
_SPLIT = re.compile(r"^(?P<v>\d{1,4})(?:\s?[./:,]\s?|\s)(?P<i>\d{1,4}(?:\s?[-/]\s?\d{1,3})?)$")
_NUMERAL = r"(?:[A-Za-z]{0,4}\.?\s?\d{1,9}(?:[.:]\d{1,6})?[A-Za-z]{0,2}|[ivxlcIVXLC]{1,7})"
_ARTICLE = r"[A-Za-z]?\d{1,5}(?!to)[A-Za-z]{1,2}\d{1,8}(?![^\W_])"  # e2019JD031946, 201ec146, 17C742
_RANGE = re.compile(
    rf"(?P<first>{_ARTICLE}|{_NUMERAL}|[A-Za-z]\d{{1,4}}[A-Za-z]\d{{0,4}})(?:\s?(?:[-−–—~∼～]{{1,3}}|\bto\b|\bbis\b|à)\s?(?P<last>{_NUMERAL}))?"
)
_THOUSANDS = re.compile(
    r"(?<![\d,])((?:\d{1,2}, ?\d{3}|9\d{3})\s?[-–—−‐‑]\s?\d{1,2}, ?\d{3})(?!\d|, ?\d)"  # "9992–10,005", too
)
_ITEM_NUMBER = re.compile(r"(?i)^pii\s?[=:]?\s?(?=\d)")  # Euro Surveill. 2015;20(7):pii=21041
_WITHIN = re.compile(r"(?P<first>\d{1,3}/\d{1,3})(?:\s?-\s?(?P<last>\d{1,3}/\d{1,3}))?")  # IEE digests: 7/1-7/2
_COUNT = re.compile(r"(?i)^\W{0,3}\d{1,4}\s?(?:pp?|pages|s|с|стр|seiten)\b\.?\W{0,2}$|^[ivxlc]{1,7},?\s\d{1,4}\s?p")


class Volume(NamedTuple):
    """A volume and the issue that was printed with it; "" where not given."""

    volume: str
    issue: str


class Pages(NamedTuple):
    """First and last page as printed ("258", "84"): elided digits are not filled in."""

    first: str
    last: str


def split_volume(printed: str) -> Volume:
    """A volume statement without its announcing word, and the issue that stuck to it.

    >>> split_volume("vol. 18"), split_volume("24(13)"), split_volume("D 70")
    (Volume(volume='18', issue=''), Volume(volume='24', issue='13'), Volume(volume='D70', issue=''))
    """
    s = text.dashes(printed).strip(" .,;:()[]")
    s = _VOLUME_MARK.sub("", s).strip(" .,;:권卷")
    if m := _GLUED.match(s + ")" if s.count("(") > s.count(")") else s):
        return Volume(m["v"], split_issue(m["i"]))
    if m := _SPLIT.match(s):
        return Volume(m["v"], m["i"])
    # A journal's section and its number: "D 70", "D. 70".
    return Volume(re.sub(r"^([A-Za-z])[.\s]{1,2}(?=\d)", r"\1", s), "")


def split_issue(printed: str) -> str:
    """An issue statement without its announcing word.

    >>> split_issue("no. 4"), split_issue("(Suppl 1)"), split_issue("제1호")
    ('4', 'Suppl 1', '1')
    """
    s = text.dashes(printed).strip(" .,;:()[]")
    return _ISSUE_MARK.sub("", s).strip(" .,;:()[]호号期")


def is_page_count(printed: str) -> bool:
    """Whether the statement tells how many pages a book has, not which ones are meant.

    >>> is_page_count("217 p."), is_page_count("p. 217")
    (True, False)
    """
    return bool(_COUNT.match(printed))


def split_pages(printed: str) -> Pages | None:
    """First and last page of a page statement; None for a page count, or where there is no page in it.

    >>> split_pages("pp. 258–84"), split_pages("e48351"), split_pages("217 p.")
    (Pages(first='258', last='84'), Pages(first='e48351', last=''), None)
    """
    if is_page_count(printed):
        return None
    s = " ".join(text.dashes(printed).split())
    s = _PAGE_MARK.sub("", s.lstrip(" .,;:([")).strip(" .,;:")
    if _THOUSANDS.fullmatch(s):
        s = s.replace(",", "").replace(" ", "")
    s = _ITEM_NUMBER.sub("", s)
    m = _WITHIN.fullmatch(s) or _RANGE.search(s)
    return Pages(m["first"].replace(" ", ""), (m["last"] or "").replace(" ", "")) if m else None


def last_page(first: str, last: str) -> str:
    """The last page in full, from what is printed of it.

    >>> last_page("258", "84"), last_page("S100", "7"), last_page("1697", "701"), last_page("e9", "")
    ('284', 'S107', '1701', '')
    """
    f, e = re.fullmatch(r"([A-Za-z]*)(\d+)([A-Za-z]*)", first), re.fullmatch(r"([A-Za-z]*)(\d+)([A-Za-z]*)", last)
    if not f or not e:
        return last
    if len(e[2]) < len(f[2]) and e[1] in ("", f[1]):
        return f[1] + f[2][: len(f[2]) - len(e[2])] + e[2] + e[3]
    return f[1] + last if f[1] and not e[1] else last


def with_thousands(readable: str, runs: list[Run]) -> list[Run]:
    """Pages printed with thousands separators, whole.

    >>> with_thousands("Burns 118 (2): 12, 195–12, 206", [Run("VOLUME", 6, 9), Run("PAGES", 19, 25)])[1]
    Run(label='PAGES', start=15, end=30)
    """
    if "," not in readable or not (m := _THOUSANDS.search(readable)):
        return runs
    start, end = m.span()
    within = {run.label for run in runs if run.start < end and start < run.end}
    if "PAGES" not in within or within - {"PAGES", "ISSUE", "VOLUME"}:
        return runs
    before = [run._replace(end=min(run.end, start)) for run in runs if run.start < start and run.label != "PAGES"]
    behind = [run._replace(start=max(run.start, end)) for run in runs if run.end > end and run.label != "PAGES"]
    before = [run._replace(end=run.start + len(readable[run.start : run.end].rstrip(" ,:;("))) for run in before]
    return [*before, Run("PAGES", start, end), *(run for run in behind if run not in before)]


_ISSUE_MARK_BEFORE = re.compile(rf"(?i)\b{text.any_of(ISSUE_MARKS, 'n')}\b[.°º]?\s?$")
_PARTED = re.compile(r"(\d{1,4})(?:\s?[.:,]\s?|\s)(\d{1,4}(?:\s?[-/]\s?\d{1,3})?)")  # "40 11", "40, 11"
_THEN = re.compile(r"(?:\s?\((?:1[89]|20)\d\d\))?,\s")  # "119 (2011), 5"
_FEW = re.compile(r"\d{1,2}(?:\s?[-–/]\s?\d{1,2})?")
_GLUED_LETTER = re.compile(r"(?<![^\W_])[PSLA]$")


def with_issue(readable: str, runs: list[Run]) -> list[Run]:
    """Issues that were taken for pages or a part of the volume, and pages ("P47", "ApJ, 775, 66") taken for an issue.

    >>> with_issue("v. 84, n. 5-6", [Run("VOLUME", 3, 5), Run("PAGES", 10, 13)])[1]
    Run(label='ISSUE', start=10, end=13)
    >>> with_issue("XII, 7, 1-9", [Run("VOLUME", 0, 3), Run("VOLUME", 5, 6), Run("PAGES", 8, 11)])[1]
    Run(label='ISSUE', start=5, end=6)
    >>> with_issue("119 4", [Run("VOLUME", 0, 5)])
    [Run(label='VOLUME', start=0, end=3), Run(label='ISSUE', start=4, end=5)]
    >>> with_issue("102, P47", [Run("VOLUME", 0, 3), Run("ISSUE", 6, 8)])[1]
    Run(label='PAGES', start=5, end=8)
    """
    labels = [run.label for run in runs]
    if labels.count("VOLUME") == 1 and "ISSUE" not in labels:
        k = labels.index("VOLUME")
        if m := _PARTED.fullmatch(readable, runs[k].start, runs[k].end):
            return [*runs[:k], Run("VOLUME", *m.span(1)), Run("ISSUE", *m.span(2)), *runs[k + 1 :]]
    if labels.count("VOLUME") > 1 and "PAGES" in labels and "ISSUE" not in labels:
        first = labels.index("VOLUME")
        second = labels.index("VOLUME", first + 1)
        if _THEN.fullmatch(readable, runs[first].end, runs[second].start):
            return [*runs[:second], runs[second]._replace(label="ISSUE"), *runs[second + 1 :]]
    if "VOLUME" not in labels or ("PAGES" in labels) == ("ISSUE" in labels):
        return runs
    for k, run in enumerate(runs):
        before = readable[max(0, run.start - 9) : run.start]
        if run.label == "PAGES" and _FEW.fullmatch(readable, run.start, run.end) and _ISSUE_MARK_BEFORE.search(before):
            return [*runs[:k], run._replace(label="ISSUE"), *runs[k + 1 :]]
        if run.label == "ISSUE" and (m := _GLUED_LETTER.search(before)):
            return [*runs[:k], Run("PAGES", run.start - len(m[0]), run.end), *runs[k + 1 :]]
        behind = (
            run.label == "ISSUE" and runs[k - 1].label == "VOLUME" and readable[runs[k - 1].end : run.start] == ", "
        )
        if behind and run.end - run.start > 1:
            return [*runs[:k], run._replace(label="PAGES"), *runs[k + 1 :]]
    return runs


_VOLUME_MARK_BEFORE = re.compile(rf"(?i)\b{text.any_of(VOLUME_MARKS, 'nr')}\b[.\s]{{0,3}}$")
_PAGE_MARK_BEFORE = re.compile(r"(?i)\bp{1,2}\b[.\s]{0,2}$")
_TWO_SHORT = re.compile(r"(\d{1,3})\s(\d{1,3})")
_TWO_NUMBERS = re.compile(r"(\d{1,3})\s(?:pp?\.?\s?)?([A-Za-z]?\d{1,6}(?:\s?[-–—]\s?\d{1,6})?)")
_UNLABELLED = re.compile(r"[.,]?\s(\d{1,4})[,:]?\s?(?:pp?|S)\b\.?\s?")  # "Habitat International, 47 pp.83–92"
_MARKED_VOLUME = re.compile(r"(?i)v(?:ol)?\.?\s?(\d{1,4})")
_VOLUME_AND_ISSUE = re.compile(r"(\d{1,4})\s?/\s?(\d{1,3})")


def with_volume(readable: str, runs: list[Run]) -> list[Run]:
    """The volume, where none was seen but numbers stand where it belongs.

    >>> entry = "Burns, 74 (2009) 93–103"
    >>> with_volume(entry, [Run("JOURNAL", 0, 5), Run("PAGES", 7, 9), Run("DATE", 11, 15), Run("PAGES", 17, 23)])[1]
    Run(label='VOLUME', start=7, end=9)
    """
    if any(run.label == "VOLUME" for run in runs):
        return runs
    pages = [k for k, run in enumerate(runs) if run.label == "PAGES"]
    for k, run in enumerate(runs):
        if run.label == "ISSUE":
            if _VOLUME_MARK_BEFORE.search(readable, max(0, run.start - 9), run.start):
                return [*runs[:k], run._replace(label="VOLUME"), *runs[k + 1 :]]
            m = _VOLUME_AND_ISSUE.fullmatch(readable, run.start, run.end)
            if m and readable[run.start - 1] != "(" and not readable[: run.start].rstrip().endswith(("°", "º", "ᵒ")):
                return [*runs[:k], Run("VOLUME", *m.span(1)), Run("ISSUE", *m.span(2)), *runs[k + 1 :]]
        elif run.label == "NOTE" and (m := _MARKED_VOLUME.fullmatch(readable, run.start, run.end)):
            return [*runs[:k], Run("VOLUME", *m.span(1)), *runs[k + 1 :]]
        elif run.label == "PAGES":
            before = runs[k - 1] if k else run
            if before.label == "JOURNAL" and (m := _UNLABELLED.fullmatch(readable, before.end, run.start)):
                return [*runs[:k], Run("VOLUME", *m.span(1)), *runs[k:]]
            if len(pages) == 1 and (m := _TWO_NUMBERS.fullmatch(readable, run.start, run.end)):
                return [*runs[:k], Run("VOLUME", *m.span(1)), Run("PAGES", *m.span(2)), *runs[k + 1 :]]
            if len(pages) > 1 and k == pages[0] and (m := _TWO_SHORT.fullmatch(readable, run.start, run.end)):
                return [*runs[:k], Run("VOLUME", *m.span(1)), Run("ISSUE", *m.span(2)), *runs[k + 1 :]]
            if len(pages) > 1 and k == pages[0] and readable[run.start : run.end].isdigit():
                if _PAGE_MARK_BEFORE.search(readable, max(0, run.start - 5), run.start):
                    return runs
                return [*runs[:k], run._replace(label="VOLUME"), *runs[k + 1 :]]
    return runs


# NLM and AMA print the supplement or part in the parentheses of the issue: "63(10 Suppl):S240-52", "18(6, Pt 2):12-9".
_SUPPLEMENT = re.compile(
    r"(?i)(?<![\w.])(\d{1,4})\s?"
    rf"\((\d{{0,3}}[,;\s]{{0,2}}{text.any_of(SUPPLEMENT_MARKS, PART_MARKS)}\b\.?[^()]{{0,15}})\)\s?[:,]\s?"
    r"([a-z]{0,2}\d{1,6}(?:\s?[-–—]\s?[a-z]{0,2}\d{1,6})?)(?![\w/])"
)


def with_supplement(readable: str, runs: list[Run]) -> list[Run]:
    """Volume, issue and pages around a supplement, whole: its number is no page.

    >>> entry = "Burns 2011;63(10 Suppl):S240-52"
    >>> found = with_supplement(entry, [Run("VOLUME", 11, 13), Run("PAGES", 14, 16)])
    >>> [(run.label, entry[run.start : run.end]) for run in found]
    [('VOLUME', '63'), ('ISSUE', '10 Suppl'), ('PAGES', 'S240-52')]
    """
    m = _SUPPLEMENT.search(readable)
    if not m:
        return runs
    within = {run.label for run in runs if run.start < m.end() and m.start() < run.end}
    if not within or within - {"VOLUME", "ISSUE", "PAGES", "NOTE"}:
        return runs
    before = [run for run in runs if run.end <= m.start()]
    behind = [run for run in runs if run.start >= m.end() and run.label not in {"VOLUME", "ISSUE", "PAGES"}]
    return [*before, Run("VOLUME", *m.span(1)), Run("ISSUE", *m.span(2)), Run("PAGES", *m.span(3)), *behind]


# ACM prints the article with each of its pages, or the article and how many pages it has.
_ARTICLE_PAGES = re.compile(r"(?<![\w:])(\d{1,4}):(\d{1,3})\s?[-–—]\s?\1:(\d{1,3})(?![\w:])")
_ARTICLE_MARK = re.compile(r"(?i)\b(?:article|art\.?\s(?:no\.?|id))\s$")


def with_article_number(readable: str, runs: list[Run]) -> list[Run]:
    """An article with its pages, whole ("138:1–138:12"), and the number of an article that was taken for an issue.

    >>> entry = "ACM Trans. Graph. 32, 4, 138:1–138:12"
    >>> read = [Run("VOLUME", 18, 20), Run("ISSUE", 22, 23), Run("VOLUME", 25, 28), Run("PAGES", 29, 34)]
    >>> with_article_number(entry, read)[-1]
    Run(label='PAGES', start=25, end=37)
    """
    if m := _ARTICLE_PAGES.search(readable):
        kept = [run for run in runs if run.end <= m.start() or m.end() <= run.start]
        inside = [run for run in runs if run not in kept]
        if inside and {run.label for run in inside} <= {"VOLUME", "ISSUE", "PAGES", "NOTE"}:
            kept = [run for run in kept if run.label != "PAGES"]
            return sorted([*kept, Run("PAGES", *m.span())], key=lambda run: run.start)
    for k, run in enumerate(runs):
        if run.label in ("ISSUE", "VOLUME") and _ARTICLE_MARK.search(readable, max(0, run.start - 12), run.start):
            others = [r for r in runs if r.label != "PAGES" or not is_page_count(readable[r.start : r.end])]
            if not any(r.label == "PAGES" for r in others):
                return [r._replace(label="PAGES") if r is run else r for r in others]
            return [*runs[:k], *runs[k + 1 :]]
    return runs


_BACK_REFERENCES = re.compile(r"(?:19|20)\d\d[a-z]?\.\s(\d{1,3}(?:,\s?\d{1,3}){0,40})\.?$")


def with_no_back_references(readable: str, runs: list[Run]) -> list[Run]:
    """Without the pages of the manuscript on which a work is cited, as LaTeX prints them behind an entry.

    >>> entry = "In CVPR, 2022. 2, 4, 6"
    >>> read = [Run("BOOK", 3, 7), Run("DATE", 9, 13), Run("VOLUME", 15, 16), Run("ISSUE", 18, 19)]
    >>> with_no_back_references(entry, read)
    [Run(label='BOOK', start=3, end=7), Run(label='DATE', start=9, end=13)]
    """
    m = _BACK_REFERENCES.search(readable)
    if not m:
        return runs
    numbers = [int(n) for n in m[1].split(",")]
    before = [run for run in runs if run.end <= m.start(1)]
    labels = {run.label for run in before}
    sure = "PAGES" in labels or "ID" in labels or "BOOK" in labels or ("VOLUME" in labels and "JOURNAL" in labels)
    if numbers != sorted(set(numbers)) or not (sure or len(numbers) > 3):
        return runs
    return before
