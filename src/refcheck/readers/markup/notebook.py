"""Jupyter notebooks -> Manuscript: the cells of Markdown, read like any Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from refcheck.errors import UnreadableInput
from refcheck.model import Manuscript
from refcheck.readers.markup.markdown import read_pandoc_text
from refcheck.readers.plain import decode


def read_notebook(data: bytes, name: str, folder: Path | None = None) -> Manuscript:
    """Read a Jupyter notebook (nbformat 3 and 4): its code and what that printed are left out.

    Raises:
        UnreadableInput: no notebook, or one without text.
        NoReferences: there is no reference list in it.
    """
    try:
        value = json.loads(decode(data, name))
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(
            f"{name} is not a notebook that can be read ({str(error)[:80]}): save it again from Jupyter."
        ) from error
    text = "\n\n".join(_texts(value))
    if not text.strip():
        raise UnreadableInput(f"{name} is a notebook without text: give the notebook that holds the manuscript.")
    return read_pandoc_text(text, name, folder, "notebook")


def _texts(value: Any) -> Iterator[str]:
    if not isinstance(value, Mapping):
        return
    sheets = value.get("worksheets")
    lists = (
        [value.get("cells"), *(s.get("cells") for s in sheets or () if isinstance(s, Mapping))]
        if isinstance(sheets, list)
        else [value.get("cells")]
    )
    for cells in lists:
        for cell in cells if isinstance(cells, list) else ():
            if not isinstance(cell, Mapping) or cell.get("cell_type") not in {"markdown", "heading", "raw"}:
                continue
            source = cell.get("source")
            text = "".join(x for x in source if isinstance(x, str)) if isinstance(source, list) else source
            if isinstance(text, str):
                yield f"# {text}" if cell.get("cell_type") == "heading" else text
