"""A full-text index of Crossref records, in memory or on disk: tantivy, with block-max top-k (see docs/decisions).

`Shelf` is an open index as a source; `Index` is one that stands in a folder. How a folder is built is in `building`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import tantivy
from tantivy import Occur

from refcheck.errors import IndexUnusable, SourceUnavailable
from refcheck.identifiers import valid_doi
from refcheck.model import Enquiry, Identified, Query, Reference, Work
from refcheck.sources.corpus.mapping import Terms, encodable, informative, terms
from refcheck.sources.record import record_stamp, record_work

#: Changes whenever what is indexed or kept changes; an index of another version is refused.
FORMAT = 1
MANIFEST = "manifest.json"
#: Candidates that a search returns; the record meant is among the first five of them in 99.9 % of references
#: extracted from PDFs (benchmarks/index.py).
CANDIDATES = 8
#: Weight of a printed place (volume and first page) beside a word of the title. A place is so rare that even half its
#: weight finds entries without a title; at full weight it outranks the title where a page is misprinted
#: (measured with benchmarks/index.py: 0.25 to 0.5 lose nothing, 1.0 and more lose first places).
LOCATOR_BOOST = 0.5
#: Share of the best score below which a record is no candidate. A record that is meant and does not come first has at
#: least six tenths of it (measured with benchmarks/index.py), so a clear winner is compared with few others.
NEAR = 0.3
# Words in more than 1 % of the records are asked for only among the eight rarest of an entry. In a million records this
# halves the time of a search and loses nothing (measured with benchmarks/index.py; in small files nothing is common).
_COMMON_SHARE, _COMMON_LEAST, _RAREST = 0.01, 1000, 8
_decode = msgspec.json.Decoder().decode


def schema() -> Any:
    """The fields of the index; only the record itself is stored."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("doi", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("words", tokenizer_name="words", index_option="freq")
    builder.add_text_field("locator", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("record", stored=True)
    return builder.build()


def words_analyzer() -> Any:
    """Cuts folded text into words; used for records and for queries, so that both agree."""
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).build()


class Shelf:
    """An open index as a source: nothing leaves the machine. Safe to call from several threads."""

    concurrency = 1  # most of a search is Python: threads would only wait for each other

    def __init__(self, index: Any, name: str) -> None:
        self.name = name
        self._schema = index.schema
        self._searcher = index.searcher()
        self._analyzer = words_analyzer()

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def identify(self, references: Sequence[Reference]) -> Identified:
        """The works that the printed DOIs name; a DOI that is not here is `unknown`."""
        dois = dict.fromkeys(r.doi.lower() for r in references if valid_doi(r.doi))
        works = {doi: work for doi in dois if (work := self.work(doi)) is not None}
        return Identified(works=works, unknown=frozenset(d for d in dois if d not in works))

    def work(self, doi: str) -> Work | None:
        """The work with this DOI."""
        query = tantivy.Query.term_query(self._schema, "doi", encodable(doi.lower()), "basic")
        with self._undamaged():
            found = self._works(query, 4, 0.0)
        return found[0] if found else None

    def search(self, query: Query) -> Sequence[Work]:
        """The records that have most in common with the query, best first. No text raises."""
        asked = terms(query)
        near = 0.0 if query.kind == "locator" else NEAR
        with self._undamaged():
            built = self._locator_query(asked) if query.kind == "locator" else self._words_query(asked)
            return self._works(built, CANDIDATES, near) if built is not None else ()

    def enquiry(self) -> Enquiry:
        """Nothing is asked of anybody."""
        return Enquiry(source=self.name)

    @contextmanager
    def _undamaged(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            if not is_damage(error):
                raise
            raise SourceUnavailable(self.name, f"the index is damaged ({error}); build it anew") from error

    def _words_query(self, asked: Terms) -> Any:
        parts = [(Occur.Should, self._term("words", w, "freq")) for w in self._worth_asking(asked.words)]
        parts += [(Occur.Should, self._place(place)) for place in asked.locators]
        return tantivy.Query.boolean_query(parts) if parts else None

    def _locator_query(self, asked: Terms) -> Any:
        places = [(Occur.Should, self._place(place)) for place in asked.locators]
        if not places:
            return None
        parts = [(Occur.Must, tantivy.Query.boolean_query(places))]
        parts += [(Occur.Should, self._term("words", w, "freq")) for w in self._worth_asking(asked.words)]
        return tantivy.Query.boolean_query(parts)

    def _worth_asking(self, text: str) -> list[str]:
        """The words that the index holds, without those so common that they cost much and tell little."""
        searcher = self._searcher
        known = [(n, w) for w in informative(self._analyzer.analyze(text)) if (n := searcher.doc_freq("words", w))]
        common = max(_COMMON_SHARE * searcher.num_docs, _COMMON_LEAST)
        known.sort()
        return [w for i, (n, w) in enumerate(known) if i < _RAREST or n < common]

    def _place(self, place: str) -> Any:
        return tantivy.Query.boost_query(self._term("locator", place, "basic"), LOCATOR_BOOST)

    def _term(self, field: str, value: str, option: str) -> Any:
        return tantivy.Query.term_query(self._schema, field, value, option)

    def _works(self, query: Any, limit: int, near: float) -> tuple[Work, ...]:
        searcher = self._searcher
        best: dict[str, tuple[int, Mapping[str, Any]]] = {}
        hits = searcher.search(query, limit, count=False).hits
        for score, address in hits:
            if score < near * hits[0][0]:
                break
            message = _decode(searcher.doc(address).get_first("record"))
            # An update leaves the older copy in place until it is merged away: the newer one counts.
            doi, stamp = str(message.get("DOI", address)).lower(), record_stamp(message)
            if doi not in best or best[doi][0] < stamp:
                best[doi] = (stamp, message)
        return tuple(record_work(message, self.name) for _, message in best.values())


class Index(Shelf):
    """An index that `build_index` wrote into a folder.

    `problems` says in sentences what was wrong with the files it was built from. Raises IndexUnusable where the folder
    holds no index, one of another version, or one that is not finished.
    """

    def __init__(self, folder: str | Path, name: str = "index") -> None:
        folder = Path(folder)
        self.folder = folder
        self.manifest = read_manifest(folder)
        if not self.manifest.get("complete"):
            raise IndexUnusable(f"The index in {folder} is not finished: run the same `refcheck index build` again.")
        self.problems = tuple(self.manifest.get("problems", ()))
        super().__init__(open_index(folder), name)


def open_index(folder: Path) -> Any:
    """The tantivy index in the folder, with our way of cutting words."""
    try:
        index = tantivy.Index.open(str(folder))
        index.searcher()
    except BaseException as error:
        if not is_damage(error):
            raise
        raise IndexUnusable(
            f"The index in {folder} is damaged, or of another version of tantivy ({error}): "
            "delete the folder and build it anew."
        ) from error
    return prepared(index)


def is_damage(error: BaseException) -> bool:
    """Whether this is how tantivy reports bytes that cannot be an index: some of them make it panic."""
    return isinstance(error, ValueError | OSError) or type(error).__name__ == "PanicException"


def prepared(index: Any) -> Any:
    """The index with our way of cutting words; what it shows changes only when asked to (no thread watches it)."""
    index.register_tokenizer("words", words_analyzer())
    index.config_reader("manual")
    return index


def read_manifest(folder: Path) -> dict[str, Any]:
    """What the folder says about itself. Raises IndexUnusable for a foreign folder or another version."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        what = "holds no index of refcheck" if folder.is_dir() else "does not exist"
        raise IndexUnusable(f"{folder} {what}: build one with `refcheck index build FILES --out DIR`.") from error
    except (OSError, ValueError) as error:
        raise IndexUnusable(
            f"The manifest of the index in {folder} cannot be read ({error}): build it anew."
        ) from error
    if not isinstance(manifest, dict) or manifest.get("format") != "refcheck-index":
        raise IndexUnusable(f"{folder} holds no index of refcheck: its {MANIFEST} is something else's.")
    if manifest.get("version") != FORMAT:
        raise IndexUnusable(
            f"The index in {folder} has format {manifest.get('version')}, this refcheck reads format {FORMAT}: "
            "build it anew, or use the refcheck that built it."
        )
    return manifest
