"""What a month of a stack costs at AWS."""
