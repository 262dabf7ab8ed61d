"""What a disk has kept when the power went: the log of forgetful-disk.c, read again.

SPDX-License-Identifier: GPL-3.0-or-later

The strictest disk that POSIX allows: content is kept by fsync and fdatasync of the file, a name (made, changed, removed)
by fsync of its folder. Of what was not synced nothing is kept, or, where the cut tears, a random part of it, and of the
last write only the beginning. Below one folder without folders in it, which is how a server's file lies.
"""
import os
import shutil
import struct

RECORD = struct.Struct('<IIQQ')


class File:
    def __init__(self, content=b''):
        self.kept = bytearray(content)
        self.pending = []           # ('w', at, bytes) and ('t', size)

    def apply(self, change):
        if change[0] == 't':
            size = change[1]
            del self.kept[size:]
            self.kept.extend(bytes(size - len(self.kept)))
        else:
            _, at, data = change
            self.kept.extend(bytes(max(0, at - len(self.kept))))
            self.kept[at:at + len(data)] = data

    def sync(self):
        for change in self.pending:
            self.apply(change)
        self.pending = []


class Disk:
    """A folder, from a moment when all of it was kept."""

    def __init__(self, folder):
        self.folder = folder
        self.files = {}             # inode -> File: what it is called by just now
        self.names = {}             # as the program sees them
        self.kept_names = {}        # as they would be after a cut
        self.changes = []           # of names, not synced yet: (name, File or None)
        self.syncs = 0
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, 'rb') as file:
                    self.names[name] = self.files[os.stat(path).st_ino] = File(file.read())
        self.kept_names = dict(self.names)
        self.inode = os.stat(folder).st_ino

    def set_name(self, path, file):
        name = os.path.relpath(path, self.folder)
        if file is None:
            self.names.pop(name, None)
        else:
            self.names[name] = file
        self.changes.append((name, file))

    def take(self, op, inode, at, data):
        if op == 'c':
            self.files[inode] = File()
            self.set_name(data.decode(), self.files[inode])
        elif op in 'rl':
            old, new = data.decode().split('\n')
            file = self.names[os.path.relpath(old, self.folder)]
            self.set_name(new, file)
            if op == 'r':
                self.set_name(old, None)
        elif op == 'u':
            self.set_name(data.decode().rstrip('\n'), None)
        elif op == 'w':
            self.files[inode].pending.append(('w', at, data))
        elif op == 't':
            self.files[inode].pending.append(('t', at))
        elif op == 's':
            self.files[inode].sync()
            self.syncs += 1
        elif op == 'd' and inode == self.inode:
            self.keep_names(self.changes)
            self.changes = []

    def keep_names(self, changes):
        for name, file in changes:
            if file is None:
                self.kept_names.pop(name, None)
            else:
                self.kept_names[name] = file

    def read(self, log):
        """All that was asked for; the last record may have been cut off by the kill."""
        with open(log, 'rb') as file:
            data = memoryview(file.read())
        at = 0
        while at + RECORD.size <= len(data):
            op, n_bytes, inode, where = RECORD.unpack_from(data, at)
            at += RECORD.size
            if at + n_bytes > len(data):
                break
            self.take(chr(op), inode, where, bytes(data[at:at + n_bytes]))
            at += n_bytes
        return self

    def tear(self, rng):
        """A disk writes when it likes, in its own order; a file system keeps its names in order."""
        n_torn = 0
        for file in set(self.files.values()):
            for change in file.pending[:-1]:
                if rng.random() < 0.5:
                    file.apply(change)
            for change in file.pending[-1:]:
                if change[0] == 'w' and len(change[2]) > 1:
                    file.apply(('w', change[1], change[2][:rng.randrange(1, len(change[2]))]))
                    n_torn += 1
        self.keep_names(self.changes[:rng.randrange(len(self.changes) + 1)])
        return n_torn

    def n_pending(self):
        return sum(len(file.pending) for file in set(self.files.values())) + len(self.changes)

    def write(self):
        """Puts what was kept in the place of the folder. Shared memory does not outlive the power."""
        shutil.rmtree(self.folder)
        os.mkdir(self.folder, 0o700)
        for name, file in self.kept_names.items():
            if name.endswith('-shm'):
                continue
            with open(os.open(os.path.join(self.folder, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as out:
                out.write(file.kept)
