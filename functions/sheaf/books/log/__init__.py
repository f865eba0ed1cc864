"""What was done in the books, line by line, as a bookkeeper reads it."""
