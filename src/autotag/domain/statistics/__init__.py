"""Statistics of a library: what it holds, asset by asset, and what a month of it uses and costs."""
