"""How a tenant keeps its books: their beginning, accounts, articles, taxes, rates."""
