"""The command line: exit status, one clear sentence for whatever goes wrong, and never a traceback."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from refcheck import __version__
from refcheck.cli import main
from refcheck.renderers import RENDERERS
from tests.standin import CrossrefStandin, read_records

ROOT = Path(__file__).parents[1]
SEED = ROOT / "fixtures" / "manuscripts" / "exosome-therapy.md"
RECORDS = ROOT / "fixtures" / "records" / "exosome-therapy.jsonl"
ENTRY = (
    "Wu P, Zhang B, Shi H, Qian H, Xu W. MSC-exosome: A novel cell-free therapy for cutaneous regeneration. "
    "Cytotherapy. 2018 Mar;20(3):291-301."
)
COMMANDS = ["check", "parse", "batch", "lookup", "rules", "waive", "web", "index", "cache"]


def command(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "refcheck", *arguments],
        capture_output=True,
        timeout=60,
        **options,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize("name", [[], *([c] for c in COMMANDS), ["index", "build"]])
def test_help_says_what_a_command_does(name: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([*name, "--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert "usage: refcheck" in told
    assert "  refcheck " in told or name == ["index", "build"], "help shows examples"


def test_the_version_is_the_distributions(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"refcheck {__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["chekc"], ["check"], ["batch", "x", "--jobs", "0"], ["cache", "eat"]])
def test_arguments_that_make_no_sense_are_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2


# -- bad input --

NO_LIST = "Exosomes are small. " * 30


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("missing.md", None),
        ("empty.md", b""),
        ("blank.txt", b" \n\n "),
        ("no-list.md", NO_LIST.encode()),
        ("no-list.txt", NO_LIST.encode("utf-16")),
        ("binary.md", bytes(range(256)) * 20),
        ("damaged.docx", b"PK\x03\x04 and then nothing"),
        ("unknown.xyz", b"\x7fELF\x00\x00\x01\x02" * 64),
        (".", None),
    ],
)
@pytest.mark.parametrize("doing", ["check", "parse"])
def test_what_cannot_be_read_is_one_sentence_and_status_2(
    doing: str, name: str, data: bytes | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    if data is not None:
        path.write_bytes(data)
    assert main([doing, str(path), *(["--records", str(RECORDS)] if doing == "check" else [])]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("refcheck: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert "does not know" not in err, "a case of its own, not the net below all cases"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_told_apart(encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "manuscript.md"
    path.write_bytes(SEED.read_text(encoding="utf-8").encode(encoding))
    assert main(["parse", str(path), "--format", "json"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert len(read["references"]) == 7
    assert "Prà ID" in read["references"][4]["reference"]


def test_one_bad_file_does_not_stop_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = str(tmp_path / "missing.md")
    assert main(["check", missing, str(SEED), "--records", str(RECORDS), "--format", "json"]) == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["manuscript"]["name"] == SEED.name
    assert "missing.md" in err


def test_several_files_are_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(SEED), str(SEED), "--records", str(RECORDS), "--format", "json"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert all(json.loads(line)["summary"]["references"] == 7 for line in lines)


def test_several_reports_in_one_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "reports.txt"
    check = ["check", str(SEED), str(SEED), "--records", str(RECORDS), "--output", str(target)]
    assert main(check) == 0
    assert target.read_text(encoding="utf-8").count("7 references and 6 callouts") == 2
    assert main([*check, "--format", "html"]) == 2
    assert "one FILE at a time" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--records", "--index"])
def test_records_that_are_not_there(option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(SEED), option, str(tmp_path / "none")]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_an_output_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "no" / "such" / "folder.txt"
    assert main(["check", str(SEED), "--records", str(RECORDS), "-o", str(target)]) == 2
    assert "No such file or directory" in capsys.readouterr().err


def test_an_unforeseen_error_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by \x1b[31mzero")

    monkeypatch.setattr("refcheck.pipeline.read", broken)
    arguments = ["check", str(SEED), "--records", str(RECORDS)]
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert "ZeroDivisionError" in err
    assert "\x1b" not in err
    monkeypatch.setenv("REFCHECK_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        main(arguments)


def test_an_interruption_keeps_what_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from refcheck import batch

    refs, out = tmp_path / "refs.txt", tmp_path / "out.jsonl"
    refs.write_text("\n".join([ENTRY] * 5), encoding="utf-8")
    check_lines = batch.check_lines

    def interrupted(*arguments: object) -> object:
        results = iter(check_lines(*arguments))  # type: ignore[arg-type]
        yield next(results)
        yield next(results)
        raise KeyboardInterrupt

    arguments = ["batch", str(refs), "-o", str(out), "--records", str(RECORDS)]
    with monkeypatch.context() as patch:
        patch.setattr(batch, "check_lines", interrupted)
        assert main(arguments) == 2
    assert (
        capsys.readouterr().err == "refcheck: interrupted; 2 lines are finished; the same command goes on from there\n"
    )
    assert out.read_bytes().count(b"\n") == 2
    assert main(arguments) == 0
    assert [json.loads(line)["id"] for line in out.read_bytes().splitlines()] == ["1", "2", "3", "4", "5"]


def test_a_reader_that_goes_away_is_no_error_message(tmp_path: Path) -> None:
    refs = tmp_path / "refs.txt"
    refs.write_text("\n".join([ENTRY] * 3000), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "refcheck", "parse", str(refs), "--format", "jsonl"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.read(10)
    process.stdout.close()
    with process.stderr as stream:
        assert stream.read() == b""
    assert process.wait(timeout=30) == 2


# -- what the commands give --


def test_parse_streams_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refs = tmp_path / "refs.jsonl"
    refs.write_text(json.dumps({"id": "w", "reference": ENTRY}) + "\n", encoding="utf-8")
    expected = {"year": "2018", "volume": "20", "issue": "3", "pages": "291-301", "container": "Cytotherapy"}
    for arguments in ([str(refs)], [str(refs), "--format", "jsonl"]):
        assert main(["parse", *arguments]) == 0
        line = json.loads(capsys.readouterr().out)
        assert line["id"] == "w"
        assert line["fields"].items() >= expected.items()


def test_a_list_in_json_lines_can_be_checked_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refs = tmp_path / "refs.jsonl"
    line = json.dumps({"id": "w", "reference": ENTRY}) + "\n"
    refs.write_text(line, encoding="utf-8")
    assert main(["check", str(refs), "--records", str(RECORDS)]) == 0
    assert "Nothing needs action: the reference agrees with its record" in capsys.readouterr().out
    assert main(["parse", str(refs), "--format", "text"]) == 0
    assert "container Cytotherapy" in capsys.readouterr().out
    refs.write_text(line + "nonsense\n", encoding="utf-8")
    assert main(["check", str(refs), "--records", str(RECORDS)]) == 2
    assert "line 2 is not JSON" in capsys.readouterr().err


def test_parse_shows_a_person_what_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["parse", str(SEED)]) == 0
    told = capsys.readouterr().out
    assert "7 references and 6 callouts were read" in told
    assert "container Cytotherapy" in told
    assert "(3, 7) cites 3, 7" in told


def test_standard_input_is_a_manuscript_or_a_list() -> None:
    read = command("parse", "-", "--format", "json", input=SEED.read_bytes())
    assert len(json.loads(read.stdout)["references"]) == 7
    listed = command("parse", "-", "--format", "jsonl", input=ENTRY.encode())
    assert json.loads(listed.stdout)["fields"]["year"] == "2018"


def test_output_goes_to_the_file_that_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "report.json"
    main(["check", str(SEED), "--records", str(RECORDS), "--format", "json", "--output", str(target)])
    assert capsys.readouterr().out == ""
    assert json.loads(target.read_text(encoding="utf-8"))["summary"]["references"] == 7


@pytest.mark.parametrize("format", sorted(RENDERERS))
def test_every_format_can_be_asked_for(format: str, tmp_path: Path) -> None:
    target = tmp_path / "report"
    status = main(["check", str(SEED), "--records", str(RECORDS), "--format", format, "--output", str(target)])
    assert status == 0
    assert target.stat().st_size > 0 or format == "diff", "nothing is to be corrected in the seed manuscript"


def test_rules_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    listed = capsys.readouterr().out
    assert all(line.startswith("REF") for line in listed.splitlines())
    assert main(["rules", "ref103"]) == 0
    page = capsys.readouterr().out
    assert page.startswith("REF103 missing-reference (error)\n")
    assert len(page.splitlines()) > 3
    assert main(["rules", "REF1", "--format", "json"]) == 0
    assert {r["code"][:4] for r in json.loads(capsys.readouterr().out)} == {"REF1"}
    assert main(["rules", "REF000"]) == 2
    assert "no rule 'REF000'" in capsys.readouterr().err


def test_an_index_is_built_and_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index = str(tmp_path / "index")
    assert main(["index", "build", str(RECORDS), "--out", index]) == 0
    assert "7 records read" in capsys.readouterr().out
    assert main(["index", "info", index]) == 0
    assert capsys.readouterr().out.endswith(": 7 records\n")
    assert main(["lookup", "10.1016/j.jcyt.2017.11.002", "--index", index, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["work"]["volume"] == "20"
    assert main(["index", "info", str(tmp_path)]) == 2


def test_a_doi_is_looked_up(capsys: pytest.CaptureFixture[str]) -> None:
    records = ["--records", str(RECORDS)]
    assert main(["lookup", "https://doi.org/10.1016/J.JCYT.2017.11.002", *records]) == 0
    assert "MSC-exosome" in capsys.readouterr().out
    assert main(["lookup", "10.5555/none", *records]) == 1
    assert "10.5555/none" in capsys.readouterr().out


def test_a_reference_is_looked_up_and_compared(capsys: pytest.CaptureFixture[str]) -> None:
    records = ["--records", str(RECORDS)]
    assert main(["lookup", ENTRY.replace("2018", "2014"), *records]) == 0
    assert "year: 2014 printed, 2018 recorded" in capsys.readouterr().out
    assert main(["lookup", *ENTRY.split(), *records, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["doi"] == "10.1016/j.jcyt.2017.11.002"
    assert main(["lookup", " "]) == 2


@pytest.mark.parametrize(("format", "begins"), [("bibtex", "@article{"), ("ris", "TY  - JOUR"), ("csl-json", "[")])
def test_a_record_is_exported(format: str, begins: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lookup", "10.1016/j.jcyt.2017.11.002", "--records", str(RECORDS), "--format", format]) == 0
    assert capsys.readouterr().out.startswith(begins)


def test_a_citation_is_fetched_in_a_style(
    standin: Callable[..., CrossrefStandin], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server = standin(list(read_records([RECORDS])))
    monkeypatch.setenv("REFCHECK_DOI_URL", server.url)
    lookup = ["lookup", "10.1016/j.jcyt.2017.11.002", "--records", str(RECORDS), "--style", "vancouver"]
    assert main(lookup) == 0
    assert "MSC-exosome" in capsys.readouterr().out
    assert main([*lookup, "--offline"]) == 2


def test_a_word_file_comes_back_with_comments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import docx

    given, out = tmp_path / "manuscript.docx", tmp_path / "marked.docx"
    document = docx.Document()
    for line in (ROOT / "fixtures/manuscripts/exosome-therapy-seeded.md").read_text(encoding="utf-8").splitlines():
        document.add_paragraph(line.removeprefix("- "))
    document.save(str(given))
    before = given.read_bytes()
    records = ["--records", str(ROOT / "fixtures/records/exosome-therapy-seeded.jsonl")]
    assert main(["check", str(given), "--annotate", str(out), *records]) == 1
    assert any("2024" in comment.text for comment in docx.Document(str(out)).comments)
    assert main(["check", str(given), "--annotate", str(given), *records]) == 2
    assert given.read_bytes() == before
    assert main(["check", str(SEED), "--annotate", str(out), *records]) == 2
    assert "Word file" in capsys.readouterr().err
    revised = tmp_path / "revised.docx"
    options = ["--author", "A. Editor", "--date", "2026-11-24", *records]
    assert main(["check", str(given), "--revise", str(revised), *options]) == 1
    with zipfile.ZipFile(revised) as archive:
        written = archive.read("word/document.xml") + archive.read("word/comments.xml")
    assert b'w:author="A. Editor"' in written
    assert b'w:date="2026-11-24T00:00:00Z"' in written
    assert main(["check", str(given), "--revise", str(given), *records]) == 2
    assert main(["check", str(given), "--revise", str(revised), "--date", "last week", *records]) == 2
    assert main(["check", str(SEED), "--revise", str(revised), *records]) == 2


def test_a_folder_is_checked_with_an_index_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, reports = tmp_path / "in", tmp_path / "reports"
    folder.mkdir()
    (folder / "good.md").write_bytes(SEED.read_bytes())
    (folder / "bad.md").write_text(NO_LIST, encoding="utf-8")
    assert main(["check", str(folder), "--out", str(reports), "--records", str(RECORDS)]) == 2
    out, err = capsys.readouterr()
    assert "bad.md" in err
    assert out == f"2 manuscripts; the reports are listed in {reports / 'index.html'}\n"
    assert "good.md" in (reports / "index.html").read_text(encoding="utf-8")
    assert main(["check", str(folder), "--records", str(RECORDS)]) == 2
    assert "--out" in capsys.readouterr().err


def test_the_page_answers_until_it_is_interrupted() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "refcheck", "web", "--no-browser", "--records", str(RECORDS)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().split()[0]
        assert address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(address, timeout=20) as answer:
            assert b"<html" in answer.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=20) in (0, 2)
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.communicate()


def test_an_interruption_by_the_keyboard_is_one_sentence(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "refcheck", "batch", "-", "--records", str(RECORDS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{ENTRY}\n" * 100)  # more than are looked up together, so that some are written
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["id"] == "1"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 2
    assert re.fullmatch(r"refcheck: interrupted; \d+ lines are finished\n", err)


def test_a_waived_finding_is_counted_and_not_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manuscript = tmp_path / "manuscript.md"
    manuscript.write_bytes((ROOT / "fixtures/manuscripts/exosome-therapy-seeded.md").read_bytes())
    check = ["check", str(manuscript), "--records", str(ROOT / "fixtures/records/exosome-therapy-seeded.jsonl")]
    waive = ["waive", str(manuscript), "year-mismatch", "--reason", "agreed", "--by", "A. Editor"]
    assert main(check) == 1
    assert "REF303" in capsys.readouterr().out
    assert main([*waive, "--reference", "1"]) == 0
    assert main(check) == 1
    told = capsys.readouterr().out
    assert "REF303 year-mismatch" not in told
    assert "Left as decided before: 1 finding." in told
    assert main([*waive, "--reference", "77"]) == 2
    assert main([*waive, "--until", "tomorrow"]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def test_the_cache_is_shown_and_emptied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REFCHECK_CACHE_DIR", str(tmp_path))
    assert main(["cache", "info"]) == 0
    assert str(tmp_path) in capsys.readouterr().out
    assert main(["cache", "clear"]) == 0
    assert "0 answers forgotten" in capsys.readouterr().out


# -- what it costs to start --

HEAVY = {"rich", "tantivy", "requests", "rapidfuzz", "docx", "lxml", "pypdfium2"}


@pytest.mark.parametrize(
    ("arguments", "loaded"),
    [
        (["--help"], {"rich", "tantivy", "requests", "pycrfsuite", "rapidfuzz", "docx", "lxml"}),
        (
            ["parse", "-", "--format", "jsonl"],
            {"rich", "tantivy", "requests", "rapidfuzz", "docx", "lxml", "pypdfium2"},
        ),
    ],
)
def test_only_what_a_command_needs_is_loaded(arguments: list[str], loaded: set[str]) -> None:
    code = (
        "import sys\nfrom refcheck.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=ENTRY.encode(), capture_output=True, timeout=60)
    assert not loaded & set(done.stderr.decode().split())


#: The libraries, other than Python's own, that a start-up may load: each costs every call of the command.
STARTUP = {("--help",): {"refcheck"}, ("parse", "-", "--format", "jsonl"): {"pycrfsuite", "refcheck"}}


@pytest.mark.parametrize("arguments", STARTUP, ids=" ".join)
def test_the_command_loads_no_more_than_it_needs(arguments: tuple[str, ...]) -> None:
    def loaded(code: str) -> set[str]:
        code = f"import sys\n{code}\nprint(*sys.modules, file=sys.stderr)"
        done = subprocess.run([sys.executable, "-c", code], input=ENTRY.encode(), capture_output=True, timeout=60)
        assert done.returncode == 0
        names = {module.split(".")[0] for module in done.stderr.decode().split()} - sys.stdlib_module_names
        return {name for name in names if "cython" not in name}  # pycrfsuite's own run-time parts

    command = f"from refcheck.cli import main\ntry: main({list(arguments)!r})\nexcept SystemExit: pass"
    assert loaded(command) - loaded("pass") == STARTUP[arguments]


def test_color_is_for_terminals_only() -> None:
    done = command("check", str(SEED), "--records", str(RECORDS), env={**os.environ, "FORCE_COLOR": "1"})
    assert b"\x1b" not in done.stdout


def test_the_scheme_can_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "m.md"
    page.write_text("Skin (1) and scars [1].\n\nReferences\n\n1. Lee A. Skin. Burns. 2020;1:2-3.", encoding="utf-8")
    assert main(["parse", str(page), "--format", "json", "--scheme", "bracket"]) == 0
    read = json.loads(capsys.readouterr().out)
    assert [c["text"] for c in read["callouts"]] == ["[1]"]
    assert main(["check", str(tmp_path), "--out", str(tmp_path / "out"), "--scheme", "bracket", "--offline"]) == 2
    assert "refcheck.toml" in capsys.readouterr().err
