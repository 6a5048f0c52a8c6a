"""The simulated product environment as a whole: every part, wired once."""

from dataclasses import dataclass, field

from simulator.accounts import Account
from simulator.assets import AssetStore
from simulator.background import Background
from simulator.bodies import Bodies
from simulator.budget import AdminBudget
from simulator.calls import CallLog
from simulator.categorization import Categorizer
from simulator.clock import Clock
from simulator.connections import Connections
from simulator.delivery import Deliverer
from simulator.faults import FaultBook
from simulator.live import Live
from simulator.modes import ModeBook
from simulator.notifications import Notifier
from simulator.settings import Settings


@dataclass
class Cloud:
    """Holds the parts; what they do is theirs."""

    account: Account
    live: Live
    clock: Clock = field(default_factory=Clock)
    store: AssetStore = field(default_factory=AssetStore)
    modes: ModeBook = field(default_factory=ModeBook)
    faults: FaultBook = field(default_factory=FaultBook)
    calls: CallLog = field(default_factory=CallLog)
    background: Background = field(default_factory=Background)
    connections: Connections = field(default_factory=Connections)
    bodies: Bodies = field(init=False)
    deliverer: Deliverer = field(init=False)
    notifier: Notifier = field(init=False)
    categorizer: Categorizer = field(init=False)
    budget: AdminBudget = field(init=False)

    def __post_init__(self) -> None:
        self.bodies = Bodies(self.account, self.live)
        self.deliverer = Deliverer(self.account, self.clock, self.live, self.background)
        self.notifier = Notifier(self.account, self.clock, self.live, self.bodies, self.deliverer)
        self.categorizer = Categorizer(self.store, self.modes, self.live, self.background, self.notifier)
        self.budget = AdminBudget(self.clock, self.live)

    @classmethod
    def of(cls, account: Account, settings: Settings) -> "Cloud":
        """Start an empty environment."""
        return cls(account, Live.of(settings))

    def reset(self) -> None:
        """Forget everything but the account, and go back to the settings of the command line."""
        self.background.cancel()
        self.store.clear()
        self.modes.clear()
        self.faults.clear()
        self.calls.records.clear()
        self.deliverer.attempts.clear()
        self.categorizer.used.clear()
        self.clock.offset = 0.0
        self.budget.used = 0
        self.live.settings = self.live.initial

    async def close(self) -> None:
        """End what runs in the background and close connections."""
        await self.background.stop()
        await self.deliverer.close()
