"""Actuals: time as person, project, role and day; zeros where none was tracked; what waits."""
