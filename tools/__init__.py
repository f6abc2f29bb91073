"""The parts of build.py: standard library only, so that a fresh machine needs nothing but Python."""
