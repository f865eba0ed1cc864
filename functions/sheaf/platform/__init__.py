"""The floor that everything stands on: settings, tables, tokens, queue, problems, clock.

Nothing above this package knows an AWS SDK; nothing in it knows Harvest.
"""
