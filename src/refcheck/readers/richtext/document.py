"""Rich-text files (RTF of Word, WordPad, TextEdit, Google Docs) -> Manuscript."""

from __future__ import annotations

import re

from refcheck.errors import UnreadableInput
from refcheck.model import Manuscript
from refcheck.readers.field_list import read_with_fields
from refcheck.readers.richtext.story import Story

MAX_BYTES = 60_000_000  # without its pictures a thesis has some megabytes
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LIST_HEADING = re.compile(
    r"(?mi)^\s*(?:\d{1,2}\.? )?(?:references?|bibliography|literature(?: cited)?|works cited|reference list)[:.]?\s*$"
)
_FEWEST_NOTES = 3  # endnotes: fewer are no list
_DATED = 0.6  # share of the endnotes of a list that hold a year


def read_rtf(data: bytes, name: str) -> Manuscript:
    """Read a rich-text file: raised text, printed numbers, notes, tables, fields of reference managers.

    Raises:
        UnreadableInput: too large, or no rich text.
        NoReferences: there is no reference list in it.
    """
    if not data.lstrip().startswith(b"{\\rtf"):
        raise UnreadableInput(f"{name} is not a rich-text file, or it is damaged: ask for it again.")
    if len(data) > MAX_BYTES:
        raise UnreadableInput(f"{name} has more than {MAX_BYTES // 1_000_000} MB: save it without pictures.")
    story = Story(name)
    story.tell(data)
    notes = story.endnotes
    dated = sum(1 for note in notes if _YEAR.search(note))
    if len(notes) >= _FEWEST_NOTES and dated >= _DATED * len(notes) and not _LIST_HEADING.search(story.flow.text):
        story = Story(name, endnotes_are_list=True)
        story.tell(data)
    if not story.flow.text.strip():
        raise UnreadableInput(f"{name} is a rich-text file without a text: save the manuscript as .docx.")
    return read_with_fields(story.flow, name, "rtf", story.fields)
