"""Small, sound examples of every kind of input, all invented: what fuzzing begins from."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from refcheck.sources.http.cache import AnswerCache
from tests.readers.building import LIST, NAMESPACES, docx, field, lines, paragraph, pdf, raised, run

_FIELD = run("Skin heals."), raised("1"), field(' ADDIN CSL_CITATION {"citationItems": []}', run("[2]"))
_BODY = paragraph(*_FIELD)
_DOCUMENT = f"<w:document {NAMESPACES}><w:body>{_BODY}{LIST}</w:body></w:document>".encode()
_LINES = ["Skin heals [1, 2].", "", "References", "", "1. Lee A. Skin. Burns. 2020;1:2-9.", "2. Wu B. Hair. 2019."]


def in_word(part: bytes) -> bytes:
    """A Word file whose text is this."""
    return docx("", {"word/document.xml": part})


def _kept() -> bytes:
    """The file of a cache that holds one answer."""
    with tempfile.TemporaryDirectory() as folder:
        kept = AnswerCache(folder)
        kept.put("k", "record", {"DOI": "10.5555/skin"})
        kept.close()
        path = next(Path(folder).glob("*.sqlite"))
        whole = sqlite3.connect(path)
        whole.execute("PRAGMA journal_mode = DELETE")
        whole.execute("PRAGMA page_size = 512")
        whole.execute("VACUUM")
        whole.close()
        return path.read_bytes()


SAMPLES: Mapping[str, bytes] = {
    ".docx": docx(_BODY + LIST, {"word/footnotes.xml": f"<w:footnotes NS>{paragraph(run('x'))}</w:footnotes>"}),
    "document.xml": _DOCUMENT,
    ".pdf": pdf([lines(_LINES)]),
    ".tex": rb"\documentclass{article}\begin{document}Skin \cite{a,b}~\citep[p. 3]{c}. \begin{thebibliography}{9}"
    rb"\bibitem{a} Lee A. {\em Skin}. Burns \textbf{1}, 2 (2020).\bibitem[Wu(2019)]{b} Wu B. Hair.\end{thebibliography}"
    rb"\end{document}",
    ".bib": b'@string{b = "Burns"}\n@article{a, author={Lee, A. and Wu, B.}, title={{Skin} \\& "hair"}, journal = b, '
    b"year=2020, pages={2--9}}\n% a note\n@comment{x}",
    ".ris": b"TY  - JOUR\nAU  - Lee, A.\nTI  - Skin\nT2  - Burns\nPY  - 2020/03\nSP  - 2\nEP  - 9\nER  - \n",
    ".nbib": b"PMID- 123\nTI  - Skin and\n      hair\nFAU - Lee, Ann\nTA  - Burns\nDP  - 2020 Mar\nPG  - 2-9\n",
    ".json": b'[{"id": "a", "type": "article-journal", "title": "Skin", "author": [{"family": "Lee", "given": "A"}], '
    b'"issued": {"date-parts": [[2020, 3]]}, "page": "2-9"}]',
    ".jsonl": b'{"id": "a", "reference": "Lee A. Skin. Burns. 2020;1:2-9."}\n{"id": 7, "reference": "Wu B. Hair."}\n',
    ".html": b"<html><body><p>Skin<sup>1</sup></p><h2>References</h2><ol><li>Lee A. <i>Skin</i>. Burns. 2020;1:2.</ol>",
    ".xml": b"<article><front><article-meta><title-group><article-title>S</article-title></title-group></article-meta>"
    b"</front><body><p>Skin [<xref ref-type='bibr' rid='B1'>1</xref>].</p></body><back><ref-list><ref id='B1'><label>1"
    b"</label><element-citation><person-group><name><surname>Lee</surname></name></person-group><article-title>Skin"
    b"</article-title><source>Burns</source><year>2020</year><fpage>2</fpage></element-citation></ref></ref-list></back>"
    b"</article>",
    ".md": b"---\ntitle: Skin\n---\nSkin heals [@lee; @wu2019, p. 3] and (1, 2).\n\n# References\n\n1. Lee A. *Skin*. "
    b"Burns. 2020;1:2-9.\n2. Wu B. Hair.\n",
    ".txt": "\n".join(_LINES).encode(),
    "cache": _kept(),
}

TEXTS: tuple[bytes, ...] = (
    b"3. Lee A, Kim B, et al. Exosomes in skin repair. Burns. 2020;1(2):3-9. doi:10.5555/skin",
    b"Rossi, A.; Okafor, D. Hair and scars. J. Invent. Skin 2019, 7, 11\xe2\x80\x9319. https://doi.org/10.5555/h(2)1",
    b"WHO. Burns [Internet]. Geneva; 2018 [cited 2020 May 3]. ISBN 978-3-16-148410-0. PMID: 123456. PMC1234567",
    "Müller-Lüdenscheidt Ä. Über Haut. arXiv:2001.00001v2; 2020.".encode(),
)

_RECORD: dict[str, Any] = {
    "DOI": "10.5555/skin", "type": "journal-article", "title": ["Exosomes in skin repair"],
    "author": [{"family": "Lee", "given": "Ann"}, {"name": "Skin Group"}], "container-title": ["Burns"],
    "volume": "1", "issue": "2", "page": "3-9", "issued": {"date-parts": [[2020, 3]]},
    "update-to": [{"DOI": "10.5555/old", "type": "correction", "updated": {"date-parts": [[2021]]}}],
}  # fmt: skip


def _json(*values: Any) -> tuple[bytes, ...]:
    return tuple(json.dumps(v).encode() for v in values)


@cache
def _ok(kind: str, message: str) -> Any:
    return {"status": "ok", "message-type": kind, "message": json.loads(message)}


_ITEMS = json.dumps({"items": [_RECORD], "total-results": 1})
_DATACITE = {
    "doi": "10.48550/arxiv.2001.00001", "titles": [{"title": "Hair"}], "creators": [{"name": "Lee, Ann"}],
    "publicationYear": 2020, "publisher": "arXiv", "types": {"resourceTypeGeneral": "Preprint"}, "container": {},
}  # fmt: skip
_SUMMARY = {
    "uid": "12345", "title": "Exosomes in skin repair.", "pubdate": "2020 Mar", "epubdate": "2019 Dec 24",
    "source": "Burns", "authors": [{"name": "Lee A", "authtype": "Author"}], "volume": "1", "issue": "2",
    "pages": "3-9", "articleids": [{"idtype": "doi", "value": "10.5555/skin"}], "pubtype": ["Journal Article"],
}  # fmt: skip
_EUROPEPMC = {
    "pmid": "12345", "doi": "10.5555/skin", "title": "Exosomes in skin repair.", "authorString": "Lee A, Kim B.",
    "journalTitle": "Burns", "journalVolume": "1", "issue": "2", "pageInfo": "3-9", "pubYear": "2020",
}  # fmt: skip

PAYLOADS: Mapping[str, tuple[bytes, ...]] = {
    "record": _json(_RECORD),
    "crossref": _json(_ok("work", json.dumps(_RECORD)), _ok("work-list", _ITEMS)),
    "doi.org": _json(
        [{"DOI": "10.5555/skin", "RA": "Crossref"}, {"DOI": "10.48550/arxiv.2001.00001", "RA": "DataCite"}],
        [{"DOI": "10.5555/skin", "status": "DOI does not exist"}],
    ),
    "datacite": _json({"data": {"attributes": _DATACITE}}, {"data": [{"attributes": _DATACITE}]}),
    "pubmed": (
        *_json({"result": {"uids": ["12345"], "12345": _SUMMARY}}, {"esearchresult": {"idlist": ["12345"]}}),
        b"Burns|2020|1|3|Lee A|ref|12345\n",
    ),
    "europepmc": _json({"resultList": {"result": [_EUROPEPMC]}}),
    "opensearch": _json(
        {"hits": {"hits": [{"_score": 3.0, "_source": {"record": _RECORD}}]}},
        {"docs": [{"found": True, "_id": "10.5555/skin", "_source": {"record": _RECORD}}]},
    ),
}
