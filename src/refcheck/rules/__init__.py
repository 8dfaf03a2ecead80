"""Match -> Findings. `RULES` is the table of all rules by code; importing this package fills it.

| family | module | what |
| --- | --- | --- |
| REF1 | `listing`, `entries` | the list and its callouts (no look-up needed) |
| REF2 | `identity` | which record is meant |
| REF3 | `agreement` | what differs from the record |
| REF4 | `standing` | retracted, corrected, superseded works |
| REF9 | `limits` | what could not be checked |
"""

from refcheck.rules import agreement, entries, identity, limits, listing, standing
from refcheck.rules.table import RULES, Rule, by_place, judge_manuscript, judge_match

__all__ = [
    "RULES", "Rule", "agreement", "by_place", "entries", "identity", "judge_manuscript", "judge_match", "limits",
    "listing", "standing",
]  # fmt: skip
