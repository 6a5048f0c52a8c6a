"""Learning from people and statistics, as the console does them: all assets are read, in the background or in steps."""
