# shellcheck shell=bash
# Sourced by the scripts beside this folder, before they go elsewhere. usage prints the comment at a script's beginning, and ends it with 2.

usage() {
  sed -n '2,/^[^#]/p' "$0" | sed -n 's/^# \{0,1\}//p' >&2
  exit 2
}
