"""Whether what was proposed is still open: others may have paid it since."""

from collections.abc import Mapping, Sequence

from sheaf.books.proposals.records import KeptProposal
from sheaf.books.receipts.allocating import Open
from sheaf.books.receipts.records import Target
from sheaf.books.targets import Stores


def still_open(proposals: Sequence[KeptProposal], stores: Stores) -> list[KeptProposal]:
    """Those of which everything is as open as it was when they were made, read consistently."""
    if not proposals:
        return []
    wanted = {share.target for one in proposals for share in one.shares}
    return unchanged(proposals, stores.targets(list(wanted)).open(()))


def unchanged(
    proposals: Sequence[KeptProposal], opens: Mapping[Target, Open]
) -> list[KeptProposal]:
    """The same by what is open of each item."""
    return [
        one
        for one in proposals
        if all(
            share.target in opens and opens[share.target].amount == share.open_amount
            for share in one.shares
        )
    ]
