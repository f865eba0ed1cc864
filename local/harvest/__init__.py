"""A Harvest v2 server for development and tests: API host, identity host and a control host.

It knows nothing of the code that it serves and imports none of it. Start it with
`python -m local.harvest`, or inside a test with `local.harvest.simulator.HarvestSimulator`.
"""
