"""What a command came to, as an exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refcheck.cli import streams

if TYPE_CHECKING:
    from refcheck.batch import Tally
    from refcheck.model import Report

#: Nothing of error severity was found; something was; the work could not be finished.
CLEAN, FOUND, UNFINISHED = 0, 1, 2


def report_status(report: Report) -> int:
    """The status of a checked manuscript."""
    if any(m.unavailable for m in report.matches):
        return UNFINISHED
    return FOUND if report.counts["error"] else CLEAN


def tally_status(tally: Tally) -> int:
    """The status of a stream of references, after saying what of it is not finished."""
    if tally.unreadable:
        streams.say(f"{tally.unreadable} of {tally.lines} lines were no references; their output lines say why")
    if tally.unchecked:
        streams.say(
            f"{tally.unchecked} of {tally.lines} references could not be checked, because a source did not answer; "
            "run the same command again for these"
        )
    if tally.unreadable or tally.unchecked:
        return UNFINISHED
    return FOUND if tally.alarms else CLEAN
