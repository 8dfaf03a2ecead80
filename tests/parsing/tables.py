"""Tables of cases kept outside the code."""

from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures"


def rows(name: str) -> list[list[str]]:
    """The rows of a table of tab-separated cases, without comments."""
    lines = (FIXTURES / "text" / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]
