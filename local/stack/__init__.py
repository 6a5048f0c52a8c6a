"""The local stack: built, deployed to the emulator, described and stopped."""
