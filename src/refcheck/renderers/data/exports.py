"""The records of the matched references, for a reference manager: BibTeX, CSL-JSON, RIS.

Only references with one certain record are written, in the order of the list; what is written is the record, not
what the manuscript prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from refcheck.identifiers import link_doi, valid_doi
from refcheck.model import Name, Reference, Report, Work
from refcheck.text import as_json, dashes, plain, printable, squeeze, words

# CSL type -> (BibTeX entry type, RIS type). BibTeX: "BibTeXing" (Patashnik 1988), section 3.1; RIS: the type list
# of Research Information Systems, 2012. Crossref's "posted-content" is CSL's "article".
_TYPES = {
    "article-journal": ("article", "JOUR"), "journal-article": ("article", "JOUR"), "article": ("misc", "UNPB"),
    "posted-content": ("misc", "UNPB"), "book": ("book", "BOOK"), "monograph": ("book", "BOOK"),
    "chapter": ("incollection", "CHAP"), "book-chapter": ("incollection", "CHAP"),
    "paper-conference": ("inproceedings", "CPAPER"), "proceedings-article": ("inproceedings", "CPAPER"),
    "thesis": ("phdthesis", "THES"), "dissertation": ("phdthesis", "THES"), "report": ("techreport", "RPRT"),
    "dataset": ("misc", "DATA"), "webpage": ("misc", "ELEC"),
}  # fmt: skip
_CSL = {
    "journal-article": "article-journal", "posted-content": "article", "monograph": "book", "book-chapter": "chapter",
    "proceedings-article": "paper-conference", "dissertation": "thesis", "": "article-journal",
}  # fmt: skip

# The ten characters that TeX reads as commands (The TeXbook, chapter 7), and what prints them.
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "%": r"\%", "$": r"\$", "&": r"\&", "#": r"\#",
        "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    }
)  # fmt: skip


def latex(text: str) -> str:
    """Foreign text for a BibTeX field: no character is left that TeX would take for a command.

    >>> latex(r"\\input{x} 5% & more")
    '\\\\textbackslash{}input\\\\{x\\\\} 5\\\\% \\\\& more'
    """
    return printable(squeeze(text)).translate(_LATEX)


def render_bibtex(report: Report) -> str:
    """The records as BibTeX entries; keys are those of the manuscript, else first author and year.

    >>> from refcheck.model import Manuscript
    >>> render_bibtex(Report(manuscript=Manuscript(name="m", text="")))
    ''
    """
    taken: set[str] = set()
    return "\n".join(_bibtex(work, _key(reference, work, taken)) for reference, work in _records(report))


def _bibtex(work: Work, key: str) -> str:
    kind = _TYPES.get(work.type, ("article" if work.container else "misc", ""))[0]
    home = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}.get(kind, "howpublished")
    fields = {
        "author": _people(work.authors),
        "editor": _people(work.editors),
        "title": _title(plain(work.title)),
        home: latex(plain(work.container)),
        "year": latex(work.year),
        "volume": latex(work.volume),
        "number": latex(work.issue),
        "pages": latex(dashes(work.pages)).replace("-", "--"),
        "publisher": latex(plain(work.publisher)),
        "edition": latex(work.edition),
        "isbn": latex(work.isbn),
        # `doi` is read verbatim by biblatex and by the styles that know it; one that could end the field is left out.
        "doi": work.doi if re.fullmatch(r"[^\s{}\\%#&~^$\"]+", printable(work.doi)) else "",
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{key},\n{body}}}\n"


def _title(title: str) -> str:
    """The title with the words in braces whose capitals a style must not lower."""
    return " ".join(
        f"{{{latex(word)}}}" if re.search(r"[^\W\d_a-z]", word[1:]) else latex(word)
        for word in printable(title).split()
    )  # fmt: skip


def _people(names: tuple[Name, ...]) -> str:
    out = []
    for name in names:
        family, given, suffix = (latex(plain(part)) for part in (name.family, name.given, name.suffix))
        if not given and not suffix:
            out.append(f"{{{family}}}" if " " in family or "," in family else family)
        else:
            family = f"{{{family}}}" if "," in family or " and " in family else family
            given = f"{{{given}}}" if "," in given or " and " in given else given
            out.append(", ".join(part for part in (family, suffix, given) if part))
    return " and ".join(out)


def _key(reference: Reference, work: Work, taken: set[str]) -> str:
    key = reference.key
    if not re.fullmatch(r"[A-Za-z0-9:._+/-]{1,80}", key):
        family = "".join(words(work.authors[0].family)) if work.authors else ""
        key = re.sub(r"[^a-z0-9]", "", family + work.year) or "ref"
    stem, n = key, 0
    while key in taken:
        n += 1
        key = stem + (chr(96 + n) if n <= 26 else f"-{n}")
    taken.add(key)
    return key


def render_csl_json(report: Report) -> str:
    """The records as CSL-JSON 1.0, as Zotero, pandoc and citeproc read it.

    >>> from refcheck.model import Manuscript
    >>> render_csl_json(Report(manuscript=Manuscript(name="m", text="")))
    '[]\\n'
    """
    taken: set[str] = set()
    items = [_csl(work, _key(reference, work, taken)) for reference, work in _records(report)]
    return as_json(items, indent=2) + "\n"


def _csl(work: Work, key: str) -> dict[str, Any]:
    item: dict[str, Any] = {"id": key, "type": _CSL.get(work.type, work.type)}
    for name, people in (("author", work.authors), ("editor", work.editors)):
        if people:
            item[name] = [_csl_name(n) for n in people]
    if year := re.match(r"\d{4}$", work.year):
        item["issued"] = {"date-parts": [[int(year.group())]]}
    values = {
        "title": work.title, "container-title": work.container, "volume": work.volume, "issue": work.issue,
        "page": work.pages, "DOI": work.doi, "PMID": work.pmid, "PMCID": work.pmcid, "ISBN": work.isbn,
        "publisher": work.publisher, "publisher-place": work.place, "edition": work.edition,
        "URL": work.url if work.url.startswith(("https://", "http://")) else "",
    }  # fmt: skip
    return item | {name: printable(plain(value)) for name, value in values.items() if value}


def _csl_name(name: Name) -> dict[str, str]:
    if not name.given and not name.suffix:
        return {"literal" if " " in name.family else "family": printable(name.family)}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {key: printable(value) for key, value in parts.items() if value}


def render_ris(report: Report) -> str:
    """The records as RIS, as EndNote, Zotero and Mendeley read it; lines end as the format asks (CR LF)."""
    return "\r\n".join(line for _, work in _records(report) for line in (*_ris(work), "")).replace("\ufffd", "")


def _ris(work: Work) -> Iterator[str]:
    kind = _TYPES.get(work.type, ("", "JOUR" if work.container else "GEN"))[1]
    first, _, last = dashes(work.pages).partition("-")
    tags = [("TY", kind)]
    tags += [("AU", ", ".join(p for p in (a.family, a.given, a.suffix) if p)) for a in work.authors]
    tags += [("ED", ", ".join(p for p in (e.family, e.given, e.suffix) if p)) for e in work.editors]
    tags += [
        ("TI", work.title), ("T2", work.container), ("PY", work.year), ("VL", work.volume), ("IS", work.issue),
        ("SP", first), ("EP", last), ("PB", work.publisher), ("CY", work.place), ("SN", work.isbn), ("DO", work.doi),
        ("UR", link_doi(work.doi) if valid_doi(work.doi) else ""),
    ]  # fmt: skip
    for tag, value in tags:
        if value := printable(squeeze(plain(value))):
            yield f"{tag}  - {value}"
    yield "ER  - "


def _records(report: Report) -> Iterator[tuple[Reference, Work]]:
    for match in report.matches:
        if match.work:
            yield match.reference, match.work
