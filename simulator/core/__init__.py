"""Ground: settings, clock, storage, parameters, errors and events."""
