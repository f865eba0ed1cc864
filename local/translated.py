"""`python -m local.translated`: the template as the CloudFormation that SAM makes of it.

For linters: some mistakes show only there. Code locations are placeholders.
"""

import json
import sys
from pathlib import Path
from typing import Any

from local import sam
from local.settings import PROJECT


def translated(path: Path) -> dict[str, Any]:
    """Raises TemplateError with every reason when the template cannot be translated."""
    source = sam.load(path)
    problems: list[str] = []
    sam.take_code(source, path.parent, problems)
    document = sam.translate(source, problems)
    if problems:
        raise sam.TemplateError(problems)
    return document


def main() -> int:
    try:
        document = translated(PROJECT / "template.yaml")
    except sam.TemplateError as error:
        print(error, file=sys.stderr)
        return 1
    json.dump(document, sys.stdout, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
