"""What a story consists of: moments, touches, stages, a deal, revenue."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from integrations.example.setting import Source


@dataclass(frozen=True)
class Moment:
    """When something happened and when it was written down."""

    at: datetime
    recorded_at: datetime


@dataclass(frozen=True)
class ToldTouch:
    when: Moment
    type: str
    channel: str
    direction: str
    team: str
    proof: str
    automatic: bool = False


@dataclass(frozen=True)
class ToldStage:
    when: Moment
    stage: str
    cause: str
    reason: str = ""
    although_met: bool = False


@dataclass(frozen=True)
class ToldDeal:
    opened: Moment
    closed: Moment
    outcome: str
    amount: Decimal
    currency: str
    reason: str = ""


@dataclass(frozen=True)
class ToldRevenue:
    when: date
    kind: str
    amount: Decimal | None
    reason: str = ""


@dataclass
class Story:
    """One lead from the first touch on; times after the end are cut by the player."""

    number: int
    country: str
    source: Source
    segment: str
    created: Moment
    values: dict[str, str]
    company: dict[str, str]
    campaign: str
    owner: int
    touches: list[ToldTouch] = field(default_factory=list)
    stages: list[ToldStage] = field(default_factory=list)
    deal: ToldDeal | None = None
    revenue: list[ToldRevenue] = field(default_factory=list)

    def reach(
        self,
        at: datetime,
        stage: str,
        cause: str,
        reason: str = "",
        *,
        although_met: bool = False,
    ) -> None:
        """Tell that the lead came to a stage, written down as it happened."""
        told = ToldStage(Moment(at, at), stage, cause, reason, although_met)
        self.stages.append(told)

    def qualify(self, at: datetime) -> None:
        """Tell that the lead asked for a demo, and so met what both teams agreed on."""
        when = Moment(at, at)
        self.touches.append(
            ToldTouch(
                when,
                "demo_request",
                self.source.channel,
                "inbound",
                "marketing",
                "system",
                automatic=True,
            )
        )
        self.reach(at, "mql", "definition")
