"""The rooms of build.py: standard library only, so that Python is all a machine needs."""
