"""Invented companies for the tests of matching, and a shorthand for parties."""

from sheaf.imports.matching import Party

# A list as a small agency has it: some words in many names, each name with words of its own.
BOOK = (
    "Halbrook Design Studio Berlin GmbH",
    "Norvane Design Studio Berlin",
    "Tessmer Studio Berlin UG",
    "Quilland Consulting Group Ltd",
    "Farrowby Consulting Ltd",
    "Pemberlin Media Group",
    "Ostrava Weavers Media s.r.o.",
    "Castelmora Logistica S.r.l.",
    "Vandermeel Transport B.V.",
    "Kita Nord 1",
    "Kita Sued 4",
    "Brightwater Partners LLP",
    "Lindqvist & Sandell AB",
    "Yarrow, Tolland and Pike",
    "Zephyrine Cosmetics SAS",
    "Drummel Bau GmbH",
    "Ironvale Data Systems Inc.",
    "Marlowe Reed Architects",
    "Sunfield Energy Holding AG",
    "Global Wind Registry Agency",
)


def parties(*names: str, prefix: str = "p") -> list[Party]:
    """One party per name, with keys in the order given."""
    return [Party(f"{prefix}{number:03}", name) for number, name in enumerate(names)]
