from django.db import models

from integrations.models.load import Load


class LoadError(models.Model):
    """Why one row of a file was not taken. Holds what stands in the file: deletable.

    ``row`` is the number a spreadsheet shows beside it, ``column`` the file's own, and
    ``cells`` the row as it stands, in the first of its errors.
    """

    load = models.ForeignKey(
        Load, models.CASCADE, related_name="errors", db_index=False
    )
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=300, blank=True)
    code = models.CharField(max_length=40)
    message = models.TextField()
    params = models.JSONField(default=dict)
    cells = models.JSONField(null=True)

    class Meta:
        indexes = [
            models.Index(name="integrations_loaderror_in_row", fields=["load", "row"]),
        ]

    def __str__(self) -> str:
        return f"load {self.load_id} row {self.row} {self.code}"
