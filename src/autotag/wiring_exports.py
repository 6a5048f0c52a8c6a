"""The adapters behind the ports of the export function. Of all functions, only this one has DuckDB, in its layer."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from autotag.adapters.aws.client import client
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.adapters.aws.s3_exports import S3Exports
from autotag.adapters.aws.sqs import SqsReturns
from autotag.adapters.aws.sqs_exports import SqsExportQueue
from autotag.settings import ExportSettings
from autotag.wiring import Ports

if TYPE_CHECKING:
    from autotag.ports.exports import ExportQueue, ExportStore
    from autotag.ports.operations import StateScanner


class ExportPorts(Ports[ExportSettings]):
    """The ports of the export function, and the stack that it exports."""

    _settings = ExportSettings

    @cached_property
    def stack(self) -> str:
        return self._config.stack_name

    @cached_property
    def states(self) -> StateScanner:
        return DynamoStateStore(client("dynamodb"), self._config.state_table)

    @cached_property
    def store(self) -> ExportStore:
        from autotag_library.columns.write import write_columns

        return S3Exports(client("s3"), self._config.export_bucket, self._config.stack_name, write_columns)

    @cached_property
    def queue(self) -> ExportQueue:
        return SqsExportQueue(client("sqs"), self._config.export_queue_url)

    @cached_property
    def returns(self) -> SqsReturns:
        return SqsReturns(client("sqs"), (self._config.export_queue_url,))
