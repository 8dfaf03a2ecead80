"""What kind of work an entry seems to be, in CSL's words."""

from __future__ import annotations

import re
from collections.abc import Mapping


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "thesis",
        _any(r"(?i:\bph\.?\s?d\.?\b|\bthes[ie]s\b|\bdissertation\b|\bthèse\b|\bhabilitation\b|\bdiplomarbeit\b)"),
    ),
    ("standard", _any(r"\b(?:ISO|IEC|ASTM|DIN|ANSI|IEEE Std|NF EN)[\s/-]{1,3}(?:[A-Z]{1,4}\s)?[A-Z]?\d{2,6}")),
    ("patent", _any(r"(?i:\bpatent\b)", r"\bUS\d{7}\b")),
    (
        "legislation",
        _any(
            r"(?i:\b(?:directive|regulation) \(?(?:eu|ec|eec)\b)",
            r"(?i:\bact of (?:parliament|\d{4})|\bpublic law\b|\bpub\. ?l\. ?no)",
            r"\bU\.?S\.?C\.? ?§|\bC\.?F\.?R\.?\s(?:§|part)|\bBGBl\b",
            r"(?i:\bfederal register\b|\bofficial journal of the european)",
        ),
    ),
    ("dataset", _any(r"(?i:\bdata ?set\b|\bzenodo\b|\bfigshare\b|\bdryad\b|\bgenbank\b)")),
    (
        "software",
        _any(
            r"(?i:\[(?:computer )?(?:software|program)\b|\br package\b|\bversion \d{1,3}\.\d)",
            r"(?i:\bgithub\.com\b|\bibm corp\b)",
        ),
    ),
)
_PREPRINT = re.compile(r"(?i)\b(?:arxiv|biorxiv|medrxiv|chemrxiv|ssrn|preprints?(?:\.org)?|research square|osf)\b")
_MEETING = re.compile(
    r"(?i)\b(?:proc(?:eedings|\.)?|conf(?:erence|\.)|symp(?:osium|\.)|workshop|meeting|congress|kongress|colloque|actes)\b"
)
_REPORT = re.compile(r"(?i)\breport\b|\btechnical\b|\bmemo|\bworking paper\b|\bwhite paper\b|\brapport\b|\bguidance\b")


def guess(values: Mapping[str, str], readable: str, authored: bool) -> str:
    """The CSL type that the fields and the wording suggest; "" where nothing does.

    >>> guess({"title": "Wound care", "container": "Lancet", "volume": "5", "year": "2020"}, "Lancet 2020;5", True)
    'article-journal'
    >>> guess({"title": "On wounds", "publisher": "Univ. of Lund", "genre": "PhD thesis"}, "PhD thesis, Lund", True)
    'thesis'
    """
    container = values.get("container", "")
    located = bool(values.get("volume") or values.get("issue") or values.get("pages"))
    genre = values.get("genre", "")
    if container and _PREPRINT.search(container):
        return "article"
    if container and located and values.get("volume") and not genre:
        if _MEETING.search(container) and not re.match(
            r"(?i)proc(?:eedings|\.)? (?:of the )?(?:nat|roy|r\.? soc)", container
        ):
            return "paper-conference"
        return "article-journal"
    outside = readable.replace(values["title"], " ") if values.get("title") else readable
    for kind, sign in _SIGNS:
        if sign.search(outside if kind != "standard" else readable) and not (container and located):
            return kind
    if not container and (values.get("arxiv") or _PREPRINT.search(outside)):
        return "article"
    if container:
        if _MEETING.search(container):
            return "paper-conference"
        return (
            "chapter"
            if values.get("publisher") or values.get("place")
            else "article-journal"
            if located or authored
            else "chapter"
        )
    if values.get("volume") and values.get("pages"):
        return "article-journal"
    if genre and _REPORT.search(genre):
        return "report"
    if values.get("publisher") or values.get("place") or values.get("isbn"):
        return "report" if _REPORT.search(outside) else "book"
    if values.get("url"):
        return "webpage"
    return "article" if values.get("doi") and not located else ""
