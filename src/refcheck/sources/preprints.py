"""Which server holds a preprint (Crossref's `posted-content`), as far as its record tells.

Only a full record names the server, as its `institution`: a list cannot be asked for it. `group-title` is the name of
the server at some publishers, and a subject ("Ecology") at others: a subject is nothing that a reference prints.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

# The names of servers by the prefix of their DOIs, the usual one first.
_SERVERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "10.21203": ("Research Square", "In Review"),
        "10.2139": ("SSRN", "SSRN Electronic Journal", "Social Science Research Network"),
        "10.26434": ("ChemRxiv",),
        "10.20944": ("Preprints.org", "Preprints"),
        "10.22541": ("Authorea", "Authorea Preprints"),
        "10.31219": ("OSF Preprints", "Open Science Framework", "OSF"),
        "10.31222": ("MetaArXiv",),
        "10.31223": ("EarthArXiv",),
        "10.31233": ("PaleorXiv",),
        "10.31234": ("PsyArXiv", "PsyArXiv Preprints"),
        "10.31235": ("SocArXiv",),
        "10.32388": ("Qeios",),
        "10.32942": ("EcoEvoRxiv",),
        "10.33774": ("Cambridge Open Engage",),
        "10.35542": ("EdArXiv",),
        "10.36227": ("TechRxiv",),
        "10.7287": ("PeerJ PrePrints",),
    }
)
# Two servers share these prefixes.
_SHARED = ("10.1101", "10.64898")
_BOTH = ("bioRxiv", "medRxiv")
_SERVER = re.compile(
    r"(?i)r[x\u03c7]iv\b|\bpreprints?\b|\bssrn\b|\bin review\b|\bresearch square\b|science (?:open )?archive"
)


def is_server(name: str) -> bool:
    """Whether a name is told to be a preprint server's by its form.

    >>> is_server("EcoEvoRxiv"), is_server("PeerJ Preprints"), is_server("Ecology")
    (True, True, False)
    """
    return bool(_SERVER.search(name))


def preprint_server(doi: str, institutions: Sequence[str], groups: Sequence[str]) -> tuple[str, list[str]]:
    """The server ("" where it is not certain), and every name that a reference may print for it.

    >>> preprint_server("10.26434/x", (), ("Chemistry",))
    ('ChemRxiv', ['ChemRxiv'])
    >>> preprint_server("10.1101/2021.02.30.1", (), ("Ecology",))
    ('', ['bioRxiv', 'medRxiv'])
    >>> preprint_server("10.1101/2021.02.30.1", ("medRxiv",), ("Ecology",))
    ('medRxiv', ['medRxiv'])
    """
    prefix, _, suffix = doi.partition("/")
    named = [g for g in groups if is_server(g)]
    if prefix in _SHARED:
        server = next((i for i in institutions if is_server(i)), "")
        # Before both took the date of posting into their DOIs, bioRxiv counted to six digits, medRxiv to eight.
        if not server and (m := re.match(r"(\d+)(?:v\d+)?$", suffix)):
            server = {6: "bioRxiv", 8: "medRxiv"}.get(len(m[1]), "")
        return (server, [server]) if server else ("", list(_BOTH))
    if known := _SERVERS.get(prefix, ()):
        return known[0], [*known, *institutions, *named]
    if server := next((name for name in (*institutions, *named) if is_server(name)), ""):
        return server, [server, *institutions, *named]
    # An institution that posts may be a society, a publisher, or the host of a blog that only the group names.
    return "", [*institutions, *groups] if institutions else []
