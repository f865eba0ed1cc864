"""The written documents: their tables are whole, and the README's map shows what is there."""

import re
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[2]
_PAGES = [PROJECT / "README.md", *PROJECT.glob("docs/*.md"), *PROJECT.glob("local/**/README.md")]


def _tables(text: str) -> Iterator[list[str]]:
    table: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.startswith("|"):
            table.append(line)
        elif table:
            yield table
            table = []


def test_no_table_is_cut_in_two() -> None:
    for page in _PAGES:
        for table in _tables(page.read_text()):
            assert re.fullmatch(r"\|[ |:-]+\|", table[1] if len(table) > 1 else ""), (
                page,
                table[0],
            )


def test_no_row_stands_twice() -> None:
    for page in _PAGES:
        for table in _tables(page.read_text()):
            names = [row.split("|")[1].strip() for row in table[2:]]
            named = [name for name in names if name.startswith("`")]
            repeated = {name for name in named if named.count(name) > 1}
            assert not repeated, (page, repeated)


def test_the_map_names_every_package() -> None:
    readme = (PROJECT / "README.md").read_text()
    folders = re.findall(r"^\| `([\w/]+)/` \|", readme, re.MULTILINE)
    packages = {one.parent.name for one in PROJECT.glob("functions/sheaf/*/__init__.py")}

    assert {one.removeprefix("functions/sheaf/") for one in folders} >= packages
    assert all((PROJECT / one).is_dir() for one in folders)
