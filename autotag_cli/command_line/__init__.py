"""What all commands share: groups, how parameters are read and shown, errors of usage."""
