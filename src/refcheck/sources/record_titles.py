"""Other readings of a recorded title: what deposits leave in it that nobody prints.

Publishers deposit section labels ("ORIGINAL ARTICLE: …"), the marks of footnotes and the footnotes themselves, TeX with
or without its rendering, and the mass of an isotope behind its symbol. Each reading is offered beside the title as it
is recorded, so that a correct reference finds itself in one of them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from refcheck.text import plain, squeeze

_LABEL_WORDS = (
    r"(?:original|research|review|regular|full|clinical|invited|special|feature|brief|short|rapid|technical|basic"
    r"|scientific|historical|concise|systematic|mini|guest|clinicopathologic)"
)
_LABEL_KINDS = (
    r"(?:articles?|papers?|reviews?|reports?|communications?|investigations?|contributions?|research|notes?|studies"
    r"|study|science|editorials?|commentar(?:y|ies))"
)
#: Labels of sections and of abstracts before a title.
_LABEL = re.compile(
    rf"(?i)^(?:{_LABEL_WORDS}[\s-]{_LABEL_KINDS}|articles?|reviews?|mini-?reviews?|case (?:reports?|series|study)"
    r"|editorials?|commentary|correspondence|letters?(?: to the editor)?|perspectives?|viewpoints?|opinion"
    r"|research|news|features?"
    r"|(?:oral|poster)(?: presentations?| sessions?)?|meeting abstracts?|abstracts?(?:\s(?:no\.?\s?)?[\w.-]{1,10})?"
    r"|posters?\s[\w.-]{1,10}|[A-Z]{0,4}[-.]?\d{1,5}[A-Z]{0,3})\s?[:|–—]\s?(?=\S)"
)
#: Numbers of abstracts before a title, without a sign behind them: "P1-045 Growth", "OP0123 Growth".
_NUMBERED = re.compile(r"^[A-Z]{1,4}\d{0,2}[-.]?\d{2,5}[.:]?\s(?=[A-Z])")
_LABEL_BEHIND = re.compile(
    r"(?i)\s?[(\[](?:reviews?|mini-?review|invited(?: (?:review|paper|article))?|abstract|letter|editorial"
    r"|meeting abstract|comment|corrected|translated)[)\]]\.?$"
)
_TRANSLATION = re.compile(r"\s<[^<>]{10,300}>$")  # "A análise do discurso <Discourse analysis>"
#: A footnote that has run into the title: its mark twice ("11Dedicated to …", Elsevier) or a star, and its text.
_FOOTNOTE = re.compile(
    r"(?<=[^\W_)\]?!.’'”\"])\s?(?:([1-9])\1|[*†‡§☆★]{1,3})\s?(?=[A-Z][a-z]+ ).{10,}$"
    r"|(?<=[a-z])1(?=[A-Z][a-z]+ (?:by|to|from|in|at|was|is|of) ).{10,}$"
)
#: The mark alone.
_MARK = re.compile(r"(?:(?<=[^\W\d_]{3})|(?<=[)\]?!.’”\"]))(?:[1-9]\d?(?:,\s?\d{1,2}){0,3}|\s?[*†‡§¶☆★#]{1,3})$")

_TIMES = re.compile(r"(?<=\d)\s?x\s?(?=\d)")
_ISOTOPE = re.compile(
    r"<(mml:)?mmultiscripts[^<>]{0,80}>(.{1,200}?)<(?:mml:)?mprescripts\s?/>(.{1,300}?)</(?:mml:)?mmultiscripts>",
    re.DOTALL,
)
_MATH = re.compile(r"</?(?:mml:)?math\b[^<>]{0,200}>")
_TEX = re.compile(r"\$\$?[^$]{1,500}\$\$?")
_TEX_TAGS = re.compile(r"</?(?:tex-math|inline-formula|alternatives)\b[^<>]{0,100}>")
_SIGNS = {
    "infty": "∞", "ell": "ℓ", "times": "×", "to": "→", "rightarrow": "→", "leftrightarrow": "↔", "pm": "±", "mp": "∓",
    "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "cdot": "·", "circ": "°", "sim": "~", "approx": "≈", "prime": "′",
    "odot": "⊙", "hbar": "h", "varepsilon": "epsilon", "varphi": "phi", "vartheta": "theta", "AA": "Å", "o": "ø",
    "ldots": "…", "dots": "…", "cdots": "…", "partial": "∂", "nabla": "∇", "dagger": "†", "star": "*", "ast": "*",
}  # fmt: skip
_GREEK = frozenset(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi chi psi "
    "omega".split()
)
_COMMAND = re.compile(r"\\([a-zA-Z]{1,20})\*?\s?|\\(.)")


def other_readings(raw: str) -> list[str]:
    """The readings of a recorded title besides the title itself, each once; most titles have none.

    >>> other_readings("Protein structure prediction based on scoring matrices1")
    ['Protein structure prediction based on scoring matrices']
    >>> other_readings("ORIGINAL ARTICLE: Growth of iris"), other_readings("Growth of iris (Review)")
    (['Growth of iris'], ['Growth of iris'])
    >>> other_readings("Recovery of spermatogenesis**Supported by The Cancer Society, Oslo.")
    ['Recovery of spermatogenesis']
    >>> other_readings("On $$SU(3)$$ S U ( 3 ) theories"), other_readings("Growth of iris")
    (['On SU(3) S U ( 3 ) theories', 'On S U ( 3 ) theories'], [])
    """
    title = plain(raw)
    found = dict.fromkeys(_unset(raw))
    for reading in (title, *list(found)):
        found.update(dict.fromkeys(_undressed(reading)))
    return [x for x in found if x and x != title]


def _unset(raw: str) -> Iterator[str]:
    """A title with its TeX read, and without it; with the mass of isotopes before their symbols."""
    if "<" in raw or "&lt;" in raw:
        text = html.unescape(html.unescape(raw))
        if "multiscripts" in text or ("math" in text and _MATH.search(text)):
            yield plain(_MATH.sub(" ", _ISOTOPE.sub(lambda m: f" {m[3]}{m[2]} ", text)))
        if "tex-math" in text:
            yield plain(tex_read(_TEX_TAGS.sub("", text)))
            return
    if "$" in raw:
        yield plain(_TEX.sub(lambda m: tex_read(m.group()), raw))
        yield plain(_TEX.sub(" ", raw))
    elif "\\" in raw:
        yield plain(tex_read(raw))


def tex_read(tex: str) -> str:
    """TeX as it is read aloud and printed: signs for their names, no braces.

    >>> tex_read(r"$${\\mathcal {W}}_\\infty $$"), tex_read(r"$\\ell _1$"), tex_read(r"\\hbox{YBa}_{2}{\\delta}")
    ('W∞', 'ℓ1', 'YBa2delta')
    """

    def read(m: re.Match[str]) -> str:
        name = m[1]
        if not name:
            return m[2] if m[2] in "&%#$" else ""
        return _SIGNS.get(name) or (name if name.lower() in _GREEK else "")

    return squeeze(re.sub(r"[{}$^_~]|(?<=[ℓ\w}]) (?=_)", "", _COMMAND.sub(read, tex)))


def _undressed(title: str) -> Iterator[str]:
    """A title without labels and footnotes."""
    bare = title
    if m := _FOOTNOTE.search(bare):
        bare = bare[: m.start()].rstrip()
    if m := _MARK.search(bare):
        yield bare[: m.start()].rstrip()
    for pattern in (_LABEL, _NUMBERED):
        if m := pattern.match(bare):
            bare = bare[m.end() :]
            break
    bare = _TRANSLATION.sub("", bare)
    if m := _LABEL_BEHIND.search(bare):
        bare = bare[: m.start()]
    if bare != title and len(bare) > 3:
        yield bare
    if "×" in title:
        yield re.sub(r"\s?×\s?", " x ", title)
    elif _TIMES.search(title):
        yield _TIMES.sub(" × ", title)
