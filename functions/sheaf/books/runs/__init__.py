"""The run of the books: Harvest is read, invoices and payments are taken over, ours are told."""
