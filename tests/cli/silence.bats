#!/usr/bin/env bats
# A domain whose reports stop while those of others go on: status, reporters and kpi have to tell.

load helper

# Days count from 2026-01-01 as 0. One reporter tells of each domain; stopped.example has no report after day 20, the days
# of the others are those that the line gives.
setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cd "$BATS_FILE_TMPDIR" || exit
	python3 - >made.xml <<-'PYTHON'
	FIRST = 1767225600
	DAYS = {'daily.example': range(40), 'stopped.example': range(21), 'lagging.example': range(37),
	        'weekdays.example': [d for d in range(36) if d % 7 not in (2, 3)], 'weekly.example': range(3, 40, 7),
	        'monthly.example': (0, 30), 'twice.example': (1, 2), 'gap.example': [d for d in range(40) if d not in range(11, 14)]}
	for domain, days in DAYS.items():
	    for day in days:
	        begin = FIRST + day * 86400
	        print(f'<feedback><report_metadata><org_name>bigmail.example</org_name><report_id>{domain}.{day}</report_id>'
	              f'<date_range><begin>{begin}</begin><end>{begin + 86399}</end></date_range></report_metadata><policy_published>'
	              f'<domain>{domain}</domain><p>none</p></policy_published><record><row><source_ip>192.0.2.1</source_ip><count>10</count>'
	              '<policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row><identifiers>'
	              f'<header_from>{domain}</header_from></identifiers><auth_results><dkim><domain>{domain}</domain><result>pass</result>'
	              f'</dkim><spf><domain>{domain}</domain><result>pass</result></spf></auth_results></record></feedback>')
	PYTHON
	"$DMARCQ" import -q --db made.db made.xml
}

ask() {
	dmarcq "$1" --db "$BATS_FILE_TMPDIR/made.db" "${@:2}"
}

# rows KEY NAME...: of each object below KEY in the JSON object on stdout these values
rows() {
	python3 -c 'import json, sys
for row in json.load(open("stdout", encoding="utf-8"))[sys.argv[1]]: print(*(row[name] for name in sys.argv[2:]))' "$@"
}

@test "status: days without a report are counted to the newest day of all domains" {
	ask status --format json
	assert_status 0
	assert_json window.until 2026-02-09
	assert_equal "$(rows rows domain last_day missing_days | sort)" "daily.example 2026-02-09 0
gap.example 2026-02-09 3
lagging.example 2026-02-06 3
monthly.example 2026-01-31 38
stopped.example 2026-01-21 19
twice.example 2026-01-03 37
weekdays.example 2026-02-05 14
weekly.example 2026-02-08 31"
	# Asked for alone, time has gone on as well.
	ask status --domain stopped.example --format json
	assert_json rows.0.missing_days 19
	assert_json window.until 2026-02-09
}

@test "status: who is silent for longer than is usual is told" {
	ask status --format json
	assert_equal "$(rows silent domain last_day silent_days)" "stopped.example 2026-01-21 19"
	ask status --domain stopped.example --domain daily.example
	[[ $(cat stdout) == *"
No reports any more: is rua= published, and does its mailbox take mail?
Domain           Last day    Silent days
stopped.example  2026-01-21           19
"* ]] || fail "no word of the silence"
	ask status --domain daily.example
	assert_stdout_lacks "No reports any more"
}

@test "reporters: silence of one domain is counted to the newest day of all domains" {
	ask reporters --domain stopped.example --format json
	assert_json window.until 2026-02-09
	assert_equal "$(rows rows reporter silent_days silence)" "bigmail.example 19 silent for 19 days, was daily"
	ask reporters --domain stopped.example --until 2026-01-23 --format json
	assert_equal "$(rows rows reporter silent_days silence)" "bigmail.example 2 None"
	ask reporters --domain stopped.example --since 7d
	assert_status 0
	assert_stderr "dmarcq: no reports since 2026-02-03; there are some from 2026-01-01 to 2026-01-21"
	ask reporters --since 7d --format json
	assert_json window.since 2026-02-03
}
