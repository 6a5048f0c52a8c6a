"""A stack with a bucket: what the command queues is written by the code of the export function, a file at a time."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from msgspec.structs import replace as struct_replace

from autotag.adapters.aws.s3_exports import S3Exports
from autotag.domain.model.exports import ExportFile
from autotag.domain.model.health import Depth
from autotag.service.exports.write_file import ExportDependencies, write_file
from autotag_cli.stack.environment import Environment
from autotag_cli.stack.target import Target
from autotag_library.columns.write import write_columns
from tests.fakes.runtime import FakeTelemetry
from tests.fakes.s3 import FakeS3
from tests.unit.autotag_cli.fake_ops import FakeOps
from tests.unit.autotag_cli.run_command import TARGET, fake_environment, only_prod

NOW = 1_795_939_200
"""Unix seconds: 2026-11-29T08:00:00Z."""
PLACE = "s3://exports/exports/stack=prod/at=20261129T080000Z/"
FILES = "exports/stack=prod/at=20261129T080000Z/"


class ExportingStack:
    """The stack ``prod``. While the command sleeps, one message is handled, unless the function is ``stopped``."""

    def __init__(self, ops: FakeOps, *, assets: int = 150) -> None:
        self.s3, self.queued, self.ops, self._assets = FakeS3(), list[ExportFile](), ops, assets
        self.stopped = False
        ops.deps = struct_replace(ops.deps, exports=self)
        self._function = ExportDependencies(
            "prod", ops, S3Exports(self.s3, "exports", "prod", write_columns), self, FakeTelemetry()
        )

    def send(self, tasks: Sequence[ExportFile]) -> None:
        """Take tasks as the queue does."""
        self.queued += tasks

    def sleep(self, seconds: float) -> None:
        """Let the function handle a message, or let its messages die."""
        if self.stopped:
            self.ops.probes.queues["export_dead"] = Depth(1, 0)
        elif self.queued:
            task = self.queued.pop(0)
            write_file(self._function, task, lambda: 300.0)

    def environment(self, **outputs: str) -> Environment:
        """Return the environment of a command that works on the stack."""

        def find(name: str, region: str | None, profile: str | None) -> Target:
            return only_prod(name)._replace(outputs={"ExportBucketName": "exports"} | outputs)

        def aws(target: Target, service: str) -> Any:
            assert (target.stack, service) == (TARGET.stack, "s3")
            return self.s3

        return replace(fake_environment(self.ops), find=find, aws=aws, sleep=self.sleep, now=lambda: NOW)
