"""Every asset that a stack knows: read from it page by page, or from a file that holds them all."""
