"""The only package that talks to Harvest: client, identity, pages, request budget, payloads."""
