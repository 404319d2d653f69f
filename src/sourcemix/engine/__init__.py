"""Case and tree, or event, to a result with a proven bound.

Kept free of imports: the solver's child process passes through here and must start quickly.
"""
