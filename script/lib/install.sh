# shellcheck shell=bash
# Sourced by script/test. need COMMAND PACKAGE WHY notes a tool that is missing; install_needed installs what was noted, as root on
# Debian and Ubuntu, saying first what and why; for anyone else it prints the one command to type and returns 1.

needed=()

need() {
  # Debian puts servers into sbin, which is not on everyone's PATH.
  if command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/usr/lib/rabbitmq/bin/$1" ]; then return; fi
  echo "Missing: $1 ($3)"
  needed+=("$2")
}

install_needed() {
  [ ${#needed[@]} -gt 0 ] || { echo "All there."; return 0; }
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "Install it, then run this again:  sudo apt-get install --no-install-recommends ${needed[*]}" >&2
    echo "(where there is no apt-get: the packages of the same names of your system)" >&2
    return 1
  fi
  echo "Installing from Debian's packages: ${needed[*]}"
  # The tests start servers of their own, on free ports of the loopback address; none is to run all the time.
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update
  apt-get -qq install -y --no-install-recommends "${needed[@]}" >/dev/null
}
