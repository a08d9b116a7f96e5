# shellcheck shell=bash
# Sourced by the scripts beside this folder. require_node says what to install where there is no Node 20 or newer with npm, and returns 1.

require_node() {
  local version
  if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then
    version=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
    [ "$version" -ge 20 ] && return 0
  fi
  echo "The page is built with Node 20 or newer and npm, and none was found. Install it: https://nodejs.org" >&2
  return 1
}
