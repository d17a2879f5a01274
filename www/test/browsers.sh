#!/bin/sh
# Firefox, and WebKit with its driver and the display that it needs: Debian's packages, installed when they are missing and may be.
set -eu

if command -v firefox-esr >/dev/null && command -v WebKitWebDriver >/dev/null && command -v Xvfb >/dev/null; then
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "firefox-esr, WebKitWebDriver or Xvfb is missing. On Debian: apt-get install firefox-esr webkit2gtk-driver xvfb" >&2
  exit 1
fi
echo "== Firefox, WebKit's driver and Xvfb, from Debian"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends firefox-esr webkit2gtk-driver xvfb
