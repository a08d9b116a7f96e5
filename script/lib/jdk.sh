# shellcheck shell=bash
# Sourced by the scripts beside this folder. find_jdk sets JAVA_HOME to a JDK 25 or newer, or says what to install and returns 1.
# Works with the bash 3.2 of macOS.

jdk_version() { # jdk_version HOME: its feature version, or nothing if it is no JDK
  [ -x "$1/bin/javac" ] || return 0
  # Asking javac itself takes half a second on a slow machine.
  if [ -r "$1/release" ]; then
    sed -n 's/^JAVA_VERSION="\([0-9][0-9]*\).*/\1/p' "$1/release"
    return 0
  fi
  "$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9][0-9]*\).*/\1/p'
}

find_jdk() {
  local candidate version
  local candidates=("${JAVA_HOME:-}")
  for candidate in /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
    candidates+=("$candidate")
  done
  if [ -x /usr/libexec/java_home ]; then
    candidates+=("$(/usr/libexec/java_home -v 25+ 2>/dev/null || true)")
  fi
  if command -v javac >/dev/null 2>&1; then
    candidates+=("$(cd "$(dirname "$(command -v javac)")/.." && pwd -P)")
  fi
  for candidate in "${candidates[@]}"; do
    [ -n "$candidate" ] || continue
    version=$(jdk_version "$candidate")
    if [ -n "$version" ] && [ "$version" -ge 25 ]; then
      export JAVA_HOME="$candidate"
      export PATH="$JAVA_HOME/bin:$PATH"
      return 0
    fi
  done
  echo "Parley needs a JDK 25 or newer and found none. Install Eclipse Temurin 25 (https://adoptium.net), or set JAVA_HOME to the one you have." >&2
  return 1
}

# maven ARGUMENT…: the project's own Maven where it is there, else the one on the PATH.
maven() {
  local root
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  if command -v mvn >/dev/null 2>&1; then
    mvn --batch-mode --no-transfer-progress "$@"
  elif [ -x "$root/mvnw" ]; then
    "$root/mvnw" --batch-mode --no-transfer-progress "$@"
  else
    echo "Parley is built with Apache Maven 3.8.7 or newer and found none. Install it: https://maven.apache.org/install.html" >&2
    return 1
  fi
}
