"""Which invoices a line of the bank pays: proposals with their reasons."""
