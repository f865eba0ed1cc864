"""What happens to payments on their way, in shares: how made-up statements differ from clean ones.

No public count says how often payers do what. The shares are assumptions, made before anything was
measured, each with what it stands for.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noise:
    """Shares of what happens, of the lines that pay something unless said otherwise."""

    name: str
    # Scanned or clicked bills carry a structured reference: about half of them within Switzerland,
    # fewer the more payers sit abroad; one of ten is an RF reference.
    reference: float
    # Standing orders, banking on a phone, "offene Rechnungen": nothing that points to an invoice.
    unnamed: float
    # Of the numbers in the text: written otherwise than printed, only their last part, and with a
    # slip (about one of a hundred hand-typed numbers, several where many are typed).
    rewritten: float = 0.0
    last_part: float = 0.0
    slip: float = 0.0
    # An old transfer used again, text and all: it names another invoice than it pays.
    stale: float = 0.0
    # Of the references: one digit wrong (only where no bank checks it), and without leading zeros.
    wrong_digit: float = 0.0
    lost_zeros: float = 0.0
    # Firms pay on fixed days, several invoices at once; up to a tenth of their transfers.
    several: float = 0.04
    # Instalments; rounded up or paid twice; 2 or 3 % that were not agreed; fees from abroad.
    part: float = 0.0
    over: float = 0.0
    discount: float = 0.0
    charges: float = 0.0
    # A parent company, a spouse, a treasurer.
    other_payer: float = 0.0
    # Names that the bank writes otherwise than the books: cut, transliterated, the legal name.
    respelt: float = 0.1
    # Of the accounts: those that an earlier allocation has taught.
    known: float = 0.85
    # Texts that pass through a format in columns.
    broken: float = 0.0
    # Texts with further numbers: dates, customer numbers, telephone numbers.
    misleading: float = 0.05
    # Paid twice, or credited meanwhile: the invoice is not open any more.
    not_open: float = 0.005
    # An account in one currency, an invoice in another; and money that comes before the bill.
    other_currency: float = 0.0
    before_issue: float = 0.0
    # Refunds, loans, interest and the like, of all lines.
    not_ours: float = 0.15


CLEAN = Noise("clean", reference=0.50, unnamed=0.02)
LOW = Noise(
    "low", reference=0.45, unnamed=0.06, rewritten=0.15, last_part=0.02, slip=0.01, stale=0.002,
    wrong_digit=0.005, lost_zeros=0.05, several=0.06, part=0.01, over=0.005, discount=0.01,
    charges=0.005, other_payer=0.03, respelt=0.3, known=0.8, broken=0.05, misleading=0.15,
    not_open=0.01, other_currency=0.001, before_issue=0.001,
)  # fmt: skip
MEDIUM = Noise(
    "medium", reference=0.38, unnamed=0.10, rewritten=0.3, last_part=0.04, slip=0.02, stale=0.005,
    wrong_digit=0.01, lost_zeros=0.1, several=0.08, part=0.02, over=0.01, discount=0.02,
    charges=0.01, other_payer=0.06, respelt=0.45, known=0.7, broken=0.1, misleading=0.25,
    not_open=0.015, other_currency=0.002, before_issue=0.002,
)  # fmt: skip
HIGH = Noise(
    "high", reference=0.30, unnamed=0.16, rewritten=0.45, last_part=0.08, slip=0.04, stale=0.01,
    wrong_digit=0.02, lost_zeros=0.15, several=0.10, part=0.035, over=0.015, discount=0.03,
    charges=0.02, other_payer=0.10, respelt=0.6, known=0.5, broken=0.2, misleading=0.4,
    not_open=0.025, other_currency=0.005, before_issue=0.005,
)  # fmt: skip
LEVELS = (CLEAN, LOW, MEDIUM, HIGH)
