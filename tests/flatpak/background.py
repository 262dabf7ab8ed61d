#!/usr/bin/python3
"""Stands in for a desktop's side of the background portal, which no portal of a plain test has: says yes, and one line each time.

SPDX-License-Identifier: GPL-3.0-or-later
"""
import json
import sys

from gi.repository import Gio, GLib

NAME = 'org.freedesktop.impl.portal.desktop.porchtest'
XML = '''<node><interface name="org.freedesktop.impl.portal.Background">
<method name="GetAppState"><arg type="a{sv}" direction="out"/></method>
<method name="NotifyBackground"><arg type="o" direction="in"/><arg type="s" direction="in"/><arg type="s" direction="in"/>
<arg type="u" direction="out"/><arg type="a{sv}" direction="out"/></method>
<method name="EnableAutostart"><arg type="s" direction="in"/><arg type="b" direction="in"/><arg type="as" direction="in"/>
<arg type="u" direction="in"/><arg type="b" direction="out"/></method>
<signal name="RunningApplicationsChanged"/></interface></node>'''


def answer(method, given):
    if method == 'GetAppState':
        return GLib.Variant('(a{sv})', ({},))
    if method == 'NotifyBackground':
        return GLib.Variant('(ua{sv})', (0, {'result': GLib.Variant('u', 1)}))
    return GLib.Variant('(b)', (given[1],))


def on_call(_bus, _sender, _path, _interface, method, parameters, invocation):
    print(json.dumps([method, parameters.unpack()]), flush=True)
    invocation.return_value(answer(method, parameters.unpack()))


def on_bus(bus, _name):
    bus.register_object('/org/freedesktop/portal/desktop', Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], on_call, None, None)


def main():
    Gio.bus_own_name(Gio.BusType.SESSION, NAME, 0, on_bus, None, lambda *_: sys.exit('the name is taken'))
    GLib.MainLoop().run()


if __name__ == '__main__':
    main()
