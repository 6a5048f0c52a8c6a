"""In-memory fakes of the ports, one module for each group of ports, with effects that can be counted or cut off."""
