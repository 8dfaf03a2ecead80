"""The manual of the rules, written from their docstrings."""

from __future__ import annotations

from collections.abc import Sequence

from refcheck.errors import UsageError
from refcheck.rules.table import RULES, Rule
from refcheck.text import as_json

FAMILIES = {
    "REF1": "The list and its callouts",
    "REF2": "Which record is meant",
    "REF3": "What differs from the record",
    "REF4": "Standing of the work",
    "REF9": "Limits of the check",
}


def chosen(wanted: str = "") -> tuple[Rule, ...]:
    """The rules of a code, a family or a name; all of them for "". Raises UsageError where there is none.

    >>> [rule.name for rule in chosen("ref303")]
    ['year-mismatch']
    """
    rules = tuple(RULES[code] for code in sorted(RULES))
    found = tuple(r for r in rules if r.code.startswith(wanted.upper()) or r.name == wanted.lower())
    if not found and wanted:
        raise UsageError(f"there is no rule {wanted!r}; `refcheck rules` lists them")
    return found


def manual(wanted: str = "", format: str = "text") -> str:
    """The manual as text, Markdown or JSON; all the rules at once, as text, are a line each.

    >>> print(manual("REF303").splitlines()[0])
    REF303 year-mismatch (error)
    """
    rules = chosen(wanted)
    if format == "json":
        return as_json([_plain(r) for r in rules], indent=2) + "\n"
    if format == "markdown":
        return _markdown(rules)
    if len(rules) > 1:
        return "".join(f"{r.code}  {r.severity:<8} {r.name:<32} {_summary(r)}\n" for r in rules)
    return "".join(f"{r.code} {r.name} ({r.severity})\n\n{r.page}\n" for r in rules)


def _plain(rule: Rule) -> dict[str, str]:
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": str(rule.severity),
        "reach": rule.reach,
        "page": rule.page,
    }


def _summary(rule: Rule) -> str:
    return rule.page.split("\n\n")[0].replace("\n", " ")


def _markdown(rules: Sequence[Rule]) -> str:
    out = [
        "# Rules\n",
        "Written from the rules' docstrings by `make docs`. Errors hinder retrieval, warnings are slips, notes are "
        "never alarms. A code is never reused or given another meaning.\n",
        "| code | name | severity | what it says |\n| --- | --- | --- | --- |",
    ]
    out.extend(f"| [{r.code}](#{r.code.lower()}-{r.name}) | {r.name} | {r.severity} | {_cell(r)} |" for r in rules)
    family = ""
    for rule in rules:
        if rule.code[:4] != family:
            family = rule.code[:4]
            out.append(f"\n## {family}: {FAMILIES.get(family, family)}")
        out.append(f"\n### {rule.code} {rule.name}\n\nSeverity: {rule.severity}.\n\n{rule.page}")
    return "\n".join(out) + "\n"


def _cell(rule: Rule) -> str:
    return _summary(rule).replace("|", "\\|")
