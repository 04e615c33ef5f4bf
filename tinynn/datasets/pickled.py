"""Arrays from a pickle, without running the pickle.

A pickle is a program: it may name any function of any module, and ``pickle.load`` calls it. This
module interprets only the few instructions of pickled NumPy arrays. It imports nothing and calls
nothing that a pickle names. It knows the few names in a pickled array, and keeps the array's
shape, type of number and bytes. It rejects everything else by name.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Any, Optional

from tinynn.datasets.idx import ByteStream
from tinynn.errors import DataError, describe

LARGEST = 300_000_000  # bytes; the book's file has 220 million
_MOST_INSTRUCTIONS = 10_000  # the book's file has about a hundred
_LONGEST_REMEMBERED = 1000  # a longer text is an array's content, which is needed only once
_FORGOTTEN = object()
_LONGEST_NUMBER = 25  # characters
_LONGEST_NAME = 2_000_000
_LONGEST_LINE = LARGEST // 4  # reading a line of text takes three times its memory
_AT_ONCE = 1_000_000  # bytes
_NO_BYTE = re.compile(rb"[\xc4-\xff]")  # in UTF-8: a character above U+00FF
_NO_BYTE_ESCAPED = re.compile(rb"\\U|\\u(?!00)")


class NumberType:
    """The type of an array's numbers: a kind such as ``f4``, and the order of its bytes."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.order = "|"


class PickledArray:
    """An array in a pickle: its shape, type of number, and uninterpreted bytes."""

    def __init__(self) -> None:
        self.shape: tuple[int, ...] = ()
        self.type: Optional[NumberType] = None
        self.data = b""


def unpickle_arrays(file: ByteStream) -> object:
    """Return the contents of a pickle of arrays: PickledArrays, in tuples.

    Raises DataError for a pickle that is damaged, is too large, or contains anything except arrays
    of plain numbers.
    """
    return _Machine(_Reader(file)).run()


class _Reader:
    """A reader of exact numbers of bytes, at most LARGEST in all."""

    def __init__(self, file: ByteStream) -> None:
        self.file = file
        self.left = LARGEST

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        self.require_room(count)
        data = self.file.read(count)
        if len(data) < count:
            raise DataError("it is cut short: the pickle ends in the middle")
        self.left -= count
        return data

    def require_room(self, count: int) -> None:
        """Raise DataError if so many more bytes would exceed LARGEST."""
        if count > self.left:
            raise DataError(f"it is rejected: it claims more than {LARGEST:,} bytes")

    def number(self, size: int, signed: bool = False) -> int:
        """Return the next bytes as a number."""
        return int.from_bytes(self.take(size), "little", signed=signed)

    def line(self, most: int = _LONGEST_NAME) -> bytes:
        """Return the bytes up to the end of the line, at most ``most``."""
        line = self.file.readline(min(self.left, most + 1))
        if not line.endswith(b"\n"):
            raise DataError("it is cut short or too large: a line of the pickle does not end")
        self.left -= len(line)
        return line[:-1]

    def digits(self) -> int:
        """Return the number written as digits on the next line."""
        line = self.line()
        if len(line) > _LONGEST_NUMBER:
            raise DataError(f"it is rejected: a number of {len(line):,} characters")
        try:
            return int(line.rstrip(b"L"))
        except ValueError:
            raise DataError(f"it is damaged: expected a number, got {describe(line)}") from None

    def text(self, size: int) -> str:
        """Return the text in the next bytes. A long text has an array's bytes as characters."""
        length = self.number(size)
        self.require_room(length)
        return "".join(codecs.iterdecode(self._chunks(length), "utf-8"))

    def _chunks(self, length: int) -> Iterator[bytes]:
        """Yield the next bytes in chunks: at once, a text would take three times the memory."""
        for left in range(length, 0, -_AT_ONCE):
            data = self.take(min(left, _AT_ONCE))
            _require_bytes(length, _NO_BYTE.search(data))
            yield data

    def text_line(self) -> str:
        """Return the text of the next line. Characters may be escaped."""
        line = self.line(_LONGEST_LINE)
        _require_bytes(len(line), _NO_BYTE_ESCAPED.search(line))
        return str(line, "raw-unicode-escape")

    def quoted(self) -> bytes:
        """Return the quoted bytes of the next line."""
        line = self.line(_LONGEST_LINE)
        if len(line) < 2 or line[:1] != line[-1:] or line[:1] not in (b"'", b'"'):
            raise DataError("it is damaged: a text has no quotes around it")
        try:
            decoded: Any = codecs.escape_decode(memoryview(line)[1:-1])  # bytes, despite typeshed
        except ValueError as error:
            raise DataError(f"it is damaged: {error}") from None
        return bytes(decoded[0])


def _require_bytes(length: int, character: object) -> None:
    """Raise DataError if a long text, an array's content, has a ``character`` that is no byte."""
    if length > _LONGEST_REMEMBERED and character:
        raise DataError("it is damaged: its bytes contain a character that is not a byte")


# The instructions that put a value on the stack.
_VALUES: dict[bytes, Callable[[_Reader], object]] = {
    b"N": lambda reader: None,
    b"\x88": lambda reader: True,
    b"\x89": lambda reader: False,
    b")": lambda reader: (),
    b"I": _Reader.digits,
    b"L": _Reader.digits,
    b"K": lambda reader: reader.number(1),
    b"M": lambda reader: reader.number(2),
    b"J": lambda reader: reader.number(4, signed=True),
    b"\x8a": lambda reader: reader.number(reader.number(1), signed=True),
    b"S": _Reader.quoted,
    b"U": lambda reader: reader.take(reader.number(1)),
    b"T": lambda reader: reader.take(reader.number(4)),
    b"C": lambda reader: reader.take(reader.number(1)),
    b"B": lambda reader: reader.take(reader.number(4)),
    b"\x8e": lambda reader: reader.take(reader.number(8)),
    b"\x96": lambda reader: reader.take(reader.number(8)),
    b"V": _Reader.text_line,
    b"\x8c": lambda reader: reader.text(1),
    b"X": lambda reader: reader.text(4),
}


class _Machine:
    """The state of a pickle's program: a stack, the starts of tuples, and a memory."""

    def __init__(self, reader: _Reader) -> None:
        self.reader = reader
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memory: dict[int, object] = {}

    def run(self) -> object:
        """Interpret the instructions to the end, and return the value left on the stack."""
        for _ in range(_MOST_INSTRUCTIONS):
            code = self.reader.take(1)
            if code == b".":
                return self.pop()
            if code in _VALUES:
                try:
                    self.stack.append(_VALUES[code](self.reader))
                except UnicodeDecodeError:
                    raise DataError("it is damaged: a text in it is not Unicode") from None
            elif code in _STEPS:
                _STEPS[code](self)
            else:
                raise DataError(f"it is rejected: arrays do not need {_instruction(code)}")
        raise DataError(f"it is rejected: it has more than {_MOST_INSTRUCTIONS:,} instructions")

    def pop(self) -> Any:
        """Remove and return the last value on the stack."""
        if len(self.stack) <= (self.marks[-1] if self.marks else 0):
            raise DataError("it is damaged: an instruction finds too few values")
        return self.stack.pop()

    def mark(self) -> None:
        """Interpret MARK: start a tuple."""
        self.marks.append(len(self.stack))

    def tuple_from_mark(self) -> None:
        """Interpret TUPLE: build a tuple of the values since the last mark."""
        if not self.marks:
            raise DataError("it is damaged: a tuple ends that did not start")
        start = self.marks.pop()
        self.stack[start:] = [tuple(self.stack[start:])]

    def tuple_of(self, size: int) -> None:
        """Interpret TUPLE1, TUPLE2 or TUPLE3: build a tuple of the last ``size`` values."""
        values = [self.pop() for _ in range(size)]
        self.stack.append(tuple(reversed(values)))

    def remember(self, place: int) -> None:
        """Interpret PUT or MEMOIZE: keep the last value, unless it has an array's content."""
        value = self.pop()
        self.stack.append(value)
        parts = value if isinstance(value, tuple) else (value,)
        self.memory[place] = _FORGOTTEN if any(map(_is_long, parts)) else value

    def recall(self, place: int) -> None:
        """Interpret GET: push a kept value."""
        value = self.memory.get(place, _FORGOTTEN)
        if value is _FORGOTTEN:
            raise DataError(f"it is rejected: it asks for value {place:,}, which is missing")
        self.stack.append(value)

    def name(self, module: object, name: object) -> None:
        """Push a name. In ``pickle.load``, this is the step that imports."""
        asked = f"{_text(module)}.{_text(name)}"
        if asked not in _KNOWN:
            raise DataError(f"it is rejected: it asks for {asked[:80]!r}, which is not an array")
        self.stack.append(_KNOWN[asked])

    def name_on_lines(self) -> None:
        """Interpret GLOBAL: read module and name from a line each."""
        module = self.reader.line()
        self.name(module, self.reader.line())

    def name_on_stack(self) -> None:
        """Interpret STACK_GLOBAL: take module and name, the last two values."""
        name = self.pop()
        self.name(self.pop(), name)

    def reduce(self) -> None:
        """Interpret REDUCE, a function call. It calls only the functions of this module."""
        arguments, name = self.pop(), self.pop()
        make = name.make if isinstance(name, _Name) else None
        if not isinstance(arguments, tuple) or make is None:
            given = name.known if isinstance(name, _Name) else name
            raise DataError(f"it is rejected: it calls {describe(given)}")
        self.stack.append(make(*(*arguments, None, None, None, None)[:4]))

    def build(self) -> None:
        """Interpret BUILD: set the state of an array or of its type, and nothing else."""
        state, thing = self.pop(), self.pop()
        if isinstance(thing, PickledArray):
            _fill_array(thing, state)
        elif isinstance(thing, NumberType):
            _fill_type(thing, state)
        else:
            raise DataError(f"it is rejected: it sets the state of {describe(thing)}, no array")
        self.stack.append(thing)


# The instructions that work on the stack.
_STEPS: dict[bytes, Callable[[_Machine], object]] = {
    b"\x80": lambda machine: machine.reader.take(1),  # PROTO: unknown instructions are rejected
    b"\x95": lambda machine: machine.reader.take(8),  # FRAME, which only speeds up reading
    b"(": _Machine.mark,
    b"t": _Machine.tuple_from_mark,
    b"\x85": lambda machine: machine.tuple_of(1),
    b"\x86": lambda machine: machine.tuple_of(2),
    b"\x87": lambda machine: machine.tuple_of(3),
    b"p": lambda machine: machine.remember(machine.reader.digits()),
    b"q": lambda machine: machine.remember(machine.reader.number(1)),
    b"r": lambda machine: machine.remember(machine.reader.number(4)),
    b"\x94": lambda machine: machine.remember(len(machine.memory)),
    b"g": lambda machine: machine.recall(machine.reader.digits()),
    b"h": lambda machine: machine.recall(machine.reader.number(1)),
    b"j": lambda machine: machine.recall(machine.reader.number(4)),
    b"c": _Machine.name_on_lines,
    b"\x93": _Machine.name_on_stack,
    b"R": _Machine.reduce,
    b"b": _Machine.build,
}


def _instruction(code: bytes) -> str:
    import pickletools  # slow to import, and needed only for an error

    names = {known.code: known.name for known in pickletools.opcodes}
    name = names.get(code.decode("latin-1"))
    return f"the instruction {name}" if name else f"the byte {code.hex()}"


def _text(value: object) -> str:
    """Return a short text. Python 2 wrote it as bytes."""
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else describe(value)


def _is_long(value: object) -> bool:
    return isinstance(value, (str, bytes)) and len(value) > _LONGEST_REMEMBERED


# These replace the functions that a pickle of arrays calls. Each gets four arguments; those that
# the pickle lacks are None.


def _new_array(kind: object, *_: object) -> PickledArray:
    if kind is not _ARRAY:
        raise DataError(f"it is rejected: it makes an array of {describe(kind)}")
    return PickledArray()


def _filled_array(data: object, kind: object, shape: object, order: object) -> PickledArray:
    array = PickledArray()
    _fill_array(array, (1, shape, kind, _text(order) != "C", data))
    return array


def _new_type(kind: object, *_: object) -> NumberType:
    return NumberType(_text(kind))


def _encoded(text: object, encoding: object, *_: object) -> bytes:
    if not isinstance(text, str) or _text(encoding) != "latin1":
        raise DataError(f"it is rejected: it encodes {describe(text)} as {describe(encoding)}")
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        raise DataError("it is damaged: its bytes contain a character that is not a byte") from None


def _fill_array(array: PickledArray, state: object) -> None:
    """Set an array's state: (version, shape, type, whether in Fortran's order, bytes)."""
    if not isinstance(state, tuple) or len(state) != 5:
        raise DataError(f"it is damaged: expected the 5 parts of an array, got {describe(state)}")
    _, shape, kind, fortran, data = state
    if not isinstance(shape, tuple) or not all(type(size) is int and size >= 0 for size in shape):
        raise DataError(f"it is damaged: expected the shape of an array, got {describe(shape)}")
    if not isinstance(kind, NumberType):
        raise DataError(f"it is damaged: expected a type of number, got {describe(kind)}")
    if not isinstance(data, bytes):
        raise DataError(f"it is rejected: expected the bytes of numbers, got {describe(data)}")
    if fortran and len(shape) > 1:
        raise DataError("it is rejected: an array in Fortran's order, column by column")
    array.shape, array.type, array.data = shape, kind, data


def _fill_type(kind: NumberType, state: Any) -> None:
    """Set a type's byte order from its state. Raises DataError if the type has fields."""
    plain = isinstance(state, tuple) and len(state) >= 5 and state[2:5] == (None, None, None)
    if not plain:
        raise DataError("it is rejected: a type of number with fields")
    kind.order = _text(state[1])


class _Name:
    """A name that a pickle may contain, and what is done here if the pickle calls it.

    It is only the name, never the named function.
    """

    def __init__(self, known: str, make: Optional[Callable[..., object]] = None) -> None:
        self.known, self.make = known, make


_ARRAY, _RECONSTRUCT = _Name("ndarray"), _Name("_reconstruct", _new_array)
_FROM_BUFFER = _Name("_frombuffer", _filled_array)  # protocol 5
_KNOWN = {
    "numpy.core.multiarray._reconstruct": _RECONSTRUCT,
    "numpy._core.multiarray._reconstruct": _RECONSTRUCT,
    "numpy._core.numeric._frombuffer": _FROM_BUFFER,
    "numpy.core.numeric._frombuffer": _FROM_BUFFER,
    "numpy.ndarray": _ARRAY,
    "numpy.dtype": _Name("dtype", _new_type),
    "_codecs.encode": _Name("encode", _encoded),  # how Python 3 writes bytes for Python 2
}
