"""Harvest's invoices taken over as receivables: which, when, and how each is booked."""
