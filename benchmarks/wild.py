"""How files from the wild are read: a folder of them, and a table of what a person counted in each.

    python benchmarks/wild.py FOLDER [--truth TRUTH.tsv] [--show FILE]

TRUTH.tsv has a line a file: name (relative to the folder), number of entries in its lists, number of callouts ("" where
they were not counted). Without it, what JATS and TEI files tag is the truth, and the others are shown without one. Each
file is read in a process of its own, so that seconds and memory are its own.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

_WORKER = "import sys; sys.path.insert(0, sys.argv[2]); import wild; wild.measure(sys.argv[1])"
_LIST_RULES = ("REF1",)  # of the list and its callouts; the others need records
PATIENCE = 120.0


def measure(path: str) -> None:
    """Read one file and write what was found as JSON."""
    import resource

    from refcheck.errors import RefcheckError
    from refcheck.model import Match, Verdict
    from refcheck.readers import read
    from refcheck.rules import judge_manuscript

    begun = time.perf_counter()
    out: dict[str, Any] = {}
    try:
        manuscript = read(path)
        out["seconds"] = time.perf_counter() - begun
        numbers = [r.number for r in manuscript.references]
        unchecked = [Match(reference=r, verdict=Verdict.UNCHECKED) for r in manuscript.references]
        findings = [f for f in judge_manuscript(manuscript, unchecked) if f.code.startswith(_LIST_RULES)]
        out |= {
            "entries": len(manuscript.references), "callouts": len(manuscript.callouts),
            "scheme": manuscript.scheme.value, "format": manuscript.format,
            "numbers": numbers == list(range(1, len(numbers) + 1)),
            "fielded": sum(1 for r in manuscript.references if r.year and (r.title or r.container)),
            "findings": Counter(f.code for f in findings),
            "references": [r.raw for r in manuscript.references], "cited": [c.text for c in manuscript.callouts],
            "messages": [f"{f.code} {f.message}" for f in findings],
        }  # fmt: skip
    except RefcheckError as error:
        out |= {"seconds": time.perf_counter() - begun, "refused": str(error)}
    usage = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    out["megabytes"] = max(usage) / 1024
    print(json.dumps(out))


def tagged(path: Path) -> int | None:
    """The number of entries that a JATS or TEI file tags."""
    if path.suffix not in {".xml", ".nxml", ".tei"}:
        return None
    text = path.read_text(errors="replace")
    if "<ref-list" in text:
        return len(re.findall(r"<ref[ >]", text))
    listed = text.partition("<listBibl")[2]
    return len(re.findall(r"<biblStruct[ >]", listed)) or None


def truths(path: Path | None) -> dict[str, tuple[int | None, int | None]]:
    """The counts of a person."""
    if path is None:
        return {}
    with path.open(newline="") as stream:
        rows = [row for row in csv.reader(stream, delimiter="\t") if row and not row[0].startswith("#")]
    return {name: (int(n) if n else None, int(c[0]) if c and c[0] else None) for name, n, *c in rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--truth", type=Path)
    parser.add_argument("--show", default="", help="print all that was found in files of this name")
    options = parser.parse_args()
    known = truths(options.truth)
    found = wanted = hit = lists = missed = findings = told = called = calls = met = 0
    slowest = largest = 0.0
    print(f"{'file':60} {'entries':>9} {'callouts':>9} {'fields':>6} {'s':>5} {'MB':>4}  findings")
    for path in sorted(p for p in options.folder.rglob("*") if p.is_file()):
        name = str(path.relative_to(options.folder))
        if known and name not in known:
            continue
        entries, callouts = known.get(name, (None, None))
        entries = tagged(path) if entries is None else entries
        done = subprocess.run(
            [sys.executable, "-c", _WORKER, str(path), str(Path(__file__).parent)],
            capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        result = json.loads(done.stdout) if done.returncode == 0 else {"refused": done.stderr[-200:], "seconds": 0}
        slowest, largest = max(slowest, result["seconds"]), max(largest, result.get("megabytes", 0))
        n, c = result.get("entries", 0), result.get("callouts", 0)
        codes = " ".join(f"{code}×{times}" for code, times in result.get("findings", {}).items())
        says = result.get("refused") or f"{result['scheme']} {'' if result['numbers'] else 'numbers! '}{codes}"
        of, of_callouts = ("" if x is None else x for x in (entries, callouts))
        print(
            f"{name[:60]:60} {n:>4}/{of:<4} {c:>4}/{of_callouts:<4} "
            f"{result.get('fielded', 0):>6} {result['seconds']:>5.1f} {result.get('megabytes', 0):>4.0f}  {says[:120]}"
        )
        if options.show and options.show in name:
            print(*result.get("references", ()), *result.get("messages", ()), result.get("cited"), sep="\n  ")
        if entries:
            lists += 1
            missed += not n
            found, wanted, hit = found + n, wanted + entries, hit + min(n, entries)
            told += sum(result.get("findings", {}).values())
            findings += bool(result.get("findings"))
        if entries and callouts is not None:
            called, calls, met = called + c, calls + callouts, met + min(c, callouts)
    summary = {
        "files": lists, "lists missed": missed, "entries": wanted, "found": found,
        "F1 of entries": _f1(hit, found, wanted), "callouts": calls, "callouts found": called,
        "F1 of callouts": _f1(met, called, calls), "findings of the list rules": told, "files with findings": findings,
        "slowest": round(slowest, 1), "largest": round(largest),
    }  # fmt: skip
    print(json.dumps(summary))


def _f1(hit: int, found: int, wanted: int) -> float:
    """By counts a file: an entry too many in one does not make up for one too few in another."""
    return round(2 * hit / (found + wanted), 4) if found + wanted else 1.0


if __name__ == "__main__":
    main()
