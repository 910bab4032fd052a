from django.db import models


class JudgedDay(models.Model):
    """The last local day whose leads were left to be judged; one row, or none yet.

    Whoever became old enough on a day on which nothing ran is found by it later.
    """

    day = models.DateField()

    def __str__(self) -> str:
        return self.day.isoformat()
