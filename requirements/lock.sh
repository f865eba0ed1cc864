#!/bin/sh
# Recompiles the locks. The runtime lock is held to the versions that the tests run with.
set -eu
cd "$(dirname "$0")"
UV="${UV:-uv}"
lock() { "$UV" pip compile -q --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header "$@"; }
lock -o dev.txt dev.in
lock -c dev.txt -o runtime.txt runtime.in
lock -o ministack.txt ministack.in
lock -o sam.txt sam.in
