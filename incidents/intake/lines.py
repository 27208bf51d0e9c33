"""A byte stream as lines of bounded length: one chunk in memory, nothing read twice."""

import codecs
from collections import deque
from typing import Protocol

CHUNK_BYTES = 256 * 1024
LINE_LIMIT_BYTES = 1024 * 1024
"""Longer lines come in pieces."""

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


class ByteStream(Protocol):
    """Anything that gives bytes: a file, an upload, io.BytesIO."""

    def read(self, size: int, /) -> bytes:
        """Return at most ``size`` [bytes]; b"" at the end."""


class TooLong(Exception):
    """There is more than the limit."""


class Lines:
    """
    The lines of a stream, each with its end; line ends may be LF, CR LF or CR.

    A byte-order mark is dropped; UTF-16 is brought to UTF-8. ``size_bytes``: what was read so far.
    """

    def __init__(self, stream: ByteStream, limit_bytes: int) -> None:
        self._stream = stream
        self._limit_bytes = limit_bytes
        self._waiting: deque[bytes] = deque()
        self._rest = b""
        self._decoder: codecs.IncrementalDecoder | None = None
        self._started = False
        self._at_end = False
        self._lone_returns = False
        self.size_bytes = 0
        self.last_was_whole = True

    def next(self) -> bytes | None:
        """
        Return the next line with its end, None after the last.

        :raises TooLong: the stream holds more than the limit.
        """
        while not self._waiting:
            if self._at_end:
                return None
            self._fill()
        return self._waiting.popleft()

    def peek(self, count: int) -> tuple[bytes, ...]:
        """Return up to ``count`` lines to come without taking them."""
        while len(self._waiting) < count and not self._at_end:
            self._fill()
        return tuple(self._waiting[place] for place in range(min(count, len(self._waiting))))

    def push_back(self, lines: tuple[bytes, ...]) -> None:
        """Put lines in front again."""
        self._waiting.extendleft(reversed(lines))

    def _fill(self) -> None:
        chunk = self._read()
        if not chunk:
            self._finish()
            return
        if not self._started:
            chunk = self._start(chunk)
        self._split(self._translated(chunk, final=False))

    def _read(self) -> bytes:
        chunk = self._stream.read(CHUNK_BYTES)
        self.size_bytes += len(chunk)
        if self.size_bytes > self._limit_bytes:
            raise TooLong
        return chunk

    def _start(self, chunk: bytes) -> bytes:
        """Find out how the file is written, from its first full chunk: streams may give less than asked for."""
        self._started = True
        gathered = bytearray(chunk)
        while len(gathered) < CHUNK_BYTES and (more := self._read()):
            gathered += more
        chunk = bytes(gathered)
        for mark, codec in _UTF16.items():
            if chunk.startswith(mark) and not chunk.startswith(codecs.BOM_UTF32_LE):
                self._decoder = codecs.getincrementaldecoder(codec)("replace")
                chunk = chunk[len(mark) :]
        chunk = chunk.removeprefix(codecs.BOM_UTF8)
        self._lone_returns = b"\n" not in self._translated_start(chunk)
        return chunk

    def _translated_start(self, chunk: bytes) -> bytes:
        return chunk.replace(b"\0", b"") if self._decoder else chunk

    def _translated(self, chunk: bytes, *, final: bool) -> bytes:
        if self._decoder is not None:
            chunk = self._decoder.decode(chunk, final).encode("utf-8", "replace")
        return chunk.replace(b"\r", b"\n") if self._lone_returns else chunk

    def _split(self, chunk: bytes) -> None:
        pieces = (self._rest + chunk if self._rest else chunk).split(b"\n")
        self._rest = pieces.pop()
        self._waiting.extend([piece + b"\n" for piece in pieces])
        if len(self._rest) > LINE_LIMIT_BYTES:
            self._waiting.append(self._rest)
            self._rest = b""

    def _finish(self) -> None:
        self._at_end = True
        tail = self._translated(b"", final=True)
        if tail:
            self._split(tail)
        if self._rest:
            self._waiting.append(self._rest)
            self._rest = b""
            self.last_was_whole = False
