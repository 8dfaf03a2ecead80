"""The exceptions of refcheck.

An exception means that refcheck could not do its work. A wrong reference is a value, never an exception.

RefcheckError
├── UnreadableInput       a file that cannot be read as a manuscript, a list or a record file
│   └── NoReferences      it was read, but no reference list was found in it
├── SourceUnavailable     a source could not answer (outage, rate limit, refused); nothing is known about the reference
├── IndexUnusable         an index on disk is of another version, foreign, truncated or in use
└── UsageError            the arguments contradict each other or name something unknown
"""

from __future__ import annotations


class RefcheckError(Exception):
    """Any reason why refcheck could not do its work; its text is one sentence that says what to do."""


class UnreadableInput(RefcheckError):
    """The input cannot be read: missing, binary, damaged, protected, or of a kind that is not supported."""


class NoReferences(UnreadableInput):
    """The input was read, but no reference list was found in it: it must never be reported as clean."""


class SourceUnavailable(RefcheckError):
    """A source could not answer. The references concerned are *unchecked*, never *absent*."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source} could not answer: {reason}")
        self.source = source
        self.reason = reason


class IndexUnusable(RefcheckError):
    """An index on disk cannot be used as it is: another version, a foreign folder, damaged, or locked."""


class UsageError(RefcheckError):
    """The arguments contradict each other, or name something that does not exist."""
