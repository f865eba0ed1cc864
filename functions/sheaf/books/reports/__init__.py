"""What the books say: invoices, debtors, the journal, balances, the log; read and never changed."""
