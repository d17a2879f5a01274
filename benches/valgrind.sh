#!/bin/sh
# Valgrind, whose callgrind counts instructions: Debian's package, installed when it is missing and may be.
set -eu

if command -v valgrind >/dev/null; then
  exit 0
fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "valgrind is missing. On Debian: apt-get install valgrind; elsewhere install it so that it is on the PATH" >&2
  exit 1
fi
echo "== valgrind, from Debian"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends valgrind
