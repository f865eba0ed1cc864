"""Invoices booked as receivables, money from the bank allocated to them, and told to Harvest."""
