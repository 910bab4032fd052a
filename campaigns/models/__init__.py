from campaigns.models.campaign import Campaign
from campaigns.models.spend import SpendEntry

__all__ = ["Campaign", "SpendEntry"]
