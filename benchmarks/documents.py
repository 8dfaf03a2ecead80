"""Write manuscripts out as Word and PDF files, read them back, and count what was lost.

    python benchmarks/documents.py FOLDER [--only jats,docx-plain,…] [--limit N] [--show]

FOLDER holds text/NAME.txt, truth/NAME.json and jats/NAME.xml: a flattened manuscript; its references (number, text,
start, end) and callouts (start, end, numbers, superscript) as offsets into that text; and the original. Each manuscript
is written in the forms of `WRITERS`, read by `refcheck.read`, and compared by numbers: a reference is right when its
number and its letters and digits are (0.95 of them, for renderers that lose a glyph); callouts are compared as
sequences of number sets, by their longest common subsequence. Callouts of author-year articles are not scored.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import document_writers as writers
from rapidfuzz.distance import LCSseq, Levenshtein

import refcheck
from refcheck.text import compact

AUTHOR_YEAR = re.compile(r"\D*(?:1[89]|20)\d\d")


class Score(NamedTuple):
    """Right, read and true, of references and callouts."""

    references: tuple[int, int, int] = (0, 0, 0)
    callouts: tuple[int, int, int] = (0, 0, 0)

    def plus(self, other: Score) -> Score:
        return Score(
            *(tuple(a + b for a, b in zip(x, y, strict=True)) for x, y in zip(self, other, strict=True))  # type: ignore[arg-type]
        )


def f1(counts: tuple[int, int, int]) -> float:
    right, read, true = counts
    return 200 * right / max(1, read + true)


def same_text(printed: str, true: str) -> bool:
    a, b = compact(printed), compact(true)
    return a == b or Levenshtein.normalized_similarity(a, b) >= 0.95 or (len(a) < 1.5 * len(b) and b in a)


IDENTIFIER = re.compile(
    r"(?:available (?:from|at):?\s*)?(?:doi:?|pmid:?|pmcid:?)?\s*(?:https?://\S+|10\.\d{4,9}/\S+|(?<=PMID: )\d+)", re.I
)


def bare(text: str) -> str:
    """Without identifiers and links, which the flattened text leaves out."""
    return IDENTIFIER.sub("", text)


def bodies(manuscript: refcheck.Manuscript) -> dict[int | None, refcheck.Reference]:
    """The entries by number."""
    return {r.number: r for r in manuscript.references}


def same_reference(read: refcheck.Reference | None, true: dict[str, Any], *, tagged: bool) -> bool:
    """By its text without the label; where the source gives tagged fields only, by these."""
    if read is None:
        return False
    whole = [read, *read.parts]
    raws = [bare(r.raw.removeprefix(r.label).strip()) for r in whole]
    if any(same_text(raw, bare(text)) for raw in raws for text in (true["text"], true["text_raw"])):
        return True
    fields = true.get("fields") or {}
    people = fields.get("authors") or [{}]
    values = [fields.get(f) or "" for f in ("title", "container", "year", "volume")]
    values.append(people[0].get("family") or people[0].get("literal") or "")
    return tagged and any(values) and all(compact(v) in compact(read.raw) for v in values)


def groups(manuscript: refcheck.Manuscript) -> list[tuple[int, ...]]:
    """The callouts of the running text: the flattened texts lack the originals' tables, figures and appendices."""
    floats = {"table", "legend", "footnotes", "appendix"} if manuscript.format == "jats" else set()
    return [tuple(sorted(set(c.numbers))) for c in manuscript.callouts if c.region not in floats]


def score(manuscript: refcheck.Manuscript, truth: dict[str, Any]) -> Score:
    read = bodies(manuscript)
    tagged = manuscript.format == "jats"
    right = sum(same_reference(read.get(r["number"]), r, tagged=tagged) for r in truth["references"])
    true = [tuple(sorted(set(c["numbers"]))) for c in truth["callouts"] if c["numbers"]]
    dated = sum(bool(AUTHOR_YEAR.match(c["text"])) for c in truth["callouts"])
    found = groups(manuscript)
    references = (right, len(manuscript.references), len(truth["references"]))
    if dated > len(true) / 2:
        return Score(references)
    return Score(references, (LCSseq.similarity(found, true), len(found), len(true)))


def misses(manuscript: refcheck.Manuscript, truth: dict[str, Any]) -> list[str]:
    """What was lost, in words."""
    read = bodies(manuscript)
    out = [
        f"  reference {r['number']}: {read[r['number']].raw if r['number'] in read else None!r} for {r['text']!r}"
        for r in truth["references"]
        if not same_reference(read.get(r["number"]), r, tagged=manuscript.format == "jats")
    ]
    true = [tuple(sorted(set(c["numbers"]))) for c in truth["callouts"] if c["numbers"]]
    found = groups(manuscript)
    for op in LCSseq.opcodes(found, true):
        if op.tag != "equal":
            at = manuscript.callouts[min(op.src_start, len(found) - 1)].span.start if found else 0
            near = manuscript.text[max(0, at - 40) : at + 40]
            out.append(
                f"  callouts {found[op.src_start : op.src_end]} for {true[op.dest_start : op.dest_end]}: {near!r}"
            )
    return out


def original(article: writers.Article) -> bytes:
    return (article.folder / "jats" / f"{article.name}.xml").read_bytes()


def flattened(article: writers.Article) -> bytes:
    return article.text.encode()


WRITERS: dict[str, tuple[str, Callable[[writers.Article], bytes]]] = {
    "jats": (".xml", original),
    "text": (".txt", flattened),
    "docx-plain": (".docx", writers.docx_plain),
    "docx-styled": (".docx", writers.docx_styled),
    "docx-raw": (".docx", writers.docx_raw),
    "docx-fields": (".docx", writers.docx_fields),
    "pdf-one": (".pdf", writers.pdf_one_column),
    "pdf-two": (".pdf", writers.pdf_two_columns),
    "pdf-review": (".pdf", writers.pdf_for_review),
}
if shutil.which("soffice"):
    WRITERS["pdf-office"] = (".pdf", writers.pdf_office)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default=",".join(WRITERS))
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--match", default="")
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args(argv)
    paths = sorted(p for p in (arguments.folder / "truth").glob("*.json") if arguments.match in p.name)
    for form in arguments.only.split(","):
        suffix, write = WRITERS[form]
        total = Score()
        perfect = unread = 0
        seconds: list[float] = []
        for path in paths[: arguments.limit]:
            article = writers.load(arguments.folder, path.stem)
            data = write(article)
            begun = time.perf_counter()
            try:
                manuscript = refcheck.read(data, name=f"{article.name}{suffix}")
            except refcheck.RefcheckError as error:
                manuscript = refcheck.Manuscript(name=article.name, text="")
                unread += 1
                if arguments.show:
                    print(f"{form} {article.name}: {error}")
            seconds.append(time.perf_counter() - begun)
            one = score(manuscript, article.truth)
            total = total.plus(one)
            perfect += all(f1(counts) == 100 or counts == (0, 0, 0) for counts in one)
            if arguments.show and (lost := misses(manuscript, article.truth)):
                print(f"{form} {article.name} {manuscript.scheme.value}: {one}", *lost[:12], sep="\n")
        row = {
            "form": form,
            "manuscripts": len(seconds),
            "unread": unread,
            "without_a_fault": perfect,
            "references_f1": round(f1(total.references), 2),
            "callouts_f1": round(f1(total.callouts), 2),
            "median_seconds": round(sorted(seconds)[len(seconds) // 2], 3),
            "slowest_seconds": round(max(seconds), 3),
        }
        print(json.dumps(row))


if __name__ == "__main__":
    main()
