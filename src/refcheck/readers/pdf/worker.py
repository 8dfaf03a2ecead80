"""A process of its own for PDF files from strangers: bounded memory and time, and no crash reaches the caller."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from refcheck.errors import UnreadableInput
from refcheck.model import Region, Span
from refcheck.readers.flow import Flow

MEMORY = 700_000_000  # bytes of address space, 200 MB of which are the interpreter and its libraries
PROCESSOR_SECONDS = 15  # twice what the longest file that is read takes
PATIENCE = 60.0  # seconds by the clock, on a busy machine
_START = "from refcheck.readers.pdf.worker import main; main()"


def flow_in_worker(data: bytes, name: str) -> Flow:
    """The text of a PDF file, read by a process that is stopped at its bounds.

    Raises:
        UnreadableInput: what the worker said, or that it was stopped.
    """
    paths = [str(Path(__file__).parents[3]), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", _START, name],
            input=data, capture_output=True, timeout=PATIENCE, check=False, env=environment,
        )  # fmt: skip
        answer = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise UnreadableInput(
            f"{name} needs more time or memory than a manuscript does, or is damaged: give the Word file, or print the "
            "PDF anew."
        ) from None
    if "refused" in answer:
        raise UnreadableInput(answer["refused"])
    return Flow(
        pieces=[answer["text"]],
        length=len(answer["text"]),
        superscripts=[Span(*pair) for pair in answer["superscripts"]],
        regions=[Region(kind=kind, span=Span(start, end), reason=why) for kind, start, end, why in answer["regions"]],
    )


def main() -> None:
    """Read a PDF from standard input, and write its text as JSON to standard output."""
    _bound()
    from refcheck.readers.pdf.characters import flow_of

    answer: dict[str, Any]
    with open(0, "rb", closefd=False) as given:
        data = given.read()
    try:
        flow = flow_of(data, sys.argv[1])
        answer = {
            "text": flow.text,
            "superscripts": flow.superscripts,
            "regions": [(r.kind, r.span.start, r.span.end, r.reason) for r in flow.regions],
        }
    except UnreadableInput as error:
        answer = {"refused": str(error)}
    with open(1, "wb", closefd=False) as out:
        out.write(json.dumps(answer).encode())


def _bound() -> None:
    try:
        import resource
    except ImportError:  # not on Windows: there the clock alone is the bound
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
