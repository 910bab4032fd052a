"""The numbers once more: plain Python over the rows, none of the product's own SQL.

Slow and simple on purpose. `manage.py verify_numbers` holds it against what is stored
and what is answered.
"""
