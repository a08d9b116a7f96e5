# shellcheck shell=bash
# Sourced by the scripts beside this folder. require_node says what to install where there is no Node that Vite takes, or no npm, and returns 1.

require_node() {
  local version
  if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then
    # Vite takes 20.19 and later ones of 20, 22.12 and newer.
    version=$(node --version | sed 's/^v\([0-9]*\)\.\([0-9]*\).*/\1 \2/')
    case $version in
      20\ 19 | 20\ [2-9][0-9] | 22\ 1[2-9] | 22\ [2-9][0-9] | 2[3-9]\ * | [3-9][0-9]\ * | [1-9][0-9][0-9]\ *) return 0 ;;
    esac
  fi
  echo "The page is built with npm and Node 20.19 or 22.12, or newer, and here is none of these. Install it: https://nodejs.org" >&2
  return 1
}
