"""reference + works -> Match. All weights and thresholds live here.

The order of the rooms: `entry` (a printed entry made ready), `titles`, `people`, `containers`, `locators` (one field
each), `comparison` (all fields once), `identity` (is this the record?), `decide` (the verdict), `second_opinion`
(another source's word), `queries` (what to ask).
"""

from refcheck.matching.decide import answered, decide, elsewhere, settled
from refcheck.matching.entry import Entry
from refcheck.matching.queries import entry_query, locator_query, title_query
from refcheck.matching.ranking import Ranked, rank
from refcheck.matching.second_opinion import in_doubt, reconcile, record_query

__all__ = [
    "Entry", "Ranked", "answered", "decide", "elsewhere", "entry_query", "in_doubt", "locator_query", "rank",
    "reconcile", "record_query", "settled", "title_query",
]  # fmt: skip
