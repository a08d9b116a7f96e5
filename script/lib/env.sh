# shellcheck shell=bash
# Sourced by the scripts beside this folder. read_env FILE takes settings from a file such as docker compose reads: NAME=value lines,
# comments, quotes if wanted. Nothing in it is run. What the environment already has wins. Works with the bash 3.2 of macOS.

read_env() {
  local line name value
  local setting='^[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)[[:space:]]*=[[:space:]]*(.*)$'
  [ -f "$1" ] || return 0
  while IFS= read -r line || [ -n "$line" ]; do
    line=${line%$'\r'}
    [[ $line =~ $setting ]] || continue
    name=${BASH_REMATCH[2]}
    value=${BASH_REMATCH[3]}
    case $value in
      \"*\"*) value=${value#\"}; value=${value%%\"*} ;;
      \'*\'*) value=${value#\'}; value=${value%%\'*} ;;
      *) value=${value%%[[:space:]]#*}; value=${value%"${value##*[![:space:]]}"} ;;
    esac
    [ -n "${!name+set}" ] || export "$name=$value"
  done <"$1"
}
