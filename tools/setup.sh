#!/bin/sh
# Makes .venv and installs the pinned dependencies of the extras named as arguments:
#
#     sh tools/setup.sh book test
#
# PYTHON=/path/to/python chooses the interpreter. Does nothing when there is nothing new to install.
set -eu
cd "$(dirname "$0")/.."

# Python's own settings, and pip's `user = true`, would let other packages in past the pins.
unset PYTHONPATH PYTHONHOME
PIP_USER=0
PIP_DISABLE_PIP_VERSION_CHECK=1
export PIP_USER PIP_DISABLE_PIP_VERSION_CHECK

version() { "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null; }

# Succeeds when "$1" is a Python that can make the environment; otherwise adds the reason to $reasons.
usable() {
    # A launcher of a version manager can stand on the path and still start nothing: run it to know.
    if ! found=$(version "$1"); then
        command -v "$1" >/dev/null 2>&1 && reasons="$reasons
  $1: found, but it does not start"
        return 1
    fi
    case $found in
        3.11.* | 3.12.* | 3.13.*) ;;
        *) reasons="$reasons
  $1: is Python $found"
           return 1 ;;
    esac
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return 0
    reasons="$reasons
  $1: is Python $found, but lacks the modules venv and ensurepip
    (on Debian and Ubuntu: sudo apt install python${found%.*}-venv)"
    return 1
}

find_python() {
    reasons=
    if [ -n "${PYTHON:-}" ]; then
        usable "$PYTHON" && { python=$PYTHON; return; }
        [ -n "$reasons" ] || reasons="
  $PYTHON: no such command"
    else
        for python in python3.13 python3.12 python3.11 python3; do
            usable "$python" && return
        done
        [ -n "$reasons" ] || reasons="
  no python3 on the path"
    fi
    cat >&2 <<END

This project needs Python 3.11, 3.12 or 3.13, and found none that it can use:
$reasons

Install one of them (your system's packages, python.org, or conda with environment.yml),
then run the same command again. If it is not on the path, name it:

  make book PYTHON=/path/to/python3.13

END
    exit 1
}

here=$(pwd -P)
pins=$(cat pyproject.toml constraints.txt | cksum)

made_here() {
    reasons=
    usable .venv/bin/python || return 1    # its Python may be gone
    [ -z "${PYTHON:-}" ] || [ "$(version "$PYTHON")" = "$found" ] || return 1
    made_for="Python ${found%.*} in $here"
    if [ -e .venv/made-for ]; then
        # Its Python may have become another, and its scripts hold the folder's full name.
        [ "$(cat .venv/made-for)" = "$made_for" ]
    else
        # Made by hand, or by a run that was stopped halfway.
        .venv/bin/python -m pip --version >/dev/null 2>&1 && echo "$made_for" > .venv/made-for
    fi
}

if ! made_here; then
    find_python
    echo "Making .venv with Python $(version "$python")"
    rm -rf .venv
    "$python" -m venv .venv
    made_here
fi

wanted=
for extra in "$@"; do
    [ "$(cat ".venv/has-$extra" 2>/dev/null)" = "$pins" ] || wanted="$wanted${wanted:+,}$extra"
done
[ -n "$wanted" ] || exit 0

echo "Installing the pinned dependencies ($wanted) into .venv"
.venv/bin/python -m pip install -c constraints.txt -e ".[$wanted]"
for extra in "$@"; do
    echo "$pins" > ".venv/has-$extra"
done
