"""The numbers by which a reader knows what follows. They are stored: none may ever change its meaning.

A number is written in groups of seven bits, the lowest first; a signed one as twice its amount, less one if negative.
"""

from enum import IntEnum


class Tag(IntEnum):
    """What kind of value follows."""

    NULL = 0
    TRUE = 1
    FALSE = 2
    INT = 3
    MOMENT = 4  # a large number, as its difference to the large number before it
    FLOAT = 5  # eight bytes, little endian
    TEXT = 6  # the place of a text in the list of texts
    LOWER = 7  # the same, of a text that is this one in lower case
    HEX = 8  # the place of a number of many hexadecimal digits in their list
    JOINED = 9  # a separator, and the values of the texts before and after it
    TIME = 10  # an ISO 8601 time with milliseconds, as a moment
    BYTES = 11
    LIST = 12  # a number, and as many values
    COLUMN = 13  # a list of two or more, as a column
    MATRIX = 14  # a list of lists of the same length, as columns
    TABLE = 15  # a list of mappings with the same names, as columns
    DICT = 16  # a number, and as many names and values
    PAIRS = 17  # a mapping as a column of names and one of values
    RECORDS = 18  # a mapping of mappings with the same names, as a column of names, and columns
    QUOTED = 19  # the places of three texts, the second one in quotes between the others


class Column(IntEnum):
    """How the values of a column follow."""

    SAME = 0  # all have this value
    ANY = 1  # one value after another
    TEXTS = 2  # places of texts
    LOWERS = 3  # places of texts, which are these in lower case
    INTS = 4  # differences
    TENTHS = 5  # floats of up to four decimals, as differences downward of ten-thousandths, from 1
    SINGLES = 6  # lists of one element each, as a column of the elements
