"""Manuscript text -> references and callouts. Only readers call it.

| door | what |
| --- | --- |
| `read_text` | a whole manuscript |
| `split_entries` | a stretch of text that is a list -> its entries |
| `find_callouts` | the scheme of a document and its callouts |
| `read_entry` | one entry -> its fields |
"""

from refcheck.parsing.callouts.scheme import callouts_in, find_callouts
from refcheck.parsing.fields.entry import parse_entry
from refcheck.parsing.fields.entry import parse_entry as read_entry
from refcheck.parsing.manuscript import read_text
from refcheck.parsing.reflist.entries import Entry, split_entries

__all__ = ["Entry", "callouts_in", "find_callouts", "parse_entry", "read_entry", "read_text", "split_entries"]
