"""A printed list of authors or editors, split into names.

The order of a name's parts is never told by one name alone: "Li M" and "M Li" differ by what stands around them.
So every part between commas is first given a kind (initials, words, both in either order), then the list is read
with the layout that most of its parts agree on.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from refcheck.model import Name

# Nobiliary and other particles that belong to the family name when they stand before it (after Chicago Manual of
# Style 8.5–8.14, and the list BibTeX styles and Citation.js use).
_PARTICLES = """
van von der den de del della dello di da dal dalla degli dei dos das do du des la le las los lo ter ten te 't zu
zur zum af av al el ul bin ibn ben abu st st. san santa santo vande vander vom und y e d' l' op in het mac
"""
PARTICLES = frozenset(_PARTICLES.split())
_WITH_CAPITAL = """
van von der den de del della di da dos das du ter ten zu zur af bin ibn vander vande
"""
_ALWAYS = frozenset(_WITH_CAPITAL.split())

_SUFFIX = re.compile(r"(?:[JjSs]r\.?|JR|SR|II|III|IV|VI{1,3}|2nd|3rd|4th|[Jj]únior|Filho|Neto)")
_INITIAL = r"[^\W\d_a-zß-öø-ÿ]"
_INITIALS = re.compile(
    rf"(?:{_INITIAL}\.?(?:[-']?{_INITIAL}\.?){{0,4}}|(?:{_INITIAL}[^\W\d_]{{1,3}}\.)(?:-?{_INITIAL}[^\W\d_]{{0,2}}\.){{0,3}}"
    rf"|{_INITIAL}\.-[^\W\d_]\.?|{_INITIAL}-[a-z]{{2,6}})"
)
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
    r"|\bu\.\s?a\.|(?<!\w)и\sдр\.?|等|\be\soutros\b|…|\.\.\.)"
)
_EDITOR_MARK = re.compile(
    r"(?i)[(\[]\s?(?:eds?|editors?|hrsg|hg|coords?|dir|orgs?|comps?|trans|ed\. by)\b[^)\]]{0,40}[)\]]?"
    r"|[,.]?\s?\b(?:eds?\.|editors?\b|eds\b|hrsg\b\.?|herausgegeben von\b|edited by\b)|(?<=,\s)ed\b"
)
_BRACKETED = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]")
_CONJUNCTION = re.compile(
    r"\s?[,;]?\s?(?:&|\+)\s?|\s?(?:[,;]\s?|\s)(?:and|und|et|AND|y|og|och|en|ve|dan|ja|oraz|és|и|і|e)\s"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CJK_BREAK = re.compile(r"\s?[,、，;；·・&]\s?|\sand\s|\s외\s?|\s[와과]\s")
_MARKS = re.compile(r"[*†‡§¶#]|(?<=[^\W\d_])\d{1,2}(?:,\d{1,2})*(?=[,;\s]|$)")
_TAIL = re.compile(r"^[^\w]+|[\s,;:\-–\"“”]+$")
# "Dong-Sik Lee ., Kim J.": where a style sets initials, a record without given name leaves a lone stop.
_UNGIVEN = re.compile(
    r"((?:^|(?<=[,;&]))\s?(?:and\s)?)([^\s.,;&][^.,;&]{1,60}),? \.(?=\s?(?:[,;&]|$)|\s(?:and|et|und|y)\s)"
)
_TIED = "\ue000"  # between words that are one name
# "Shimizu Y. Nagasao T. Fukuta K.": names that nothing parts but their initials.
_UNPARTED = re.compile(rf"(?:[^\W\d_a-z][a-zß-ÿ'-]{{2,20}} (?:{_INITIAL}\.[ -]?){{1,3}}(?:\s|$)?){{2,}}")
_REPEATED = re.compile(r"^[\s\-–—―_]{2,}")


class NameList(NamedTuple):
    """The names, and whether the printed list is cut ("et al.")."""

    names: tuple[Name, ...]
    et_al: bool


class _Part(NamedTuple):
    text: str
    words: list[str]
    kind: str  # I initials · W words · WI words then initials · IW initials then words · GIW John P. Smith · S suffix
    ends: bool  # a conjunction follows: no name goes on beyond it


def split_names(printed: str) -> NameList:
    """The names in a printed author or editor list; total, and linear in the length of the list.

    >>> [n.family for n in split_names("Hu P, Prà ID, van der Berg JH Jr, et al.").names]
    ['Hu', 'Prà', 'van der Berg']
    >>> split_names("Swann, W. B., Jr., & Li, M.").names[0]
    Name(family='Swann', given='W. B.', suffix='Jr.')
    >>> [n.family for n in split_names("J.-P. Goddet, O. de la Cruz and M. LI").names]
    ['Goddet', 'de la Cruz', 'LI']
    """
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
    if _GROUP.search(s) and not re.search(r"\b[^\W\d_a-z]\.", s) and not _persons(s):
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
    s = re.sub(r" +([.,;])", r"\1", s)
    s = re.sub(r"\.{2}(?!\.)", ".", s)
    # "J .-P.Goddet", "A.B.Lord": a blank after the initials that extraction lost.
    s = re.sub(rf"(?<=[^\W\d_a-z]\.)(?={_INITIAL}[a-zß-ÿ])", " ", s)
    # "SahaD., DuttaA.": a blank before the initials that extraction lost.
    s = re.sub(rf"(?<=[^\W\d_A-Z]{{2}})(?={_INITIAL}\.(?:[- ]?{_INITIAL}\.){{0,3}}(?:[,;]|$))", " ", s)
    if s[-1:].isupper() and s[-3:-1].islower():
        s = f"{s[:-1]} {s[-1]}"
    # "M. -L. Wu", "M.- L. Wu", "Anne- Marie": a hyphen that extraction parted from its letters.
    return re.sub(r"(?<=\w\.) ?- ?(?=[^\W\d_])|(?<=[a-z])- (?=[^\W\d_a-z])", "-", s)


def _persons(s: str) -> bool:
    """Whether there are "Smith J," names beside the group's."""
    return bool(re.search(rf"[^\W\d_]{{2,}} {_INITIAL}{{1,3}}(?:,|$)", s))


def _tidy(name: Name) -> Name:
    return Name(
        family=name.family.replace(_TIED, " ").strip(" .,;"),
        given=name.given.strip(" ,;"),
        suffix=name.suffix.strip(" ,;"),
    )


def _kind(words: list[str], shouting: bool) -> str:
    kinds: list[str] = []
    for w in words:
        # "O'Fallon JR": two capitals behind one word are initials.
        if _SUFFIX.fullmatch(w) and kinds and (len(words) > 2 or not (w.isupper() and len(w) == 2)):
            kinds.append("S")
        elif _INITIALS.fullmatch(w) and not (shouting and len(w) > 1 and "." not in w):
            kinds.append("I")
        else:
            kinds.append("W")
    if kinds and kinds[-1] == "S" and len(kinds) > 1:
        kinds.pop()
    if len(words) > 2 and kinds[-1] == "W" and "I" in kinds and kinds[0] == "W":
        # "Santos C. A. dos": a particle that catalogues put behind the initials.
        while len(kinds) > 2 and kinds[-1] == "W" and words[len(kinds) - 1] in PARTICLES:
            kinds.pop()
    runs = re.sub(r"(.)\1+", r"\1", "".join(kinds))
    return {"I": "I", "W": "W", "WI": "WI", "IW": "IW", "WIW": "GIW", "IWIW": "IW", "WIWIW": "GIW", "WIWI": "WI"}.get(
        runs, "X"
    )


def _parts(s: str) -> list[_Part]:
    letters = [w for w in re.findall(r"[^\W\d_]+", s) if len(w) > 3]
    shouting = bool(letters) and all(w.isupper() for w in letters)
    parts: list[_Part] = []
    chunks = [c for c in _CONJUNCTION.split(s) if c and c.strip()]
    for chunk in chunks:
        pieces = [p.strip() for p in chunk.split(",")]
        pieces = [p for p in pieces if p and p not in (".", "-")]
        if len(pieces) == 1 and "." in chunk and _UNPARTED.fullmatch(pieces[0]):
            pieces = [p.strip() for p in re.split(r"(?<=\.)\s(?=[^\W\d_a-z][a-zß-ÿ])", pieces[0])]
        for k, piece in enumerate(pieces):
            words = piece.split()
            last = k == len(pieces) - 1
            if (
                len(words) == 1
                and _SUFFIX.fullmatch(words[0])
                and (parts and not (words[0] in ("VI", "V", "II") and parts[-1].kind == "W"))
            ):
                kind = "S"
            else:
                kind = _kind(words, shouting)
                if kind == "I" and len(words) > 1:
                    # "LI XY", "J LI": which one is the name is settled by the rest of the list.
                    kind = (
                        "WI"
                        if len(words[0].rstrip(".")) > 1 and "." not in words[0]
                        else "IW"
                        if len(words[-1].rstrip(".")) > 1 and "." not in words[-1]
                        else "I"
                    )
                elif kind == "W" and shouting and len(words) == 2 and len(words[1]) < 3 and len(words[0]) > 1:
                    kind = "WI"
            parts.append(_Part(piece, words, kind, last))
    return parts


def _semicolons(s: str) -> list[Name]:
    names: list[Name] = []
    for chunk in re.split(r"\s?;\s?", s):
        chunk = re.sub(r"^(?:&|and|und|et)\s", "", chunk.strip())
        pieces = [p.strip() for p in chunk.split(",") if p.strip()]
        if 2 <= len(pieces) <= 3 and not _CONJUNCTION.search(chunk) and not _plain_initials(pieces[0].split()[0]):
            suffix = pieces[2] if len(pieces) == 3 else ""
            if _SUFFIX.fullmatch(pieces[1]) and suffix:
                pieces[1], suffix = suffix, pieces[1]
            names.append(Name(family=pieces[0], given=pieces[1], suffix=suffix))
        elif pieces:
            names += _commas(chunk)
    return names


def _plain_initials(word: str) -> bool:
    """Initials that cannot be a short family name in capitals ("J.", "JA." but not "LI", "WU")."""
    return bool(_INITIALS.fullmatch(word)) and (len(word) == 1 or "." in word)


def _commas(s: str) -> list[Name]:
    parts = _parts(s)
    kinds = [p.kind for p in parts]
    family_first = kinds.count("WI")
    given_first = kinds.count("IW") + kinds.count("GIW")
    names: list[Name] = []
    i = 0
    while i < len(parts):
        part = parts[i]
        following = parts[i + 1] if i + 1 < len(parts) and not part.ends else None
        after = following.kind if following else ""
        words = part.words
        i += 1
        if part.kind == "S":
            if names:
                names[-1] = Name(family=names[-1].family, given=names[-1].given, suffix=part.text)
        elif part.kind == "I" and (after != "I" or _plain_initials(part.text)):
            # Initials with nothing before them: they belong to the name before, or are all there is.
            if names and not names[-1].given:
                names[-1] = Name(family=names[-1].family, given=part.text, suffix=names[-1].suffix)
        elif part.kind == "WI":
            names.append(_family_first(words))
        elif _GROUP_LAST.search(part.text):
            names.append(Name(family=re.sub(r"^(?:and|for|on behalf of|from|the)\s", "", part.text)))
        elif part.kind in ("IW", "GIW", "X"):
            if after == "I" and part.kind == "IW" and words[0].rstrip(".") in ("O", "D", "Mc"):
                names.append(Name(family=part.text, given=following.text if following else ""))
                i += 1
            else:
                names.append(_given_first(words))
        elif after == "I" and following:
            suffix = ""
            j = i + 1
            if j < len(parts) and parts[j].kind == "S":
                suffix = parts[j].text
                j += 1
            names.append(Name(family=part.text, given=following.text, suffix=suffix))
            i = j
        elif after == "S" and following and i + 1 < len(parts) and parts[i + 1].kind in ("I", "W", "GIW"):
            names.append(Name(family=part.text, given=parts[i + 1].text, suffix=following.text))
            i += 2
        elif 1 < len(words) < 4 and family_first > 1 and not given_first and not _GROUP.search(part.text):
            # "Goud J, Jin Liu, Raj PM": no given name is told apart where all the others have initials.
            names.append(Name(family=part.text))
        elif _GROUP.search(part.text):
            names.append(Name(family=re.sub(r"^(?:for|on behalf of|from)\s", "", part.text)))
        else:
            single = sum(w.lower() not in PARTICLES for w in words) <= 1
            inverted = single or (not names and family_first <= given_first and _inverts(parts, i - 1))
            if (
                inverted
                and following
                and after in ("W", "GIW", "WI", "X")
                and _is_given(following, family_first, given_first, names)
            ):
                suffix = ""
                i += 1
                if i < len(parts) and parts[i].kind == "S":
                    suffix = parts[i].text
                    i += 1
                names.append(Name(family=part.text, given=following.text, suffix=suffix))
            elif single:
                names.append(
                    _given_first(words)
                    if len(words) > 1 and words[0].lower() not in PARTICLES
                    else Name(family=part.text)
                )
            else:
                names.append(_given_first(words))
    return names


def _inverts(parts: list[_Part], i: int) -> bool:
    """Whether the first part is a compound family name with the given name behind the comma ("García López, Juan")."""
    words = parts[i].words
    return len(words) == 2 and len(parts) == 2 and not parts[i].ends and len(parts[1].words) == 1


def _is_given(part: _Part, family_first: int, given_first: int, names: list[Name]) -> bool:
    if part.kind == "WI":
        # "Smith, John P" is a given name, "Smith, Lee K" another author, by what the rest of the list looks like.
        return family_first <= 1
    if part.kind == "GIW":
        return not names and not given_first
    return len(part.words) <= 3 and not (given_first and names)


def _family_first(words: list[str]) -> Name:
    suffix = ""
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        suffix = words[-1]
        words = words[:-1]
    # "Costa A. B. de S. R.": particles among the initials belong to them.
    cut = 1
    while cut < len(words) and not _INITIALS.fullmatch(words[cut]):
        cut += 1
    if len(words[0]) > 2 and words[0].isupper():
        # "LINDSTROM Eric J.": the family name is the one in capitals.
        cut = next((k for k in range(1, cut) if not words[k].isupper()), cut)
    return Name(family=" ".join(words[:cut]), given=" ".join(words[cut:]), suffix=suffix)


def _given_first(words: list[str]) -> Name:
    suffix = ""
    if len(words) > 1 and _SUFFIX.fullmatch(words[-1]):
        suffix = words[-1]
        words = words[:-1]
    middle = words[1:-1] if len(words[0]) > 3 and _INITIALS.fullmatch(words[-1]) else words[-1:]  # "MYERS Eric J."
    if len(words[0]) > 2 and words[0].isupper() and not " ".join(middle or words).isupper() and "." not in words[0]:
        # "SWETE Henry Barclay": the family name is the one in capitals.
        cut = next(k for k, w in enumerate(words) if not w.isupper())
        return Name(family=" ".join(words[:cut]), given=" ".join(words[cut:]), suffix=suffix)
    cut = len(words) - 1
    while cut > 1 and _is_particle(words[cut - 1]):
        cut -= 1
    if 1 < cut == len(words) - 1 and [bool(_INITIALS.fullmatch(w)) for w in words[:cut]] == [True] * (cut - 1) + [
        False
    ]:
        # "J. García López": who abbreviates one given name abbreviates them all, so both words are the family name.
        cut -= 1
    # "de la Cruz" alone, or initials before a compound name ("J. García López"): all words are the family name.
    if cut == 1 and _is_particle(words[0]):
        cut = 0
    return Name(family=" ".join(words[cut:]), given=" ".join(words[:cut]), suffix=suffix)


def _is_particle(word: str) -> bool:
    lower = word.lower()
    return lower in PARTICLES and (word[:1].islower() or lower in _ALWAYS)
