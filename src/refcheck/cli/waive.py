"""`refcheck waive`: leave a finding as it is, from now on."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from refcheck.cli import streams
from refcheck.cli.options import Subparsers, command
from refcheck.cli.outcomes import CLEAN
from refcheck.errors import UsageError

_HELP = """\
A waiver is an entry in the refcheck.toml beside the manuscript. It holds for this entry as it is worded now, whatever
its number; without --reference it holds for the rule. Waived findings are counted in the report, not listed.

examples:
  refcheck waive manuscript.docx REF303 --reference 7 --reason "print year, agreed with the author" --by "A. Editor"
  refcheck waive manuscript.docx REF104 --reason "alphabetical list" --until 2027-06-30"""


def declare(commands: Subparsers) -> None:
    """The command `refcheck waive` and its arguments."""
    p = command(commands, run, "waive", "leave a finding as it is, from now on", _HELP)
    p.add_argument("file", metavar="FILE", type=Path, help="the manuscript")
    p.add_argument("code", metavar="CODE", help="the code or name of the rule")
    p.add_argument("--reference", metavar="N", help="the number of the reference, as printed")
    p.add_argument("--reason", required=True, help="why it is left")
    p.add_argument("--by", default="", metavar="NAME", help="who decided")
    p.add_argument("--until", default="", metavar="DATE", help="the last day on which it holds, like 2027-06-30")


def run(a: Namespace) -> int:
    """Add a waiver to the settings beside the manuscript."""
    from refcheck.model import Waiver
    from refcheck.office import write_whole
    from refcheck.rules.manual import chosen
    from refcheck.waivers import FILE, fingerprint, with_waiver

    code = chosen(a.code)[0].code
    reference = ""
    if a.reference:
        references = streams.read_manuscript(str(a.file)).references
        named = [r for r in references if a.reference in (str(r.number), r.label, r.key)]
        if not named:
            raise UsageError(f"there is no reference {a.reference} in {a.file}")
        reference = fingerprint(named[0])
    file = a.file.parent / FILE
    waiver = Waiver(code=code, reference=reference, reason=a.reason, by=a.by, until=a.until)
    text = with_waiver(file.read_text(encoding="utf-8") if file.exists() else "", waiver)
    write_whole(file.resolve(), text.encode("utf-8"))
    streams.show(f"{file}: {code} is left{f' at reference {a.reference}' if a.reference else ''}")
    return CLEAN
