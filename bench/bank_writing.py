"""How payers write what a made-up line is for, and what banks make of it.

Public are only the forms: a QR reference of 27 digits, names of 70 letters, texts of 140, older
ones in columns of 27 or 35.
"""

import random
import string
from collections.abc import Sequence
from datetime import date, timedelta

from bench.bank_books import Books, Client
from bench.bank_noise import Noise
from sheaf.books.bank.lines import Payer
from sheaf.books.matching.items import OpenInvoice

_PLACES = ("Oberwil", "Niederstadt", "Seedorf", "Altmünster", "Neubrück", "Talheim")
_MISREAD = str.maketrans("äöüéèñçøåł", "aoueencoal")
_SEPA = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa"}
_WITH_NUMBER = (
    "{0}", "{0}", "Rechnung {0}", "Rechnung Nr. {0}", "RG {0}", "Rg-Nr. {0}", "Re. {0}", "RE{0}",
    "Ihre Rechnung {0} besten Dank", "Zahlung {0}", "Invoice {0}", "INV {0}", "inv.no.{0}",
    "Payment of invoice {0}", "Facture {0}", "Facture no {0}", "Fattura {0}", "RNR{0}",
    "EREF+NOTPROVIDED SVWZ+{0}", "Beleg {0}", "Rechnungen {0}", "{0} Danke",
)  # fmt: skip
_WITHOUT_NUMBER = (
    "", "", "", "Rechnung", "Danke", "Zahlung", "Honorar", "Offene Rechnungen", "Payment", "{name}",
    "Dienstleistung", "Facture", "Akonto", "Monatspauschale", "Dauerauftrag",
)  # fmt: skip


class Writing:
    """References, texts and names, as they are when payers and banks have done with them."""

    def __init__(self, rng: random.Random, noise: Noise, books: Books) -> None:
        self._rng, self._noise, self._books = rng, noise, books

    def reference(self, one: OpenInvoice) -> tuple[str, bool]:
        """As printed, or what is left of it; and whether it tells anything at all."""
        rng, noise = self._rng, self._noise
        printed = self._books.reference_of[one.invoice_id]
        telling = bool(one.reference) or "".join(filter(str.isdigit, one.number)) in printed
        if rng.random() < noise.wrong_digit:
            place = rng.randrange(len(printed) - 6, len(printed))
            printed = printed[:place] + rng.choice(string.digits) + printed[place + 1 :]
        if rng.random() < noise.lost_zeros and printed.isdigit():
            printed = printed.lstrip("0")
        elif rng.random() < 0.3:
            printed = " ".join(printed[at : at + 5] for at in range(0, len(printed), 5))
        return printed, telling

    def numbers(self, chosen: Sequence[OpenInvoice]) -> str:
        rng = self._rng
        named = list(chosen)
        if len(named) > 2 and rng.random() < 0.1:
            named = named[: rng.randrange(1, len(named))]  # "and others"
        plain = [one.number for one in named]
        if all(map(str.isdigit, plain)) and len(plain) > 2:
            first, last = int(plain[0]), int(plain[-1])
            if last - first == len(plain) - 1:
                return f"{first}{rng.choice(('-', ' - ', ' bis '))}{last}"
        written = [self._number(one) for one in plain]
        return rng.choice((", ", " ", " + ", ",", " und ", "/", "; ")).join(written)

    def _number(self, number: str) -> str:
        """As printed, or as payers write it instead."""
        rng, noise = self._rng, self._noise
        if rng.random() < noise.last_part:
            number = "".join(c if c.isalnum() else " " for c in number).split()[-1]
            number = number.lstrip("0") or number if rng.random() < 0.5 else number
        elif rng.random() < noise.rewritten:
            bare = number.lstrip(string.ascii_letters + "-")
            number = rng.choice(
                (
                    number.replace("-", "").replace("/", ""), bare, bare.replace("-", ""),
                    number.replace("-", " ").replace("/", " "), number.replace("-", "/"),
                    number.replace("-", ".").replace("/", "-"), number.removeprefix("20"),
                    number.lower(), f"RG{bare}", f"No.{number}",
                )
            )  # fmt: skip
        if rng.random() < noise.slip:
            number = _slipped(rng, number)
        return number

    def text(self, numbers: str, client: Client, day: date, amount: int) -> str:
        rng, noise = self._rng, self._noise
        if numbers:
            text = rng.choice(_WITH_NUMBER).format(numbers)
        else:
            text = rng.choice(_WITHOUT_NUMBER).format(name=client.name)
        if rng.random() < noise.misleading:
            text = rng.choice(("{0} {1}", "{1} {0}")).format(text, self.misleading(day, amount))
        if rng.random() < noise.broken:
            column = rng.choice((27, 35))
            text = " ".join(text[at : at + column] for at in range(0, len(text), column))
        if rng.random() < 0.3:
            text = _in_sepa(text).upper()
        return text[:140].strip()

    def misleading(self, day: date, amount: int) -> str:
        rng = self._rng
        other = day - timedelta(days=rng.randrange(5, 60))
        return rng.choice(
            (
                f"vom {other:%d.%m.%Y}", f"{other:%d.%m.%y}", f"du {other.isoformat()}",
                f"Kd-Nr. {rng.randrange(1000, 99_999)}", f"Kundennummer {rng.randrange(10**6)}",
                f"Tel. 0{rng.randrange(40, 80)} {rng.randrange(100, 999)} "
                f"{rng.randrange(10, 99)} {rng.randrange(10, 99)}",
                f"Auftrag {rng.randrange(10**6)}", f"PO {4_500_000_000 + rng.randrange(10**8)}",
                f"CHF {amount // 100}.{amount % 100:02}", f"Beleg {rng.randrange(10**6)}",
                f"{rng.randrange(1000, 99_999)} {rng.choice(_PLACES)}",
            )
        )  # fmt: skip

    def payer(self, client: Client) -> tuple[Payer, bool]:
        """Who pays, as the bank writes it; and whether it can be told to be the client."""
        rng, noise = self._rng, self._noise
        # Some banks do not tell the account.
        account = client.account if rng.random() < 0.9 else ""
        if rng.random() < noise.other_payer:
            return Payer(self.spelt(client.other), account and client.other_account), False
        if client.people and rng.random() < 0.05:
            return Payer(self.spelt(client.people[0]), account), True
        return Payer(self.spelt(client.legal_name), account), True

    def spelt(self, name: str) -> str:
        rng = self._rng
        if rng.random() < self._noise.respelt:
            way = rng.randrange(7)
            place = f"{rng.choice(_PLACES)}strasse {rng.randrange(1, 99)}"
            if way == 0:
                name = " ".join(reversed(name.split()))
            elif way == 1:
                name = name.rsplit(" ", 1)[0]
            elif way == 2:
                name = _slipped(rng, name)
            elif way == 3:
                name = name.translate(_MISREAD)
            elif way == 4:
                name = f"{name}, {place}, {rng.randrange(1000, 9999)} {rng.choice(_PLACES)}"
            elif way == 5:
                name = _in_sepa(name)[: rng.choice((18, 27, 35))]
            else:
                name = "".join(c if c.isascii() else "?" for c in name)
        return (_in_sepa(name).upper() if rng.random() < 0.3 else name)[:70]

    def end_to_end_id(self, number: str = "") -> str:
        """Mostly none or the payer's own; a few write the number of the invoice there."""
        way = self._rng.random()
        if number and way > 0.96:
            return number
        return "NOTPROVIDED" if way < 0.5 else f"{self._rng.randrange(10**12)}"


def _in_sepa(text: str) -> str:
    return "".join(_SEPA.get(c, c) for c in text).translate(_MISREAD)


def _slipped(rng: random.Random, text: str) -> str:
    """One key wrong: another, none, twice, or two the wrong way round; digits stay digits."""
    place = rng.randrange(len(text))
    keys = string.digits if text[place].isdigit() else string.ascii_lowercase
    return rng.choice(
        (
            text[:place] + rng.choice(keys) + text[place + 1 :],
            text[:place] + text[place + 1 :],
            text[:place] + text[place] + text[place:],
            text[:place] + text[place : place + 2][::-1] + text[place + 2 :],
        )
    )
