"""Retainers: from a finding to a quote, a contract, and a billing document for each period."""
