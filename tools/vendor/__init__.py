"""Fetch, build and record what the browser needs from other people's packages."""
