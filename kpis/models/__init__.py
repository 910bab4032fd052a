from kpis.models.daily_fact import DailyFact
from kpis.models.mark import Basis, Mark
from kpis.models.scorecard import Scorecard
from kpis.models.sheet import Sheet
from kpis.models.target import Target

__all__ = ["Basis", "DailyFact", "Mark", "Scorecard", "Sheet", "Target"]
