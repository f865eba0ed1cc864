"""Authorised Harvest accounts: connecting, keeping tokens fresh, checking, disconnecting."""
