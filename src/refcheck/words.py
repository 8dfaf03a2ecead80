"""Words of print that several rooms look for, each in one table: months, particles and suffixes of names, the marks of
editors, books, volumes, issues, pages and supplements, the places in a work that a callout may name.

Where two rooms differ in what they take, the difference is written here, beside the table, with its reason.
"""

from __future__ import annotations

#: Names of months, by language, in their order, without those that stand the same in a language above: what the date
#: terms of the CSL locales print (https://github.com/citation-style-language/locales).
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "de": "Januar Februar März Mai Juni Juli Oktober Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre",
    "pt": "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro",
}

#: Abbreviated months, as English lists print them (NLM's Citing Medicine, appendix A; "sept" is AMA's and Chicago's).
SHORT_MONTHS = "jan feb mar apr jun jul aug sep sept oct nov dec"
#: Seasons that stand for the month of an issue (Crossref's schema, months 21 to 24).
SEASONS = "spring summer autumn fall winter"

#: Particles that stand before a surname, and belong to it or are left out of it: Chicago Manual of Style 8.5–8.14, and
#: the lists of BibTeX styles and Citation.js (Dutch, German, Romance, Arabic, Nordic).
_PARTICLES = frozenset(
    "van von der den de del della dello di da dal dalla degli dei dos das do du la le las los ter ten te zu zur zum af"
    " av al el bin ibn ben abu st san santa vom y e op in mac".split()
)
#: As they are printed: with their stops and apostrophes, and where they have grown together.
PRINTED_PARTICLES = _PARTICLES | frozenset("des lo 't ul st. santo vande vander und d' l' het".split())
#: As they are compared: folded, and cut at apostrophes.
FOLDED_PARTICLES = _PARTICLES | frozenset("d l mc t".split())

#: What follows a name and belongs to it: generations (CSL's `suffix`), with the Portuguese ones of NBR 6023.
GENERATIONS = "jr sr ii iii iv 2nd 3rd 4th"
#: Degrees that deposits put behind a surname.
DEGREES = "md phd"

#: Words by which a name that is recorded or printed among authors is that of a group or an institution.
GROUPS = (
    "group committee consortium collaboration collaborative collaborators investigators network trialists society"
    " association team project initiative study trial university universität università universidad institute institut"
    " instituto institution hospital college department school academy council foundation organization organisation"
    " centre center program programme panel board alliance"
)

#: What says that the names before or behind it are editors': CSL's locales, and the styles of its repository.
EDITOR_MARKS = (
    "ed eds editor editors edited hrsg hg éd éds editeur editeurs éditeurs coord coords org orgs organizadores"
    " herausgegeben dir dirs red comp comps cur utg izd ред"
)
#: What stands before the book, in which a chapter stands.
IN_MARKS = "in dans em en"

#: What announces a volume or an issue: CSL's locales (terms `volume`, `issue`), hand-tagged references.
VOLUME_MARKS = "vol vols volume volumes band bd tome jahrgang jg"
ISSUE_MARKS = "no nos nr number numbers num issue issues iss heft fasc núm"
#: What announces a supplement, and a part of an issue.
SUPPLEMENT_MARKS = "suppl supplement supplements supp sup"
PART_MARKS = "pt part"

#: Places in a work that a callout may name after its number ("[2, Ch. 5]"): CSL's locator terms with their short forms,
#: the words of mathematics, and what German, French, Spanish and Russian lists print.
LOCATORS = (
    "p pp page pages ch chap chaps chapter chapters sec secs sect sects section sections fig figs figure figures tab"
    " tabs table tables box scheme app appendix eq eqs eqn eqns equation equations para vol thm thms theorem theorems"
    " lemma lemmas prop props proposition propositions cor corollary def defs definition definitions example examples"
    " ex remark remarks algorithm algorithms alg proof satz lemme théorème teorema § §§ S Kap Abb с стр гл"
)

#: Words by which a name in a citation is that of a group: it can stand in more ways than can be compared.
GROUP_WORDS = frozenset(
    "organization organisation agency ministry team group consortium collaboration committee institute institut "
    "university society association department council foundation commission bank office bureau center centre inc ltd "
    "llc gmbh corp act network initiative survey service services library program programme project working party task "
    "force board authority federation union international national federal european nations world health government "
    "administration company press software database court states state".split()
)
#: Capitalised words that stand before a year and are nobody's surname.
NO_SURNAMES = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sept sep oct nov dec spring summer autumn fall winter januar februar marz mai juni juli oktober dezember janvier "
    "fevrier mars avril juin juillet aout septembre octobre novembre decembre enero febrero marzo abril mayo junio julio "
    "agosto septiembre octubre noviembre diciembre year years figure fig table version windows office matlab stata "
    "spss sas release edition section chapter appendix vol volume copyright since until during from between before after "
    "in the by and of early late mid circa phase trial wave cohort study protocol census olympics day usa uk germany "
    "china france japan india italy spain canada australia brazil switzerland netherlands london paris berlin tokyo "
    "vienna geneva boston chicago hurricane workshop conference symposium congress meeting proceedings supplement "
    "python data model models dataset article directive regulation resolution treaty declaration agreement convention "
    "guidelines guideline standard iso covid sars".split()
)
