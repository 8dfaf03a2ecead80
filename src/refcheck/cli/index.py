"""`refcheck index`: Crossref records on disk, searchable without the network."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from refcheck.cli import streams
from refcheck.cli.options import Subparsers, command
from refcheck.cli.outcomes import CLEAN
from refcheck.cli.sources import open_cluster

_HELP = """\
examples:
  refcheck index build April2026/*.json.gz --out crossref-index
  refcheck index info crossref-index
  refcheck index load April2026/*.json.gz --into https://search.example.org:9200/refcheck-works --shards 6
  refcheck check manuscript.docx --index crossref-index"""


def declare(commands: Subparsers) -> None:
    """The command `refcheck index` and its arguments."""
    p = command(commands, run, "index", "keep Crossref records on disk, searchable without the network", _HELP)
    actions = p.add_subparsers(dest="action", metavar="ACTION", required=True)
    build = actions.add_parser("build", help="read record files into an index; goes on where it was interrupted")
    build.add_argument(
        "files", nargs="+", metavar="FILE", type=Path, help="Crossref records: .json(.gz), .jsonl(.gz), or a folder"
    )
    build.add_argument("--out", required=True, metavar="DIR", type=Path, help="the folder of the index")
    load = actions.add_parser("load", help="read record files into an index on an OpenSearch cluster")
    load.add_argument("files", nargs="+", metavar="FILE", type=Path, help="Crossref records, as for build")
    load.add_argument("--into", required=True, metavar="URL", help="https://host:9200/name, as for --opensearch")
    load.add_argument("--shards", type=int, default=1, metavar="N", help="parts of a new index (default: 1)")
    load.add_argument("--replicas", type=int, default=1, metavar="N", help="copies of each (default: 1)")
    info = actions.add_parser("info", help="say what an index holds")
    info.add_argument("dir", metavar="DIR", type=Path)


def run(a: Namespace) -> int:
    """Build an index, or say what it holds."""
    from refcheck.sources import Index, build_index

    if a.action == "info":
        index = Index(a.dir)
        streams.show(f"{a.dir}: {len(index):,} records")
        return CLEAN
    where = a.out if a.action == "build" else "the cluster"
    with streams.progress("indexing") as move:
        if a.action == "load":
            cluster = open_cluster(a.into)
            built = cluster.load(
                a.files, shards=a.shards, replicas=a.replicas, progress=lambda records, done, size: move(done, size)
            )
        else:
            built = build_index(a.files, a.out, progress=lambda records, done, size: move(done, size))
    for problem in built.problems:
        streams.say(problem)
    skipped = f"; {built.skipped_files} files were there already" if built.skipped_files else ""
    streams.show(f"{where}: {built.records:,} records read, {built.documents:,} in the index{skipped}")
    return CLEAN
