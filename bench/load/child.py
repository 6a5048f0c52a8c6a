"""One measurement in a process of its own, on the code of one revision: its result is a file.

    python -m bench.load.child NAME TREE PROCESSOR RESULT [--quick]

NAME is that of the catalog, TREE a folder with ``src`` and ``template.yaml``, PROCESSOR the JSON of what is charged.
The functions log to the standard output.
"""

import sys
from pathlib import Path

import msgspec


def main() -> None:
    """Measure, and write the rows, and what the simulation is to charge if that was measured."""
    name, tree, charged, result, *options = sys.argv[1:]
    from bench.load.simulated.deployed import set_environment

    set_environment()  # before any import of what reads it
    from bench.load.catalog import measure
    from bench.load.processor_time import ProcessorTime
    from bench.load.setting import Setting
    from bench.load.simulated.template import Template

    processor = msgspec.json.decode(charged, type=ProcessorTime)
    setting = Setting(Template(Path(tree, "template.yaml")), processor, "--quick" in options)
    Path(result).write_bytes(msgspec.json.encode(measure(name, setting)))


if __name__ == "__main__":
    main()
