"""Units as catalogues write them: their UCUM code, QUDT IRI and factor to SI, and sizes in words."""

_SIZES = ("bytes", "kB", "MB", "GB", "TB", "PB", "EB")


def size_in_words(size_bytes: int) -> str:
    """A size as people read it: decimal units (1 kB is 1000 bytes), tenths below a hundred, whole numbers above.

    Raises ValueError for a size below zero.

    >>> size_in_words(23_312_456_789), size_in_words(11), size_in_words(999_999), size_in_words(123_456)
    ('23.3 GB', '11 bytes', '1 MB', '123 kB')
    """
    if size_bytes < 0:
        raise ValueError(f"a size cannot be below zero: {size_bytes}")
    if size_bytes < 1000:
        return "1 byte" if size_bytes == 1 else f"{size_bytes} bytes"
    for name in _SIZES[1:]:
        scale = 1000 ** _SIZES.index(name)
        # Integers all the way, rounded half up: a float would lose bytes above 9 PB.
        tenths = (size_bytes * 10 + scale // 2) // scale
        if tenths < 1000:
            return f"{tenths // 10}.{tenths % 10} {name}".replace(".0 ", " ")
        whole = (size_bytes + scale // 2) // scale
        if whole < 1000 or name == _SIZES[-1]:
            return f"{whole} {name}"
    raise AssertionError("the last unit answers for all sizes")
