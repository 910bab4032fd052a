from deals.models.deal import Deal
from deals.models.deal_change import DealChange
from deals.models.revenue import RevenueEntry

__all__ = ["Deal", "DealChange", "RevenueEntry"]
