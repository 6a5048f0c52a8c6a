"""The live path of one asset: observe, decide, write, poll."""
