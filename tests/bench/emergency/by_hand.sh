#!/bin/bash
# What has to be done about one key in an emergency, as a person would script it: the calls that Keyturn makes of the
# same server until the old value is seen to be refused, in the same order, with one curl each.
# Usage: by_hand.sh ADDRESS ID SECRET; the token is in the file that TOKEN names.
set -euo pipefail
address=$1 old_id=$2 old=$3

ask() { curl --silent --show-error --fail --header "@$TOKEN" "$@"; }

made=$(ask --data "{\"name\":\"by hand $old_id\"}" "$address/keys")
[[ $made =~ \"secret\":\"([^\"]+)\" ]]
ask --request POST "$address/keys/$old_id/deactivate"
ask --request DELETE "$address/keys/$old_id"
[[ $(ask --data "{\"secret\":\"$old\"}" "$address/verify") == *false* ]]
