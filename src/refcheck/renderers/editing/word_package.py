"""A Word file as a zip archive: its parts to be changed, and everything else copied byte for byte."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from lxml import etree

from refcheck.errors import UnreadableInput

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
# Far above any manuscript; the reader has its own, stricter bounds.
_LARGEST = 1 << 30


class WordPackage:
    """The archive, its main document and its comments. Raises UnreadableInput where it is not a Word file.

    `document` and `comments` are elements to be changed; another `part` that is changed has to be touched, too.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            if sum(i.file_size for i in self._zip.infolist()) > _LARGEST:
                raise UnreadableInput("the Word file is too large to be written back")
            self._types = self._xml("[Content_Types].xml")
            rels = self._xml("_rels/.rels")
            main = next(r for r in rels if (r.get("Type") or "").endswith("/officeDocument"))
            self.main = (main.get("Target") or "").lstrip("/")
            if _STRICT in self._zip.read(self.main)[:5000]:
                raise UnreadableInput(
                    "this is a Strict Open XML file: save it as an ordinary .docx to have it marked up"
                )
            self.document = self._xml(self.main)
        except (zipfile.BadZipFile, KeyError, StopIteration, etree.XMLSyntaxError, RuntimeError) as e:
            raise UnreadableInput("this is not a Word file that comments can be written to") from e
        self._parts = {self.main: self.document}
        self._touched = {self.main}
        folder, _, name = self.main.rpartition("/")
        self._folder = folder + "/" if folder else ""
        self._rels_name = f"{self._folder}_rels/{name}.rels"
        self._rels = (
            self._xml(self._rels_name)
            if self._rels_name in self._zip.namelist()
            else etree.fromstring(f'<Relationships xmlns="{_PACKAGE[1:-1]}"/>')
        )
        found = next((r for r in self._rels if (r.get("Type") or "").endswith("/comments")), None)
        target = (found.get("Target") or "") if found is not None else ""
        self._comments_name = (
            target.lstrip("/") if target.startswith("/") else self._folder + (target or "comments.xml")
        )
        self._declared = found is not None
        self._commented = self._comments_name in self._zip.namelist()
        if self._commented:
            self.comments = self._xml(self._comments_name)
        else:
            self.comments = etree.Element(f"{W}comments", nsmap={"w": W[1:-1]})

    def _xml(self, name: str) -> Any:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        return etree.fromstring(self._zip.read(name), parser)

    def part(self, name: str) -> Any:
        """A part's root element, the same at each call; None where there is no such part."""
        if name not in self._parts:
            try:
                self._parts[name] = self._xml(name)
            except (KeyError, etree.XMLSyntaxError):
                return None
        return self._parts[name]

    def loaded(self) -> tuple[Any, ...]:
        """The root elements of the parts that were asked for, the main document and the comments among them."""
        return (*self._parts.values(), self.comments)

    def touch(self, name: str) -> None:
        """Have a part written as it now is; the main document always is."""
        self._touched.add(name)

    def written(self) -> bytes:
        """The archive with the changed parts in place of the old ones."""
        changed = {name: self._parts[name] for name in self._touched}
        if len(self.comments) or self._commented:
            changed[self._comments_name] = self.comments
            changed |= self._declarations()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for info in self._zip.infolist():
                body = changed.pop(info.filename, None)
                target.writestr(info, self._zip.read(info) if body is None else _serialised(body))
            for name, body in changed.items():
                target.writestr(zipfile.ZipInfo(name), _serialised(body), zipfile.ZIP_DEFLATED)
        return out.getvalue()

    def _declarations(self) -> dict[str, Any]:
        """The parts that must name the comments, where they do not yet."""
        changed = {}
        if not self._declared:
            taken = {r.get("Id") for r in self._rels}
            identifier = next(f"rId{n}" for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
            etree.SubElement(
                self._rels,
                f"{_PACKAGE}Relationship",
                Id=identifier,
                Type=f"{_OFFICE}/comments",
                Target="/" + self._comments_name,
            )
            self._declared = True
            changed[self._rels_name] = self._rels
        part = "/" + self._comments_name
        if not any(t.get("PartName") == part for t in self._types):
            etree.SubElement(self._types, f"{_TYPES}Override", PartName=part, ContentType=_COMMENTS_TYPE)
            changed["[Content_Types].xml"] = self._types
        return changed


def _serialised(root: Any) -> bytes:
    out: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return out
