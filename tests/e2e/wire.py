"""HTTP and WebSockets by hand, so that a test can say exactly what goes over the line, right or wrong.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import asyncio
import base64
import hashlib
import json
import os
import socket
import struct
import urllib.parse

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
MAGIC = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'


class Refused(Exception):
    """The handshake was answered with something else than 101."""

    def __init__(self, reply):
        super().__init__(f'refused with {reply.status}: {reply.body[:200]!r}')
        self.reply = reply


class Closed(Exception):
    """The socket ended: with the code that came, or 1006 when the line was cut."""

    def __init__(self, code):
        super().__init__(f'closed with {code}')
        self.code = code


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The problem's code, or None."""
        try:
            return self.json().get('code')
        except (ValueError, AttributeError):
            return None

    def header(self, name):
        return ', '.join(v for n, v in self.headers if n == name.lower()) or None


def parse_head(head):
    lines = head.decode('latin-1').split('\r\n')
    status = int(lines[0].split(' ')[1])
    pairs = [line.split(':', 1) for line in lines[1:] if ':' in line]
    return status, [(name.strip().lower(), value.strip()) for name, value in pairs]


async def read_reply(reader):
    """None when the line ended before a whole head."""
    try:
        head = await reader.readuntil(b'\r\n\r\n')
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    status, headers = parse_head(head[:-4])
    length = next((int(v) for n, v in headers if n == 'content-length'), None)
    try:
        if status == 101 or status == 204:
            body = b''
        elif length is not None:
            body = await reader.readexactly(length)
        elif ('transfer-encoding', 'chunked') in headers:
            body = await read_chunks(reader)
        else:
            body = await reader.read()
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return Reply(status, headers, body)


async def read_chunks(reader):
    body = b''
    while size := int((await reader.readline()).split(b';')[0], 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return body


async def hang_up(writer):
    writer.close()
    try:
        await asyncio.wait_for(writer.wait_closed(), 5)
    except (ConnectionError, TimeoutError, asyncio.TimeoutError, OSError):
        pass


async def raw(port, data, timeout=10, unix=None):
    """Sends @data as it is and returns the (first) answer, None when the server only hung up."""
    opening = asyncio.open_unix_connection(unix) if unix else asyncio.open_connection('127.0.0.1', port)
    reader, writer = await asyncio.wait_for(opening, timeout)
    try:
        writer.write(data)
        try:
            return await asyncio.wait_for(read_reply(reader), timeout)
        except ConnectionError:
            return None
    finally:
        await hang_up(writer)


def head(verb, path, port, headers, length):
    lines = [f'{verb} {path} HTTP/1.1']
    named = {name.lower() for name in headers}
    if 'host' not in named:
        lines.append(f'Host: 127.0.0.1:{port}')
    lines += [f'{name}: {value}' for name, value in headers.items()]
    if length is not None and 'content-length' not in named:
        lines.append(f'Content-Length: {length}')
    return ('\r\n'.join(lines) + '\r\n\r\n').encode()


async def request(port, verb, path, body=None, token=None, headers=None, timeout=15):
    """One request. @body may be bytes, or something to be JSON. Raises ConnectionError when there is no answer."""
    headers = dict(headers or {})
    if token:
        headers['Authorization'] = f'Bearer {token}'
    if body is not None and not isinstance(body, (bytes, bytearray)):
        body = json.dumps(body).encode()
        headers.setdefault('Content-Type', 'application/json')
    length = len(body) if body is not None else (0 if verb in ('POST', 'PUT') else None)
    reply = await raw(port, head(verb, path, port, headers, length) + (body or b''), timeout)
    if reply is None:
        raise ConnectionError(f'{verb} {path}: no answer')
    return reply


def query(**pairs):
    return urllib.parse.urlencode({k: v for k, v in pairs.items() if v is not None})


class Socket:
    """A WebSocket client that can also break the rules."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.closed = None

    @classmethod
    async def connect(cls, port, path, headers=None, timeout=10, receive_buffer=None):
        line = socket.socket()
        line.setblocking(False)
        if receive_buffer:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        try:
            await asyncio.wait_for(asyncio.get_running_loop().sock_connect(line, ('127.0.0.1', port)), timeout)
        except BaseException:
            line.close()
            raise
        reader, writer = await asyncio.open_connection(sock=line)
        key = base64.b64encode(os.urandom(16)).decode()
        wanted = {'Connection': 'Upgrade', 'Upgrade': 'websocket', 'Sec-WebSocket-Key': key, 'Sec-WebSocket-Version': '13'}
        wanted.update(headers or {})
        try:
            writer.write(head('GET', path, port, wanted, None))
            reply = await asyncio.wait_for(read_reply(reader), timeout)
            if reply is None:
                raise ConnectionError('the line ended in the handshake')
            if reply.status != 101:
                raise Refused(reply)
            proof = base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest()).decode()
            if reply.header('sec-websocket-accept') != proof:
                raise ConnectionError('a wrong Sec-WebSocket-Accept')
        except BaseException:
            await hang_up(writer)
            raise
        return cls(reader, writer)

    async def send_frame(self, opcode, payload, fin=True, masked=True, rsv=0):
        first = (0x80 if fin else 0) | rsv << 4 | opcode
        size, bit = len(payload), 0x80 if masked else 0
        if size < 126:
            start = struct.pack('!BB', first, bit | size)
        elif size < 65536:
            start = struct.pack('!BBH', first, bit | 126, size)
        else:
            start = struct.pack('!BBQ', first, bit | 127, size)
        if masked:
            mask = os.urandom(4)
            whole = int.from_bytes((mask * (size // 4 + 1))[:size], 'big') ^ int.from_bytes(payload, 'big')
            payload = mask + whole.to_bytes(size, 'big')
        self.writer.write(start + payload)
        await self.writer.drain()

    async def send(self, message):
        text = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False)
        await self.send_frame(TEXT, text.encode('utf-8', 'surrogatepass'))

    async def read_frame(self):
        first, second = await self.reader.readexactly(2)
        size = second & 0x7f
        if size == 126:
            size = struct.unpack('!H', await self.reader.readexactly(2))[0]
        elif size == 127:
            size = struct.unpack('!Q', await self.reader.readexactly(8))[0]
        if second & 0x80:
            raise ConnectionError('the server masked a frame')
        return first & 0x0f, bool(first & 0x80), await self.reader.readexactly(size)

    async def receive(self, timeout=10):
        """The next text message as JSON. Raises Closed, or TimeoutError."""
        return await asyncio.wait_for(self._receive(), timeout)

    async def _receive(self):
        if self.closed:
            raise self.closed
        parts = []
        try:
            while True:
                opcode, fin, payload = await self.read_frame()
                if opcode == CLOSE:
                    code = struct.unpack('!H', payload[:2])[0] if len(payload) >= 2 else 1005
                    self.closed = Closed(code)
                    raise self.closed
                if opcode == PING:
                    await self.send_frame(PONG, payload)
                elif opcode in (0, TEXT):
                    parts.append(payload)
                    if fin:
                        return json.loads(b''.join(parts))
                elif opcode == BINARY:
                    raise ConnectionError('the server sent a binary frame')
        except (asyncio.IncompleteReadError, ConnectionError, OSError):
            self.closed = self.closed or Closed(1006)
            raise self.closed from None

    async def wait_for(self, *types, timeout=10, where=None):
        """The next message of one of @types; others before it are dropped, but never an unexpected error."""
        end = asyncio.get_running_loop().time() + timeout
        while True:
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                raise TimeoutError(f'no {" or ".join(types)} within {timeout} s')
            message = await self.receive(left)
            if message.get('type') in types and (where is None or where(message)):
                return message
            if message.get('type') in ('error', 'gap') and not set(types) & {'error', 'gap'}:
                raise AssertionError(f'{message} while waiting for {types}')

    async def wait_closed(self, timeout=10):
        """The close code; whatever comes before it is dropped."""
        end = asyncio.get_running_loop().time() + timeout
        try:
            while True:
                await self.receive(max(0.01, end - asyncio.get_running_loop().time()))
        except Closed as closed:
            return closed.code

    async def close(self, code=1000):
        if not self.closed:
            try:
                await self.send_frame(CLOSE, struct.pack('!H', code))
            except (ConnectionError, OSError):
                pass
        await hang_up(self.writer)

    def cut(self):
        """Ends the line without a word."""
        self.writer.transport.abort()
        self.closed = self.closed or Closed(1006)
