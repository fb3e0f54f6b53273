# Sourced by the scripts beside it: `venv FOLDER REQUIREMENT` makes or refreshes a virtual environment with Tetrapla.
# It is installed again only when pyproject.toml or the Python changes.

find_python() {
    for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            echo "$name"
            return
        fi
    done
    echo "Tetrapla needs Python 3.11 or newer; none is on the PATH (set PYTHON to one)." >&2
    return 2
}

venv() {
    python=$(find_python)
    stamp="$("$python" -VV) $(cksum <pyproject.toml)"
    if [ "$(cat "$1/installed" 2>/dev/null)" != "$stamp" ]; then
        echo "Installing into $1 …" >&2
        "$python" -m venv --clear "$1"
        "$1/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$2"
        echo "$stamp" >"$1/installed"
    fi
}
