"""refcheck.toml: what is left, what is off, and what is said about both."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refcheck.errors import UnreadableInput, UsageError
from refcheck.model import (
    Candidate,
    Finding,
    Manuscript,
    Match,
    Reference,
    Report,
    Scheme,
    Severity,
    Span,
    Verdict,
    Waiver,
    Work,
)
from refcheck.waivers import Settings, apply, fingerprint, load_settings, read_settings, waiver_for, with_waiver

TEXT = "1. Lee A. One. J. 2020.\n2. Wu B. Two. J. 2021. doi:10.5555/two\n"
ONE = Reference(number=1, label="1.", raw=TEXT[:23], span=Span(0, 23))
TWO = Reference(number=2, label="2.", raw=TEXT[24:66], span=Span(24, 66), doi="10.5555/two")
TODAY = date(2026, 11, 24)


def found(code: str, name: str, span: Span, severity: Severity = Severity.ERROR) -> Finding:
    return Finding(code=code, name=name, severity=severity, message="x", span=span)


def report() -> Report:
    year = found("REF303", "year-mismatch", Span(18, 22))
    title = found("REF301", "title-mismatch", Span(33, 36))
    also = found("REF303", "year-mismatch", Span(41, 45))
    order = found("REF104", "out-of-order-citation", Span(66, 67), Severity.WARNING)
    matched = Match(reference=ONE, verdict=Verdict.MATCHED,
                    candidates=(Candidate(work=Work(title="One", doi="10.5555/one"), confidence=1.0),))  # fmt: skip
    return Report(
        manuscript=Manuscript(name="m.md", text=TEXT, references=(ONE, TWO)),
        matches=(matched, Match(reference=TWO, verdict=Verdict.ABSENT)),
        findings=(year, title, also, order),
    )


@pytest.mark.parametrize(
    ("waiver", "left"),
    [
        (Waiver(code="REF303"), [0, 2]),
        (Waiver(code="year-mismatch"), [0, 2]),
        (Waiver(code="REF303", reference=fingerprint(ONE)), [0]),
        (Waiver(reference=fingerprint(TWO)), [1, 2]),
        (Waiver(doi="10.5555/two"), [1, 2]),  # printed
        (Waiver(doi="10.5555/one"), [0]),  # recorded
        (Waiver(code="REF301", doi="10.5555/one"), []),
        (Waiver(code="REF303", until="2026-11-24"), [0, 2]),  # the last day counts
        (Waiver(code="REF303", until="2026-11-23"), []),
        (Waiver(code="REF104"), [3]),
    ],
)
def test_a_waiver_puts_aside_what_it_names(waiver: Waiver, left: list[int]) -> None:
    before = report()
    after = apply(Settings(waivers=(waiver,)), before, today=TODAY)
    assert after.waived == tuple((before.findings[i], waiver) for i in left)
    assert after.findings == tuple(f for i, f in enumerate(before.findings) if i not in left)
    assert bool(after.idle_waivers) == (not left)


def test_waivers_without_effect_are_named() -> None:
    unused, expired = Waiver(code="REF999"), Waiver(code="REF303", until="2020-01-01")
    after = apply(Settings(waivers=(unused, expired)), report(), today=TODAY)
    assert after.idle_waivers == ((unused, "unused"), (expired, "expired"))
    assert after.findings == report().findings


def test_severities_and_the_order_rule() -> None:
    settings = read_settings(
        {"profile": {"order": "off"}, "severity": {"REF303": "note", "REF301": "off", "REF104": "error"}}
    )
    after = apply(settings, report(), today=TODAY)
    assert [(f.code, f.severity) for f in after.findings] == [("REF303", "note"), ("REF303", "note")]
    assert after.counts == {"error": 0, "warning": 0, "note": 2}


@pytest.mark.parametrize(
    ("style", "scheme", "order"),
    [("vancouver", None, True), ("ama", Scheme.SUPERSCRIPT, True), ("apa", Scheme.AUTHOR_YEAR, False)],
)
def test_a_style_sets_scheme_and_order(style: str, scheme: Scheme | None, order: bool) -> None:
    settings = read_settings({"profile": {"style": style}})
    assert (settings.scheme, settings.order) == (scheme, order)
    own = read_settings({"profile": {"style": style, "scheme": "paren", "order": "on"}})
    assert (own.scheme, own.order) == (Scheme.PAREN, True)


@pytest.mark.parametrize(
    "text",
    [
        "[[waiver]]\nreason = 'all'",
        "[[waiver]]\ncode = 'REF303'\nuntill = 2027-01-01",
        "[[waiver]]\ncode = 'REF303'\nuntil = 'soon'",
        "[[waiver]]\ncode = 303",
        "[waiver]\ncode = 'REF303'",
        "[severity]\nREF303 = 'fatal'",
        "[severity]\nyear = 'note'",
        "[profile]\nstyle = 'chicago'",
        "[profile]\nscheme = 'footnote'",
        "[profile]\norder = true",
        "profile = 3",
        "[waivers]",
    ],
)
def test_what_refcheck_does_not_know_is_named(text: str, tmp_path: Path) -> None:
    file = tmp_path / "refcheck.toml"
    file.write_text(text)
    with pytest.raises(UsageError, match=r"refcheck\.toml"):
        load_settings(tmp_path)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "refcheck.toml").write_text("[profile")
    with pytest.raises(UnreadableInput, match=r"refcheck\.toml"):
        load_settings(tmp_path / "m.docx")


def test_nearer_files_go_before_further_ones(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    issue = tmp_path / "issue"
    issue.mkdir()
    (tmp_path / "refcheck.toml").write_text(
        "[profile]\nstyle = 'ieee'\nlanguage = 'de'\n[severity]\nREF302 = 'note'\n[[waiver]]\ncode = 'REF204'\n"
    )
    (issue / "refcheck.toml").write_text("[profile]\nscheme = 'paren'\n[[waiver]]\ncode = 'REF404'\n")
    settings = load_settings(issue / "m.docx")
    assert (settings.scheme, settings.style, settings.language) == (Scheme.PAREN, "ieee", "de")
    assert [w.code for w in settings.waivers] == ["REF404", "REF204"]
    assert settings.severities == {"REF302": Severity.NOTE}
    assert settings.files == (issue / "refcheck.toml", tmp_path / "refcheck.toml")
    (issue / "refcheck.toml").write_text("[profile]\nroot = true\n")
    assert load_settings(issue).files == (issue / "refcheck.toml",)
    assert load_settings(tmp_path / "refcheck.toml").style == "ieee"


def test_a_language_file_lies_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "refcheck.toml").write_text("[profile]\nroot = true\nlanguage = 'words/de.toml'\n")
    inner = tmp_path / "issue"
    inner.mkdir()
    (inner / "refcheck.toml").write_text("[profile]\norder = 'off'\n")
    assert load_settings(inner / "m.docx").language == str(tmp_path / "words" / "de.toml")


def test_nothing_above_the_project_is_read(tmp_path: Path) -> None:
    (tmp_path / "refcheck.toml").write_text("[profile]\nstyle = 'ama'\n")
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    assert load_settings(project / "m.docx") == Settings()


@pytest.mark.parametrize(
    ("label", "raw"),
    [
        ("1.", "1. Lee A. One. J. 2020."),
        ("[17]", "[17] Lee A. One. J. 2020."),
        ("", "Lee A. One. J. 2020"),
        ("", "(4) Lee A.  One.\n J. 2020."),
        ("", "LEE A. One – J 2020"),
    ],
)
def test_a_fingerprint_survives_another_number_and_format(label: str, raw: str) -> None:
    assert fingerprint(Reference(label=label, raw=raw)) == fingerprint(ONE)


def test_a_fingerprint_does_not_survive_other_words() -> None:
    assert fingerprint(Reference(raw="1. Lee A. One. J. 2021.")) != fingerprint(ONE)


def test_a_written_waiver_works(tmp_path: Path) -> None:
    file = tmp_path / "refcheck.toml"
    file.write_text("# ours\n[profile]\norder = 'on'  # as ever")
    waiver = waiver_for(report().findings[0], report(), reason='"print" \\ year\n', by="Å. Editor", until="20270630")
    written = with_waiver(file.read_text(), waiver)
    assert written.startswith("# ours\n[profile]\norder = 'on'  # as ever\n")
    file.write_text(written)
    after = apply(load_settings(file), report(), today=TODAY)
    assert [f.span for f, _ in after.waived] == [Span(18, 22)]
    assert after.waived[0][1] == waiver
    assert waiver.until == "2027-06-30"


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_reason_can_be_written(reason: str) -> None:
    written = with_waiver("", Waiver(code="REF303", reason=reason))
    assert read_settings(tomllib.loads(written)).waivers == (Waiver(code="REF303", reason=reason),)


def test_a_waiver_that_would_waive_everything_is_refused() -> None:
    with pytest.raises(UsageError):
        with_waiver("", Waiver(reason="tired"))


def test_the_example_in_the_manual_is_read() -> None:
    page = (Path(__file__).parents[1] / "docs" / "offices.md").read_text(encoding="utf-8")
    (example,) = (block.split("```")[0] for block in page.split("```toml\n")[1:])
    settings = read_settings(tomllib.loads(example))
    assert settings.scheme is Scheme.SUPERSCRIPT
    assert settings.severities == {"REF302": Severity.WARNING, "REF204": None}
    assert settings.waivers[0].until == "2027-06-30"
