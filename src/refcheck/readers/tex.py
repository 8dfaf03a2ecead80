"""LaTeX source -> what it prints: accents, letters, dashes, quotes; commands are dropped, their text is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

# The accent commands of LaTeX2e (Lamport, LaTeX, 3.2.1) and their combining characters.
_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ", "eta": "η",
    "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω", "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘",
    "textquotedblleft": "“", "textquotedblright": "”", "textregistered": "®", "texttrademark": "™", "copyright": "©",
    "textdegree": "°", "degree": "°", "times": "×", "pm": "±", "sim": "∼", "leq": "≤", "geq": "≥", "rightarrow": "→",
    "to": "→", "S": "§", "P": "¶", "dots": "…", "ldots": "…", "slash": "/", "textasciitilde": "~", "infty": "∞",
    "textbackslash": "\\", "textunderscore": "_", "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX", "quad": " ",
    "qquad": " ", "space": " ", "par": "\n\n", "newline": "\n", "linebreak": "\n", "item": "\n", "newblock": " ",
    "prime": "′",
}  # fmt: skip
# The journals of AASTeX and of the styles of MNRAS and A&A: commands that print their abbreviations.
_JOURNALS = {
    "aj": "AJ", "apj": "ApJ", "apjl": "ApJL", "apjs": "ApJS", "apjlett": "ApJL", "apjsupp": "ApJS", "aap": "A&A",
    "aapr": "A&A Rev.", "aaps": "A&AS", "araa": "ARA&A", "mnras": "MNRAS", "pasp": "PASP", "pasj": "PASJ",
    "pasa": "PASA", "nat": "Nature", "icarus": "Icarus", "apss": "Ap&SS", "ssr": "Space Sci. Rev.",
    "solphys": "Sol. Phys.", "physrep": "Phys. Rep.", "prl": "Phys. Rev. Lett.", "pra": "Phys. Rev. A",
    "prb": "Phys. Rev. B", "prc": "Phys. Rev. C", "prd": "Phys. Rev. D", "pre": "Phys. Rev. E",
    "jcap": "J. Cosmology Astropart. Phys.", "jgr": "J. Geophys. Res.", "grl": "Geophys. Res. Lett.",
    "planss": "Planet. Space Sci.", "procspie": "Proc. SPIE", "memsai": "Mem. Soc. Astron. Italiana",
    "rmxaa": "Rev. Mexicana Astron. Astrofis.", "baas": "BAAS", "jrasc": "JRASC", "memras": "MmRAS",
    "qjras": "QJRAS", "skytel": "S&T", "sovast": "Soviet Ast.", "zap": "ZAp", "applopt": "Appl. Opt.",
    "iaucirc": "IAU Circ.", "gca": "Geochim. Cosmochim. Acta", "nphysa": "Nucl. Phys. A", "actaa": "Acta Astron.",
    "psj": "PSJ", "jqsrt": "J. Quant. Spectrosc. Radiat. Transf.", "bain": "Bull. Astron. Inst. Netherlands",
}  # fmt: skip
_LETTERS |= {name: printed for name, printed in _JOURNALS.items() if name not in _LETTERS}
# Commands whose first argument is not printed.
_SILENT = frozenset([
    "bibinfo", "bibfield", "href", "BibitemShut", "label", "ref", "vspace", "hspace", "includegraphics", "textcolor",
    "color", "bibliographystyle", "bibliography", "usepackage", "documentclass", "begin", "end", "addbibresource",
    "setlength", "pagestyle", "thispagestyle", "newcommand", "renewcommand", "providecommand", "eqref", "cref", "Cref",
    "autoref", "pageref", "hypersetup", "graphicspath", "setcounter", "addtocounter", "bibitemStop", "Eprint",
    "hypertarget",
])  # fmt: skip
_TABLES = ("{tabular}", "{tabular*}", "{tabularx}", "{longtable}", "{array}")  # their columns are told by an argument
_TOKEN = re.compile(
    r"""(?P<accent>\\(?:[`'^~=."]|[uvHtcdbrk](?![A-Za-z])))\s{0,9}
      | (?P<command>\\[A-Za-z]{1,40}\*?)[ \t]{0,9}
      | (?P<escaped>\\[&%$\#_{}\ ,;:!/@-])
      | (?P<line>\\\\(?:\*)?(?:\[[^\]\n]{0,20}\])?)
      | (?P<comment>(?<!\\)%[^\n]*\n?)
      | (?P<dash>-{2,3})
      | (?P<open>``)|(?P<close>'')
      | (?P<tie>~)
      | (?P<drop>[{}$\\])""",
    re.VERBOSE,
)
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_BARE = re.compile(r"\{?\\?([A-Za-zıȷ])\}?|\{\\([ij])\s?\}")
_MEASURE = re.compile(r"\{[-+]?\d[\d.]{0,8}\s?\\?[A-Za-z]{0,20}\}")  # \setlength{\parindent}{-0.25in}
_OPTION = re.compile(r"\[[^\[\]]{0,300}\]")


def decode_latex(source: str) -> str:
    """What LaTeX source prints; unknown commands vanish, braces too. Total and linear.

    >>> decode_latex(r"M{\\"u}ller \\& Sm\\'{\\i}d: {T}he \\emph{E. coli}~$\\alpha$ 11--19, {\\O}st \\v{c}")
    'Müller & Smíd: The E. coli\\xa0α 11–19, Øst č'
    """
    if "\\" not in source and not re.search(r"[{}$~%`]|--|''", source):
        return source
    out: list[str] = []
    ends: dict[int, int] | None = None
    at = 0
    while m := _TOKEN.search(source, at):
        out.append(source[at : m.start()])
        at = m.end()
        kind = m.lastgroup
        if kind == "accent":
            letter = _BARE.match(source, at)
            if letter:
                plain = (letter.group(1) or letter.group(2)).replace("ı", "i").replace("ȷ", "j")
                out.append(unicodedata.normalize("NFC", plain + _ACCENTS[m.group("accent")[1]]))
                at = letter.end()
        elif kind == "command":
            name = m.group("command")[1:].rstrip("*")
            if name in _LETTERS:
                out.append(_LETTERS[name])
                if source.startswith("{}", at):
                    at += 2
            elif name in _SILENT:
                table = source.startswith(_TABLES, at)
                ends = brace_ends(source) if ends is None else ends
                at = _after_argument(source, at, ends)
                at = _after_argument(source, at, ends) if table else at
                while measure := _MEASURE.match(source, at):
                    at = measure.end()
            elif option := _OPTION.match(source, at):
                at = option.end()
        elif kind == "escaped":
            sign = m.group("escaped")[1]
            out.append({",": "\u2009", ";": " ", ":": " ", "!": "", "/": "", "-": "\u00ad"}.get(sign, sign))
        elif kind == "line":
            out.append("\n")
        elif kind == "dash":
            out.append("–" if len(m.group("dash")) == 2 else "—")
        elif kind in {"open", "close"}:
            out.append("“" if kind == "open" else "”")
        elif kind == "tie":
            out.append("\u00a0")
    out.append(source[at:])
    return "".join(out)


def _after_argument(source: str, at: int, ends: Mapping[int, int]) -> int:
    """The place after the options and the first braced argument."""
    while (option := _OPTION.match(source, at)) is not None:
        at = option.end()
    blanks = at
    while blanks < len(source) and source[blanks] in " \t\n" and blanks - at < 20:
        blanks += 1
    return ends.get(blanks, at)


def brace_ends(source: str) -> dict[int, int]:
    """For each opening brace that closes, the place after its group; one pass.

    >>> brace_ends("{a{b}}{c \\\\}")
    {2: 5, 0: 6}
    """
    ends: dict[int, int] = {}
    opened: list[int] = []
    for m in _BRACE.finditer(source):
        if m.group() == "{":
            opened.append(m.start())
        elif m.group() == "}" and opened:
            ends[opened.pop()] = m.end()
    return ends
