from rest_framework.pagination import CursorPagination


class Cursor(CursorPagination):
    """Pages that stay put while rows arrive."""

    page_size = 50
    max_page_size = 500
    page_size_query_param = "page_size"
    ordering = "-id"
