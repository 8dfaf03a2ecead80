"""Zip archives and XML from strangers: read in memory, within bounds, or refused in one sentence."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from lxml import etree

from refcheck.errors import UnreadableInput

# A Word file of a thesis has a few hundred members; its text part is some megabytes, up to 40 times its packed size,
# with half a million tags. These bounds keep the worst file below ten seconds and 500 MB.
MAX_MEMBERS = 5_000
MAX_PART = 30_000_000  # bytes of one XML part
MAX_TAGS = 1_000_000  # opening and closing tags of one XML part
MAX_ALL = 60_000_000  # bytes of all parts that are read
MAX_RATIO = 300  # unpacked : packed, asked of parts above a megabyte only
_OUTSIDE = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)|\x00")


class Parts:
    """The members of a zip archive, read one by one.

    Raises:
        UnreadableInput: no zip archive, damaged, protected, too large, or with names that lead outside.
    """

    def __init__(self, data: bytes, name: str, kind: str = "Word file") -> None:
        self.name = name
        self.kind = kind
        self._read = 0
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, IndexError, OverflowError) as error:
            raise UnreadableInput(
                f"{name} is damaged or cut short ({kind}s are zip archives, and this one cannot be opened): "
                "ask for the file again."
            ) from error
        if len(members) > MAX_MEMBERS:
            raise UnreadableInput(f"{name} packs {len(members)} parts, which no {kind} does: it was not opened.")
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            if _OUTSIDE.search(member.filename) or _OUTSIDE.search(member.orig_filename):
                raise UnreadableInput(f"{name} packs a part whose name leads out of the archive: it was not opened.")
            if member.filename in self._members:
                raise UnreadableInput(f"{name} packs two parts under one name: it was not opened.")
            self._members[member.filename] = member

    @property
    def names(self) -> tuple[str, ...]:
        """All members, in archive order."""
        return tuple(self._members)

    def read(self, part: str) -> bytes | None:
        """The bytes of a member, or None where there is none.

        Raises:
            UnreadableInput: the part is protected, damaged, or larger than `MAX_PART`, declared or not.
        """
        member = self._members.get(part)
        if member is None:
            return None
        if member.flag_bits & 1:
            raise UnreadableInput(f"{self.name} is protected by a password: save it without one.")
        swollen = member.file_size > 1_000_000 and member.file_size > MAX_RATIO * max(1, member.compress_size)
        if member.file_size > MAX_PART or swollen:
            raise self._too_large(member.file_size)
        try:
            with self._zip.open(member) as stream:
                data = stream.read(MAX_PART + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, RuntimeError, EOFError, ValueError) as e:
            raise UnreadableInput(f"{self.name} is damaged ({part} cannot be unpacked): ask for it again.") from e
        self._read += len(data)
        if self._read > MAX_ALL or len(data) > MAX_PART or len(data) > max(1_000_000, MAX_RATIO * member.compress_size):
            raise self._too_large(len(data))
        return data

    def xml(self, part: str) -> etree._Element | None:
        """The root of an XML member, or None where there is none; a DOCTYPE is refused, as the format forbids it."""
        data = self.read(part)
        return None if data is None else parse_xml(data, self.name, part=part, doctype=False)

    def _too_large(self, size: int) -> UnreadableInput:
        return UnreadableInput(
            f"{self.name} unpacks to more than is sensible ({size // 1_000_000} MB of text or more in one part): "
            "it was not read; save the manuscript alone."
        )


_ENTITY_DECLARATION = re.compile(rb"<!\s{0,20}ENTITY", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!\s{0,20}DOCTYPE", re.IGNORECASE)


def parse_xml(data: bytes, name: str, *, part: str = "", doctype: bool = True) -> etree._Element:
    """XML from a stranger, without entities, network or DTD; at most 256 levels deep.

    `doctype=False` refuses any DOCTYPE; otherwise only one that declares entities is refused.

    Raises:
        UnreadableInput: not well-formed, too deep, too large, or with declarations that are not accepted.

    >>> parse_xml(b"<a><b/></a>", "x.xml").tag
    'a'
    """
    where = f"{name} ({part})" if part else name
    if len(data) > MAX_PART:
        raise UnreadableInput(f"{where} holds {len(data) // 1_000_000} MB of XML, more than is read: split it.")
    if data.count(b"<") > MAX_TAGS:
        raise UnreadableInput(f"{where} holds more than {MAX_TAGS:,} XML tags, more than is read: split it.")
    head = data.replace(b"\x00", b"")  # UTF-16 and UTF-32 hide the declarations from a look at the bytes
    if _ENTITY_DECLARATION.search(head) or (not doctype and _DOCTYPE.search(head)):
        raise UnreadableInput(
            f"{where} declares XML entities or a document type of its own, which is not safe to read: "
            "save it again from the program that wrote it."
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableInput(
            f"{where} is not well-formed XML ({_reason(error)}): ask for it again or save it anew."
        ) from error
    if root is None:
        raise UnreadableInput(f"{where} holds no XML element.")
    return root


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
