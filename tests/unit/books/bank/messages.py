"""Messages of banks that nobody has: pieces of camt.053 and camt.054, and what is read of them."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from sheaf.books.bank.camt import read_camt
from sheaf.books.bank.lines import Booking, Statement

ACCOUNT = "CH5100999000000012345"
SAMPLES = Path(__file__).parent / "samples"
_FAMILY = "urn:iso:std:iso:20022:tech:xsd:"
_NAMES = {
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def entry(
    amount: str = "100.00",
    more: str = "",
    *,
    direction: str = "CRDT",
    currency: str = "CHF",
    status: str = "<Cd>BOOK</Cd>",
    dates: str = "<BookgDt><Dt>2026-03-02</Dt></BookgDt>",
    reference: str = "",
) -> str:
    """An entry, with more elements (details, a reversal) as they are."""
    known = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
        f"<Sts>{status}</Sts>{dates}{known}{more}</Ntry>"
    )


def details(*transactions: str, announced: int = 0) -> str:
    batch = f"<Btch><NbOfTxs>{announced}</NbOfTxs></Btch>" if announced else ""
    return f"<NtryDtls>{batch}{''.join(transactions)}</NtryDtls>"


def transaction(amount: str = "", more: str = "", *, currency: str = "CHF") -> str:
    """A transaction, without an amount where none is given."""
    told = f'<Amt Ccy="{currency}">{amount}</Amt>' if amount else ""
    return f"<TxDtls>{told}{more}</TxDtls>"


def statement(*entries: str, account: str = ACCOUNT, head: str = "<Id>S-1</Id>") -> str:
    """What is in a statement, in whichever message."""
    return f"{head}<Acct><Id><IBAN>{account}</IBAN></Id></Acct>{''.join(entries)}"


def message(
    *statements: str, kind: str = "camt.053.001.08", namespace: str | None = None, made: str = ""
) -> bytes:
    container, name = _NAMES[kind[:8]]
    inside = "".join(f"<{name}>{one}</{name}>" for one in statements)
    space = _FAMILY + kind if namespace is None else namespace
    made = f"<CreDtTm>{made}</CreDtTm>" if made else ""
    return (
        f'<Document xmlns="{space}"><{container}><GrpHdr><MsgId>M</MsgId>{made}</GrpHdr>'
        f"{inside}</{container}></Document>"
    ).encode()


def read(content: bytes) -> list[Statement]:
    return read_camt(BytesIO(content))


def bookings(*entries: str, kind: str = "camt.053.001.08") -> Sequence[Booking]:
    """The bookings of a message of one statement."""
    (found,) = read(message(statement(*entries), kind=kind))
    return found.bookings


def booking(*values: str, **named: str) -> Booking:
    """The booking of one entry."""
    (found,) = bookings(entry(*values, **named))
    return found


def sample(name: str) -> bytes:
    return (SAMPLES / f"{name}.xml").read_bytes()
