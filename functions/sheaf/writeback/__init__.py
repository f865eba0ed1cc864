"""The one way to change anything in Harvest: intent first, marker, look before repeat."""
