"""The ledger: accounts, journal entries that come to nothing, and what follows from them."""
