"""What the texts for a person at a terminal are made of.

All that comes from a manuscript or a source goes through `safe` before it is written.
"""

from __future__ import annotations

from io import StringIO

from rich.console import Console, Group
from rich.table import Table
from rich.text import Text

from refcheck.identifiers import link_doi
from refcheck.model import Biblio, Manuscript, Match, Scheme, Verdict, Work
from refcheck.renderers.overview import many
from refcheck.text import printable, squeeze

WIDTH = 100  # columns, where the output is no terminal
_NARROWEST = 30  # columns; in fewer, the longer words do not fit
_SCHEMES = {
    Scheme.BRACKET: "numbers in brackets [1]",
    Scheme.PAREN: "numbers in parentheses (1)",
    Scheme.SUPERSCRIPT: "raised numbers ¹",
    Scheme.AUTHOR_YEAR: "by author and year",
    Scheme.KEY: "by citation keys",
    Scheme.UNCLEAR: "in no clear scheme",
}


def console(color: bool, width: int) -> Console:
    """A console that writes into memory, and takes nothing in a text for markup."""
    return Console(
        file=StringIO(),
        force_terminal=color,
        color_system="standard" if color else None,
        width=max(width, _NARROWEST),
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )


def written(out: Console) -> str:
    """What was written to the console, without blanks at line ends."""
    assert isinstance(out.file, StringIO)
    return "\n".join(line.rstrip() for line in out.file.getvalue().splitlines()) + "\n"


def safe(text: str, style: str = "") -> Text:
    """Foreign text, made harmless for a terminal."""
    return Text(printable(text), style=style)


def hanging(out: Console, label: str, body: Text | Group) -> None:
    """Write a label in the margin and the body beside it."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(justify="right", min_width=4, no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    grid.add_row(safe(label, "bold"), body)
    out.print(grid)


def what_was_read(manuscript: Manuscript) -> Text:
    """The first line of every report."""
    n, c = len(manuscript.references), len(manuscript.callouts)
    name = squeeze(manuscript.name) or "references"
    form = "" if manuscript.scheme is Scheme.UNCLEAR and not c else f", {_SCHEMES[manuscript.scheme]}"
    read = f"{many(n, 'reference')} and {many(c, 'callout') if c else 'no callouts'} were read{form}"
    return safe(f"{name} ({manuscript.format}): {read}.")


def all_agree(n: int) -> str:
    """That every reference agrees with its record.

    >>> all_agree(7)
    'each of 7 references agrees with its record'
    """
    return "the reference agrees with its record" if n == 1 else f"each of {n} references agrees with its record"


def record_line(work: Work, before: str = "record ") -> Text:
    """A record in one line, in the order of a reference."""
    names = [f"{a.family} {a.given}".strip() for a in work.authors[:3]] + (["et al"] if len(work.authors) > 3 else [])
    locator = work.volume + (f"({work.issue})" if work.issue else "") + (f":{work.pages}" if work.pages else "")
    issued = work.year + (f";{locator}" if locator else "")
    line = ". ".join(filter(None, [", ".join(names), work.title.rstrip("."), work.container, issued]))
    return safe(before + squeeze(f"{line}. {link_doi(work.doi) or work.url}"), "dim")


def field_table(biblio: Biblio) -> Table:
    """The fields that are given, one a line."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold", ratio=1)
    authors = "; ".join(", ".join(filter(None, [a.family, a.given, a.suffix])) for a in biblio.authors)
    rows = {"authors": authors} | {
        key: getattr(biblio, key) for key in ("title", "container", "year", "volume", "issue", "pages", "doi", "pmid")
    }
    for key, value in rows.items():
        if value:
            grid.add_row(key, safe(squeeze(value)))
    return grid


def verdict_sentence(match: Match) -> str:
    """Why a reference has the verdict it has."""
    if match.reason:
        return squeeze(match.reason)
    return {
        Verdict.MATCHED: "One record is meant.",
        Verdict.AMBIGUOUS: "Several records may be meant.",
        Verdict.ABSENT: "No source has a record of it. This says nothing about whether the work exists.",
        Verdict.UNCHECKED: "It was not looked up.",
    }[match.verdict]
