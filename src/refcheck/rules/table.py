"""How a rule is declared, and the table of all rules.

A rule is a function with a stable code; its docstring is its manual page. It judges what was found out before
(matches, callouts), it never looks up or compares anything itself. Two reaches: a *reference rule* sees one match,
a *manuscript rule* sees the whole manuscript with all its matches.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from refcheck.model import Finding, Manuscript, Match, Severity

ReferenceFunction = Callable[["Rule", Match], Iterable[Finding]]
ManuscriptFunction = Callable[["Rule", Manuscript, Sequence[Match]], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule: what it is called, how grave its findings are by default, and its manual page."""

    code: str
    name: str
    severity: Severity
    page: str
    reach: Literal["reference", "manuscript"]
    function: Callable[..., Iterable[Finding]]

    def finding(self, message: str, **values: Any) -> Finding:
        """A finding of this rule; `severity` may be given where a case is milder or graver than the rule's own."""
        return Finding(
            code=self.code,
            name=self.name,
            severity=values.pop("severity", self.severity),
            message=message,
            **values,
        )


RULES: dict[str, Rule] = {}


def _declare(
    code: str, name: str, severity: Severity, reach: Literal["reference", "manuscript"]
) -> Callable[[Callable[..., Iterable[Finding]]], Callable[..., Iterable[Finding]]]:
    def add(function: Callable[..., Iterable[Finding]]) -> Callable[..., Iterable[Finding]]:
        if code in RULES:
            raise ValueError(f"rule code {code} is taken by {RULES[code].name}")
        page = inspect.getdoc(function)
        if not page:
            raise ValueError(f"rule {code} has no manual page: write it as the docstring")
        RULES[code] = Rule(code=code, name=name, severity=severity, page=page, reach=reach, function=function)
        return function

    return add


def reference_rule(code: str, name: str, severity: Severity) -> Callable[[ReferenceFunction], ReferenceFunction]:
    """Declare a rule that sees one match."""
    return _declare(code, name, severity, "reference")


def manuscript_rule(code: str, name: str, severity: Severity) -> Callable[[ManuscriptFunction], ManuscriptFunction]:
    """Declare a rule that sees the whole manuscript and all matches."""
    return _declare(code, name, severity, "manuscript")


def judge_match(match: Match) -> tuple[Finding, ...]:
    """The findings of all reference rules on one match, sorted by place."""
    out = []
    for rule in RULES.values():
        if rule.reach == "reference":
            for f in rule.function(rule, match):
                number = match.reference.number if f.number is None else f.number
                out.append(replace(f, number=number, span=f.span or match.reference.span))
    return by_place(out)


def judge_manuscript(manuscript: Manuscript, matches: Sequence[Match]) -> tuple[Finding, ...]:
    """The findings of every rule on a manuscript and its matches, sorted by place."""
    out = [f for match in matches for f in judge_match(match)]
    for rule in RULES.values():
        if rule.reach == "manuscript":
            out.extend(rule.function(rule, manuscript, matches))
    return by_place(out)


def by_place(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order in which a reader meets them."""
    return tuple(sorted(findings, key=lambda f: (f.span or (0, 0), f.number or 0, f.code)))
