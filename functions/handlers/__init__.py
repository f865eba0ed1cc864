"""One module per trigger; each only unpacks its event and calls what wiring provides."""
