"""Criteria in the reader's language: labels, phrases, whole readings.

`reading.Words` says a condition, a group or a line of points; builder, version page,
comparison and explanation all take their words from it.
"""
