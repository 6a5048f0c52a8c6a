"""``autotag stats``: what a stack holds, what people changed, what it uses and what that costs."""
