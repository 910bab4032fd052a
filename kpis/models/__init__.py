from kpis.models.daily_fact import DailyFact
from kpis.models.mark import Basis, Mark
from kpis.models.scorecard import Scorecard
from kpis.models.target import Target

__all__ = ["Basis", "DailyFact", "Mark", "Scorecard", "Target"]
