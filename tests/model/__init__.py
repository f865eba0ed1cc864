"""The model: random histories of Harvest and of the stack, against a direct computation."""
