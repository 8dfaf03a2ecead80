"""refcheck.toml: what an office has decided to leave, and how its journal wants to be judged.

    [profile]
    style = "ama"             # vancouver, icmje, ama, acs, ieee, apa: sets scheme and order
    scheme = "superscript"    # bracket, paren, superscript, author-year: where the vote of the text is not wanted
    order = "off"             # "on": callouts are numbered in the order of first mention; "off" for alphabetical lists
    language = "en"           # of the author queries; or a TOML file beside this one
    root = true               # do not look for more files further up

    [severity]
    REF302 = "warning"        # error, warning, note, off

    [[waiver]]
    code = "REF303"           # a code or the name of a rule; at least one of code, reference and doi is given
    reference = "5f2b9c01d3aa"
    doi = "10.1186/s40824-021-00224-8"
    reason = "print year, agreed with the author"
    by = "A. Editor"
    until = 2027-06-30        # the last day

Everything here is a pure function of its arguments, but for `load_settings`, which reads the files.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from refcheck.errors import UnreadableInput, UsageError
from refcheck.identifiers import normalise_doi
from refcheck.model import Finding, Match, Reference, Report, Scheme, Severity, Waiver
from refcheck.text import compact

FILE = "refcheck.toml"

# Callout scheme ("" is: as the text has it) and whether callouts are numbered by first mention. ICMJE Recommendations
# IV.A.3.g; AMA Manual of Style 3.6; ACS Guide (superscript or author-year); IEEE Reference Guide; APA 7 section 8.11.
_STYLES: Mapping[str, tuple[str, bool]] = MappingProxyType(
    {
        "vancouver": ("", True), "icmje": ("", True), "ama": ("superscript", True), "acs": ("superscript", True),
        "ieee": ("bracket", True), "apa": ("author-year", False),
    }
)  # fmt: skip
_SCHEMES = frozenset(s.value for s in Scheme) - {"unclear"}
_ORDER_RULE = "REF104"
_CODE = re.compile(r"REF\d{3}")
_NONE: Mapping[str, Severity | None] = MappingProxyType({})
# Files further up than this are not looked for: a path has rarely more than a dozen folders.
_HIGHEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the files say. `severities` holds None where a rule is off."""

    style: str = ""
    scheme: Scheme | None = None
    order: bool = True
    language: str = "en"
    severities: Mapping[str, Severity | None] = field(default_factory=lambda: _NONE, hash=False)
    waivers: tuple[Waiver, ...] = ()
    files: tuple[Path, ...] = ()  # nearest first


def load_settings(path: Path) -> Settings:
    """The settings for a manuscript (or a folder): of every refcheck.toml from there upward, the nearest first.

    A file that says `root = true`, or a folder that holds a `.git`, is the last one. Nearer values go before further
    ones; waivers add up. A path that ends in ".toml" is read as the only file. Raises UnreadableInput for a file
    that is no TOML, UsageError for one that says what refcheck does not know.
    """
    path = path.resolve()
    if path.suffix == ".toml":
        return _merged([path])
    found = []
    folder = path if path.is_dir() else path.parent
    for place in [folder, *folder.parents][:_HIGHEST]:
        file = place / FILE
        if file.is_file():
            found.append(file)
            profile = _read(file).get("profile")
            if isinstance(profile, dict) and profile.get("root") is True:
                break
        if (place / ".git").exists():
            break
    return _merged(found)


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as e:
        raise UnreadableInput(f"{file} cannot be read as TOML: {e}") from e


def _merged(files: Sequence[Path]) -> Settings:
    settings = Settings()
    for file in reversed(files):
        before = settings.language
        try:
            settings = read_settings(_read(file), under=settings)
        except UsageError as e:
            raise UsageError(f"{file}: {e}") from e
        if settings.language != before and settings.language.endswith(".toml"):
            # A path is meant from the file that names it, wherever refcheck is run.
            settings = replace(settings, language=str(file.parent / settings.language))
    return replace(settings, files=tuple(files))


def read_settings(table: Mapping[str, Any], under: Settings | None = None) -> Settings:
    """The settings that a parsed refcheck.toml holds, on top of those `under` it. Raises UsageError.

    >>> read_settings({"profile": {"style": "ama"}, "severity": {"REF302": "off"}}).scheme.value
    'superscript'
    """
    under = under or Settings()
    _known("refcheck.toml", table, {"profile", "severity", "waiver"})
    profile = table.get("profile", {})
    _known("[profile]", profile, {"style", "scheme", "order", "language", "root"})
    style = profile.get("style", "")
    if style and style not in _STYLES:
        raise UsageError(f"there is no style {style!r}; choose one of {', '.join(_STYLES)}")
    scheme, order = under.scheme, under.order
    if style:
        scheme = Scheme(_STYLES[style][0]) if _STYLES[style][0] else None
        order = _STYLES[style][1]
    if "scheme" in profile:
        if profile["scheme"] not in _SCHEMES:
            raise UsageError(f"there is no scheme {profile['scheme']!r}; choose one of {', '.join(sorted(_SCHEMES))}")
        scheme = Scheme(profile["scheme"])
    if "order" in profile:
        if profile["order"] not in ("on", "off"):
            raise UsageError('order is "on" or "off"')
        order = profile["order"] == "on"
    waivers = table.get("waiver", [])
    if not isinstance(waivers, list):
        raise UsageError("waivers are written as [[waiver]]")
    return Settings(
        style=style or under.style,
        scheme=scheme,
        order=order,
        language=str(profile.get("language", under.language)),
        severities=MappingProxyType({**under.severities, **_severities(table.get("severity", {}))}),
        waivers=(*(_waiver(w) for w in waivers), *under.waivers),
    )


def _known(where: str, table: Mapping[str, Any], keys: set[str]) -> None:
    if not isinstance(table, Mapping):
        raise UsageError(f"{where} is not a table")
    if unknown := sorted(set(table) - keys):
        raise UsageError(f"{where} does not know {', '.join(unknown)}; it knows {', '.join(sorted(keys))}")


def _severities(table: Mapping[str, Any]) -> dict[str, Severity | None]:
    out: dict[str, Severity | None] = {}
    for code, value in table.items():
        if not _CODE.fullmatch(code):
            raise UsageError(f"{code!r} is not the code of a rule, such as REF303")
        if value not in (*Severity, "off"):
            raise UsageError(f"{code} can be error, warning, note or off, not {value!r}")
        out[code] = None if value == "off" else Severity(value)
    return out


def _waiver(table: Mapping[str, Any]) -> Waiver:
    _known("[[waiver]]", table, {f.name for f in fields(Waiver)})
    values = {key: value.isoformat() if isinstance(value, date) else value for key, value in table.items()}
    if not all(isinstance(v, str) for v in values.values()):
        raise UsageError("the values of a waiver are texts (and `until` a date)")
    return checked(Waiver(**values))


def checked(waiver: Waiver) -> Waiver:
    """The waiver with its DOI in normal form. Raises UsageError where it would waive everything, or has no end date
    that can be read.

    >>> checked(Waiver(doi="https://doi.org/10.1186/S40824-021-00224-8")).doi
    '10.1186/s40824-021-00224-8'
    """
    if not (waiver.code or waiver.reference or waiver.doi):
        raise UsageError("a waiver needs a code, a reference or a doi: it would waive everything")
    until = waiver.until
    if until:
        try:
            until = date.fromisoformat(until).isoformat()
        except ValueError as e:
            raise UsageError(f"until is a date such as 2027-06-30, not {waiver.until!r}") from e
    return replace(waiver, doi=normalise_doi(waiver.doi) or waiver.doi.lower(), until=until)


def fingerprint(reference: Reference) -> str:
    """What tells an entry from every other, whatever its number: 12 hexadecimal digits of its letters and digits.

    Punctuation, case, accents and line breaks do not count, so that the same entry keeps it in another file format.

    >>> a = Reference(label="3.", raw="3. Lee JH. Exosomes: a review. 2023.")
    >>> b = Reference(label="[7]", raw="[7] Lee JH. Exosomes – a Review. 2023")
    >>> fingerprint(a) == fingerprint(b), fingerprint(a)
    (True, '09892f2d2faf')
    """
    raw = reference.raw.lstrip()
    raw = raw.removeprefix(reference.label) if reference.label else re.sub(r"^[-\[(]?\d{1,4}[.)\]]\s", "", raw)
    return hashlib.sha256(compact(raw).encode()).hexdigest()[:12]


def apply(settings: Settings, report: Report, *, today: date | None = None) -> Report:
    """The report as the settings want it: severities set, rules that are off left out, waived findings put aside.

    Waivers that have no effect are named in `idle_waivers`: "unused", or "expired".
    """
    now = (today or date.today()).isoformat()
    live = [w for w in settings.waivers if not w.until or w.until >= now]
    used: set[int] = set()
    kept: list[Finding] = []
    waived = list(report.waived)
    for finding in report.findings:
        severity = settings.severities.get(finding.code, finding.severity)
        if severity is None or (finding.code == _ORDER_RULE and not settings.order):
            continue
        finding = replace(finding, severity=severity)
        match = _match_of(report, finding)
        hit = next((i for i, w in enumerate(live) if _fits(w, finding, match)), None)
        if hit is None:
            kept.append(finding)
        else:
            used.add(hit)
            waived.append((finding, live[hit]))
    idle = [(w, "unused") for i, w in enumerate(live) if i not in used]
    idle += [(w, "expired") for w in settings.waivers if w.until and w.until < now]
    return replace(
        report, findings=tuple(kept), waived=tuple(waived), idle_waivers=(*report.idle_waivers, *idle)
    )  # fmt: skip


def _match_of(report: Report, finding: Finding) -> Match | None:
    """The match of the entry at which a finding stands."""
    for match in report.matches:
        span = match.reference.span
        if finding.span is None:
            if finding.number is not None and match.reference.number == finding.number:
                return match
        elif span.start <= finding.span.start and finding.span.end <= span.end:
            return match
    return None


def _fits(waiver: Waiver, finding: Finding, match: Match | None) -> bool:
    if waiver.code and waiver.code not in (finding.code, finding.name):
        return False
    if not (waiver.reference or waiver.doi):
        return True
    if match is None:
        return False
    if waiver.reference and waiver.reference != fingerprint(match.reference):
        return False
    dois = {match.reference.doi, match.work.doi if match.work else ""} - {""}
    return not waiver.doi or waiver.doi in dois


def waiver_for(finding: Finding, report: Report, *, reason: str, by: str = "", until: str = "") -> Waiver:
    """The waiver that puts one finding aside: its code, at this entry alone. Raises UsageError for a bad date.

    A finding that stands at no entry (a callout) is waived by its code.
    """
    match = _match_of(report, finding)
    reference = fingerprint(match.reference) if match else ""
    return checked(Waiver(code=finding.code, reference=reference, reason=reason, by=by, until=until))


def with_waiver(toml: str, waiver: Waiver) -> str:
    """The text of a refcheck.toml with one more waiver at its end; everything else stays as it is written.

    >>> print(with_waiver("", Waiver(code="REF303", reason='"print" year', until="2027-06-30")))
    [[waiver]]
    code = "REF303"
    reason = "\\"print\\" year"
    until = 2027-06-30
    <BLANKLINE>
    """
    waiver = checked(waiver)
    lines = ["[[waiver]]"]
    for f in fields(Waiver):
        if value := getattr(waiver, f.name):
            # A JSON string without escapes above ASCII is a TOML basic string, but for DEL.
            quoted = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
            lines.append(f"{f.name} = {value if f.name == 'until' else quoted}")
    head = toml if not toml or toml.endswith("\n") else toml + "\n"
    text = head + ("\n" if head else "") + "\n".join(lines) + "\n"
    read_settings(tomllib.loads(text))
    return text
