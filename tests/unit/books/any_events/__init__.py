"""Anything that happens to a tenant's invoices and payments, in any order, and what stays true."""
