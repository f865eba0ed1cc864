"""Writes the tables of docs/data-stores.md: `python -m tests.contract.page`.

The tests of this folder are the rows; tests/contract/gaps.py says where a store differs. What
stands outside the marks in the page is written by hand and left alone.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.contract.gaps import GAPS, STORES

PAGE = Path(__file__).resolve().parents[2] / "docs/data-stores.md"
_BEGIN, _END = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"
# The stores that the suite always runs on; DynamoDB Local runs where its licence is held.
_SHOWN = ("ministack", "moto")


@dataclass(frozen=True, slots=True)
class Section:
    """One module of tests: its subject and the names of its tests, in order."""

    subject: str
    tests: tuple[str, ...]


def sections() -> Iterator[Section]:
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        module = ast.parse(path.read_text())
        tests = [
            node.name
            for node in module.body
            if isinstance(node, ast.FunctionDef)
            and node.name.startswith("test_")
            and {"table", "words", "start"} & {argument.arg for argument in node.args.args}
        ]
        if tests:
            subject = (ast.get_docstring(module) or path.stem).split(":")[0].split("\n")[0]
            yield Section(subject.rstrip("."), tuple(tests))


def tables() -> str:
    """How many promises each store keeps by subject, then every known gap."""
    names = [STORES[store] for store in _SHOWN]
    counts = [["subject", "tests", *(f"kept by {name}" for name in names)]]
    gaps = [["DynamoDB's promise", *names]]
    for section in sections():
        kept = [sum((test, store) not in GAPS for test in section.tests) for store in _SHOWN]
        counts.append([section.subject, str(len(section.tests)), *map(str, kept)])
        for test in section.tests:
            notes = [GAPS.get((test, store), "") for store in _SHOWN]
            if any(notes):
                gaps.append([_sentence(test), *(note or "as DynamoDB" for note in notes)])
    return f"{_table(counts)}\n### Known gaps\n\n{_table(gaps)}"


def written(page: str) -> str:
    """The page with its tables brought up to date."""
    before, rest = page.split(_BEGIN)
    _, after = rest.split(_END)
    return f"{before}{_BEGIN}\n{tables()}\n{_END}{after}"


def _sentence(test: str) -> str:
    words = test.removeprefix("test_").replace("_", " ")
    return words[0].upper() + words[1:]


def _table(rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    lines.insert(1, f"|{' --- |' * len(rows[0])}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text()))
