#!/usr/bin/python3
"""What a desktop finds of the installed program in XDG_DATA_DIRS, as JSON.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json

import gi

gi.require_version('Gtk', '4.0')
from gi.repository import Gio, Gtk  # noqa: E402

ID = 'chat.porchlight.Porchlight'


def find_icon(theme, name):
    return theme.lookup_icon(name, None, 64, 1, Gtk.TextDirection.LTR, 0).get_file().get_path()


def main():
    Gtk.init()
    entry = Gio.DesktopAppInfo.new(ID + '.desktop')
    schema = Gio.SettingsSchemaSource.get_default().lookup(ID, True)
    theme = Gtk.IconTheme()
    print(json.dumps({
        'name': entry.get_name(),
        'actions': entry.list_actions(),
        'activatable': entry.get_boolean('DBusActivatable'),
        'icons': {name: find_icon(theme, name) for name in (ID, ID + '-symbolic')},
        'width': Gio.Settings.new_full(schema, None, None).get_int('window-width'),
    }))


if __name__ == '__main__':
    main()
