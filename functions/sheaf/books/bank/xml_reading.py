"""XML that nobody vouches for, read piece by piece.

Whoever reads takes out what is done with, so that no more is held than the piece in hand. Document
types, entities and what lies outside of the file are refused, and so is what is nested or written
longer than any bank does.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from sheaf.books.bank.unreadable import (
    DOWNLOAD_AGAIN,
    MOST_TEXT,
    Limited,
    UnreadableStatementError,
    shown,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

# ISO 20022 nests its messages about 15 deep.
_DEEPEST = 40
_START, _END = "start", "end"


def opened_and_ended(stream: BinaryIO, most_bytes: int) -> Iterator[tuple[bool, "list[Element]"]]:
    """Whether an element has ended, and the elements from the root to it, at its start and its end.

    At its end its tag and those in it have lost their namespaces. The list is the same one all
    along. Anything wrong with the file is an UnreadableStatementError, at the latest at its end.
    """
    opened: list[Element] = []
    for event, element in _parsed(stream, most_bytes):
        if event == _START:
            opened.append(element)
            if len(opened) > _DEEPEST:
                raise UnreadableStatementError("Its elements are nested too deep for a statement.")
            yield False, opened
            continue
        element.tag = name_of(element)
        if len(element.text or "") > MOST_TEXT:
            raise UnreadableStatementError(
                f"The text of {shown(element.tag)} is longer than {MOST_TEXT} characters."
            )
        yield True, opened
        opened.pop()


def name_of(element: "Element") -> str:
    """The tag of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def namespace_of(element: "Element") -> str:
    """The namespace of an element that has not ended, empty without."""
    return element.tag.rpartition("}")[0].removeprefix("{")


def _parsed(stream: BinaryIO, most_bytes: int) -> Iterator[tuple[str, "Element"]]:
    begun = False
    try:
        for event in iterparse(Limited(stream, most_bytes), (_START, _END), forbid_dtd=True):
            begun = True
            yield event
    except UnreadableStatementError:
        raise
    except DefusedXmlException:
        raise UnreadableStatementError(
            "The file declares a document type or entities, which no bank statement does."
        ) from None
    except ParseError as error:
        _refuse(error.position[0], begun)
    except (LookupError, ValueError):
        # The parser knows no such encoding, or cannot read it: the declaration is the first line.
        raise UnreadableStatementError(
            "The encoding that the file declares cannot be read.",
            "Download the file from the bank again, or save it in UTF-8.",
        ) from None


def _refuse(line: int, begun: bool) -> NoReturn:
    if not begun:
        raise UnreadableStatementError(
            "The file is no XML.",
            "Send the camt.053 or camt.054 file of the bank, unpacked if it came in an archive.",
        ) from None
    raise UnreadableStatementError(
        "The XML breaks off or is damaged, or is not in the encoding that it declares.",
        DOWNLOAD_AGAIN,
        f"Line {line}",
    ) from None
