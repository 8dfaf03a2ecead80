"""What happens to references between record and page: to the values before printing, to the print afterwards."""

from __future__ import annotations

import random
import re
import unicodedata

from records import Item, with_distinct_numbers

Segments = list[tuple[str, str]]

_SMALL = frozenset("a an and as at but by for from in into nor of on or the to via with versus vs".split())


def _title_case(title: str) -> str:
    words = title.split(" ")
    return " ".join(
        w if (i and w.lower() in _SMALL) or not w[:1].islower() else w[0].upper() + w[1:] for i, w in enumerate(words)
    )


def prepared(item: Item, rng: random.Random) -> Item:
    """A record's item as an author might have it in the library: fields left out, another letter case, an article
    number for pages, numbers that can be told apart."""
    item = dict(item)
    title = item["title"]
    roll = rng.random()
    if roll < 0.05 and len(title) < 120:
        title = title.upper()
    elif roll < 0.15:
        title = _title_case(title)
    elif roll < 0.25:
        title = title[0] + title[1:].lower()
    elif roll < 0.30 and ": " in title and len(title.split(": ")[0]) > 25:
        title = title.split(": ")[0]
    item["title"] = title
    if rng.random() < 0.5:
        item.pop("DOI", None)
    if rng.random() < 0.12:
        item.pop("issue", None)
    elif rng.random() < 0.02:
        item["issue"] = rng.choice(["Suppl 1", "Suppl", "S1", "3-4", "1/2", "Pt 2", "Suppl. 2", "Special Issue"])
    if rng.random() < 0.04:
        item.pop("page", None)
    elif item["type"] == "article-journal" and rng.random() < 0.06:
        number = rng.randint(10, 10 ** rng.choice([3, 5, 6]))
        item["page"] = (
            rng.choice(["e", "e", "E", "", "", "", "S", "L", "A", "R", "article "])
            + f"{number:0{rng.choice([1, 4, 6])}d}"
        )
    if item["type"] == "article-journal":
        item.pop("publisher", None) if rng.random() < 0.75 else None
        item.pop("publisher-place", None)
        item.pop("editor", None)
        if rng.random() < 0.04:
            item.pop("volume", None)
            if rng.random() < 0.7:
                item.pop("issue", None)
    elif "publisher-place" not in item and rng.random() < 0.6:
        item["publisher-place"] = rng.choice(_PLACES)
    if item["type"] == "book" and rng.random() < 0.25:
        item["edition"] = str(rng.randint(2, 9))
    if item["type"] in ("chapter", "paper-conference") and "editor" not in item and rng.random() < 0.5:
        item["editor"] = [
            {"family": rng.choice(_FAMILIES), "given": rng.choice(_GIVEN)} for _ in range(rng.randint(1, 3))
        ]
    if item["type"] in ("chapter", "book") and rng.random() < 0.1:
        item["collection-title"] = rng.choice(_SERIES)
        item["volume"] = item.get("volume") or str(rng.randint(2, 900))
    if item["type"] == "report":
        item["genre"] = rng.choice(["Technical report", "Report", "Working paper", "White paper"])
        if rng.random() < 0.5:
            item["number"] = f"{rng.choice(['TR', 'WHO', 'NBER', 'RR', 'No'])}-{rng.randint(10, 9999)}"
    if item["type"] == "thesis":
        item["genre"] = rng.choice(["PhD thesis", "Doctoral dissertation", "Master's thesis", "Ph.D. dissertation"])
    if rng.random() < 0.015 and "container-title-short" in item:
        place = rng.choice(["Lond", "Phila Pa 1976", "Silver Spring", "Basel", "Bethesda", "Madr"])
        item["container-title"] = item["container-title-short"] = item["journalAbbreviation"] = (
            f"{item['container-title-short']} ({place})"
        )
    elif rng.random() < 0.05 and item["type"] == "article-journal":
        item["container-title"] = item["container-title-short"] = item["journalAbbreviation"] = rng.choice(_SHORT_NAMES)
    elif rng.random() < 0.1 and "container-title-short" in item:
        item["container-title"] = item["container-title-short"]
    if rng.random() < 0.12 and len(item.get("author", ())) > 6:
        item["author"] = item["author"][: rng.randint(2, 12)]
    return with_distinct_numbers(item, rng)


_PLACES = (
    "New York", "London", "Berlin", "Cambridge, MA", "Oxford, UK", "Amsterdam", "Paris", "Heidelberg", "Geneva",
    "Washington, DC", "San Francisco (CA)", "Philadelphia", "Cham", "Singapore", "Boca Raton, FL", "Hoboken, NJ",
    "Thousand Oaks, CA", "New York, NY, USA", "Tokyo", "Stuttgart", "Berlin, Heidelberg", "Cambridge", "Chicago",
)  # fmt: skip
_SHORT_NAMES = (
    "JAMA", "PeerJ", "Bone", "Cell", "Gut", "Blood", "Spine", "Nature", "Science", "Lancet", "Circulation", "eLife",
    "Cancers", "Sensors", "Neuron", "Allergy", "Burns", "Heart", "Thorax", "Brain", "Ecology", "Genetics", "Stroke",
    "Chest", "Pain", "Bioinformatics", "Nutrients", "BMJ", "RNA", "Biochemistry", "Nano Lett", "Foods",
    "Energies", "Sustainability", "Cureus", "Metabolism", "Vaccine", "Toxins", "Diabetes", "Gene", "Demography",
    "Animals", "Small", "Chaos", "Immunity", "Leukemia", "Cancer Cell", "Icarus", "Geology", "AIDS", "Praxis",
)  # fmt: skip
_FAMILIES = (
    "Smith", "Müller", "García López", "van der Berg", "Nguyen", "Li", "O'Neill", "Rossi", "Kowalski", "Tanaka",
    "Dupont", "Ivanov", "Hansen", "Fletcher", "McDonald", "de Souza", "Levi", "Kaufmann", "Patel", "Yılmaz", "Novák",
)  # fmt: skip
_GIVEN = (
    "A.",
    "John",
    "M. J.",
    "Ana",
    "Wei",
    "R.",
    "P. L.",
    "Karl-Heinz",
    "S.",
    "T. W. R.",
    "Jean-Pierre",
    "Eva",
    "K.",
)
_SERIES = (
    "Lecture Notes in Computer Science", "Methods in Molecular Biology", "Springer Series in Statistics",
    "Advances in Experimental Medicine and Biology", "NATO ASI Series", "Topics in Current Chemistry",
)  # fmt: skip


def _line_hyphen(segments: Segments, rng: random.Random) -> Segments:
    """A word broken at a line end: the hyphen stays, with a blank, a line break, or nothing after it."""
    gap = rng.choice(["- ", "- ", "-\n", "-\n", "-", "\u00ad"])
    out = list(segments)
    candidates = [
        (i, m)
        for i, (label, text) in enumerate(out)
        if label in ("TITLE", "JOURNAL", "BOOK", "AUTHOR", "PUBLISHER")
        for m in re.finditer(r"[A-Za-zÀ-ÿ]{7,}", text)
    ]
    for i, m in sorted(
        rng.sample(candidates, min(len(candidates), rng.randint(1, 2))), key=lambda c: (-c[0], -c[1].start())
    ):
        label, text = out[i]
        k = m.start() + rng.randint(3, len(m[0]) - 3)
        out[i] = (label, text[:k] + gap + text[k:])
    return out


def _wrapped(segments: Segments, rng: random.Random) -> Segments:
    """Hard line breaks in place of some blanks."""
    width = rng.randint(40, 90)
    out: Segments = []
    column = 0
    for label, text in segments:
        pieces = []
        for c in text:
            column += 1
            if c == " " and column > width:
                c, column = "\n", 0
            pieces.append(c)
        out.append((label, "".join(pieces)))
    return out


def _each(segments: Segments, change: object) -> Segments:
    return [(label, change(text)) for label, text in segments]  # type: ignore[operator]


def _no_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def _glued(segments: Segments, rng: random.Random) -> Segments:
    """Blanks lost after marks, or set before them, as extraction from a PDF does."""
    share = rng.choice([0.3, 0.6, 1.0])
    before = rng.random() < 0.4

    def change(text: str) -> str:
        if before:
            return re.sub(r"(?<=\w)([.,;]) ?", lambda m: " " + m[1] if rng.random() < share else m[0], text)
        return re.sub(r"(?<=[.,;:]) (?=\w)", lambda m: "" if rng.random() < share else m[0], text)

    return _each(segments, change)


def _tail(segments: Segments, rng: random.Random) -> Segments:
    """What databases and editors hang on: identifiers, links, remarks."""
    n = rng.randint(1000000, 38999999)
    more: Segments = rng.choice(
        [
            [("O", " PMID: "), ("ID", str(n)), ("O", ".")],
            [("O", " PMID: "), ("ID", str(n)), ("O", "; PMCID: "), ("ID", f"PMC{n // 4}"), ("O", ".")],
            [("O", " [PubMed: "), ("ID", str(n)), ("O", "]")],
            [("O", " [PubMed] [CrossRef]")],
            [("O", " [CrossRef] [Google Scholar]")],
            [("O", " Epub "), ("NOTE", f"{rng.randint(1999, 2024)} Jan 5"), ("O", ".")],
            [("O", f" Available from: https://www.example.org/{n} [accessed 5 May {rng.randint(2005, 2024)}]")],
            [("O", f" Accessed {rng.choice(['March', '3 June', 'Oct 12,'])} {rng.randint(2005, 2024)}.")],
            [("O", " (In press).")],
            [("O", " Review.")],
            [("O", f" Cited {rng.randint(2, 90)} times.")],
            [("O", " doi: "), ("ID", f"10.{rng.randint(1000, 9999)}/j.abc.{rng.randint(1999, 2024)}.{n % 100000:05d}")],
        ]
    )
    return [*segments, *more]


def _number(segments: Segments, rng: random.Random) -> Segments:
    mark = rng.choice(["{}. ", "{}. ", "[{}] ", "({}) ", "{} ", "{}) ", "[{}]", "{}.\t", "- {}. "])
    text = mark.format(rng.randint(1, 220))
    return [("NUMBER", text.rstrip()), ("O", text[len(text.rstrip()) :]), *segments]


def _emphasis(segments: Segments, rng: random.Random) -> Segments:
    mark = rng.choice(["*", "*", "_", "**"])
    wanted = rng.choice(["TITLE", "JOURNAL", "BOOK"])
    return [(label, f"{mark}{text}{mark}" if label == wanted else text) for label, text in segments]


def noisy(segments: Segments, rng: random.Random, amount: float = 1.0) -> Segments:
    """The printed entry with none, one or a few of the usual accidents; labels stay on their characters."""
    out = list(segments)

    def chance(p: float) -> bool:
        return rng.random() < p * amount

    if chance(0.10):
        out = _tail(out, rng)
    if chance(0.10):
        out = _line_hyphen(out, rng)
    if chance(0.06):
        out = _glued(out, rng)
    if chance(0.05):
        out = _each(out, _no_accents)
    if chance(0.10):
        dash = rng.choice("-–—‐‑−")
        out = _each(out, lambda t: re.sub(r"(?<=\d)[-–](?=\d)", dash, t))
    if chance(0.03):
        out = _each(out, lambda t: t.replace("fi", "ﬁ").replace("fl", "ﬂ"))
    if chance(0.03):
        out = _each(out, lambda t: re.sub(r"([.;:]) ", r"\1  ", t))
    if chance(0.03):
        out = _each(out, lambda t: re.sub(r" (?=\d)", "\u00a0", t))
    if chance(0.05):
        out = _emphasis(out, rng)
    if chance(0.10):
        out = _wrapped(out, rng)
    if chance(0.12):
        out = _number(out, rng)
    return out
