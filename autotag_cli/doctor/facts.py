"""The facts that the checks judge; a fact that could not be determined is ``Unknown``."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from autotag.domain.model.health import RateLimit
from autotag.domain.sentences.operations.readings import part_of
from autotag.domain.sentences.operations.result import Unknown
from autotag_cli.cloudinary.account import Account
from autotag_cli.cloudinary.upload_presets import PresetPage
from autotag_cli.doctor.concurrency import Concurrency
from autotag_cli.doctor.intents import LostIntents
from autotag_cli.doctor.work import Stopped
from autotag_cli.review.summary_view import QueueSummary
from autotag_cli.setup.destinations import Destination
from autotag_cli.setup.diagnosis import Diagnosis
from autotag_cli.setup.intake.left_channel import LeftChannel
from autotag_cli.setup.secret_document import Document, signing_secrets, withdrawn_before
from autotag_cli.setup.triggers import Trigger
from autotag_cli.setup.webhook_log import LogEntry


class PingResult(NamedTuple):
    """The result of a call to Cloudinary: its HTTP status (None: no answer), and a sentence about what was wrong."""

    base: str
    status: int | None = 200
    error: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the credentials were accepted; they were if only the limit was reached (420, 429)."""
        return self.status in (200, 420, 429)


class Clocks(NamedTuple):
    """Seconds by which the clocks of Cloudinary and of the functions are ahead of this machine's; None: not known."""

    cloudinary: float | None = None
    service: float | None = None


class Facts(NamedTuple):
    """Everything that the checks need.

    ``option`` names the stack in a suggested command, such as `` --stack prod``. ``document`` is the secret's document,
    and what is wrong with it. ``service`` and ``operator`` are pings with the secret's credentials and with those of
    CLOUDINARY_URL; None: there are none. ``webhook`` is the result of a test request to the webhook; None: there is
    none. ``stored_destinations`` are the addresses that the stack had before. ``neighbors`` are the HTTP statuses of
    other functions that triggers point to; None: no answer. ``ages`` are the seconds that the oldest message of a queue
    waits, ``last_results`` what Lambda says of its last attempt to take messages from it. ``foreign_architecture`` is
    the functions' processor if the package is of another one. ``questions`` is the summary of the review queue,
    ``concurrency`` the account's limit and the workers' share of it, ``lost_intents`` what waits for a message that may
    be gone, ``listeners`` the enabled rules of the event bus. ``now`` is in unix seconds.
    """

    option: str
    now: float
    outputs: Mapping[str, str]
    account: Account | Unknown
    destinations: tuple[Destination, ...] | Unknown
    stored_destinations: tuple[str, ...]
    document: tuple[Document, str] | Unknown
    health: Mapping[str, Any] | Unknown
    providers: tuple[str, ...] | Unknown
    service: PingResult | None
    operator: PingResult | None
    usage: Mapping[str, Any] | Unknown
    triggers: Sequence[Trigger] | Unknown
    presets: PresetPage | Unknown
    limits: RateLimit | None
    clocks: Clocks
    log: Sequence[LogEntry] | Unknown
    webhook: Diagnosis | Unknown | None
    stack: str = "autotag"
    foreign_architecture: str | None = None
    stopped: tuple[Stopped, ...] | Unknown = ()
    ages: Mapping[str, float] | Unknown = MappingProxyType({})
    last_results: Mapping[str, str] | Unknown = MappingProxyType({})
    neighbors: Mapping[str, int | None] = MappingProxyType({})
    left_channels: Sequence[LeftChannel] | Unknown = ()
    questions: QueueSummary | Unknown = Unknown("the stack was not asked")
    concurrency: Concurrency | Unknown = Unknown("AWS was not asked")
    lost_intents: LostIntents | Unknown = LostIntents()
    listeners: tuple[str, ...] | Unknown = Unknown("AWS was not asked")

    def signing_secrets(self) -> dict[str, str]:
        """Return the secrets that may sign notifications, by key id."""
        return {} if isinstance(self.document, Unknown) else signing_secrets(self.document[0])

    def withdrawn_keys(self) -> set[str]:
        """Return the ids of keys that were withdrawn."""
        return set() if isinstance(self.document, Unknown) else withdrawn_before(self.document[0])

    def setup_command(self, options: str = "") -> str:
        """Return the ``autotag setup`` command for this stack, with ``options``."""
        return f"autotag setup{self.option}{options}"

    def deploy_command(self, setting: str = "") -> str:
        """Return the ``make deploy`` command for this stack, with a parameter's ``NAME=VALUE``."""
        chosen = {"autotag": "", "autotag-production": " ENV=production"}
        where = chosen.get(self.stack, f' ARGS="--stack-name {self.stack}"')
        return f"make deploy{where}{f' SET={setting}' if setting else ''}"

    def as_commands(self, fix: str) -> str:
        """Return ``fix`` with the commands in it for this stack."""
        return fix.replace("autotag setup", self.setup_command()).replace("make deploy", self.deploy_command())

    def stopped_work(self, function: str) -> tuple[Stopped, ...]:
        """Return what is stopped of a function, such as ``worker``."""
        return () if isinstance(self.stopped, Unknown) else tuple(s for s in self.stopped if s.function == function)

    def stopped_function(self, function: str) -> Stopped | None:
        """Return one reason why a function is stopped, None if there is none."""
        return next(iter(self.stopped_work(function)), None)

    def age(self, queue: str) -> float | None:
        """Return the seconds that the oldest message of ``queue`` (live, bulk) waits; None if that is not known."""
        return None if isinstance(self.ages, Unknown) else self.ages.get(queue)

    def health_part(self, name: str) -> Any | Unknown:
        """Return one part of the service's health, ``Unknown`` if it could not be read."""
        return part_of(self.health, name)
