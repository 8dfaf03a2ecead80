"""The same index on an OpenSearch cluster, for more records than one machine should hold.

Sharding, replication and recovery are OpenSearch's. The documents, the words and the query are those of the index on
disk (`mapping`), cut into words here, so that the cluster only splits at blanks and both sides agree by construction.
Bodies follow the REST reference of OpenSearch 2 and 3: _bulk, _mget, _search (https://docs.opensearch.org).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from refcheck.errors import SourceUnavailable, UnreadableInput, UsageError
from refcheck.identifiers import valid_doi
from refcheck.model import Enquiry, Identified, Query, Reference, Work
from refcheck.sources.corpus.building import Built
from refcheck.sources.corpus.index import CANDIDATES, LOCATOR_BOOST, NEAR, words_analyzer
from refcheck.sources.corpus.mapping import encodable, entry, informative, terms
from refcheck.sources.corpus.reading import Progress, read_files, record_files
from refcheck.sources.record import record_work

#: DOIs in one _mget, and documents in one _bulk (about 1 MB: the size that OpenSearch's own advice starts from).
_TOGETHER = 500
_BULK = 1000
_CONFLICT = 409  # status of a document that is there already, and as new


def index_body(shards: int = 1, replicas: int = 1) -> dict[str, Any]:
    """Settings and mapping of the index; the id of a document is its DOI in lower case.

    >>> sorted(index_body()["mappings"]["properties"])
    ['locator', 'record', 'words']
    """
    return {
        "settings": {"index": {"number_of_shards": shards, "number_of_replicas": replicas}},
        "mappings": {
            "dynamic": "strict",
            "properties": {
                "words": {"type": "text", "analyzer": "whitespace", "index_options": "freqs"},
                "locator": {"type": "keyword"},
                "record": {"type": "object", "enabled": False},
            },
        },
    }


def query_body(query: Query) -> dict[str, Any] | None:
    """The body of the search; None where there is nothing to ask for."""
    asked = terms(query)
    words = informative(words_analyzer().analyze(asked.words))
    places = [{"term": {"locator": {"value": place, "boost": LOCATOR_BOOST}}} for place in asked.locators]
    should = [{"match": {"words": {"query": " ".join(words)}}}] if words else []
    if query.kind == "locator":
        if not places:
            return None
        found: dict[str, Any] = {"must": [{"bool": {"should": places}}], "should": should}
    elif should or places:
        found = {"should": [*should, *places]}
    else:
        return None
    return {"size": CANDIDATES, "track_total_hits": False, "_source": ["record"], "query": {"bool": found}}


class OpenSearch:
    """An OpenSearch index as a source. Safe to call from several threads.

    hosts    addresses, as `opensearchpy.OpenSearch` takes them: "https://user:password@search.example.org:9200"
    index    name of the index
    client   a client that was made elsewhere (other authentication); `hosts` is not looked at then

    Raises UsageError when opensearch-py is not installed.
    """

    concurrency = 8

    def __init__(
        self,
        hosts: str | Sequence[str] = "http://localhost:9200",
        index: str = "refcheck-works",
        *,
        client: Any = None,
        name: str = "opensearch",
        timeout: float = 30.0,
    ) -> None:
        try:
            import opensearchpy
        except ImportError as error:
            raise UsageError("OpenSearch needs its client: pip install 'manuscript-refcheck[opensearch]'.") from error
        self.name = name
        self.index = index
        self._failures = opensearchpy.exceptions.OpenSearchException
        self._client = client or opensearchpy.OpenSearch(
            [hosts] if isinstance(hosts, str) else list(hosts), timeout=timeout, max_retries=2, retry_on_timeout=True
        )
        self._analyzer = words_analyzer()
        self._asked = 0
        self._failed = 0

    def identify(self, references: Sequence[Reference]) -> Identified:
        """The works that the printed DOIs name; one request for 500 of them."""
        dois = list(dict.fromkeys(r.doi.lower() for r in references if valid_doi(r.doi)))
        works: dict[str, Work] = {}
        unanswered: dict[str, str] = {}
        for start in range(0, len(dois), _TOGETHER):
            some = dois[start : start + _TOGETHER]
            try:
                works.update(self._named(some))
            except SourceUnavailable as error:
                unanswered.update(dict.fromkeys(some, error.reason))
        absent = frozenset(d for d in dois if d not in works and d not in unanswered)
        return Identified(works=works, unknown=absent, unanswered=unanswered)

    def _named(self, dois: Sequence[str]) -> dict[str, Work]:
        ids = [encodable(doi) for doi in dois]
        answer = self._told(self._client.mget, body={"ids": ids}, index=self.index, _source=["record"])
        documents = _rows(answer.get("docs"))
        if documents is None or len(documents) != len(dois):
            raise self._unusable("the answer does not cover what was asked")
        works = {}
        for doi, document in zip(dois, documents, strict=True):
            if "error" in document:
                raise self._unusable("a document could not be read")
            if document.get("found"):
                works[doi] = self._work(document)
        return works

    def search(self, query: Query) -> Sequence[Work]:
        """The records that have most in common with the query, best first."""
        body = query_body(query)
        if body is None:
            return ()
        answer = self._told(self._client.search, body=body, index=self.index)
        # What some shards found is not what there is: absence would be claimed of records that were not asked.
        shards, found = answer.get("_shards"), answer.get("hits")
        if answer.get("timed_out") or (isinstance(shards, dict) and shards.get("failed")):
            raise self._unusable("not every shard answered")
        hits = _rows(found.get("hits")) if isinstance(found, dict) else None
        if hits is None:
            raise self._unusable("the answer holds no list of hits")
        if hits and query.kind != "locator":
            least = NEAR * _score(hits[0])
            hits = [hit for hit in hits if _score(hit) >= least]
        return tuple(self._work(hit) for hit in hits)

    def enquiry(self) -> Enquiry:
        """What was asked of the cluster so far."""
        return Enquiry(source=self.name, requests=self._asked, failed=self._failed)

    def load(
        self,
        paths: Iterable[str | Path],
        *,
        shards: int = 1,
        replicas: int = 1,
        progress: Progress | None = None,
    ) -> Built:
        """Load record files (and folders of them) into the index, which is created where it does not exist.

        Of two copies of a record the one that Crossref indexed later counts: its time is the document's external
        version, and the cluster itself refuses an older one. Raises SourceUnavailable when the cluster cannot take
        the documents, UnreadableInput when there is no record in any file.
        """
        files = record_files(paths)
        problems: list[str] = []
        read = 0

        def actions() -> Iterator[dict[str, Any]]:
            nonlocal read
            for message in read_files(files, problems, progress):
                read += 1
                yield self._action(message)

        if not self._ask(self._client.indices.exists, index=self.index):
            self._ask(self._client.indices.create, index=self.index, body=index_body(shards, replicas))
        self._ask(self._fill, actions=actions())
        self._ask(self._client.indices.refresh, index=self.index)
        documents = int(self._ask(self._client.count, index=self.index).get("count", 0))
        if not read:
            raise UnreadableInput(" ".join(problems) or "There is no Crossref record in these files.")
        return Built(records=read, documents=documents, problems=tuple(problems))

    def _fill(self, actions: Iterator[dict[str, Any]]) -> None:
        from opensearchpy import helpers

        for ok, result in helpers.streaming_bulk(
            self._client, actions, chunk_size=_BULK, max_retries=5, raise_on_error=False
        ):
            told = result.get("index", {})
            if not ok and told.get("status") != _CONFLICT:
                raise self._unusable(f"it refused {told.get('_id')}: {told.get('error')}")

    def _action(self, message: Mapping[str, Any]) -> dict[str, Any]:
        item = entry(message)
        return {
            "_op_type": "index",
            "_index": self.index,
            "_id": item.doi,
            "version": max(item.stamp, 1),
            "version_type": "external",
            "_source": {
                "words": " ".join(self._analyzer.analyze(item.words)),
                "locator": list(item.locators),
                "record": message,
            },
        }

    def _work(self, document: Mapping[str, Any]) -> Work:
        source = document.get("_source")
        record = source.get("record") if isinstance(source, dict) else None
        if isinstance(record, dict):
            return record_work(record, self.name)
        raise self._unusable("it answered with a document that is not refcheck's")

    def _ask(self, call: Any, **arguments: Any) -> Any:
        self._asked += 1
        try:
            return call(**arguments)
        except self._failures as error:
            reason = _reason(error)
        # Outside of the handler: the cluster's address, which may hold a password, is in the client's own error.
        raise self._unusable(reason)

    def _told(self, call: Any, **arguments: Any) -> Mapping[str, Any]:
        answer = self._ask(call, **arguments)
        if not isinstance(answer, dict):  # a page of a balancer comes as text
            raise self._unusable("it answered with something that is no JSON object")
        return answer

    def _unusable(self, reason: str) -> SourceUnavailable:
        self._failed += 1
        return SourceUnavailable(self.name, reason)


def _rows(value: Any) -> list[dict[str, Any]] | None:
    """A list of objects; None for anything else."""
    return value if isinstance(value, list) and all(isinstance(row, dict) for row in value) else None


def _score(hit: Mapping[str, Any]) -> float:
    score = hit.get("_score")
    return score if isinstance(score, int | float) else 0.0


def _reason(error: Any) -> str:
    """Why the cluster did not answer, without its address."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return f"it answered {status} ({error.error})"
    if status == "TIMEOUT":
        return "no answer came in time"
    return "no connection could be made, or it broke off" if status else "the answer could not be read"
