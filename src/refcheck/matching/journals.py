"""Names of journals, books and proceedings made comparable: abbreviations, acronyms, former names, parts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from refcheck.matching.acronyms import acronym_in, is_acronym_of
from refcheck.matching.journal_sections import sectioned
from refcheck.model import Level
from refcheck.text import words
from refcheck.words import MONTHS

# Words that ISO 4 leaves out of abbreviated titles.
SMALL_WORDS = frozenset(
    "the of and for in on an at to a as de la le les des du et der die das und fur e y el los las del della di do da "
    "dos en i och og van het amp with by from".split()
)

# Names under which journals are cited that no abbreviation rule explains: acronyms and former names, as the journals
# themselves or the NLM Catalog give them (folded, run together without small words).
_ALIASES: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split("|"))
    for group in (
        "bmj|britishmedicaljournal|brmedj|bmjbritishmedicaljournal|bmjclinicalresearched",
        "pnas|proceedingsnationalacademysciences|proceedingsnationalacademysciencesunitedstatesamerica"
        "|procnatlacadsci|procnatlacadsciusa|procnatlacadscius|proceedingsnationalacademysciencesusa"
        "|procnatacadsci|procnatacadsciusa",
        "nejm|newenglandjournalmedicine|nengljmed|newengljmed",
        "jama|journalamericanmedicalassociation|jamajournalamericanmedicalassociation|jammedassoc",
        "jacs|journalamericanchemicalsociety|jamchemsoc",
        "mnras|monthlynoticesroyalastronomicalsociety|monnotrastronsoc|monnotroyastronsoc",
        "apj|astrophysicaljournal|astrophysj",
        "apjl|astrophysicaljournalletters|astrophysjlett",
        "apjs|astrophysicaljournalsupplementseries|astrophysjsuppl|astrophysjsupplser",
        "aj|astronomicaljournal|astronj",
        "aa|astronomyastrophysics|astronastrophys",
        "prl|physicalreviewletters|physrevlett",
        "jgr|journalgeophysicalresearch|jgeophysres",
        "grl|geophysicalresearchletters|geophysreslett",
        "jcp|journalchemicalphysics|jchemphys",
        "cacm|communicationsacm|communacm",
        "tcs|theoreticalcomputerscience|theorcomputsci",
        "embojournal|emboj|europeanmolecularbiologyorganizationjournal",
        "fasebjournal|fasebj",
        "plosone|plos1|publiclibraryscienceone",
        "eos|eostransactionsamericangeophysicalunion|transactionsamericangeophysicalunion|eostransagu|eostransamgeophysunion",
        "angewandtechemieinternationaledition|angewchemintedengl|angewandtechemieinternationaleditionenglish"
        "|angewchemieinternationaledition|angewchemieint|angewchemint|angewchemieintl|angewchem|angewandtechemie",
        "jamadermatology|archivesdermatology|archdermatol",
        "jamainternalmedicine|archivesinternalmedicine|archinternmed",
        "jamapediatrics|archivespediatricsadolescentmedicine|archpediatradolescmed",
        "jamapsychiatry|archivesgeneralpsychiatry|archgenpsychiatry",
        "jamasurgery|archivessurgery|archsurg",
        "jamaneurology|archivesneurology|archneurol",
        "jamaophthalmology|archivesophthalmology|archophthalmol",
        "jamaotolaryngologyheadnecksurgery|archivesotolaryngologyheadnecksurgery|archotolaryngolheadnecksurg",
        "mmwr|morbiditymortalityweeklyreport|mmwrmorbmortalwklyrep|morbmortalwklyrep",
    )
)
_ALIAS_OF = {name: i for i, group in enumerate(_ALIASES) for name in group}


def container_level(printed: str, recorded: Sequence[str]) -> tuple[Level, str]:
    """How a printed container name agrees with the recorded ones, and why.

    >>> container_level("Biomater. Res.", ["Biomaterials Research"])
    (<Level.FORMATTING: 'formatting'>, 'journal abbreviated')
    >>> container_level("Cytotherapy", ["Cytokine"])[0]
    <Level.DIFFERS: 'differs'>
    """
    if section := _other_section(printed, recorded):
        return section
    level, reason = _level(telling_words(printed), printed, recorded)
    if level is Level.DIFFERS and (parted := _CAMEL.sub(" ", printed)) != printed:
        level, reason = _level(telling_words(parted), printed, recorded)
    if level is Level.DIFFERS and (bare := _without_place(printed)):
        level, reason = _level(bare, printed, recorded)
    if level is Level.DIFFERS and any(_code_of(printed, name) for name in recorded):
        return Level.FORMATTING, "acronym"
    acronym = acronym_in(printed) if level is Level.DIFFERS else ""
    if acronym and any(is_acronym_of(acronym, name) for name in recorded):
        return Level.FORMATTING, "acronym"
    return level, reason


#: Journals whose own name is that of a family: what stands behind the colon is another journal's (American Heart
#: Association, American College of Cardiology, American Academy of Neurology, JMIR).
_FAMILIES = frozenset("circulation stroke jacc neurology jmir hypertension".split())
ANOTHER_SECTION = "another section of the journal"


def _other_section(printed: str, recorded: Sequence[str]) -> tuple[Level, str] | None:
    """Where the sections decide: another letter, or the journal that gave its name to a family; None elsewhere.

    >>> _other_section("Phys Rev A", ["Physical Review E"])
    (<Level.DIFFERS: 'differs'>, 'another section of the journal')
    >>> _other_section("Acta Cryst D", ["Acta Crystallographica Section D Biological Crystallography"])
    (<Level.FORMATTING: 'formatting'>, 'journal abbreviated')
    """
    mine = sectioned(printed)
    for name in recorded:
        theirs = sectioned(name)
        if theirs.section and _same_base(mine.base, theirs.base):
            if mine.section == theirs.section:
                return Level.FORMATTING, "journal abbreviated"
            if mine.section:
                return Level.DIFFERS, ANOTHER_SECTION
        main, _, part = name.partition(":")
        if part and main.strip().lower() in _FAMILIES and telling_words(printed) == telling_words(main):
            return Level.DIFFERS, ANOTHER_SECTION
    return None


def _same_base(a: str, b: str) -> bool:
    mine, theirs = telling_words(a), telling_words(b)
    return bool(mine) and bool(theirs) and (mine == theirs or abbreviates(mine, theirs) or abbreviates(theirs, mine))


# Codes of databases: "GeoRL", "NPGeo", "AnGeo"; a capital inside, and no more than six letters.
_CODE = re.compile(r"(?=[A-Za-z]{4,6}$)[A-Z][A-Za-z]*[a-z][A-Za-z]*")


def _code_of(printed: str, name: str) -> bool:
    """Whether a short word with capitals inside takes its letters, each capital a beginning, from a name in order."""
    if not _CODE.match(printed) or printed[1:].islower():
        return False
    pieces = [p.lower() for p in re.findall(r"[A-Z][a-z]*", printed)]
    parts = iter(telling_words(name))
    return len(pieces) > 1 and all(any(word.startswith(piece) for word in parts) for piece in pieces)


# Places that the NLM Catalog puts behind a name in parentheses ("Bioinformatics (Oxford, England)"), and that
# abbreviating programs leave without them ("Bioinforma. Oxf. Engl.").
_PLACES = frozenset(
    "oxf oxford engl england lond london edinb scotl glasg cambridge mass bethesda md baltim amst neth den haag n y ny "
    "new york chic ill phila pa wash dc calif berl ger heidelb stuttg munch switz basel paris fr copenh cph stockh "
    "swed tokyo jpn mineola ohio tex wis houst elmsford".split()
)


def _without_place(printed: str) -> tuple[str, ...]:
    """The telling words before a place at the end of a name; () where no place ends it, or nothing is left."""
    bare = telling_words(printed)
    end = len(bare)
    while end and bare[end - 1] in _PLACES:
        end -= 1
    return bare[:end] if end < len(bare) else ()


# Words that extraction has run together: "Postgrad MedJ".
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _level(bare: tuple[str, ...], printed: str, recorded: Sequence[str]) -> tuple[Level, str]:
    best = (Level.DIFFERS, "")
    for name in (*recorded, *(part for n in recorded for part in _sections(n))):
        theirs = telling_words(name)
        if not bare or not theirs:
            continue
        if bare == theirs or "".join(bare) == "".join(theirs):
            return (Level.SAME, "") if printed == name else (Level.FORMATTING, "")
        if abbreviates(bare, theirs) or abbreviates(theirs, bare):
            best = (Level.FORMATTING, "journal abbreviated")
            continue
        mine, other = "".join(bare), "".join(theirs)
        a, b = _ALIAS_OF.get(mine), _ALIAS_OF.get(other)
        if a is not None and a == b:
            best = (Level.FORMATTING, "known under both names")
        elif len(mine) >= 8 and fuzz.ratio(mine, other) >= 90 and mine[:3] == other[:3]:
            best = (Level.FORMATTING, "spelling")
        elif best[0] is Level.DIFFERS and _part_of(bare, theirs):
            best = (Level.FORMATTING, "name printed in part")
        elif best[0] is Level.DIFFERS and len(bare) > 2 and len(bare[-1]) == 1 and abbreviates(bare[:-1], theirs):
            best = (Level.FORMATTING, "section printed with the name")
        elif best[0] is Level.DIFFERS and _but_for_journal(bare, theirs):
            best = (Level.NOTE, "one name has Journal before it")
        elif best[0] is Level.DIFFERS and _acronym_of(mine, theirs):
            best = (Level.FORMATTING, "acronym")
    return best


# Where a name may be cut: "Chaos. An Interdisciplinary Journal", "GeneWatch : a bulletin", "Klinik (Munich)".
_CUT = re.compile(r"\s{0,3}[:=/(]\s{0,3}|(?<=[^\W\d_]{4})\.\s{1,3}|\s{1,3}[-–—]\s{1,3}")


def _sections(name: str) -> list[str]:
    """The parts of a long name of which one may be printed alone: the first one, or any of two words and more."""
    first, *others = [s for s in _CUT.split(name) if s]
    if not others:
        return []
    return [s for s in (first, *others) if len(telling_words(s)) > 1 or (s is first and len(s) > 3)]


# A date or volume that was read with the name: "PeerJ 2019", "Center for Open Science October 31", "JAMA Bd".
_MONTHS = " ".join(MONTHS.values()).split()
_DATE = re.compile(
    rf"(?<=[^\W\d_])\W{{1,3}}(?:(?:{'|'.join(_MONTHS)})(?:\s\d{{1,2}})?"
    r"|(?:1[5-9]|20)\d\d(?:[A-Z][a-z]{2}\d{0,2})?|\d{2,3}|[IVXLC]{2,7}|(?i:vol|bd|band|jg|nr|no)\.?)$"
)


@lru_cache(maxsize=16384)
def telling_words(name: str) -> tuple[str, ...]:
    """The telling words of a container name: no small words, no place in brackets, no leading "In"."""
    cut = re.sub(r"\([^()]{1,40}\)?\s*$|\[[^\[\]]{1,40}\]?\s*$", "", name).strip() or name
    cut = re.sub(r"(?i)^\s*in\s*:?\s+(?=\w)", "", cut)
    cut = re.sub(r"(?i)\b(?:d|l|dell|all)['’](?=\w)", "", cut)  # l'Académie, dell'Istituto
    cut = _DATE.sub("", cut)
    return tuple(w for w in words(cut) if w not in SMALL_WORDS) or words(name)


def abbreviates(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether one name is the other abbreviated: each word a prefix (or contraction) of the next one, to the last.

    >>> abbreviates(("proc", "natl", "acad", "sci"), ("proceedings", "national", "academy", "sciences"))
    True
    >>> abbreviates(("nature",), ("nature", "genetics"))
    False
    """
    if len(short) > len(long):
        return _run_together(short, long) or _parted(short, long)
    j = 0
    for i, word in enumerate(short):
        while j < len(long) and not word_abbreviates(word, long[j]):
            j += 1
            if i == 0:
                return False  # the first word is never left out, but for an article
        if j == len(long):
            return _run_together(short, long)
        j += 1
    if j < len(long):
        return False
    return len(long) - len(short) <= max(2, len(long) // 3)


def _run_together(short: Sequence[str], long: Sequence[str]) -> bool:
    """Words printed apart that are recorded together, or the reverse: "Clin Neuro Physiol", "Biomedcentral"."""
    mine, theirs = "".join(short), "".join(long)
    return len(mine) > 7 and len(mine) >= 0.9 * len(theirs) and fuzz.ratio(mine, theirs) >= 92


def _parted(short: Sequence[str], long: Sequence[str]) -> bool:
    """One word more, where two printed words are the beginning of one recorded word: "Euro Surveill"."""
    if len(short) != len(long) + 1:
        return False
    joined = ([*short[:i], short[i] + short[i + 1], *short[i + 2 :]] for i in range(len(long)))
    return any(
        all(b.startswith(a) and (a == b or len(a) > 4) for a, b in zip(words, long, strict=True)) for words in joined
    )


@lru_cache(maxsize=65536)
def word_abbreviates(short: str, long: str) -> bool:
    """Whether one word may stand for a longer one: a beginning of it, or a contraction.

    >>> word_abbreviates("natl", "national"), word_abbreviates("sci", "cell")
    (True, False)
    """
    if long.startswith(short) or short.startswith(long):
        return True
    if len(short) < 2 or len(short) > len(long) or short[0] != long[0]:
        return False
    # Contractions of ISO 4 keep letters in order and mostly the last one: natl, intl, engl, dtsch, z., Jpn, Wkly.
    if len(short) > 6 and len(short) < 0.6 * len(long):
        return False
    position = 0
    for c in short:
        position = long.find(c, position) + 1
        if not position:
            return False
    return short[:2] == long[:2] or len(short) <= 5


def _part_of(short: Sequence[str], long: Sequence[str]) -> bool:
    """A section or subtitle that the printed name leaves out: "J Geophys Res" of "… Solid Earth" has three words.

    Only names of at least three words are taken so; "Nature" is not "Nature Genetics".
    """
    if len(short) < 3 or len(short) >= len(long):
        return False
    return all(word_abbreviates(a, b) for a, b in zip(short, long, strict=False))


def _but_for_journal(a: Sequence[str], b: Sequence[str]) -> bool:
    """Names of two words or more that differ by a leading “Journal of”: former and present names of many journals."""
    mine, theirs = (tuple(x[1:]) if x[0] == "journal" else tuple(x) for x in (a, b))
    short, long = sorted((mine, theirs), key=len)
    return (mine, theirs) != (tuple(a), tuple(b)) and len(short) > 1 and long[: len(short)] == short


def _acronym_of(short: str, long: Sequence[str]) -> bool:
    return 3 <= len(short) <= 6 and len(long) >= 3 and short == "".join(w[0] for w in long)


def misspelt_name(printed: str, recorded: Sequence[str]) -> bool:
    """Whether a name is a recorded one with one word of six letters or more a letter or two amiss.

    >>> misspelt_name("J Clin Dermatolgoy", ["Journal of Clinical Dermatology"])
    True
    >>> misspelt_name("Urology", ["Neurology"]), misspelt_name("Cytokine", ["Cytotherapy"])
    (False, False)
    """
    mine = telling_words(printed)
    return any(_one_amiss(mine, telling_words(name)) for name in recorded)


def _one_amiss(mine: Sequence[str], theirs: Sequence[str]) -> bool:
    if len(mine) != len(theirs):
        return False
    odd = [(a, b) for a, b in zip(mine, theirs, strict=True) if not word_abbreviates(a, b)]
    if len(odd) != 1:
        return False
    ((a, b),) = odd
    if min(len(a), len(b)) < 6 or a[:2] != b[:2]:
        return False
    most = 2 if min(len(a), len(b)) > 8 else 1
    return min(OSA.distance(a, b), *(OSA.distance(a, b[:k]) for k in (len(a) - 1, len(a), len(a) + 1))) <= most


#: Words that say nothing of the matter of a journal.
_GENERIC = frozenset(
    "journal annals archives acta bulletin review reviews american british european international national new "
    "proceedings transactions science sciences research medicine medical advances current letters reports society "
    "academy clinical experimental applied".split()
)


def names_alike(printed: str, recorded: str) -> bool:
    """Whether two names begin alike, with two words or more that tell of the matter: former and present names.

    >>> names_alike("J Chem Inf Comput Sci", "Journal of Chemical Information and Modeling")
    True
    >>> names_alike("Journal of Clinical Oncology", "Journal of Clinical Investigation")
    False
    """
    shared = []
    for a, b in zip(telling_words(printed), telling_words(recorded), strict=False):
        if not (word_abbreviates(a, b) or word_abbreviates(b, a)):
            break
        shared.append(max(a, b, key=len))
    return len([w for w in shared if w not in _GENERIC]) >= 2
