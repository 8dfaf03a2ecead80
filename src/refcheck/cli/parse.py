"""`refcheck parse`: how references and callouts are read, without looking anything up."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from refcheck.cli import streams
from refcheck.cli.options import EXIT, Subparsers, add_scheme, command, in_scheme
from refcheck.cli.outcomes import CLEAN, tally_status
from refcheck.cli.outputs import add_output, chosen_format, destination, outputs, stream, write

_HELP = """\
Nothing is looked up: this shows what was read, with the place of everything.

examples:
  refcheck parse manuscript.docx
  refcheck parse manuscript.md --format json
  refcheck parse refs.jsonl --format jsonl            {"id", "reference"} in, {"id", "fields"} out
  refcheck parse refs.txt --format jsonl              plain text, one reference a line

"""


def declare(commands: Subparsers) -> None:
    """The command `refcheck parse` and its arguments."""
    p = command(commands, run, "parse", "show how references and callouts are read", _HELP + EXIT)
    p.add_argument("file", metavar="FILE", help="a manuscript or a list of references, or - for standard input")
    p.add_argument(
        "--format",
        choices=("text", "json", "jsonl"),
        help="jsonl streams one reference a line (default: text, and jsonl for a .jsonl file)",
    )
    add_scheme(p)
    add_output(p)


def run(a: Namespace) -> int:
    """Read, and write what was read."""
    from refcheck.readers.lists.lines import is_jsonl

    listed = is_jsonl(a.file)
    format = chosen_format(a, ("text", "json", "jsonl"), "jsonl" if listed else "text")
    place = destination(a.output, outputs(a, [a.file]), format)
    if format != "text" and (listed or (format == "jsonl" and _is_plain(a.file))):
        return _parse_lines(a.file, place)
    from refcheck.renderers.reports.readings import READINGS

    write([READINGS[format](in_scheme(streams.read_manuscript(a.file), a.scheme))], place)
    return CLEAN


def _is_plain(file: str) -> bool:
    return file == "-" or Path(file.removesuffix(".gz")).suffix.lower() in ("", ".txt")


def _parse_lines(file: str, place: Path | None) -> int:
    from refcheck import batch
    from refcheck.readers.lists.lines import open_lines, read_lines

    tally = batch.Tally()
    with open_lines(file, streams.standard_input()) as lines, stream(place) as out:
        batch.write(batch.read_fields(read_lines(lines, file)), out, tally, lambda end: None)
    return tally_status(tally)
