# door.py - the client's side of the behaviour tests: raw requests, raw frames, and a door-server to hit
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

# The door's "second". Where a deadline must pass it is short, and only lower bounds are in ticks: under a sanitizer and
# beside others everything takes longer. Where none may pass it is LONG: a door is silent for dead_ticks (60) of them.
TICK, LONG = 0.02, 0.2
PATIENCE = 20

results = []


def check(name, good, note=''):
    results.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(results)} - {name}" + ('' if good else f' # {note!r}'), flush=True)


def same(name, got, want):
    check(name, got == want, f'got {got!r}, wanted {want!r}')


def finish():
    print(f'1..{len(results)}', flush=True)
    sys.exit(0 if all(results) else 1)


def wait_until(what, limit=PATIENCE):
    """The last value of what (): the first that is true, or the one at the deadline."""
    end = time.monotonic() + limit
    while True:
        value = what()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.01)


class Door:
    def __init__(self, requests_max=512, files_max=None, tick=TICK, wrapper=()):
        limit = files_max and (lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files_max, files_max)))
        self.folder = tempfile.mkdtemp(prefix='door-')
        self.unix_path = os.path.join(self.folder, 'socket')
        self.log = open(os.path.join(self.folder, 'log'), 'w+')
        self.process = subprocess.Popen([*wrapper, sys.argv[1], str(int(tick * 1000)), str(requests_max), self.unix_path],
                                        stdout=subprocess.PIPE, stderr=self.log, preexec_fn=limit)
        self.port = json.loads(self.process.stdout.readline())['port']
        self.host = b'Host: localhost:%d\r\n' % self.port

    def connect(self, unix=False):
        s = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
        s.settimeout(PATIENCE)
        s.connect(self.unix_path if unix else ('127.0.0.1', self.port))
        if not unix:
            s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return s

    def raw(self, data, unix=False):
        """All that comes back, and how it ends: 'eof', 'reset' or 'timeout'."""
        s = self.connect(unix)
        try:
            s.sendall(data)
        except OSError:
            pass
        answer = read_all(s)
        s.close()
        return answer

    def status(self, data, unix=False):
        data, how = self.raw(data, unix)
        return int(data[9:12]) if data[:9] == b'HTTP/1.1 ' else how

    def ask(self, line, headers=b'', body=b'', unix=False, host=None):
        data, _ = self.raw(line + b' HTTP/1.1\r\n' + (host or self.host) + headers + b'\r\n' + body, unix)
        return Answer(data)

    def stats(self):
        return json.loads(self.ask(b'GET /stats').body)

    def fds(self):
        return len(os.listdir(f'/proc/{self.process.pid}/fd'))

    def rss_kib(self):
        with open(f'/proc/{self.process.pid}/statm') as f:
            return int(f.read().split()[1]) * os.sysconf('SC_PAGE_SIZE') // 1024

    def settle(self):
        """True when nobody but the asking request is left."""
        return wait_until(lambda: self.stats()['requests'] == 1 and self.stats()['sockets'] == 0)

    def cpu_s(self):
        with open(f'/proc/{self.process.pid}/stat') as f:
            fields = f.read().rpartition(')')[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')

    def stop(self):
        """Ends the server and returns its exit code."""
        self.ask(b'POST /stop')
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)
            return self.process.wait()

    def read_log(self):
        self.log.seek(0)
        return self.log.read()

    def clean(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.log.close()
        shutil.rmtree(self.folder)


class Answer:
    def __init__(self, data):
        head, _, self.body = data.partition(b'\r\n\r\n')
        lines = head.decode('latin-1').split('\r\n')
        self.status = int(lines[0].split(' ')[1]) if lines[0].startswith('HTTP/1.1 ') else 0
        self.head = lines[0]
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(': ')
            self.headers[name.lower()] = f'{self.headers[name.lower()]}, {value}' if name.lower() in self.headers else value


def read_all(s):
    data = b''
    try:
        while True:
            piece = s.recv(65536)
            if not piece:
                return data, 'eof'
            data += piece
    except socket.timeout:
        return data, 'timeout'
    except OSError:
        return data, 'reset'


def frame(opcode, data, fin=True, mask=True, rsv=0, form=0):
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    bit = 0x80 if mask else 0
    n = len(data)
    if n > 65535 or form == 8:
        head = struct.pack('>BBQ', first, bit | 127, n)
    elif n > 125 or form == 2:
        head = struct.pack('>BBH', first, bit | 126, n)
    else:
        head = struct.pack('>BB', first, bit | n)
    if not mask:
        return head + data
    key = b'\x37\xfa\x21\x3d'
    pad = key * (n // 4 + 1)
    return head + key + (int.from_bytes(data, 'big') ^ int.from_bytes(pad[:n], 'big')).to_bytes(n, 'big')


class Socket:
    """A WebSocket that sends whatever it is told to, right or wrong."""

    def __init__(self, door, path=b'/ws', extra=b'', after=b'', key=b'dGhlIHNhbXBsZSBub25jZQ==', version=b'13',
                 receive_buffer=0):
        self.door = door
        self.s = socket.socket()
        self.s.settimeout(PATIENCE)
        if receive_buffer:
            self.s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.s.connect(('127.0.0.1', door.port))
        self.s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.s.sendall(b'GET ' + path + b' HTTP/1.1\r\n' + door.host + b'Upgrade: websocket\r\nConnection: Upgrade\r\n'
                       b'Sec-WebSocket-Key: ' + key + b'\r\nSec-WebSocket-Version: ' + version + b'\r\n'
                       b'Sec-WebSocket-Extensions: permessage-deflate\r\n' + extra + b'\r\n' + after)
        data = b''
        while b'\r\n\r\n' not in data:
            piece = self.s.recv(1)
            if not piece:
                break
            data += piece
        self.answer = Answer(data)
        self.ok = self.answer.status == 101
        self.rest = b''

    def send(self, *args, **keywords):
        self.s.sendall(frame(*args, **keywords))

    def need(self, n):
        while len(self.rest) < n:
            piece = self.s.recv(65536)
            if not piece:
                raise EOFError
            self.rest += piece
        data, self.rest = self.rest[:n], self.rest[n:]
        return data

    def recv(self):
        first, n = self.need(2)
        if n == 126:
            n, = struct.unpack('>H', self.need(2))
        elif n == 127:
            n, = struct.unpack('>Q', self.need(8))
        return first & 15, self.need(n)

    def text(self):
        """The next text, whatever pings come in between."""
        while True:
            opcode, data = self.recv()
            if opcode == 9:
                self.send(10, data)
            elif opcode != 10:
                return data if opcode == 1 else (opcode, data)

    def end(self):
        """The last thing the server says: a close code, 'eof' or 'reset'; with 'no eof' when the line stays."""
        code = None
        try:
            while True:
                opcode, data = self.recv()
                if opcode == 8:
                    code = struct.unpack('>H', data[:2])[0] if data else 1005
        except EOFError:
            return code or 'eof'
        except socket.timeout:
            return code, 'no eof'
        except OSError:
            return code or 'reset'

    def close(self):
        self.s.close()
