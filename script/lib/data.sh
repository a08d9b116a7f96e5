# shellcheck shell=bash
# Sourced by script/backup and script/restore. data_of "$@" takes --compose and FILE, and sets compose, file and folder: the folder of
# Redis, of script/server (DATA_DIR, of the environment or of .env, or ./data) or in the container. Works with the bash 3.2 of macOS.

# shellcheck source=script/lib/usage.sh
source "$(dirname "${BASH_SOURCE[0]}")/usage.sh"

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
    echo "There is no $folder: script/server keeps its data there, or where DATA_DIR says; with docker compose: script/${0##*/} --compose FILE" >&2
    exit 1
  fi
}
