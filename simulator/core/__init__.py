"""The basis of all parts: settings, clock, storage, parameters, errors and events."""
