"""Learning from people, as the console does it: all assets are read in the background, and the result is kept."""
