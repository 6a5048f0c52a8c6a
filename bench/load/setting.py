"""What is measured, and how thoroughly."""

from msgspec import Struct

from bench.load.processor_time import TYPICAL, ProcessorTime
from bench.load.simulated.template import Template


class Setting(Struct, frozen=True):
    """The template of the code that is measured; ``processor`` is what the simulation charges."""

    template: Template
    processor: ProcessorTime = TYPICAL
    quick: bool = False

    def size(self, full: int, quick: int) -> int:
        """Return the size of a measurement: ``quick`` is for a rough one."""
        return quick if self.quick else full
