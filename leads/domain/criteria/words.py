"""The words that touches are described with: those of the enumerations they store."""

from campaigns.enums import Channel
from foundation.accounts.enums import Function
from leads.enums import Direction, TouchType

TYPES: tuple[str, ...] = tuple(TouchType.values)
CHANNELS: tuple[str, ...] = tuple(Channel.values)
DIRECTIONS: tuple[str, ...] = tuple(Direction.values)
TEAMS: tuple[str, ...] = tuple(Function.values)
