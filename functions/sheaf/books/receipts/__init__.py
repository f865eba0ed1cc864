"""Money that came in: receipts, what of them is allocated to which invoices, and their entries."""
