#!/bin/bash
# One rotation as a person would script it: the calls that Keyturn makes of the same server, in the same order, with
# one curl each. It keeps nothing, and stops at the first call that fails.
# Usage: by_hand.sh ADDRESS ID SECRET; the token is in the file that TOKEN names.
set -euo pipefail
address=$1 old_id=$2 old=$3

ask() { curl --silent --show-error --fail --header "@$TOKEN" "$@"; }
verify() { ask --data "{\"secret\":\"$1\"}" "$address/verify"; }

[[ $(ask "$address/keys") == *'"keys"'* ]]      # the account works
[[ $(ask "$address/keys") == *"\"$old_id\""* ]] # which keys there are
[[ $(verify "$old") == *true* ]]
made=$(ask --data "{\"name\":\"by hand $old_id\"}" "$address/keys")
[[ $made =~ \"secret\":\"([^\"]+)\" ]]
new=${BASH_REMATCH[1]}
[[ $(verify "$new") == *true* ]]
[[ $(verify "$old") == *true* ]] # beside it
ask --output /dev/null "$address/keys/$old_id" # when it was last used
[[ $(verify "$new") == *true* ]]
ask --request POST "$address/keys/$old_id/deactivate"
[[ $(verify "$new") == *true* ]]
ask --request DELETE "$address/keys/$old_id"
[[ $(verify "$old") == *false* ]]
