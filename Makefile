# Everything a stranger types. Works on Debian 12 and later; elsewhere install what the lists below name.
# SPDX-License-Identifier: GPL-3.0-or-later
#
#   make run      installs what building and running need, builds, starts the program (the window with a
#                 display, else a server with a demonstration business); DATA=DIR and LISTEN=ADDR:PORT choose
#   make answer   answers the demonstration's visitors from this terminal
#   make test     installs what testing needs, runs the suite; ends with "N passed, N failed"
#   make bench    prints what it reaches, beside what it is measured against
#   make soak     the fault tests at random, for an hour (MINUTES=60)
#   make lint     only the checks on the source
#   make help     builds the help as HTML and says where it is
#   make flatpak  builds the Flatpak and runs the conversation in its sandbox (gigabytes and minutes; flatpak/README.md)

BUILD := _build
LISTEN ?= 127.0.0.1:8642
MINUTES ?= 60

BUILD_PACKAGES := gcc libc6-dev make pkg-config meson ninja-build gettext libxml2-utils gzip python3 \
  desktop-file-utils libglib2.0-dev-bin libgtk-4-bin \
  libgtk-4-dev libadwaita-1-dev libsoup-3.0-dev libjson-glib-dev libsqlite3-dev libsodium-dev \
  libwslay-dev libsecret-1-dev libnotify-dev libgsound-dev itstool yelp-tools
RUN_PACKAGES := adwaita-icon-theme fonts-cantarell gsettings-desktop-schemas librsvg2-common \
  shared-mime-info sound-theme-freedesktop
# The layout is clang-format 14's, which newer systems do not have: there the check is skipped, and any clang serves.
CLANG := $(shell . /etc/os-release 2>/dev/null; [ "$$VERSION_ID" = 12 ] && echo clang-14 clang-format-14 libclang-rt-14-dev || echo clang)
# node and npm may have come from elsewhere: then Debian's are not asked for.
TEST_PACKAGES := xvfb x11-utils xdotool weston appstream librsvg2-bin systemd imagemagick dbus-daemon at-spi2-core python3-gi gir1.2-atspi-2.0 gir1.2-gtk-4.0 \
  python3-dbusmock gnome-keyring locales chromium $(CLANG) fonts-dejavu-core fonts-droid-fallback fonts-noto-color-emoji \
  $(shell command -v node >/dev/null 2>&1 || echo nodejs) $(shell command -v npm >/dev/null 2>&1 || echo npm)

# For the Flatpak alone: its tools, and the portals that it meets.
FLATPAK_PACKAGES := weston flatpak flatpak-builder ostree elfutils debootstrap xdg-desktop-portal xdg-desktop-portal-gtk gnome-keyring

.PHONY: all deps test-deps build run answer test bench soak lint help flatpak clean

all: build

deps:
	@.ci/packages $(BUILD_PACKAGES) $(RUN_PACKAGES)

test-deps:
	@.ci/packages $(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES)
	@.ci/node-modules

$(BUILD)/build.ninja:
	@meson setup $(BUILD)

build: deps $(BUILD)/build.ninja
	@ninja -C $(BUILD)

# Without the tests, which take most of the build.
run: deps $(BUILD)/build.ninja
	@ninja -C $(BUILD) run
	@BUILD=$(BUILD) DATA='$(DATA)' LISTEN='$(LISTEN)' .ci/start

answer: $(BUILD)/build.ninja
	@DATA='$(DATA)' LISTEN='$(LISTEN)' BUILD=$(BUILD) /usr/bin/python3 tests/e2e/answer.py

test: test-deps
	@B=$(BUILD) tests/run-tests.sh

lint: test-deps
	@B=$(BUILD) tests/run-tests.sh --suite lint

bench: test-deps
	@tests/bench/run

soak: test-deps $(BUILD)/build.ninja
	@ninja -C $(BUILD)
	@BUILD=$(BUILD) MINUTES=$(MINUTES) tests/e2e/soak

help: deps $(BUILD)/build.ninja
	@ninja -C $(BUILD) help/html
	@echo "$(CURDIR)/$(BUILD)/help/html/C/index.html"

flatpak: test-deps
	@.ci/packages $(FLATPAK_PACKAGES)
	@STATE='$(STATE)' RUNTIME='$(RUNTIME)' flatpak/run test

clean:
	@rm -rf $(BUILD) _build-*
