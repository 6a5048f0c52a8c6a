"""The adapters behind the ports of the worker, the poller and the operators' API, which all use the two tables."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from autotag.adapters.aws.client import client
from autotag.adapters.aws.dynamodb.active_rules import DynamoActiveRules
from autotag.adapters.aws.dynamodb.api_limits import AdminBudget, DynamoCircuitBreaker
from autotag.adapters.aws.dynamodb.audits import DynamoAuditLog
from autotag.adapters.aws.dynamodb.latest_audit import AuditLogWithLatest, DynamoLatestAudit
from autotag.adapters.aws.dynamodb.runs import DynamoRunStore
from autotag.adapters.aws.dynamodb.states import DynamoStateStore
from autotag.adapters.aws.sqs import SqsBulkQueue, SqsQueue, SqsReturns
from autotag.adapters.packaged_rules import PackagedRulesFile
from autotag.ports.rules import RuleStore
from autotag.service.rules.active import StoredRules
from autotag.settings import REPORTED, OpsSettings, WorkerSettings
from autotag.wiring import CircuitPorts, DetectingPorts, EventPorts, ExportQueuePorts, Ports, ThreadPorts, UsagePorts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from autotag.ports.assets import DueQueue, StateStore
    from autotag.ports.audits import AuditLog, AuditReader
    from autotag.ports.cloudinary import Budget, CircuitBreaker, Cloudinary
    from autotag.ports.intake import Queue
    from autotag.ports.operations import (
        BudgetUsage,
        CloudName,
        DueWork,
        LatestAudit,
        QueueDepths,
        ReviewQueue,
        StateReader,
    )
    from autotag.ports.rules import RulesSource
    from autotag.ports.runs import BulkQueue, RunStore, StatePages
    from autotag.service.context import Pace
    from autotag.service.operations.access import Access

_RULES = Path(__file__).with_name("default_rules.toml")


class TablePorts[S: WorkerSettings | OpsSettings](Ports[S]):
    """The ports that all three functions need."""

    @cached_property
    def _states(self) -> DynamoStateStore:
        config = self._config
        kept = (config.deleted_retention_days,) if isinstance(config, WorkerSettings) else ()  # ops writes no state
        return DynamoStateStore(client("dynamodb"), config.state_table, *kept, skipped=self._count_unknown)

    def _count_unknown(self, fault: str) -> None:
        self.telemetry.count("UnknownShape")
        self.telemetry.warn("item_skipped", fault=fault)

    @cached_property
    def _history(self) -> DynamoAuditLog:
        config = self._config
        kept = (config.audit_retention_days,) if isinstance(config, WorkerSettings) else ()  # ops writes no audit
        return DynamoAuditLog(client("dynamodb"), config.history_table, *kept)

    @cached_property
    def _latest_audit(self) -> DynamoLatestAudit:
        return DynamoLatestAudit(client("dynamodb"), self._config.history_table)

    @cached_property
    def _admin_budget(self) -> AdminBudget:
        config = self._config
        hints = (config.admin_hint_percent,) if isinstance(config, WorkerSettings) else ()  # ops reserves no call
        return AdminBudget(client("dynamodb"), config.state_table, config.admin_reserve_percent, *hints)

    @cached_property
    def _credentials_breaker(self) -> DynamoCircuitBreaker:
        return DynamoCircuitBreaker(client("dynamodb"), self._config.state_table)

    @cached_property
    def runs(self) -> RunStore:
        return DynamoRunStore(client("dynamodb"), self._config.state_table, skipped=self._count_unknown)

    @cached_property
    def rule_store(self) -> RuleStore:
        publication = DynamoActiveRules(client("dynamodb"), self._config.state_table)
        return RuleStore(publication, self._history, PackagedRulesFile(_RULES))

    @cached_property
    def rules(self) -> RulesSource:
        return StoredRules(self.rule_store, self.clock, self.telemetry)


class PlannerPorts[S: WorkerSettings | OpsSettings](TablePorts[S], ThreadPorts[S]):
    """The ports that the planning of runs needs, and threads."""

    @cached_property
    def pages(self) -> StatePages:
        return self._states

    @cached_property
    def records(self) -> AuditReader:
        return self._history

    @cached_property
    def bulk(self) -> BulkQueue:
        return SqsBulkQueue(client("sqs"), self._config.bulk_queue_url)


class ContextPorts(
    TablePorts[WorkerSettings],
    DetectingPorts[WorkerSettings],
    CircuitPorts[WorkerSettings],
    EventPorts[WorkerSettings],
    ThreadPorts[WorkerSettings],
):
    """The ports of the context that the worker and the poller share, when pending assets are polled, and threads."""

    _settings = WorkerSettings

    @cached_property
    def store(self) -> StateStore:
        return self._states

    @cached_property
    def audits(self) -> AuditLog:
        cloud = lambda: self.secrets.credentials().cloud_name  # noqa: E731 - read with the first audit
        return AuditLogWithLatest(self._history, self._latest_audit, cloud, self.clock, self.telemetry)

    @cached_property
    def breaker(self) -> CircuitBreaker:
        from autotag.adapters.cloudinary.circuit import CallGuard

        return CallGuard(self._credentials_breaker, self._circuits)

    @cached_property
    def cloudinary(self) -> Cloudinary:
        from autotag.adapters.cloudinary.api import CloudinaryApi

        base = self._config.cloudinary_api_base
        return CloudinaryApi(base, self.secrets, self._admin_budget.observe, self._circuits)

    @cached_property
    def budget(self) -> Budget:
        return self._admin_budget

    @cached_property
    def pace(self) -> Pace:
        from autotag.service.context import Pace

        return Pace(first_delay=self._config.poll_first_delay_seconds, deadline=self._config.pending_deadline_seconds)


class WorkerPorts(ContextPorts):
    """The ports of the worker."""

    @cached_property
    def returns(self) -> SqsReturns:
        return SqsReturns(client("sqs"), (self._config.queue_url, self._config.bulk_queue_url))


class PollerPorts(ContextPorts, PlannerPorts[WorkerSettings]):
    """The ports of the poller."""

    @cached_property
    def due_queue(self) -> DueQueue:
        from autotag.adapters.aws.sqs_due import SqsDueQueue

        return SqsDueQueue(client("sqs"), self._config.queue_url)


class OpsPorts(PlannerPorts[OpsSettings], ExportQueuePorts[OpsSettings], UsagePorts):
    """The ports of the operators' API, and the settings that it reports."""

    _settings = OpsSettings

    @cached_property
    def breaker(self) -> CircuitBreaker:
        return self._credentials_breaker

    @cached_property
    def states(self) -> StateReader:
        return self._states

    @cached_property
    def due(self) -> DueWork:
        from autotag.adapters.aws.dynamodb.indexes import DueIndex

        return DueIndex(client("dynamodb"), self._config.state_table)

    @cached_property
    def queues(self) -> QueueDepths:
        from autotag.adapters.aws.sqs_depths import SqsDepths

        urls = {  # those of exports are empty where the stack has none
            "live": self._config.queue_url,
            "live_dead": self._config.dead_letter_queue_url,
            "bulk": self._config.bulk_queue_url,
            "bulk_dead": self._config.bulk_dead_letter_queue_url,
            "export": self._config.export_queue_url,
            "export_dead": self._config.export_dead_letter_queue_url,
        }
        return SqsDepths(client("sqs"), {name: url for name, url in urls.items() if url})

    @cached_property
    def spending(self) -> BudgetUsage:
        return self._admin_budget

    @cached_property
    def latest_audit(self) -> LatestAudit:
        return self._latest_audit

    @cached_property
    def settings(self) -> Mapping[str, str | int]:
        return {name: getattr(self._config, name) for name in REPORTED}

    @cached_property
    def access(self) -> Access:
        return self._config.access

    @cached_property
    def rules(self) -> RulesSource:
        return StoredRules(self.rule_store, self.clock, self.telemetry, read_only=self.access != "operate")

    @cached_property
    def index(self) -> ReviewQueue:
        from autotag.adapters.aws.dynamodb.indexes import AskedIndex

        return AskedIndex(client("dynamodb"), self._config.state_table)

    @cached_property
    def cloud(self) -> CloudName:
        return self._latest_audit

    @cached_property
    def queue(self) -> Queue:
        return SqsQueue(client("sqs"), self._config.bulk_queue_url)

    @cached_property
    def due_queue(self) -> DueQueue:
        from autotag.adapters.aws.sqs_due import SqsDueQueue

        return SqsDueQueue(client("sqs"), self._config.bulk_queue_url)
