"""Fields of a word processor while they are open: code first, then what is shown, and fields inside fields."""

from __future__ import annotations

from dataclasses import dataclass

from refcheck.model import Span
from refcheck.readers.manager_fields import MAX_FIELD, Field

MAX_NESTED = 20  # fields inside fields


@dataclass(slots=True)
class _OpenField:
    code: str = ""
    data: str = ""
    showing: bool = False  # past the separator: what comes is the result
    start: int | None = None


class OpenFields:
    """The fields that are open at a place of the text, the outermost first.

    >>> fields = OpenFields()
    >>> fields.begin()
    >>> fields.instruct("ADDIN ZOTERO_BIBL")
    >>> fields.hides_text
    True
    >>> fields.separate()
    >>> fields.text_from(7)
    >>> fields.end(12)
    Field(code='ADDIN ZOTERO_BIBL', span=Span(start=7, end=12), data='')
    """

    def __init__(self) -> None:
        self._open: list[_OpenField] = []

    def __len__(self) -> int:
        return len(self._open)

    @property
    def hides_text(self) -> bool:
        """Whether text that stands here is part of a field's code, which no reader sees."""
        return any(not field.showing for field in self._open)

    @property
    def hides_the_rest(self) -> bool:
        """Whether the outermost field is still in its code."""
        return bool(self._open) and not self._open[0].showing

    def begin(self, data: str = "") -> None:
        """A field begins with its code; beyond `MAX_NESTED` it is not followed."""
        if len(self._open) < MAX_NESTED:
            self._open.append(_OpenField(data=data))

    def begin_simple(self, code: str) -> None:
        """A field begins whose code stands in one place: what comes is its result."""
        self._open.append(_OpenField(code=code, showing=True))

    def instruct(self, text: str) -> None:
        """A piece of the code of the innermost field; of a code longer than `MAX_FIELD` the rest is left out."""
        if self._open and not self._open[-1].showing and len(self._open[-1].code) < MAX_FIELD:
            self._open[-1].code += text

    def take_data(self, text: str) -> None:
        """A piece of the data of the innermost field, in hexadecimal digits as RTF keeps it."""
        if self._open and len(self._open[-1].data) < MAX_FIELD:
            self._open[-1].data += text

    def separate(self) -> None:
        """The code of the innermost field is over: what comes is its result."""
        if self._open:
            self._open[-1].showing = True

    def text_from(self, start: int) -> None:
        """Text is written here: where it is the first, the results of the open fields begin with it."""
        for field in self._open:
            if field.start is None:
                field.start = start

    def end(self, at: int) -> Field | None:
        """The innermost field is over; None where none was open, or it was part of the code of another."""
        if not self._open:
            return None
        field = self._open.pop()
        if self._open and not self._open[-1].showing:
            # EndNote nests the field that holds the data in the one that shows the callout
            self._open[-1].data = self._open[-1].data or field.data
            return None
        return Field(field.code, Span(at if field.start is None else field.start, at), field.data)
