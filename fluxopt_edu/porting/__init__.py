"""From one library to another: whether two rules are one, and the call that gives the same trajectory.

`compare` proves; `translate` finds the call; `reading` and `writing` know the libraries' languages.
"""
