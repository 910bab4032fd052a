import pytest

from leads.actions.merge_counting import count_anew

pytestmark = pytest.mark.django_db


def test_a_table_that_was_counted_empty_is_counted_anew_once(sql, count_queries):
    sql("CREATE TEMP TABLE grown (n bigint)")
    sql("ANALYZE grown")
    sql("INSERT INTO grown SELECT generate_series(1, 30000)")

    def counted():
        return sql("SELECT reltuples FROM pg_class WHERE relname = 'grown'")[0][0]

    assert counted() == 0
    assert count_queries(count_anew, ["grown"]) == 2
    assert counted() == 30_000
    assert count_queries(count_anew, ["grown"]) == 1
