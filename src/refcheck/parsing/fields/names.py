"""A printed list of authors or editors, split into names.

The order of a name's parts is never told by one name alone: "Li M" and "M Li" differ by what stands around them.
So every part between commas is first given a kind (initials, words, both in either order), then the list is read
with the layout that most of its parts agree on.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import NamedTuple

from refcheck.model import Name
from refcheck.parsing.fields.name_parts import (
    CONJUNCTION,
    INITIAL,
    SUFFIX,
    Part,
    family_first,
    given_first,
    parts_of,
    plain_initials,
)
from refcheck.parsing.fields.run_in_names import with_blanks
from refcheck.text import any_of
from refcheck.words import EDITOR_MARKS, PRINTED_PARTICLES

_GROUP = re.compile(
    r"(?i)\b(?:group|committee|organi[sz]ations?|associations?|ministr(?:y|ies)|agenc(?:y|ies)|universit\w{1,4}"
    r"|instituts?|institutes?|institutions?|collaborations?|consortium|soci(?:ety|eties|été)|departments?|council"
    r"|commission|investigators|network|foundation|office|bureau|federation|cent(?:er|re)s?|governments?|survey"
    r"|academy|college|team|program(?:me)?|unions?|board|service|ministère|bundes\w{0,20}|task force|international"
    r"|national|inc|ltd|corporation|panel|project|trialists|study|authority|administration|laborator(?:y|ies)"
    r"|company|initiative|conference|unesco|oecd|who|nasa|world|european|unicef|nations|registry|alliance|trust"
    r"|statistics|gesellschaft|verband|editors of)\b"
)
_GROUP_LAST = re.compile(r"(?i)\b(?:group|consortium|collaborations?|committee|investigators|network|trialists)$")
_ET_AL = re.compile(
    r"(?i)[,;]?\s?(?:\b(?:and|und|&)\s)?(?:\bet\.?\s?al(?:ii|\b)\.?|\betc\b\.?|\bet\scoll\b\.?|\band\s(?:\d{1,3}\s)?(?:others|colleagues|coauthors)\b"
    r"|(?-i:\bu\.\s?a\b)\.?|\bdkk\b\.?|\bm\.\s?fl\b\.?|\bi\sin\.|\bym\.|(?<!\w)и\sдр\.?|等|\be\soutros\b|…|\.\.\.)"
)
_EDITOR_MARK = re.compile(
    rf"(?i)[(\[]\s?{any_of(EDITOR_MARKS, 'trans')}\b[^)\]]{{0,40}}[)\]]?"
    r"|[,.]?\s?\b(?:eds?\.|editors?\b|eds\b|hrsg\b\.?|herausgegeben von\b|edited by\b)|(?<=,\s)ed\b"
)
_BRACKETED = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CJK_BREAK = re.compile(r"\s?[,、，;；·・&]\s?|\sand\s|\s외\s?|\s[와과]\s")
_MARKS = re.compile(r"[*†‡§¶#]|(?<=[^\W\d_])\d{1,2}(?:,\d{1,2})*(?=[,;\s]|$)")
_TAIL = re.compile(r"^[^\w]+|[\s,;:\-–\"“”]+$")
# "Dong-Sik Lee ., Kim J.": where a style sets initials, a record without given name leaves a lone stop.
_UNGIVEN = re.compile(
    r"((?:^|(?<=[,;&]))\s?(?:and\s)?)([^\s.,;&][^.,;&]{1,60}),? \.(?=\s?(?:[,;&]|$)|\s(?:and|et|und|y)\s)"
)
_TIED = "\ue000"  # between words that are one name
# "Simmons Jr. GM": the suffix between surname and initials.
_SUFFIX_INSIDE = re.compile(
    r"([^\W\d_]{2,30}) (Jr\.?|Sr\.?|III|II),? ((?:[A-Z]\.?[ -]?){0,2}[A-Z]\.?)(?=[,;]|$| and | & )"
)
_REPEATED = re.compile(r"^[\s\-–—―_]{2,}")


class NameList(NamedTuple):
    """The names, and whether the printed list is cut ("et al.")."""

    names: tuple[Name, ...]
    et_al: bool


def split_names(printed: str) -> NameList:
    """The names in a printed author or editor list; total, and linear in the length of the list.

    >>> [n.family for n in split_names("Hu P, Prà ID, van der Berg JH Jr, et al.").names]
    ['Hu', 'Prà', 'van der Berg']
    >>> split_names("Swann, W. B., Jr., & Li, M.").names[0]
    Name(family='Swann', given='W. B.', suffix='Jr.')
    >>> [n.family for n in split_names("J.-P. Goddet, O. de la Cruz and M. LI").names]
    ['Goddet', 'de la Cruz', 'LI']
    """
    printed = with_blanks(printed)
    if regular := _regular(printed):
        return regular
    s = _normal(printed)
    s = _EDITOR_MARK.sub(",", s)
    cut = _ET_AL.search(s)
    et_al = cut is not None
    if cut:
        s = s[: cut.start()]
    if "(" in s or "[" in s:
        s = _BRACKETED.sub(" ", s)
    s = _TAIL.sub("", s)
    if not s:
        return NameList((), et_al)
    if _REPEATED.match(printed):
        return NameList((), et_al)
    if _CJK.search(s):
        parts = [p.strip(" .,").replace(_TIED, " ") for p in _CJK_BREAK.split(s)]
        return NameList(tuple(Name(family=p) for p in parts if p), et_al)
    if _GROUP.search(s) and ";" not in s and not re.search(r"\b[^\W\d_a-z]\.", s) and not _persons(s):
        return NameList((Name(family=s.strip(" .,")),), et_al)
    if ";" in s and not (s.count(";") == 1 and s.count(",") > 3 and not re.search(r";\s?\w+,", s)):
        names = _semicolons(s)
    else:
        names = _commas(s)
    tidy = [n for n in map(_tidy, names) if n.family or n.given]
    if len(tidy) > 1:
        # "H.E.S.S. Collaboration, Abramowski A": catalogues name the persons first.
        tidy.sort(key=lambda n: not n.given and bool(_GROUP.search(n.family)))
    return NameList(tuple(tidy), et_al)


# "van der Berg JH": how most journals print names; nothing in it needs a second look.
_REGULAR = re.compile(
    r"((?:[a-z]{1,4} ){0,3}(?:[^\W\d_a-z][\w'-]{0,30}[a-zß-ÿ][\w'-]{0,30})(?: [^\W\d_a-z][\w'-]{0,30}[a-zß-ÿ]){0,2})"
    r" ([A-Z](?:-?[A-Z]){0,2})"
)


def _regular(printed: str) -> NameList | None:
    """The names of a list in which every one is family name and initials without stops; None for any other list."""
    cut = printed.find(" et al")
    et_al = 0 < cut >= len(printed) - 8
    names: list[Name] = []
    for part in (printed[:cut].rstrip(",") if et_al else printed.rstrip(".")).split(", "):
        m = _REGULAR.fullmatch(part)
        if not m or "- " in part or m[2] == "III" or _GROUP.search(m[1]):
            return None
        names.append(Name(family=m[1], given=m[2]))
    return NameList(tuple(names), et_al)


def _normal(printed: str) -> str:
    s = printed
    for dash in "\u2010\u2011\u2012\u2013\u2212\u00ad":
        if dash in s:
            s = s.replace(dash, "-")
    s = " ".join(s.replace("’", "'").replace("‘", "'").split())
    if " ." in s:
        s = _UNGIVEN.sub(lambda m: m[1] + m[2].replace(" ", _TIED) + ",", s)
    # "Mombach, J./Soares, F.", "Debnath, A. – Parvez, I.": what some styles put between names.
    s = s.replace(" - ", "; ")
    if "/" in s:
        s = re.sub(r"(?<=[\w.])\s?/\s?(?=[^\W\d_])", "; ", s)
    s = _MARKS.sub("", s)
    s = _SUFFIX_INSIDE.sub(r"\1 \3 \2", s)
    s = re.sub(r" +([.,;])", r"\1", s)
    s = re.sub(r"\.{2}(?!\.)", ".", s)
    # "J .-P.Goddet", "A.B.Lord": a blank after the initials that extraction lost.
    s = re.sub(rf"(?<=[^\W\d_a-z]\.)(?={INITIAL}[a-zß-ÿ])", " ", s)
    # "SahaD., DuttaA.": a blank before the initials that extraction lost.
    s = re.sub(rf"(?<=[^\W\d_A-Z]{{2}})(?={INITIAL}\.(?:[- ]?{INITIAL}\.){{0,3}}(?:[,;]|$))", " ", s)
    if s[-1:].isupper() and s[-3:-1].islower():
        s = f"{s[:-1]} {s[-1]}"
    # "M. -L. Wu", "M.- L. Wu", "Anne- Marie": a hyphen that extraction parted from its letters.
    return re.sub(r"(?<=\w\.) ?- ?(?=[^\W\d_])|(?<=[a-z])- (?=[^\W\d_a-z])", "-", s)


def _persons(s: str) -> bool:
    """Whether there are "Smith J," names beside the group's."""
    return bool(re.search(rf"[^\W\d_]{{2,}} {INITIAL}{{1,3}}(?:,|$)", s))


def _tidy(name: Name) -> Name:
    return Name(
        family=name.family.replace(_TIED, " ").strip(" .,;"),
        given=name.given.strip(" ,;"),
        suffix=name.suffix.strip(" ,;"),
    )


def _semicolons(s: str) -> list[Name]:
    names: list[Name] = []
    for chunk in re.split(r"\s?;\s?", s):
        chunk = re.sub(r"^(?:&|and|und|et)\s", "", chunk.strip())
        pieces = [p.strip() for p in chunk.split(",") if p.strip()]
        if len(pieces) > 1 and all(part.kind == "WI" for part in parts_of(chunk)):
            names += _commas(chunk)  # "Sauter C, Koch B; Skin Study Group"
        elif 2 <= len(pieces) <= 3 and not CONJUNCTION.search(chunk) and not plain_initials(pieces[0].split()[0]):
            suffix = pieces[2] if len(pieces) == 3 else ""
            if SUFFIX.fullmatch(pieces[1]) and suffix:
                pieces[1], suffix = suffix, pieces[1]
            names.append(Name(family=pieces[0], given=pieces[1], suffix=suffix))
        elif pieces:
            names += _commas(chunk)
    return names


class _Layout(NamedTuple):
    """How many parts of a list show the order of a name by themselves."""

    family_first: int  # "Li M"
    given_first: int  # "M Li", "Mary K. Li"
    parted: int  # "Li, M."


def _commas(s: str) -> list[Name]:
    parts = parts_of(s)
    kinds = [part.kind for part in parts]
    layout = _Layout(
        kinds.count("WI"),
        kinds.count("IW") + kinds.count("GIW"),
        sum(pair == ("W", "I") for pair in itertools.pairwise(kinds)),
    )
    names: list[Name] = []
    i = 0
    while i < len(parts):
        part, after = parts[i], _after(parts, i)
        if part.kind == "S":
            if names:
                names[-1] = replace(names[-1], suffix=part.text)
        elif part.kind == "I" and (after is None or after.kind != "I" or plain_initials(part.text)):
            # Initials with nothing before them: they belong to the name before, or are all there is.
            if names and not names[-1].given:
                names[-1] = replace(names[-1], given=part.text)
        else:
            name, read = _name(parts, i, layout, first=not names)
            names.append(name)
            i += read
            continue
        i += 1
    return names


def _after(parts: list[Part], i: int) -> Part | None:
    """The part that may belong to the same name as part `i`."""
    return parts[i + 1] if i + 1 < len(parts) and not parts[i].ends else None


def _name(parts: list[Part], i: int, layout: _Layout, *, first: bool) -> tuple[Name, int]:
    """The name that begins with part `i`, and how many parts it takes."""
    part, after = parts[i], _after(parts, i)
    kind = after.kind if after else ""
    words = part.words
    if part.kind == "WI":
        return family_first(words), 1
    if _GROUP_LAST.search(part.text):
        return Name(family=re.sub(r"^(?:and|for|on behalf of|from|the)\s", "", part.text)), 1
    if part.kind in ("IW", "GIW", "X"):
        if after and kind == "I" and part.kind == "IW" and words[0].rstrip(".") in ("O", "D", "Mc"):
            return Name(family=part.text, given=after.text), 2
        return given_first(words), 1
    if after and kind == "I":
        return _inverted(parts, i)
    if after and kind == "S" and i + 2 < len(parts) and parts[i + 2].kind in ("I", "W", "GIW"):
        return Name(family=part.text, given=parts[i + 2].text, suffix=after.text), 3
    if _GROUP.search(part.text):
        return Name(family=re.sub(r"^(?:for|on behalf of|from)\s", "", part.text)), 1
    if 1 < len(words) < 4 and max(layout.family_first, layout.parted) > 1 and not layout.given_first:
        # "Goud J, Jin Liu, Raj PM": no given name is told apart where all the others have initials.
        return Name(family=part.text), 1
    single = sum(w.lower() not in PRINTED_PARTICLES for w in words) <= 1
    inverted = single or (first and layout.family_first <= layout.given_first and _inverts(parts, i))
    if inverted and after and kind in ("W", "GIW", "WI", "X") and _is_given(after, layout, first=first):
        return _inverted(parts, i)
    if single and (len(words) == 1 or words[0].lower() in PRINTED_PARTICLES):
        return Name(family=part.text), 1
    return given_first(words), 1


def _inverted(parts: list[Part], i: int) -> tuple[Name, int]:
    """ "Smith, J. A., Jr." """
    family, given = parts[i].text, parts[i + 1].text
    if i + 2 < len(parts) and parts[i + 2].kind == "S":
        return Name(family=family, given=given, suffix=parts[i + 2].text), 3
    return Name(family=family, given=given), 2


def _inverts(parts: list[Part], i: int) -> bool:
    """Whether the first part is a compound family name with the given name behind the comma ("García López, Juan")."""
    words = parts[i].words
    return len(words) == 2 and len(parts) == 2 and not parts[i].ends and len(parts[1].words) == 1


def _is_given(part: Part, layout: _Layout, *, first: bool) -> bool:
    if part.kind == "WI":
        # "Smith, John P" is a given name, "Smith, Lee K" another author, by what the rest of the list looks like.
        return layout.family_first <= 1
    if part.kind == "GIW":
        return first and not layout.given_first
    return len(part.words) <= 3 and (first or not layout.given_first)
