#!/usr/bin/python3
"""A line that can be cut: a TCP proxy that drops, delays and halves connections when it is told.

usage: cut_proxy.py PORT     listens at [::1] on the same port (so that Host stays a name of the server's) and passes on
                             to 127.0.0.1; obeys lines on stdin: pass, drop, refuse, halve, silence, delay MS
SPDX-License-Identifier: GPL-3.0-or-later

drop     every open line ends at once, without a word; new ones work
refuse   as drop, and new ones end at once too
halve    what clients send is lost, what the server sends still arrives
silence  nothing arrives in either direction, and nobody is told
delay MS everything comes later; "pass" ends all of these
"""
import asyncio
import contextlib
import json
import sys


class Proxy:
    """Use: async with Proxy (lambda: port) as proxy; clients connect to proxy.port."""

    def __init__(self, target, address='127.0.0.1', port=0):
        self.target, self.address, self.port = target, address, port
        self.lines = set()
        self.up = self.down = self.open = True
        self.delay = 0
        self.n_accepted = 0

    async def __aenter__(self):
        self.server = await asyncio.start_server(self._accept, self.address, self.port)
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error):
        self.server.close()
        self._drop()
        await asyncio.sleep(0)

    def obey(self, word, number=0):
        if word in ('drop', 'refuse'):
            self._drop()
        self.open = word != 'refuse'
        self.up = word not in ('halve', 'silence')
        self.down = word != 'silence'
        self.delay = number / 1000 if word == 'delay' else 0
        if word == 'pass' and getattr(self, 'was_lossy', False):
            # Bytes are missing on these lines: what follows would make no sense to either end.
            self._drop()
        self.was_lossy = not (self.up and self.down)

    def _drop(self):
        for writer in list(self.lines):
            writer.transport.abort()
        self.lines.clear()

    async def _accept(self, reader, writer):
        self.n_accepted += 1
        if not self.open:
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection('127.0.0.1', self.target())
        except OSError:
            writer.transport.abort()
            return
        self.lines |= {writer, far_writer}
        try:
            await asyncio.gather(self._carry(reader, far_writer, lambda: self.up), self._carry(far_reader, writer, lambda: self.down))
        finally:
            self.lines -= {writer, far_writer}
            for one in (writer, far_writer):
                one.transport.abort()

    async def _carry(self, reader, writer, is_open):
        with contextlib.suppress(ConnectionError, OSError):
            while data := await reader.read(65536):
                if self.delay:
                    await asyncio.sleep(self.delay)
                if is_open():
                    writer.write(data)
                    await writer.drain()
            if is_open():
                writer.write_eof()


async def main():
    port = int(sys.argv[1])
    async with Proxy(lambda: port, '::1', port) as proxy:
        print(json.dumps({'listening': proxy.port}), flush=True)
        while line := (await asyncio.to_thread(sys.stdin.readline)).split():
            proxy.obey(line[0], int(line[1]) if len(line) > 1 else 0)
            print('{}', flush=True)


if __name__ == '__main__':
    asyncio.run(main())
