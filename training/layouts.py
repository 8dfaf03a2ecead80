"""Layouts that the CSL repository has little of: how PubMed, BMC, Springer, IOP, physicists and chemists print, web
pages, laws, standards, theses, software, and references in Chinese and Korean."""

from __future__ import annotations

import random
import re

from noise import Segments
from records import Item

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def _initials(given: str) -> list[str]:
    out: list[str] = []
    for part in re.findall(r"[^\W\d_]+", given or ""):
        out += list(part) if part.isupper() and len(part) < 5 else [part[0].upper()] if part[0].isupper() else []
    return out


def _nlm(p: dict[str, str]) -> str:
    return f"{p['family']} {''.join(_initials(p.get('given', '')))}".strip() + (
        f" {p['suffix']}" if p.get("suffix") else ""
    )


def _apa(p: dict[str, str]) -> str:
    i = " ".join(x + "." for x in _initials(p.get("given", "")))
    return f"{p['family']}, {i}" if i else p["family"]


def _tight(p: dict[str, str]) -> str:
    i = "".join(x + "." for x in _initials(p.get("given", "")))
    return f"{p['family']}, {i}" if i else p["family"]


def _spaced(p: dict[str, str]) -> str:
    return (" ".join(x + "." for x in _initials(p.get("given", ""))) + " " + p["family"]).strip()


def _close(p: dict[str, str]) -> str:
    return ("".join(x + "." for x in _initials(p.get("given", ""))) + " " + p["family"]).strip()


def _dotless(p: dict[str, str]) -> str:
    return f"{p['family']} {' '.join(_initials(p.get('given', '')))}".strip()


def _full(p: dict[str, str]) -> str:
    return f"{p.get('given', '')} {p['family']}".strip()


def _inverted(p: dict[str, str]) -> str:
    return f"{p['family']}, {p['given']}" if p.get("given") else p["family"]


_FORMS = {
    "nlm": _nlm,
    "apa": _apa,
    "tight": _tight,
    "spaced": _spaced,
    "close": _close,
    "dotless": _dotless,
    "full": _full,
    "inv": _inverted,
}

# Name form, template. {A}uthors {T}itle {J}ournal {Y}ear {M}onth {V}olume {I}ssue {P}ages {F}irst page; what stands in
# <> is left out where its field is not given; "|" parts alternatives.
ARTICLES = """
nlm    {A}. {T}. {J}. {Y};{V}<({I})>:{P}.
nlm    {A}. {T}. {J}. {Y} {M};{V}<({I})>:{P}.
nlm    {A}. {T}. {J}. {Y} {M} {D};{V}<({I})>:{P}.
nlm    {A}. {T}. {J} {Y};{V}<({I})>:{P}.
nlm    {A}. {T}. {J} {Y}; {V}<({I})>: {P}.
nlm    {A}. {T}. {J} {Y} {M};{V}<({I})>:{P}.
nlm    {A}. {T}. {J}. {Y}; {V}<({I})>: {P}.
nlm    {A}. {T}. {J}. {Y}: {V}<({I})>:{P}.
nlm    {A}. {T}. {J}. {Y}, {V}<({I})>:{P}.
nlm    {A}: {T}. {J} {Y}, {V}<({I})>:{P}.
nlm    {A}: {T}. {J} {Y}, {V}<({I})>:{P}.
nlm    {A}: {T}. {J} {Y}, {V}:{P}.
nlm    {A}: {T}. {J} {Y}, {V}<({I})>:{F}.
nlm    {A}: {T}. {J} {Y}, {V}<({I})>.
nlm    {A}: {T}. {J} {Y};{V}<({I})>:{P}.
nlm    {A}: {T}. {J} {V}:{P}, {Y}
nlm    {A}. {T}. {J} {V}:{P}, {Y}.
nlm    {A}. {T}. {J} {V}: {P}, {Y}.
nlm    {A} ({Y}) {T}. {J} {V}<({I})>:{P}
nlm    {A} ({Y}) {T}. {J} {V}:{P}.
nlm    {A} ({Y}) {T}. {J} {V}<({I})>: {P}.
nlm    {A} ({Y}) {T}. {J} {V}, {P}
nlm    {A} ({Y}). {T}. {J} {V}, {P}.
nlm    {A} {Y}. {T}. {J} {V}:{P}.
nlm    {A}, {Y}. {T}. {J} {V}, {P}.
nlm    {A}. {Y}. {T}. {J}. {V}<({I})>:{P}.
nlm    {A}. {J} {Y};{V}:{P}.
dotless {A} {Y} {T} {J} {V} {P}
dotless {A} {Y} {T} {J} {V}<({I})> {P}
nlm    {A} {Y} {T} {J} {V} {P}
dotless {A} {Y} {J} {V} {F}
dotless {A}. {T}. {J} {Y}; {V}: {P}.
apa    {A} ({Y}). {T}. {J}, {V}<({I})>, {P}.
apa    {A} ({Y}). {T}. {J}, {V} ({I}), {P}.
apa    {A} ({Y}) {T}, {J}, {V}<({I})>, pp. {P}.
apa    {A} ({Y}), {T}, {J}, Vol. {V}< No. {I}>, pp. {P}.
apa    {A} ({Y}), “{T}”, {J}, Vol. {V}<, No. {I}>, pp. {P}.
apa    {A}, {Y}. {T}. {J}, {V}<({I})>, pp.{P}.
apa    {A}, {Y}. {T}. {J} {V}<({I})>, {P}.
apa    {A} {Y}. {T}. {J}, {V}: {P}.
apa    {A} {T}. {J} {Y}, {V}<({I})>, {P}.
tight  {A} {T}. {J}. {Y}, {V}, {P}.
tight  {A} ({Y}). {T}. {J} {V}, {P}.
tight  {A}, {T}. {J}, {Y}. {V}<({I})>: p. {P}.
tight  {A}, {J} {Y}, {V}, {P}.
tight  {A} {J} {Y}, {V}, {P}.
spaced {A}, {T}. {J} {V}, {P} ({Y}).
spaced {A}, {T}, {J} {V} ({Y}) {P}.
spaced {A}, {T}, {J} {V} ({Y}), {P}.
spaced {A}, “{T},” {J}, vol. {V}<, no. {I}>, pp. {P}, {M}. {Y}.
spaced {A}, "{T}," {J} {V}<({I})>, {P} ({Y}).
spaced {A}, "{T}," {J}, Vol. {V}<, No. {I}>, {Y}, pp. {P}.
spaced {A}, {J} {V}, {F} ({Y}).
spaced {A}, {J} {V} ({Y}) {P}.
spaced {A}, {J} {V}, {P} ({Y}).
spaced {A}, {J} {V} ({Y}) {F}.
spaced {A}, {J}, {V}, {F} ({Y})
spaced {A}, {J} {Y}, {V}, {F}.
full   {A}, {J} {V}, {F} ({Y}).
full   {A}, {J} {V}, {P} ({Y}).
full   {A}, {T}, {J} {V} ({Y}), {P}.
inv    {A}, {Y}. {T}, {J} {V}, {P}.
apa    {A} {Y}, {J}, {V}, {F}
dotless {A}, {Y}, {J}, {V}, {F}
nlm    {T}. {J}. {Y};{V}<({I})>:{P}.
nlm    {T}. {J} {V}, {P} ({Y}).
apa    {T} ({Y}). {J}, {V}<({I})>, {P}.
close  {A}, {T}, {J}. {V} ({Y}) {P}.
close  {A}, {J} {V}:{F} ({Y})
close  {A}, {J}, {Y}, {V}, {P}.
close  {A}, {T}, {J} {V}:{F}, {Y}
close  {A}. {T}. {J}, {V}:{F}, {Y}.
close  {A}. {T}. {J}, {V}<({I})>:{P}, {M} {Y}.
full   {A}. {T}. {J}, {V}<({I})>:{P}, {Y}.
full   {A}. {Y}. {T}. {J} {V}<, {I}> ({Y2}), {P}.
full   {A}, “{T},” {J} {V}<, no. {I}> ({Y}): {P}.
full   {A}, "{T}", {J}, {V}<({I})>, {Y}, {P}.
inv    {A}. {Y}. “{T}.” {J} {V}<({I})>: {P}.
inv    {A}. "{T}." {J} {V}<.{I}> ({Y}): {P}.
inv    {A}. “{T}.” {J}, vol. {V}<, no. {I}>, {Y}, pp. {P}.
inv    {A} ({Y}): {T}. In: {J} {V}<({I})>, S. {P}.
inv    {A}, {T}, {J} {V} ({Y}), {P}.
nlm    {A}. {T}. {J}. {Y} {M};{V}<({I})>:{F}. doi: {X}.
nlm    {A}. {T}. {J} [Internet]. {Y} {M} {D} [cited {Y2} {M2} {D}];{V}<({I})>:{P}. Available from: {U}
nlm    {A}. {T} [published online {M} {D}, {Y}]. {J}. doi:{X}
nlm    {A}. {T}. {J}. {Y}. doi:{X}.
nlm    {A}. {T}. {J}. {Y} (in press).
nlm    {A}. {T}. {J}. {Y} Epub ahead of print.
apa    {A} ({Y}). {T}. {J}. Advance online publication. https://doi.org/{X}
spaced {A}, {J} {V}, {F} ({Y}), arXiv:{W}.
spaced {A}, {J} {V}, {F} ({Y}) [arXiv:{W} [hep-ph]].
spaced {A}, {J} {V} ({Y}) {F} [arXiv:{W}].
close  {A}, {J} {V}, {F} ({Y}), {W}.
close  {A}, {J} {V} ({Y}) {F}, [{W}].
spaced {A}, “{T},” {J} {V} ({Y}) {F} [arXiv:{W} [hep-th]].
spaced {A}, {T}, {J} {V} ({Y}) {F} [{W}].
close  {A}, {T}, {J} {V}, {F} ({Y}), arXiv:{W} [astro-ph.CO].
spaced {A}, {T}, arXiv:{W}.
full   {A}, “{T},” ({Y}), arXiv:{W} [hep-th].
full   {A}. {T}. arXiv preprint arXiv:{W}, {Y}.
apa    {A} {Y}, {J}, {V}, {F}, arXiv:{W}
full   {A}, {T}, {V} {J} {F} ({Y}).
full   {A}, {T}, {V} {J} {P} ({Y}).
full   {A}. {T}. To appear in {J}.
spaced {A}, {T}, to appear in {J}.
full   {A}. {T}. {J}, {V}<({I})>:{P}, {M} {Y}.
full   {A}: {T}. {J} {V}<({I})>: {P} ({Y}).
""".strip()  # fmt: skip


def _join(names: list[str], rng: random.Random) -> str:
    if len(names) == 1:
        return names[0]
    limit = rng.choice([None, None, None, 1, 3, 6])
    if limit and len(names) > limit:
        return ", ".join(names[:limit]) + rng.choice([", et al.", " et al.", ", et al", " et al"])
    roll = rng.random()
    if roll < 0.05:
        return rng.choice([" and ", "/", " / "]).join(names)
    if not any("," in n for n in names):
        if roll < 0.12:
            return " and ".join(names)
        if roll < 0.13:
            return " ".join(names[:-1]) + " and " + names[-1]
    separator = ", "
    last = rng.choice([", ", ", ", ", and ", " and ", ", & ", " & "])
    if all("," in n for n in names) and rng.random() < 0.25:
        separator = last = "; "
    return separator.join(names[:-1]) + last + names[-1]


_NAME_PLACES = (
    "Lond",
    "Phila Pa 1976",
    "Silver Spring",
    "Bethesda",
    "Basel",
    "2003",
    "Oxf",
    "Engl",
    "Noisy-le-grand",
    "1985",
)
_STUDY_GROUPS = (
    "the EURODIAB Study Group", "for the ASCOT Investigators", "WHO Working Group", "and the BASELINE Study Group",
    "on behalf of the German Stroke Registers Study Group", "International Diabetes Epidemiology Group",
    "for the Alzheimer's Disease Neuroimaging Initiative", "ACTG 320 Study Team", "PARTNER Trial Investigators",
)  # fmt: skip


def article(item: Item, rng: random.Random) -> Segments | None:
    """A journal article in one of the layouts above; None where the item has not enough to print."""
    people = [p for p in item.get("author", ()) if p.get("family")]
    if not people or not all(item.get(k) for k in ("container-title", "volume", "page")):
        return None
    form, template = rng.choice(ARTICLES.split("\n")).split(None, 1)
    journal = item.get("container-title-short") if rng.random() < 0.55 else item["container-title"]
    journal = (journal or item["container-title"]).rstrip(".")
    if rng.random() < 0.5 and form in ("nlm", "dotless"):
        journal = journal.replace(".", "")
    if rng.random() < 0.03:
        journal += f" ({rng.choice(_NAME_PLACES)})"
    first, _, last = item["page"].partition("-")
    if last and rng.random() < 0.4 and last.isdigit() and first.isdigit() and len(last) == len(first):
        k = next((k for k in range(len(first)) if first[k] != last[k]), 0)
        last = last[k:]
    year = str(item["issued"]["date-parts"][0][0])
    title = item["title"].rstrip(".")
    authors = _join([_FORMS[form](p) for p in people], rng)
    if rng.random() < 0.02:
        authors += f", {rng.choice(_STUDY_GROUPS)}"
    values = {
        "A": ("AUTHOR", authors),
        "T": ("TITLE", title),
        "J": ("JOURNAL", journal),
        "Y": ("DATE", year),
        "M": ("DATE", rng.choice(_MONTHS)),
        "D": ("DATE", str(rng.randint(1, 28))),
        "V": ("VOLUME", item["volume"]),
        "I": ("ISSUE", item.get("issue", "")),
        "P": ("PAGES", first + (rng.choice("--––‐") + last if last else "")),
        "F": ("PAGES", first),
        "X": ("ID", item.get("DOI") or "10.1000/j.abc.2011.01.002"),
        "U": ("ID", f"https://www.example.org/{rng.randint(100, 9999)}"),
        "W": ("ID", _arxiv(rng)),
        "Y2": ("O", str(int(year) + rng.randint(0, 3))),
        "M2": ("O", rng.choice(_MONTHS)),
    }
    template = re.sub(r"<([^<>]*)>", lambda m: m[1] if item.get("issue") else "", template)
    if "{I}" in template and not item.get("issue"):
        return None
    out = _filled(template, values)
    return _dates_joined(out)


def _filled(template: str, values: dict[str, tuple[str, str]]) -> Segments:
    out: Segments = []
    for piece in re.split(r"(\{\w+\})", template):
        if piece.startswith("{") and piece[1:-1] in values:
            out.append(values[piece[1:-1]])
        elif piece:
            # A title that ends in "?" or a name list in "." needs no full stop.
            if out and piece[0] == "." and out[-1][1][-1:] in ".?!":
                piece = piece[1:]
            if piece:
                out.append(("O", piece))
    return out


def _dates_joined(segments: Segments) -> Segments:
    """ "2024", " ", "Apr" is one date."""
    out: Segments = []
    for label, text in segments:
        if label == "DATE" and len(out) > 1 and out[-1] in (("O", " "), ("O", ". ")) and out[-2][0] == "DATE":
            _, gap = out.pop()
            out[-1] = ("DATE", out[-1][1] + gap + text)
        else:
            out.append((label, text))
    return out


def _arxiv(rng: random.Random) -> str:
    if rng.random() < 0.3:
        part = rng.choice(["hep-th", "hep-ph", "astro-ph", "cond-mat", "gr-qc", "quant-ph", "math-ph", "hep-ex"])
        return f"{part}/{rng.randint(92, 107) % 100:02}{rng.randint(1, 12):02}{rng.randint(1, 999):03}"
    return f"{rng.randint(7, 24):02}{rng.randint(1, 12):02}.{rng.randint(1, 9999):04}{rng.choice(['', 'v1', '7'])}"


def _report(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return rng.choice(["Technical Report", "Report No. 125", "Working Paper 17", "Tech. Rep. TR-98-3"])
    house = rng.choice(["CERN", "NASA", "SLAC", "DESY", "LA", "ANL", "NBER", "FERMILAB", "NIST", "UCRL", "EPRI"])
    middle = rng.choice(["", "-TR", "-TM", "-PUB", "-CONF", "-PROJECT-Report", "-" + str(rng.randint(1965, 2020))])
    return f"{house}{middle}-{rng.randint(1, 9999):03}"


_ORGANISATIONS = (
    "World Health Organization", "European Commission", "National Institute for Health and Care Excellence",
    "U.S. Food and Drug Administration", "American Diabetes Association", "Centers for Disease Control",
    "WHO", "OECD", "R Core Team", "Ministry of Health", "United Nations",
    "NICE", "American Psychiatric Association", "The Cochrane Collaboration", "Robert Koch-Institut", "UNICEF",
    "European Medicines Agency", "Statistics Canada", "National Cancer Institute", "World Bank", "IPCC",
)  # fmt: skip
_SITES = (
    "www.who.int",
    "www.nice.org.uk",
    "www.fda.gov",
    "ec.europa.eu",
    "www.cdc.gov",
    "www.example.org",
    "www.oecd.org",
)
_UNIVERSITIES = (
    "University of Lund", "Stanford University", "Université de Paris", "Technische Universität München", "MIT",
    "University of São Paulo", "Kyoto University", "Universidad de Chile", "ETH Zürich", "University of Cape Town",
)  # fmt: skip
_PUBLISHERS = (
    "Springer", "Wiley", "Elsevier", "Oxford University Press", "Cambridge University Press", "Academic Press",
    "Routledge", "CRC Press", "Sage", "Thieme", "Karger", "MIT Press", "Lippincott Williams & Wilkins",
    "World Scientific", "Springer-Verlag", "John Wiley & Sons", "McGraw-Hill", "Saunders", "Mosby", "Humana Press",
)  # fmt: skip
_SERIES = (
    "Lecture Notes in Computer Science", "LNCS", "Lecture Notes in Mathematics", "Springer Proceedings in Physics",
    "Studies in Logic", "AIP Conference Proceedings", "Graduate Texts in Mathematics", "Contemporary Mathematics",
)  # fmt: skip
_CITIES = (
    "Geneva",
    "London",
    "New York",
    "Berlin",
    "Paris",
    "Stockholm",
    "Washington, DC",
    "Oxford",
    "Philadelphia",
    "Boston",
)


def _day(rng: random.Random) -> str:
    year, month, day = rng.randint(2003, 2025), rng.randint(1, 12), rng.randint(1, 28)
    return rng.choice(
        (
            f"{_MONTHS[month - 1]} {day}, {year}", f"{day} {_MONTHS[month - 1]} {year}", f"{year}-{month:02}-{day:02}",
            f"{day:02}.{month:02}.{year}", f"{day}/{month}/{year}", f"{_MONTHS[month - 1]} {year}",
            f"{year} {_MONTHS[month - 1]} {day}",
        )
    )  # fmt: skip


def other(item: Item, rng: random.Random) -> Segments:
    """A web page, law, standard, thesis, book, chapter, report, preprint or piece of software in a usual layout."""
    title = item["title"].rstrip(".")
    people = [p for p in item.get("author", ()) if p.get("family")] or [{"family": "Lee", "given": "J."}]
    form = rng.choice(list(_FORMS.values()))
    authors = _join([form(p) for p in people[:4]], rng)
    organisation = rng.choice(_ORGANISATIONS)
    year = str(item["issued"]["date-parts"][0][0])
    pages = f"{rng.randint(1, 600)}{rng.choice('-–')}{rng.randint(601, 999)}"
    values = {
        "A": ("AUTHOR", authors),
        "G": ("AUTHOR", organisation),
        "Z": ("NOTE", _join([_full(p) for p in people[-1:]], rng)),
        "O": ("PUBLISHER", organisation),
        "T": ("TITLE", title),
        "B": ("BOOK", item.get("container-title", "Handbook of Clinical Methods").rstrip(".")),
        "E": ("EDITOR", _join([form(p) for p in people[-2:]], rng)),
        "Y": ("DATE", year),
        "U": ("ID", f"https://{rng.choice(_SITES)}/{title.split()[0].lower()}-{rng.randint(1, 999)}"),
        "L": ("PLACE", rng.choice(_CITIES)),
        "Q": ("PUBLISHER", rng.choice(_PUBLISHERS)),
        "H": ("PUBLISHER", rng.choice(_UNIVERSITIES)),
        "P": ("PAGES", pages),
        "N": ("EDITION", rng.choice(["2nd", "3rd", "4th", "5th", "10th"])),
        "S": ("O", _day(rng)),
        "K": ("GENRE", rng.choice(["PhD thesis", "Ph.D. dissertation", "Doctoral dissertation", "Master's thesis"])),
        "R": ("GENRE", _report(rng)),
        "W": ("ID", _arxiv(rng)),
        "V": ("VOLUME", str(rng.randint(2, 9999))),
        "C": ("SERIES", rng.choice(_SERIES)),
    }
    template = rng.choice(OTHERS.split("\n"))
    return _filled(template, values)


OTHERS = """
{G}. {T}. {Y}. {U} Accessed {S}.
{G}. {T} [Internet]. {L}: {O}; {Y} [cited {S}]. Available from: {U}
{G}. {T}. {U}. Accessed {S}.
{G}. {T}. {L}: {Q}, {Y}.
{G}. {T}. {Y}. Available at: {U} (accessed {S}).
{G} ({Y}). {T}. Retrieved from {U}
{G} ({Y}) {T}. {L}: {Q}.
{G} ({Y}). {T}. {U}
{T}. {U} (accessed {S}).
{T} [Internet]. [cited {S}]. Available from: {U}
{T}. {Y}. Available from: {U}
{G}. {T}. URL {U}. accessed on {S}.
{A}, in {B} ({L}, {Y}), pp. {P}.
{A}, {T}, in {B}, {L} ({Y}).
{A}, {Y}, in {B}, {L}: {Q}, {P}
{A}, {Y}, {T} ({L}: {Q})
{A}. “{T}.” In {B}, edited by {E}, {P}. {L}: {Q}, {Y}.
{A}. {T}. {L}: {Q}, {Y}.
{A}. “{T}.” {K}, {H}, {Y}.
{A}. {T}. Trans. {Z}. {L}: {Q}, {Y}.
{A}. {T} {Q} {Y}.
{A}. {T} [Internet]. {Y} [cited {S}]. Available from: {U}
{A} ({Y}). {T}. {U}
{A}. {T}. {K}. {H}, {Y}.
{A}. {T} [{K}]. {L}: {H}; {Y}.
{A} ({Y}). {T} ({K}). {H}.
{A} ({Y}) {T}. {K}, {H}, {L}.
{A}, {T}, {K}, {H} ({Y}).
{A}. {K}, {H}, {Y}.
{A}. {T}. {L}: {Q}; {Y}.
{A}. {T}. {N} ed. {L}: {Q}; {Y}.
{A}. {T}. {L}: {Q}; {Y}. p. {P}.
{A} ({Y}). {T} ({N} ed.). {L}: {Q}.
{A} ({Y}) {T}. {Q}, {L}
{A}, {T} ({Q}, {L}, {Y}).
{A}, {T}, {Q}, {L}, {Y}.
{A}, {T}, {N} ed. ({Q}, {L}, {Y}), pp. {P}.
{A}. {Y}. {T}. {L}: {Q}.
{A}. {T}. In: {E}, editors. {B}. {L}: {Q}; {Y}. p. {P}.
{A}. {T}. In: {E}, eds. {B}. {N} ed. {L}: {Q}; {Y}:{P}.
{A}: {T}. In {B}. Edited by {E}. {L}: {Q}; {Y}:{P}.
{A} ({Y}). {T}. In {E} (Eds.), {B} (pp. {P}). {L}: {Q}.
{A} ({Y}) {T}. In: {E} (eds) {B}. {Q}, {L}, pp {P}
{A}, {T}, in: {E} (Eds.), {B}, {Q}, {L}, {Y}, pp. {P}.
{A}, in {B}, edited by {E} ({Q}, {L}, {Y}), p. {P}.
{A}, “{T},” in {B}, {Y}, pp. {P}.
{A}. {T}. In {B}, pages {P}, {Y}.
{A}. {T}. In {E}, editors, {B}, pages {P}. {Q}, {Y}.
{A}. {T}. {R}, {H}, {Y}.
{A} ({Y}). {T}. {R}. {L}: {Q}.
{G}. {T}. {R}. {L}; {Y}.
{A}, {T}, {R} ({Y}).
{A} ({Y}) {T}. {R}.
{A}. {T}. {R}, {Y}.
{E} (ed.), {T}, {R} ({Q}, {L}, {Y}).
{A}. {T}. {L}, {Y}.
{A}. {T}. {L}, {Y}. {N} ed.
{A}, {T} {Q} {Y}.
{A}. {T}. {Q}, {Y}.
{A}. {T}. {Q}, {L}, {Y}.
{A}. {T}. In {B}. {Q}, {Y}.
{A}. {T}. {B}. {Q}; {Y}. p. {P}.
{A} ({Y}) {T}. {B}. {Q}, pp. {P}.
{A}. {T}. In {B}, volume {V} of {C}, pages {P}. {Q}, {Y}.
{A}: {T}. In: {B}. {C}, vol. {V}, pp. {P}. {Q}, {L} ({Y})
{A}, {Y}, in {B}, arXiv:{W}
{A}, {Y}, {T}, in {B}, {L}
{A}, in {B}, {L}, {Y}, p. {P}.
{A}, {T}, {B}, {L}, {Y}.
{G}. {Y}. {T}. {U}
{G}. {Y}. {T}. Retrieved {S} from {U}
{G}. {Y}. {T}. {U} Last accessed {S}.
{G}. {T}. URL {U}. accessed on {S}.
{A} {T} {U}(accessed: {S}).
{A}. {T}. arXiv:{W} ({Y}).
{A}, {T}, arXiv:{W}.
{A}, arXiv:{W} ({Y}).
{A}. {T}. arXiv preprint arXiv:{W}, {Y}.
{A} ({Y}) {T}. arXiv:{W}
{E}, eds. {T}. {L}: {Q}, {Y}.
{E} (Eds.). ({Y}). {T}. {L}: {Q}.
""".strip()
