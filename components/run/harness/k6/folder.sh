# Sourced by launcher.sh, operator.sh and inspect.sh: goes to the folder with all files of runner $index.
# $FOLDER holds harness and script; $MORE, where there is one, what did not fit beside them. Neither can be written, so where there is
# something to put together it is done in a copy.

# shellcheck shell=sh
cd "$FOLDER"
if [ -n "${MORE:-}${SPLIT_FILES:-}" ]; then
  copy=$(mktemp -d)
  cp -L ./* "$copy"
  cd "$copy"
  for file in "${MORE:-/nowhere}"/*; do
    if [ -e "$file" ]; then cp -L "$file" .; fi
  done
  # Pieces of a file are named `.<number>.<file>`, and come here in their order.
  for piece in "${MORE:-/nowhere}"/.[0-9][0-9].*; do
    name=${piece##*/}
    if [ -e "$piece" ]; then cat "$piece" >>"${name#.??.}"; fi
  done
  # Files of which each runner has its own part take their name.
  for file in ${SPLIT_FILES:-}; do
    mv "$file.$index" "$file"
  done
fi
