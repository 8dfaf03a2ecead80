"""More variety than the records have. Some thousand articles, but only some hundred books and proceedings, are at hand,
and the articles are of few journals: a model trained on them alone learns these names by heart. So titles, journals,
publishers and people are dealt out anew: what is printed is no real work any more, but it is built like one."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from records import Item, held_out

_COLON = re.compile(r":\s|\s[–—-]\s")
_TAIL = re.compile(r"\s(?:in|for|by|with|using|during|after|among|from|on|is|are|as|at|and its)\s.*")
_FRAMES = (
    "Handbook of {}", "The {} Handbook", "Introduction to {}", "{}: A Guide", "Advances in {}", "Principles of {}",
    "The Oxford Handbook of {}", "Encyclopedia of {}", "{}: Theory and Practice", "Essentials of {}", "{} in Context",
    "The Cambridge Companion to {}", "Understanding {}", "A History of {}", "Methods in {}", "{}: An Introduction",
    "Current Topics in {}", "Fundamentals of {}", "{} and Society", "Lectures on {}", "Recent Progress in {}",
)  # fmt: skip
_MEETINGS = (
    "Proceedings of the {nth} {what} on {topic}", "Proceedings of the {year} {what} on {topic}",
    "{nth} {what} on {topic}", "{year} {what} on {topic}", "{year} {nth} {what} on {topic} ({short})",
    "{year} {what} on {topic} ({short})",
    "Proceedings of the {nth} Annual {what} on {topic} - {short} '{yy}", "{topic} {year}", "{topic}", "{short} {year}",
    "Proc. {nth} {what} {topic}", "Proceedings of {short} {year}", "{nth} {what} {topic}, {short} {year}",
)  # fmt: skip
_WHAT = (
    "International Conference", "Conference", "International Symposium", "Workshop", "IEEE Conference",
    "ACM Symposium", "European Conference", "World Congress", "ACM SIGKDD International Conference", "Int. Conf.",
)  # fmt: skip
_SMALL = frozenset("a an and as at by for from in into nor of on or the to with und et de la der die das".split())


@dataclass(frozen=True)
class Stock:
    """What is dealt out: values of the records that training may see, and pairs of a journal's name and short name."""

    titles: Sequence[str]
    people: Sequence[list[dict[str, str]]]
    publishers: Sequence[str]
    meetings: Sequence[str]
    journals: Sequence[tuple[str, str]]


def stock(items: Sequence[Item], journals: Path) -> Stock:
    """The stock of some records, and of a table of journals (tab-separated: name, short name; gzip)."""
    articles = [i for i in items if i["type"] == "article-journal" and 20 < len(i["title"]) < 200]
    with gzip.open(journals, "rt", encoding="utf-8") as lines:
        pairs = [line.rstrip("\n").split("\t")[:2] for line in lines]
    return Stock(
        titles=[i["title"] for i in articles if not re.search(r"(?i)\breview(?:ed)?\b|isbn|pages", i["title"])],
        people=[i["author"] for i in items if i.get("author")],
        publishers=sorted({i["publisher"] for i in items if i.get("publisher")}),
        meetings=sorted({i["container-title"] for i in items if i["type"] == "paper-conference"}),
        journals=[
            (name, short)
            for name, short in pairs
            if name != "full" and not held_out(name) and len(name) > 5 and '"' not in name and name[0].isalpha()
        ],
    )


def _capitals(title: str) -> str:
    words = title.split(" ")
    return " ".join(w if i and w.lower() in _SMALL else w[:1].upper() + w[1:] for i, w in enumerate(words))


def book_title(given: Stock, rng: random.Random) -> str:
    """A title such as books have."""
    title = rng.choice(given.titles)
    roll = rng.random()
    if roll < 0.35:
        title = _COLON.split(title)[0]
        title = _TAIL.sub("", title) if len(title) > 40 or rng.random() < 0.5 else title
        title = title.rstrip(" ?.")
        if rng.random() < 0.4 and len(title) < 60:
            title = rng.choice(_FRAMES).format(title)
    elif roll < 0.5:
        words = [w for t in rng.sample(given.titles, 4) for w in re.findall(r"[A-Za-z]{5,}", t)]
        picked = [w.capitalize() for w in rng.sample(words, min(3, len(words)))]
        title = f"{', '.join(picked[:-1])} {rng.choice(['and', '&'])} {rng.choice(['', 'the '])}{picked[-1]}"
    return _capitals(title) if rng.random() < 0.6 else title


def meeting(given: Stock, year: int, rng: random.Random) -> str:
    """The name of a conference, or of its proceedings."""
    if rng.random() < 0.4:
        return rng.choice(given.meetings)
    topic = _capitals(_TAIL.sub("", _COLON.split(rng.choice(given.titles))[0]).rstrip(" ?."))
    n = rng.randint(2, 48)
    ending = "th" if 10 < n < 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    short = "".join(rng.choice("ABCDEFGIMNPRST") for _ in range(rng.randint(3, 6)))
    frame = rng.choice(_MEETINGS)
    return frame.format(
        nth=f"{n}{ending}", what=rng.choice(_WHAT), topic=topic, year=year, yy=f"{year % 100:02}", short=short
    )


def _imprint(given: Stock, year: int, rng: random.Random) -> str:
    """What reviews print behind the title of a book."""
    people = " and ".join(
        f"{p.get('given', '')[:1]}. {p['family']}" for p in rng.choice(given.people)[:2] if p.get("family")
    )
    pages = rng.choice(["Pp. {}.", "{} pages.", "xii + {} pp.", "{} pp."]).format(rng.randint(90, 800))
    price = rng.choice(
        ["Price ${}.95.", "£{}.00.", "Hardback £{}.50. ISBN 0 521 {}1498 4.", "Paper ${}. ISBN 0-306-4{}644-3.", ""]
    )
    said = rng.choice([f"By {people}.", f"Edited by {people}.", f"{people},"])
    return (
        f" {said} {rng.choice(given.publishers)}{rng.choice(['', ', London', ', New York'])}"
        f"{rng.choice([', ', '. '])}{year - rng.randint(1, 2)}. {pages} {price.format(*rng.sample(range(10, 99), 2))}"
    ).rstrip(". ")


def varied(item: Item, given: Stock, rng: random.Random) -> Item:
    """The item with some of its values dealt out anew, more of them the rarer its kind is."""
    item = dict(item)
    kind = item["type"]
    year = item["issued"]["date-parts"][0][0]
    if kind == "article-journal":
        if rng.random() < 0.4:
            item["container-title"], short = rng.choice(given.journals)
            for key in ("container-title-short", "journalAbbreviation"):
                item[key] = short
        if rng.random() < 0.5:
            item["publisher"] = rng.choice(given.publishers)
        if rng.random() < 0.007:
            item["title"] = f"{book_title(given, rng)}." + _imprint(given, year, rng)
        return item
    if rng.random() < 0.2:
        return item
    if rng.random() < 0.8:
        item["publisher"] = rng.choice(given.publishers)
    if rng.random() < 0.7:
        item["author"] = [dict(p) for p in rng.choice(given.people)[: rng.choice([1, 1, 2, 3, 4, 9])]]
    if kind == "book":
        item["title"] = book_title(given, rng)
        return item
    if rng.random() < 0.8:
        item["title"] = book_title(given, rng) if kind == "chapter" and rng.random() < 0.4 else rng.choice(given.titles)
        if kind == "chapter" and rng.random() < 0.06:
            head = rng.choice(["Chapter {} ", "Chapter {}: ", "{}. ", "{} ", "Chapter-{} "]).format(rng.randint(2, 40))
            item["title"] = head + item["title"]
    if kind == "chapter":
        item["container-title"] = book_title(given, rng)
        for key in ("container-title-short", "journalAbbreviation"):
            item.pop(key, None)
    elif kind == "paper-conference" and rng.random() < 0.7:
        item["container-title"] = meeting(given, year + rng.choice([0, 0, 0, -1]), rng)
        for key in ("container-title-short", "journalAbbreviation"):
            item.pop(key, None)
    return item
