from kpis.models.daily_fact import DailyFact
from kpis.models.mark import Basis, Mark

__all__ = ["Basis", "DailyFact", "Mark"]
