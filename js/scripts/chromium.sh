#!/bin/sh
# Headless Chromium and its driver: Debian's packages, installed when they are missing and may be.
set -eu

if [ -x "$CHROMIUM" ] && [ -x "$CHROMEDRIVER" ]; then
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "$CHROMIUM or $CHROMEDRIVER is missing. On Debian: apt-get install chromium chromium-driver" >&2
  echo "Elsewhere name your own: make test CHROMIUM=/path/to/chromium CHROMEDRIVER=/path/to/chromedriver" >&2
  exit 1
fi
echo "== Chromium and its driver, from Debian"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium chromium-driver
