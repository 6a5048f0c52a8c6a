"""Types are examined by one thread at a time: msgspec crashes where a thread uses a type that another one examines."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from autotag.domain.model.conversion import convert, decoder
from local.core.paths import PROJECT

RACE = """
import sys, threading
import msgspec
from autotag.domain.model.conversion import convert

class Pause:
    '''An annotation that lets another thread use the types while they are examined.'''

    @property
    def number(self):
        other.start()
        other.join(0.5)
        return int

pause = Pause()

class Inner(msgspec.Struct):
    value: "pause.number"

class Outer(msgspec.Struct):
    inner: "Inner"
    last: int

def use():
    results.append({used}({{"inner": {{"value": 1}}, "last": 2}}, Outer))

results = []
other = threading.Thread(target=use)
use()
other.join()
assert results == [Outer(Inner(1), 2)] * 2
"""


@pytest.mark.parametrize(("used", "crashes"), [("convert", False), ("msgspec.convert", True)])
def test_a_type_that_another_thread_examines_is_not_used_before_it_is_complete(used: str, crashes: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RACE.format(used=used)], env={"PYTHONPATH": str(PROJECT / "src")}, capture_output=True
    )
    assert (done.returncode < 0) == crashes and (crashes or done.returncode == 0), done.stderr


def test_a_decoder_is_made_once_and_a_conversion_is_as_strict_as_asked() -> None:
    assert decoder(dict[str, int]) is decoder(dict[str, int])
    assert decoder(dict[str, int]).decode('{"a":1}') == convert({"a": "1"}, dict[str, int], strict=False) == {"a": 1}
    with pytest.raises(msgspec.ValidationError):
        convert({"a": "1"}, dict[str, int])


EXAMINE = ("inspect.type_info", "msgspec.convert", "msgspec.json.Decoder")
EXAMINES = re.compile(r"msgspec\.(convert|(json|msgpack)\.Decoder|json\.schema\w*)|(msgspec\.)?inspect\.\w*type_info")


def uses(module: Path) -> Iterator[str]:
    """Yield each use of a function of msgspec that examines a type."""
    for node in ast.walk(ast.parse(module.read_bytes())):
        if isinstance(node, ast.Call):
            name, typed = ast.unparse(node.func), any(each.arg == "type" for each in node.keywords)
            if EXAMINES.fullmatch(name) or (name.startswith("msgspec.") and typed):
                yield f"{module.relative_to(PROJECT)}: {name}"


def test_no_other_module_has_types_examined() -> None:
    modules = [path for folder in ("src", "autotag_cli", "local") for path in (PROJECT / folder).rglob("*.py")]
    found = [use for module in modules for use in uses(module)]
    assert len(modules) > 500 and sorted(found) == [
        "autotag_cli/rules/schema.py: msgspec.json.schema",  # a command without threads
        *(f"src/autotag/domain/model/conversion.py: {name}" for name in EXAMINE),
    ]
