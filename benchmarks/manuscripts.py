"""How whole manuscripts are read: reference lists, callouts, and false alarms of the list and callout rules.

    python benchmarks/manuscripts.py DATA_FOLDER [--worst N] [--verbose NAME]

DATA_FOLDER holds text/NAME.txt (the manuscript as flat text) and truth/NAME.json: {"references": [{"number", "start",
"end"}], "callouts": [{"start", "end", "numbers", "text"}]} with offsets into the text. A reference is right when its
number and its span agree (overlap over union of 0.9 or more); a callout is right when it overlaps a true one and names
the same numbers. Callouts of author-year articles are not scored. "False alarms" are findings of the rules REF101 to
REF104 and REF107 (notes aside) that the truth does not bear out.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from refcheck.errors import RefcheckError
from refcheck.model import Manuscript, Severity
from refcheck.parsing import read_text
from refcheck.rules import judge_manuscript

_CODES = ("REF101", "REF102", "REF103", "REF104", "REF107")


@dataclass
class Tally:
    """Right, read and true."""

    right: int = 0
    read: int = 0
    true: int = 0

    def add(self, other: Tally) -> None:
        self.right += other.right
        self.read += other.read
        self.true += other.true

    @property
    def precision_recall_f1(self) -> tuple[float, float, float]:
        return (
            round(100 * self.right / max(1, self.read), 2),
            round(100 * self.right / max(1, self.true), 2),
            round(200 * self.right / max(1, self.read + self.true), 2),
        )

    @property
    def faults(self) -> int:
        return self.read + self.true - 2 * self.right


@dataclass
class Score:
    """One manuscript."""

    name: str
    references: Tally = field(default_factory=Tally)
    callouts: Tally = field(default_factory=Tally)
    alarms: Counter[str] = field(default_factory=Counter)
    remark: str = ""
    details: list[str] = field(default_factory=list)


def author_year(callouts: list[dict[str, Any]]) -> bool:
    """Whether most of the true callouts begin with a year."""
    return sum(bool(re.match(r"\D*(1[89]|20)\d\d", c["text"])) for c in callouts) > len(callouts) / 2


def score(name: str, text: str, truth: dict[str, Any]) -> Score:
    out = Score(name)
    true_calls = [c for c in truth["callouts"] if c.get("numbers")]
    out.references.true = len(truth["references"])
    numeric = not author_year(true_calls)
    out.callouts.true = len(true_calls) if numeric else 0
    try:
        m = read_text(text, name=name)
    except RefcheckError as error:
        out.remark = str(error)
        return out
    out.remark = f"{m.scheme.value}: {m.scheme_reason}"
    by_number = {r["number"]: r for r in truth["references"]}
    out.references.read = len(m.references)
    for r in m.references:
        t = by_number.get(r.number)
        if t and _overlap(r.span, (t["start"], t["end"])) >= 0.9:
            out.references.right += 1
        else:
            out.details.append(
                f"reference {r.number} {r.span} {r.raw[:60]!r} for {t and text[t['start'] : t['start'] + 60]!r}"
            )
    if numeric:
        _score_callouts(out, m, text, true_calls)
    if len(text) < 3_000_000:
        _score_alarms(out, m, truth, true_calls if numeric else None)
    return out


def _overlap(a: tuple[int, int], b: tuple[int, int]) -> float:
    return (min(a[1], b[1]) - max(a[0], b[0])) / max(1, max(a[1], b[1]) - min(a[0], b[0]))


def _score_callouts(out: Score, m: Manuscript, text: str, true_calls: list[dict[str, Any]]) -> None:
    out.callouts.read = len(m.callouts)
    used: set[int] = set()
    for c in true_calls:
        for j, k in enumerate(m.callouts):
            if (
                j not in used
                and k.span.start < c["end"]
                and k.span.end > c["start"]
                and set(k.numbers) == set(c["numbers"])
            ):
                used.add(j)
                out.callouts.right += 1
                break
        else:
            near = text[max(0, c["start"] - 30) : c["end"] + 20]
            out.details.append(f"callout missed {c['numbers']} in {near!r}")
    for j, k in enumerate(m.callouts):
        if j not in used:
            near = text[max(0, k.span.start - 30) : k.span.end + 20]
            out.details.append(f"callout too many {k.numbers} in {near!r}")


def _score_alarms(out: Score, m: Manuscript, truth: dict[str, Any], true_calls: list[dict[str, Any]] | None) -> None:
    listed = {r["number"] for r in truth["references"]}
    cited = {n for c in true_calls or () for n in c["numbers"]}
    for f in judge_manuscript(m, ()):
        if f.code not in _CODES or f.severity is Severity.NOTE:
            continue
        borne_out = (
            (f.code == "REF102" and true_calls is not None and f.number in listed - cited)
            or (f.code == "REF103" and f.number in cited - listed)
            or (f.code == "REF104" and true_calls is not None and not _in_order(true_calls))
        )
        if not borne_out:
            out.alarms[f.code] += 1
            out.details.append(f"false alarm {f.code} {f.number} {f.message[:100]}")


def _in_order(callouts: list[dict[str, Any]]) -> bool:
    top = 0
    for c in callouts:
        for n in sorted(c["numbers"]):
            if n > top + 1:
                return False
            top = max(top, n)
    return True


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--worst", type=int, default=12, help="how many of the worst to list")
    arguments.add_argument("--verbose", default="", help="show every fault of manuscripts whose name holds this")
    a = arguments.parse_args()
    scores = []
    started = time.perf_counter()
    size = 0
    for path in sorted((a.folder / "truth").glob("*.json")):
        text = (a.folder / "text" / f"{path.stem}.txt").read_text(encoding="utf-8")
        size += len(text)
        scores.append(score(path.stem, text, json.loads(path.read_text(encoding="utf-8"))))
    seconds = time.perf_counter() - started
    references, callouts, alarms = Tally(), Tally(), Counter[str]()
    for s in scores:
        references.add(s.references)
        callouts.add(s.callouts)
        alarms += s.alarms
    for s in sorted(scores, key=lambda s: -(s.references.faults + s.callouts.faults + sum(s.alarms.values())))[
        : a.worst
    ]:
        r, c = s.references, s.callouts
        print(
            f"{r.faults + c.faults:4} {s.name[:44]:44} references {r.right}/{r.true} of {r.read}  "
            f"callouts {c.right}/{c.true} of {c.read}  alarms {dict(s.alarms)}  {s.remark}"
        )
    for s in scores:
        if a.verbose and a.verbose in s.name:
            print(s.name, s.remark, *s.details, sep="\n  ")
    print(f"\n{'':12}{'precision':>10}{'recall':>10}{'F1':>10}")
    for label, tally in (("references", references), ("callouts", callouts)):
        print(f"{label:12}" + "".join(f"{x:10.2f}" for x in tally.precision_recall_f1))
    print(
        json.dumps(
            {
                "manuscripts": len(scores),
                "without_a_fault": sum(not s.references.faults and not s.callouts.faults for s in scores),
                "references_p_r_f1": references.precision_recall_f1,
                "callouts_p_r_f1": callouts.precision_recall_f1,
                "false_alarms": dict(alarms),
                "seconds": round(seconds, 1),
                "characters": size,
            }
        )
    )


if __name__ == "__main__":
    main()
