#!/bin/bash
# make-bus.sh DIR [SERVICE...]: writes DIR/session.conf, a session bus that can start only the named services.
# SPDX-License-Identifier: GPL-3.0-or-later
#
# With the system's own configuration a plain GTK program starts the desktop portal, which starts the document portal and
# a keyring. A test must start what it means to test and nothing else.
set -eu
dir=$(realpath -m "$1")
shift
mkdir -p "$dir/services"
for name in "$@"; do
  cp "/usr/share/dbus-1/services/$name.service" "$dir/services/"
done
cat > "$dir/session.conf" <<CONF
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <servicedir>$dir/services</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
  <limit name="reply_timeout">60000</limit>
</busconfig>
CONF
