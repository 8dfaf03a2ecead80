"""Words of print that several rooms look for, each in one table: names of months, particles of surnames.

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
