"""Persistent identifiers in print: find, normalise, repair, link.

DOI syntax: the prefix is `10.` and 4–9 digits (Crossref's own recommended pattern, "DOIs and matching regular
expressions", 2015); the suffix is any printable text, so its end is a matter of judgement: see `doi_at`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote

from refcheck.model import Span


class Found(NamedTuple):
    """An identifier found in a text: its normal form, and where it is printed."""

    value: str
    span: Span


_DOI_START = re.compile(r"(?<![\d.])10\.\s?\d{4,9}(?:\.\d{1,9}){0,3}\s?/\s{0,2}(?=\S)")
_DOI_BODY = re.compile(r"(?:[^\s<>\"“”«»{}|\\^`]|<\d{1,5}:[^\s<>]{1,30}>){1,300}")
# Old Wiley and Elsevier DOIs (SICI) hold angle brackets: 10.1002/(SICI)1097-4571(199205)43:4<284::AID-ASI3>3.0.CO;2-0
_SICI_BODY = re.compile(r"\(SICI\)[^\s\"]{10,120}?(?:CO;2-[\w#]|<\d+:[^\s>]*>[^\s\"]{0,30})", re.IGNORECASE)
# Typesetters turn the hyphens of a DOI into dashes; registered DOIs have hyphens.
_DASHES = re.compile("[\u00ad\u2010-\u2015\u2212\uff0d]")
_CLOSERS = {")": "(", "]": "["}
# Where a DOI has run into what follows it.
_GLUED = re.compile(
    r"(?i)(?:[.,;)\]]+(?:https?:|pmid|pmcid|epub|available|accessed|retrieved|arxiv).*|https?:.*|\]\(.*|\?via%3dihub.*"
    r"|/(?:full|abstract|pdf|epdf|meta|html)$|(?<=\d)\.(?:pdf|html?)$)"
)
# Addresses of publishers hold the DOI and go on: the part that is shown, a query, the version of a preprint server
# (bioRxiv and medRxiv: 10.1101, openRxiv: 10.64898), Oxford's own number of the article.
_LANDING = re.compile(r"(?i)https?://(?!(?:dx\.|www\.)?doi\.org/)[^\s<>\"]{4,200}$")
_LANDING_TAIL = re.compile(
    r"(?i)[/.](?:full|full-text|fulltext|abstract|pdf|epdf|epub|meta|html?|xml|summary|figures|references|suppl[^/]{0,20}"
    r"|supplementary-material|tab-[a-z-]{2,20})(?:[/?#.;+].*)?$|(?<!;2-)[?#].*"
)
_PREPRINT_VERSION = re.compile(r"(?<=\d)v\d{1,2}$")
_OXFORD_NUMBER = re.compile(r"(?<=\w)/\d{4,9}$")


def normalise_doi(text: str) -> str:
    """The DOI in lower case without resolver, prefix, percent-encoding or trailing punctuation; "" if there is none.

    >>> normalise_doi("https://doi.org/10.1186/S40824-021-00224-8.")
    '10.1186/s40824-021-00224-8'
    >>> normalise_doi("(doi: 10.1016/S0378-7788(00)00114-6)")
    '10.1016/s0378-7788(00)00114-6'
    """
    if "%" in text:
        text = unquote(text)
    found = next(find_dois(text), None)
    return found.value if found else ""


def find_dois(text: str) -> Iterator[Found]:
    """Every DOI in the text, in order.

    >>> [f.value for f in find_dois("doi:10.1/x no; 10.1186/s40824-021- 00224-8, 10.1000/182.")]
    ['10.1186/s40824-021-00224-8', '10.1000/182']
    >>> [f.value for f in find_dois("(doi:10.1016/j. \\nneuroimage.2006.09.046)")]
    ['10.1016/j.neuroimage.2006.09.046']
    >>> [f.value for f in find_dois("https://www.medrxiv.org/content/10.1101/2021.03.04.21252532v3.full-text")]
    ['10.1101/2021.03.04.21252532']
    """
    position = 0
    while m := _DOI_START.search(text, position):
        end = _within_address(text, m.start(), m.end(), _doi_end(text, m.end()))
        body = text[m.end() : end]
        position = max(end, m.end())
        if body:
            value = _DASHES.sub("-", re.sub(r"\s+", "", text[m.start() : end])).lower()
            yield Found(value, Span(m.start(), end))


# A DOI broken at a line end or by extraction goes on after "-", "_", "/" or "." and a blank, if what follows is not
# a word or a year: "10.1186/s40824-021- 00224-8", "10.1073/pnas. 2012345118", "10.1016/j. neuroimage.2006.09.046".
_GAP = re.compile(r"\s{1,3}(?=[^\W_])")
_AFTER_HYPHEN = re.compile(r"\d[\w.()/-]{2,60}(?:[\s,;.\])]|$)")
_AFTER_STOP = re.compile(r"[\d.()-]{5,60}|[a-z]{2,20}\.\d{4}\.\d")
_TAILS = {"-": _AFTER_HYPHEN, "_": _AFTER_HYPHEN, "/": _AFTER_HYPHEN, ".": _AFTER_STOP}


def _within_address(text: str, start: int, body: int, end: int) -> int:
    """The end of a DOI that stands in the address of a publisher's page; `end` where it stands elsewhere."""
    address = _LANDING.search(text, max(0, start - 200), start)
    if not address:
        return end
    if tail := _LANDING_TAIL.search(text, body, end):
        end = tail.start()
    if text.startswith(("10.1101/", "10.64898/"), start) and (version := _PREPRINT_VERSION.search(text, body, end)):
        end = version.start()
    if "oup.com/" in address.group().lower() and (number := _OXFORD_NUMBER.search(text, body, end)):
        end = number.start()
    return _without_stops(text, body, end)


def _doi_end(text: str, start: int) -> int:
    if m := _SICI_BODY.match(text, start):
        return start + len(m.group().rstrip(".,;:"))
    m = _DOI_BODY.match(text, start)
    if not m:
        return start
    end = m.end()
    while (gap := _GAP.match(text, end)) and (tail := _TAILS.get(text[end - 1])) and tail.match(text, gap.end()):
        more = _DOI_BODY.match(text, gap.end())
        if not more:
            break
        end = more.end()
    if glued := _GLUED.search(text, start, end):
        end = max(start, glued.start())
    return _without_stops(text, start, end)


def _without_stops(text: str, start: int, end: int) -> int:
    """The end of a DOI's body before the punctuation of its sentence, and brackets that were opened before it."""
    while end > start:
        last = text[end - 1]
        if last in ".,;:'’*·…" or (
            last in _CLOSERS and text.count(last, start, end) > text.count(_CLOSERS[last], start, end)
        ):
            end -= 1
        else:
            break
    return end


def valid_doi(doi: str) -> bool:
    """Whether the text has the form of a DOI (it may still not be registered).

    >>> valid_doi("10.1016/j.jcyt.2017.11.002"), valid_doi("1016/j.jcyt.2017.11.002")
    (True, False)
    """
    return bool(re.fullmatch(r"10\.\d{4,9}(?:\.\d{1,9}){0,3}/\S{1,300}", doi))


def link_doi(doi: str) -> str:
    """The https address of a DOI, percent-encoded.

    >>> link_doi("10.1002/(sici)1097<284::aid>3.0.co;2-0")
    'https://doi.org/10.1002/(sici)1097%3C284::aid%3E3.0.co;2-0'
    """
    return "https://doi.org/" + quote(doi, safe="/:;().,-_~@!$&'*+=") if doi else ""


_MALFORMED = re.compile(
    r"(?i)\bdoi(?:\.org)?\s?[:/ ]\s?(?!10\.\d{4})(?!https?:)([^\s,;\"<>]{2,12}/[^\s,;\"<>]{3,120})"
    r"|(?<![\d./])(1016/[js]\.?[^\s,;\"<>]{5,80})"
)


def find_malformed_dois(text: str) -> Iterator[Found]:
    """What is announced as a DOI but cannot be one ("doi: 1016/j.ymssp.2013.01.012", "doi:l0.1016/…").

    >>> [f.value for f in find_malformed_dois("Mech Syst 2013. doi: 1016/j.ymssp.2013.01.012.")]
    ['1016/j.ymssp.2013.01.012']
    """
    for m in _MALFORMED.finditer(text):
        group = 1 if m.group(1) else 2
        value = m.group(group).rstrip(".,;)]")
        yield Found(value, Span(m.start(group), m.start(group) + len(value)))


# O for 0 and l for 1 are what OCR and typists confuse (Zhu et al. 2019; Xu et al. 2019 list these slips).
_LOOKALIKES = {"o": "0", "0": "o", "l": "1", "1": "l", "i": "1", "5": "s", "s": "5", "8": "b", "b": "8"}


def doi_repairs(doi: str) -> tuple[str, ...]:
    """DOIs that one ordinary slip would explain, most likely first; none of them is known to exist.

    >>> "10.1186/s40824-021-00224-8" in doi_repairs("10.1186/s4o824-021-00224-8")
    True
    >>> doi_repairs("1016/j.ymssp.2013.01.012")[0]
    '10.1016/j.ymssp.2013.01.012'
    """
    doi = re.sub(r"\s+", "", doi.lower())
    out: list[str] = []
    if m := re.match(r"(?:[lio0-9]{0,2}\.)?(\d{4,5}/.+)$", doi):
        out.append("10." + m.group(1))
    if not doi.startswith("10."):
        return tuple(dict.fromkeys(x for x in out if valid_doi(x)))
    prefix, _, suffix = doi.partition("/")
    for tail in ("/full", "/abstract", "/pdf", ".pdf", "/epdf", "/meta", "/html", ".html", ".x", "."):
        if suffix.endswith(tail):
            out.append(doi[: -len(tail)])
    if m := re.match(r"(.+?)(?:pmid|pmcid|epub|https?)", suffix):
        out.append(f"{prefix}/{m.group(1).rstrip('.,;')}")
    for i, c in enumerate(suffix):
        if c in _LOOKALIKES and len(out) < 40:
            out.append(f"{prefix}/{suffix[:i]}{_LOOKALIKES[c]}{suffix[i + 1 :]}")
    return tuple(dict.fromkeys(x for x in out if valid_doi(x) and x != doi))


_PMID = re.compile(
    r"(?i)\b(?:pmid|pubmed(?:\s?id)?|medline)\s?[:#]?\s{0,3}(\d{4,8})(?!\d)|pubmed(?:\.ncbi\.nlm\.nih\.gov|/)/?(\d{4,8})"
)
_PMCID = re.compile(r"(?i)\b(pmc\s?\d{4,9})(?!\d)")
_ARXIV = re.compile(
    r"(?i)\barxiv\s?[:.]?\s?(?:preprint\s?(?:arxiv\s?[:.]?)?\s?)?(?:abs/)?(?:[a-z-]{2,10}\.[a-z]{2}/)?(\d{4}\s?\.\s?\d{4,5}(?:v\d{1,2})?|[a-z-]{2,10}(?:\.[a-z]{2})?\s?/\s?\d{7}(?:v\d{1,2})?)"
    r"|arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5}(?:v\d{1,2})?|[a-z.-]{2,15}/\d{7})"
    r"|\b((?:astro-ph|cond-mat|gr-qc|hep-(?:ex|lat|ph|th)|math-ph|nucl-(?:ex|th)|quant-ph|physics|math|cs|nlin|q-bio)(?:\.[a-z]{2})?\s?/\s?\d{7}(?:v\d{1,2})?)"
)
_ISBN = re.compile(r"(?i)\bisbn(?:-1[03])?\s?:?\s{0,3}((?:97[89][-\s]?)?\d(?:[-\s]?[\dx]){9})(?![\d])")
_URL = re.compile(r"(?i)\b(?:https?\s?:\s?//|ftp://|www\.)[^\s<>\"“”]{3,400}")


def find_pmid(text: str) -> Found | None:
    """The PubMed number announced in the text.

    >>> find_pmid("2018;20:291. PMID: 29434006; PMCID: PMC5812345.").value
    '29434006'
    """
    return _first(_PMID, text)


def find_pmcid(text: str) -> Found | None:
    """The PubMed Central number, as "PMC5812345"."""
    found = _first(_PMCID, text)
    return Found(found.value.upper().replace(" ", ""), found.span) if found else None


def find_arxiv(text: str) -> Found | None:
    """The arXiv number, without "arXiv:".

    >>> find_arxiv("arxiv:cs.LG/1301.0604").value
    '1301.0604'
    >>> find_arxiv("arXiv :1307.1808[ hep-ph]").value, find_arxiv("nucl-ex/0606008").value
    ('1307.1808', 'nucl-ex/0606008')
    """
    found = _first(_ARXIV, text)
    return Found(re.sub(r"\s", "", found.value), found.span) if found else None


def find_isbn(text: str) -> Found | None:
    """The ISBN announced in the text, digits only."""
    found = _first(_ISBN, text)
    return Found(re.sub(r"[-\s]", "", found.value).upper(), found.span) if found else None


# What follows an address, where the blank before it was lost.
_SEEN = re.compile(r"(?i)[(\[](?:last\s)?(?:accessed|retrieved|visited|viewed)")


def find_url(text: str) -> Found | None:
    """The first web address, without trailing punctuation.

    >>> find_url("Available from: https://www.who.int/x_y). Accessed").value
    'https://www.who.int/x_y'
    >>> find_url("https://www.who.int/x(accessed: May 2014)").value
    'https://www.who.int/x'
    """
    m = _URL.search(text)
    if not m:
        return None
    value = _SEEN.split(m.group(), maxsplit=1)[0]
    while value and (
        value[-1] in ".,;:'’" or (value[-1] in ")]" and value.count(value[-1]) > value.count("(["[value[-1] == "]"]))
    ):
        value = value[:-1]
    return Found(re.sub(r"\s", "", value), Span(m.start(), m.start() + len(value)))


def _first(pattern: re.Pattern[str], text: str) -> Found | None:
    m = pattern.search(text)
    if not m:
        return None
    group = next(i for i, g in enumerate(m.groups(), 1) if g)
    return Found(m.group(group), Span(*m.span(group)))
