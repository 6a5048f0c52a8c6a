"""The simulated product environment: all parts, created and connected."""

from dataclasses import dataclass, field

from simulator.accounts.accounts import Account
from simulator.accounts.budget import AdminBudget
from simulator.assets.assets import AssetStore
from simulator.assets.bodies import AssetBodies
from simulator.assets.chunks import PartialFiles
from simulator.assets.folders import Folders
from simulator.categorization.addons import Addons
from simulator.categorization.categorization import Categorizer
from simulator.categorization.modes import ModeRules
from simulator.categorization.pending import PendingCategorizations
from simulator.core.background import Background
from simulator.core.calls import CallLog
from simulator.core.clock import Clock
from simulator.core.connections import Connections
from simulator.core.database import Database
from simulator.core.live_settings import LiveSettings
from simulator.core.settings import Settings
from simulator.faults.call_faults import CallFaults
from simulator.faults.delivery_faults import DeliveryFaults
from simulator.files.stored_files import StoredFiles
from simulator.metadata.fields import MetadataFields
from simulator.notifications.channels import PollChannels
from simulator.notifications.delivery import Deliverer
from simulator.notifications.destinations import Destinations
from simulator.notifications.notification_signing import NotificationSigner
from simulator.notifications.notifications import Notifier
from simulator.notifications.triggers import Triggers
from simulator.presets.upload_presets import UploadPresets
from simulator.rekognition.detector import Detector
from simulator.translate.translator import Translator


@dataclass
class Environment:
    """All parts of one environment. It only starts, resets and closes them."""

    account: Account
    settings: LiveSettings
    database: Database = field(default_factory=Database)
    clock: Clock = field(default_factory=Clock)
    partial_files: PartialFiles = field(default_factory=PartialFiles)
    modes: ModeRules = field(default_factory=ModeRules)
    faults: CallFaults = field(default_factory=CallFaults)
    delivery_faults: DeliveryFaults = field(default_factory=DeliveryFaults)
    calls: CallLog = field(default_factory=CallLog)
    background: Background = field(default_factory=Background)
    connections: Connections = field(default_factory=Connections)
    folders: Folders = field(init=False)
    store: AssetStore = field(init=False)
    metadata_fields: MetadataFields = field(init=False)
    presets: UploadPresets = field(init=False)
    addons: Addons = field(init=False)
    pending: PendingCategorizations = field(init=False)
    bodies: AssetBodies = field(init=False)
    triggers: Triggers = field(init=False)
    channels: PollChannels = field(init=False)
    deliverer: Deliverer = field(init=False)
    notifier: Notifier = field(init=False)
    categorizer: Categorizer = field(init=False)
    budget: AdminBudget = field(init=False)
    rekognition: Detector = field(init=False)
    translate: Translator = field(init=False)

    def __post_init__(self) -> None:
        self.folders = Folders(self.database, self.clock, self.settings)
        files = StoredFiles(self.database, self.settings)
        self.store = AssetStore(self.database, files, self.clock.now, self.folders.add_those_of)
        self.metadata_fields = MetadataFields(self.database)
        self.presets = UploadPresets(self.database)
        self.addons = Addons(self.settings, self.modes, self.database)
        self.pending = PendingCategorizations(self.database)
        self.bodies = AssetBodies(self.account, self.settings)
        self.triggers = Triggers(self.database)
        self.channels = PollChannels(self.clock, self.database)
        signer = NotificationSigner(self.account, self.settings)
        self.deliverer = Deliverer(
            self.clock, self.settings, self.background, signer, self.channels, self.delivery_faults
        )
        destinations = Destinations(self.settings, self.triggers)
        self.notifier = Notifier(self.clock, self.bodies, signer, destinations, self.deliverer)
        self.categorizer = Categorizer(
            self.store, self.addons, self.pending, self.settings, self.background, self.notifier
        )
        self.budget = AdminBudget(self.clock, self.settings, self.database)
        self.translate = Translator(self.settings, self.clock)
        self.rekognition = Detector(self.store, self.settings, self.clock, self.background)

    @classmethod
    def of(cls, account: Account, settings: Settings, database: Database | None = None) -> "Environment":
        """Return an environment with the data in ``database``, or an empty one without a database."""
        return cls(account, LiveSettings.of(settings), database or Database())

    def start(self) -> None:
        """Resume the categorizations that were pending when the environment's last process ended."""
        self.categorizer.resume()

    def reset(self) -> None:
        """Delete everything but the account, and restore the settings of the command line."""
        self.background.cancel()
        self.store.clear()
        self.folders.clear()
        self.metadata_fields.clear()
        self.presets.clear()
        self.partial_files.clear()
        self.pending.clear()
        self.modes.clear()
        self.faults.clear()
        self.calls.records.clear()
        self.triggers.clear()
        self.channels.clear()
        self.delivery_faults.clear()
        self.deliverer.clear()
        self.addons.clear()
        self.rekognition.clear()
        self.translate.clear()
        self.clock.offset = 0.0
        self.budget.used = 0
        self.settings.reset()
        self.database.clear()

    async def close(self) -> None:
        """End background tasks, and close connections and the database."""
        await self.background.stop()
        await self.deliverer.close()
        self.database.close()
