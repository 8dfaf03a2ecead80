"""The house stands as its plan says: import contracts, where printing is allowed, which names are not."""

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "src" / "refcheck").rglob("*.py"))


def test_import_contracts_hold() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None) == 0


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_only_the_command_lines_streams_print(path: Path) -> None:
    if path.parts[-2:] == ("cli", "streams.py"):
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id != "print", f"{path}:{node.lineno} prints"
        if isinstance(node, ast.Attribute) and node.attr in {"stdout", "stderr"}:
            assert not (isinstance(node.value, ast.Name) and node.value.id == "sys"), f"{path}:{node.lineno}"


def test_no_module_has_a_name_that_says_nothing() -> None:
    forbidden = {"utils", "util", "helpers", "helper", "common", "core", "base", "manager", "misc"}
    assert not [p for p in MODULES if p.stem in forbidden or p.parent.name in forbidden]


def test_only_sources_open_a_socket() -> None:
    network = {"requests", "urllib3", "http", "socket", "habanero", "opensearchpy", "httpx"}
    for path in MODULES:
        if "sources" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = (
                [a.name for a in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            assert not {n.split(".")[0] for n in names} & network, f"{path}:{node.lineno}"
