"""Checks of the books: is the ledger what its journal says, and Harvest what the books say?"""
