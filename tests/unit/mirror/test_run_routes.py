"""What requests about runs are given."""

import pytest

from sheaf.actuals.tie_out.routes import TieOutServices
from sheaf.books.checks.routes import CheckServices
from sheaf.books.runs.routes import BooksRunServices


@pytest.mark.parametrize("services", [BooksRunServices, CheckServices, TieOutServices])
def test_services_of_each_family_can_be_made_on_every_version_of_python(services: object) -> None:
    made = services("desk", "signer", "idempotency")  # type: ignore[operator]

    assert (made.desk, made.signer, made.idempotency) == ("desk", "signer", "idempotency")
    with pytest.raises(AttributeError):
        made.desk = "another"
