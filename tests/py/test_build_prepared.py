"""The page finds a prepared answer by a key that tools and page shorten alike."""

from tools.prepared import shortened


def test_short_keys_are_those_of_fowler_noll_and_vo() -> None:
    # Published values of FNV-1a with 32 bits; the page's tests hold its program to the same.
    for text, value in {"": "811c9dc5", "a": "e40c292c", "foobar": "bf9cf968"}.items():
        assert shortened(text)[:8] == value
    assert len(shortened("é\n")) == 16 and shortened("a")[8:] != shortened("a")[:8]
