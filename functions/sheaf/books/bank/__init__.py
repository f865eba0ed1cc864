"""What the bank says: statements read into lines, whatever form they come in."""
