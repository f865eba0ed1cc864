"""Sheaf: a serverless backend that connects a company's own app to Harvest."""
