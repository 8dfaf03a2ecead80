"""The wheel and the sdist hold what they must, and the wheel runs where nothing of this folder is in reach."""

import ast
import email
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from refcheck import __version__

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    return out


@pytest.mark.slow
def test_the_wheel_runs_in_a_clean_environment(built: Path, tmp_path: Path) -> None:
    (wheel,) = built.glob("*.whl")
    venv = tmp_path / "venv"
    python = venv / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True, timeout=60)
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", "--quiet"]
    subprocess.run([*install, str(wheel)], check=True, timeout=60)
    # Only the dependencies come from here (there is no network in tests): a path in a .pth file brings no other
    # .pth files with it, so the editable install of this folder stays out of reach.
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    site = next((venv / "lib").glob("python*")) / "site-packages"
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(venv / "bin" / "refcheck"), *arguments],
            cwd=tmp_path,
            env=clean,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = [str(python), "-c", "import refcheck; print(refcheck.__file__)"]
    assert subprocess.check_output(where, cwd=tmp_path, env=clean, text=True).startswith(str(site))
    assert run("--version") == f"refcheck {__version__}\n"
    seed = [
        str(ROOT / "fixtures/manuscripts/exosome-therapy.md"),
        "--records",
        str(ROOT / "fixtures/records/exosome-therapy.jsonl"),
    ]
    assert "7 references and 6 callouts were read" in run("check", *seed)
    assert "<html" in run("check", *seed, "--format", "html")


def test_the_wheel_holds_the_package_and_its_data(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = email.message_from_bytes(archive.read(next(n for n in names if n.endswith("/METADATA"))))
    source = ROOT / "src"
    wanted = {p.relative_to(source).as_posix() for p in (source / "refcheck").rglob("*.py")}
    assert wanted <= names
    assert "refcheck/py.typed" in names
    assert not [n for n in names if n.startswith(("tests/", "fixtures/", "training/"))]
    assert metadata["Name"] == "manuscript-refcheck"
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "MIT"
    assert wheel.stat().st_size < 6_000_000


def test_the_sdist_can_be_tested(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {n.split("/", 1)[1] for n in archive.getnames() if "/" in n}
    assert {"pyproject.toml", "README.md", "LICENSE", "Makefile", "CHANGELOG.md", "tests/test_cli.py"} <= names
    assert "fixtures/manuscripts/exosome-therapy.md" in names


def test_what_is_imported_is_declared() -> None:
    def normal(name: str) -> str:
        return re.sub(r"[-_.]+", "-", re.split(r"[\s<>=\[;]", name)[0]).lower()

    declared = {normal(d) for d in PROJECT["dependencies"]}
    optional = {normal(d) for extra in PROJECT["optional-dependencies"].values() for d in extra}
    owners = packages_distributions()
    for path in (ROOT / "src").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        at_once = {id(n) for n in tree.body}
        for node in ast.walk(tree):
            modules = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom) and not node.level
                else []
            )
            for top in {m.split(".")[0] for m in modules} - sys.stdlib_module_names - {"refcheck", ""}:
                names = {normal(n) for n in owners.get(top, [top])}
                assert names & (declared | optional), f"{path}:{node.lineno} imports {top}, which nothing declares"
                if id(node) in at_once and not names & declared:
                    assert path.parent.name == "web", f"{path}:{node.lineno} imports the optional {top} at once"
