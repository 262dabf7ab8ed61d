#!/bin/bash
# xrun.sh CMD...: runs CMD with a private X server, a private session bus and a private home.
# SPDX-License-Identifier: GPL-3.0-or-later
#
#   SCREEN=WxH        size of the screen (1280x800)
#   XRUN_SERVICES=…   services the bus may start, separated by spaces (org.a11y.Bus); empty: none
#   XRUN_DISPLAY=no   no X server, only bus and home
#   XRUN_BUS=no       no session bus, and none to be found
#
# Xvfb picks its own free number (-displayfd): xvfb-run can collide when several run at once.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -gt 0 ] || { sed -n '2,9p' "$0" >&2; exit 2; }

HOME=$(mktemp -d -t xrun.XXXXXX) || exit 2
export HOME XDG_RUNTIME_DIR=$HOME/run
export XDG_CONFIG_HOME=$HOME/.config XDG_DATA_HOME=$HOME/.local/share
export XDG_CACHE_HOME=$HOME/.cache XDG_STATE_HOME=$HOME/.local/state
mkdir -m 700 "$XDG_RUNTIME_DIR"
mkdir -p "$XDG_CONFIG_HOME/gtk-4.0" "$XDG_DATA_HOME" "$XDG_CACHE_HOME" "$XDG_STATE_HOME"
printf '[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=0\ngtk-cursor-blink=0\n' \
  > "$XDG_CONFIG_HOME/gtk-4.0/settings.ini"
export GDK_BACKEND=x11 GSK_RENDERER=${GSK_RENDERER:-cairo} LC_ALL=C.UTF-8
export GSETTINGS_BACKEND=memory ADW_DISABLE_PORTAL=1
unset GTK_THEME WAYLAND_DISPLAY DISPLAY DBUS_SESSION_BUS_ADDRESS AT_SPI_BUS_ADDRESS NO_AT_BRIDGE LANGUAGE

xvfb=
tidy () {
  [ -n "$xvfb" ] && kill "$xvfb" 2>/dev/null && wait "$xvfb" 2>/dev/null
  rm -rf "$HOME"
}
trap tidy EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

if [ "${XRUN_DISPLAY:-yes}" != no ]; then
  Xvfb -displayfd 3 -screen 0 "${SCREEN:-1280x800}x24" -nolisten tcp -noreset \
    3> "$HOME/display" 2> "$HOME/xvfb.log" &
  xvfb=$!
  for _ in $(seq 200); do [ -s "$HOME/display" ] && break; sleep .05; done
  [ -s "$HOME/display" ] || { echo "xrun.sh: the X server did not start:" >&2; cat "$HOME/xvfb.log" >&2; exit 2; }
  DISPLAY=:$(cat "$HOME/display")
  export DISPLAY
fi

if [ "${XRUN_BUS:-yes}" = no ]; then
  # An address that nobody answers: without it GLib would try to start a bus of its own.
  DBUS_SESSION_BUS_ADDRESS=unix:path=$HOME/no-bus "$@"
  exit $?
fi
# shellcheck disable=SC2086
"$here/bus/make-bus.sh" "$HOME/bus" ${XRUN_SERVICES-org.a11y.Bus} || exit 2
# What the bus's own services say on stdout is not the command's output: only that gets through, as 4.
dbus-run-session --config-file="$HOME/bus/session.conf" -- bash -c 'exec "$@" >&4 4>&-' bus "$@" \
  4>&1 > /dev/null 2> >(grep -vE '^dbus-daemon\[|^SpiRegistry|^$' >&2)
