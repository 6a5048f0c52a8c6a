"""``autotag stats``: what a stack holds, what people did, what it uses and what that costs."""
