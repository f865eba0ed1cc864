"""Payments through the API: entered by hand, allocated to invoices, changed, taken back."""
