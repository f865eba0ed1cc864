"""Payments that are told to Harvest: what each is to be there, and what it is."""
