#!/bin/sh
# Prints "VERSION PATH" for each wanted Python version that this machine has, on PATH or under
# pyenv; what is not there is left out.
set -u
for version in "$@"; do
  for candidate in "python$version" python3 "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$version"*/bin/python; do
    found=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2], sys.executable)' 2>/dev/null) || continue
    case "$found" in
      "$version "*) echo "$found"; break ;;
    esac
  done
done
