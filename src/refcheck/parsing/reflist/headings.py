"""What headings say: which open a reference list, which end one, which open the text proper."""

from __future__ import annotations

import re
from functools import lru_cache

from refcheck.text import fold, plain

# Headings as journals print them, by language.
_LIST_HEADINGS = """
references; reference; reference list; list of references; references and notes; references & notes;
notes and references;
notes; endnotes; bibliography; literature cited; literature; works cited; cited literature; cited references;
references cited; selected references; selected bibliography; sources; citations; additional references;
supplementary references; supplemental references; supporting references; references and further reading;
references and recommended reading; bibliographic references; bibliographical references; literature references;
references and links; references and bibliography; methods references; online references; key references;
recommended reading; references used; primary references; reference section; list of works cited; web references;
literatur; literaturverzeichnis; literaturangaben; literaturliste; literaturhinweise; quellen; quellenverzeichnis;
bibliographie; referenzen; schrifttum; literatur und quellen; quellen und literatur; zitierte literatur;
références; références bibliographiques; références citées; références et notes; ouvrages cités; littérature;
littérature citée;
liste de références; liste des références;
referencias; referencias bibliográficas; bibliografía; bibliografía citada; literatura citada; obras citadas;
lista de referencias; fuentes; referencias citadas; referencias y notas; bibliografía consultada;
referências; referências bibliográficas; bibliografia; referências citadas; obras consultadas;
riferimenti; riferimenti bibliografici; referenze; opere citate; letteratura; note bibliografiche;
bibliografia essenziale;
literatuur; literatuurlijst; referenties; bronnen; bibliografie; literatuuropgave; geraadpleegde literatuur;
bronnenlijst;
referințe; referințe bibliografice; literatura; piśmiennictwo; literatura cytowana; spis literatury; seznam literatury;
použitá literatura; literatúra; zoznam použitej literatúry; zoznam literatúry; popis literature; viri;
viri in literatura; citovaná literatura;
irodalom; irodalomjegyzék; hivatkozások; felhasznált irodalom; referenser; litteratur; litteraturlista; källor;
källförteckning; referencer; referanser; litteraturliste; litteraturhenvisninger; kilder; referanseliste; lähteet;
viitteet; lähdeluettelo; kirjallisuus;
kaynaklar; kaynakça; βιβλιογραφία; αναφορές; βιβλιογραφικές αναφορές; литература; список литературы; библиография;
библиографический список; источники; использованная литература; список использованной литературы; ссылки; література;
список літератури; список використаних джерел; бібліографія; джерела; литература и источники;
используемая литература; список источников;
参考文献; 參考文獻; 引用文献; 文献; 文獻; 参考书目; 参考资料; 主要参考文献; 参考 文献; 참고문헌;
참고 문헌; 인용문헌; 문헌;
المراجع;
المصادر;
المصادر والمراجع;
المراجع والمصادر;
قائمة المراجع; מקורות; ביבליוגרפיה; רשימת מקורות; منابع; مراجع; فهرست منابع; tài liệu tham khảo; daftar pustaka;
rujukan; daftar rujukan; referensi; referències; erreferentziak; literatūra; kirjandus; viited; kasutatud kirjandus;
เอกสารอ้างอิง; บรรณานุกรม; संदर्भ; संदर्भ सूची; heimildir; heimildaskrá; літаратура; ಉಲ್ಲೇಖಗಳು
"""
_LETTERS = re.compile(r"[\W_]+")


def _key(words: str) -> str:
    return _LETTERS.sub("", fold(words))


_LIST_KEYS = frozenset(_key(x) for x in _LIST_HEADINGS.split(";"))
_DRESS = re.compile(
    r"^(?:\\(?:sub)?(?:section|chapter)\*?\{|[#>*_=\s]{1,12})?"
    r"(?:\d{1,2}(?:\.\d{1,2}){1,3}[.):]?\s{1,4}|(?:\d{1,2}|[IVXLivxl]{1,6}|[A-Ha-h])\s?[.):、．–—-]{1,2}\s{0,4}"
    r"|\d{1,2}\s{1,4}|[IVX]{1,5}\s{1,4}|§\s?\d{1,2}\s{1,3})?"
)
_ANY_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,10}(?:\s[^<>]{0,100})?>")
_UNDRESS = re.compile(r"(?:\{[^{}]{0,60}\}|\}|[\s#*_=:：.。―—–-]|\(\s?\d{1,4}\s?\)|\[\s?\d{1,4}\s?\]){1,30}$")
_SCOPE = re.compile(
    r"(?i)^((?:supplementary |additional |further )?references?)\s+(?:for|to|in|of|cited in"
    r"|from)\s+(?:the\s+)?[\w ,&'’-]{3,70}$"
)


@lru_cache(maxsize=4096)
def is_list_heading(line: str) -> bool:
    """Whether a line is the heading of a reference list, in any usual typography.

    >>> [is_list_heading(x) for x in ("## 7. References", "R E F E R E N C E S", "**Literatur:**", "Results")]
    [True, True, True, False]
    """
    words = _undressed(line)
    if not 0 < len(words) <= 70:
        return False
    if _key(words) in _LIST_KEYS:
        return not (words[:1].islower() and line[:1] == words[:1])
    return bool(_SCOPE.match(words)) and not line.rstrip().endswith((".", ",", ";"))


def _undressed(line: str) -> str:
    words = plain(_ANY_TAG.sub(" ", line[:200]))
    words = _DRESS.sub("", words, count=1)
    if m := _UNDRESS.search(words):
        words = words[: m.start()]
    return words.strip(" *_#=【】[]〔〕「」<>《》\t")


_RUN_IN = re.compile(
    r"\s{0,10}[#*_]{0,4}(?P<words>[^\W\d_]{4,20}(?: (?:and|&|et|y|e|und|des|de"
    r"|of)? ?[^\W\d_]{4,20}){0,2})[*_]{0,3}\s?[:.：]?[*_]{0,3}\s{0,4}"
    r"(?=(?:\[1\]|1[.)]\s|\(1\)\s|1\s+[^\W\d_a-z]|［1］|¹)\s?\S)"
)


def list_heading_prefix(line: str) -> int:
    """How many characters of a line are a heading that runs into the first entry; 0 if none.

    >>> list_heading_prefix("References: 1. Lee A. Skin.")
    12
    >>> list_heading_prefix("Sources 3. Lee A. Skin.")
    0
    """
    m = _RUN_IN.match(line)
    if m and _key(m.group("words")) in _LIST_KEYS and not m.group("words").islower():
        return m.end()
    return 0


_ENDS = re.compile(
    r"(?i)[#*_>\s]{0,8}(?:\d{1,2}\.?\s{1,3})?(?:"
    r"(?:table|tab\.|figure|fig\.|tabelle|abbildung|tableau|tabla|figura|tabela|tabella|таблица|рисунок"
    r"|scheme|box|supplementary (?:table|figure|fig\.|file|data|material)|"
    r"appendix|appendices|anhang|annexe?|anexo|apéndice|apêndice|appendice|приложение|附录|表|图|図)\s{0,2}(?:[a-z]?\d{1,3}|[ivx]{1,4}|[a-h])?\s{0,2}(?:[.:|–—-].{0,400}|$|\s[^\W\d_].{0,300})"
    r"|(?:list of )?(?:tables|figures)(?: (?:and )?(?:legends|captions|titles))?|(?:figure|table|fig\.?"
    r"|legends? (?:for|to|of) (?:the )?figures?|legends?)\s?(?:legends?|captions?|titles?)?s?"
    r"|legends? (?:for|to|of) .{0,60}|abbildungslegenden|légendes.{0,40}|leyendas.{0,40}"
    r"|acknowledge?ments?.{0,40}|danksagung|remerciements|agradecimientos|agradecimentos|ringraziamenti|благодарности"
    r"|funding.{0,40}|conflicts? of interests?.{0,40}|competing interests?.{0,40}|declarations?.{0,60}"
    r"|disclosures?.{0,40}|author contributions?|authors['’]? contributions?|contributors?|contributorship.{0,30}"
    r"|data availability.{0,40}|availability of data.{0,40}|ethic(?:s|al).{0,60}|supplementa(?:ry"
    r"|l).{0,60}|supporting information.{0,40}|additional (?:file|information).{0,40}"
    r"|abbreviations.{0,30}|about the authors?|author (?:information|details|biograph(?:y|ies)"
    r"|affiliations|notes?)|biograph(?:y|ies)|correspondence.{0,60}|corresponding author.{0,60}"
    r"|publisher['’]s note.{0,40}|received\s?[:\d].{0,80}|how to cite.{0,80}|copyright.{0,80}"
    r"|open access.{0,40}|materials and methods|methods|introduction|discussion|conclusions?|results"
    r"|abstract|summary|footnotes?|index"
    r")[#*_:.\s]{0,8}"
)
_ENDS_MOST = 600  # characters of a line; a longer one is a paragraph


def ends_list(line: str) -> bool:
    """Whether a line opens something that is not a reference list: a table, legends, an appendix, statements.

    >>> [ends_list(x) for x in ("Table 2. Ages of the patients", "Appendix A", "Figueroa A. Skin. 2020.")]
    [True, True, False]
    """
    return len(line) <= _ENDS_MOST and bool(_ENDS.fullmatch(line.strip()))


_OPENING = re.compile(
    r"(?i)[#*_>\s]{0,8}(?:(?:\d{1,2}|I)[.)]?\s{1,4})?(?:abstract|summary|introduction|background|objectives?|einleitung|zusammenfassung|einführung|hintergrund"
    r"|résumé|resumen|introducción|resumo|introdução|riassunto|introduzione|abstrakt|samenvatting|inleiding|аннотация|введение|摘要|引言|keywords?)\b"
)


def opens_text(line: str) -> bool:
    """Whether a line is where the title page ends: abstract, introduction, keywords."""
    return bool(_OPENING.match(line))
