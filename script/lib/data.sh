# shellcheck shell=bash
# Sourced by script/backup and script/restore. data_of "$@" takes --compose and FILE, and sets compose, file and folder: the folder of
# Redis, of script/server (DATA_DIR, of the environment or of .env, or ./data) or in the container. Works with the bash 3.2 of macOS.

data_of() {
  local caller=$PWD
  compose=
  if [ "${1:-}" = --compose ]; then
    compose=1
    shift
  fi
  [ $# -eq 1 ] && [ -n "$1" ] && [ "${1#-}" = "$1" ] || usage
  case $1 in /*) file=$1 ;; *) file=$caller/$1 ;; esac
  case ${DATA_DIR:-} in '' | /*) ;; *) DATA_DIR=$caller/$DATA_DIR ;; esac
  cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
  # shellcheck source=script/lib/env.sh
  source script/lib/env.sh
  if [ -n "$compose" ]; then
    folder=/data
    return
  fi
  read_env .env
  folder=${DATA_DIR:-data}/redis
  if [ ! -d "$folder" ]; then
    echo "There is no $folder: script/server keeps its data there, or where DATA_DIR says; with docker compose: ${0##*/script/} --compose FILE" >&2
    exit 1
  fi
}

usage() {
  sed -n '2,/^[^#]/p' "$0" | sed -n 's/^# \{0,1\}//p' >&2
  exit 2
}
