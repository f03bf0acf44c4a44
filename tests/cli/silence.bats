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

# targets NAME=VALUE...: a configuration of kpi with these, and none for the shares.
targets() {
	printf '%s\n' '[kpi]' 'spf-pass = none' 'dkim-signed = none' 'dmarc-pass = none' 'newest-week = none' "$@" >targets.conf
	export DMARCQ_CONFIG=targets.conf
}

@test "kpi: a domain without reports in the window is in the table, and misses its target" {
	targets
	ask kpi --since 7d --format json
	assert_status 1
	assert_json window.since 2026-02-03
	assert_equal "$(rows rows domain messages days_reported silent_days result | sort)" "(all) 220 100 0 ok
daily.example 70 100 0 ok
gap.example 70 100 0 ok
lagging.example 40 57.1429 3 ok
monthly.example 0 0 9 None
stopped.example 0 0 19 missed: silent-days
twice.example 0 0 37 None
weekdays.example 30 42.8571 4 ok
weekly.example 10 14.2857 1 ok"
	assert_stderr "dmarcq: kpi: stopped.example: no report for 19 days, target at most 3"
	assert_json targets.silent_days 3
	# Neither in a window of its own nor over everything is it green.
	for window in "--since 7d" "--since 2026-01-01" ""; do
		ask kpi --domain stopped.example $window
		assert_status 1
		assert_stderr "dmarcq: kpi: stopped.example: no report for 19 days, target at most 3"
	done
	# As long as it had some, and before the first one, there is nothing to tell.
	ask kpi --until 2026-01-24 --since 7d --domain stopped.example --format json
	assert_status 0
	assert_equal "$(rows rows domain days_reported silent_days result)" "stopped.example 57.1429 3 ok"
	ask kpi --until 2025-12-31 --since 7d
	assert_status 0
	assert_stdout_lacks example
}

@test "kpi: the target for silence is that of the configuration" {
	targets "silent-days = 19"
	ask kpi --since 7d
	assert_status 0
	targets "silent-days = none"
	ask kpi --since 7d --format json
	assert_status 0
	assert_json targets.silent_days null
	# What is usual of the domain is the least: weekdays.example has two days without a report each week.
	targets "silent-days = 1"
	ask kpi --since 7d --format json
	assert_equal "$(rows rows domain result | grep missed)" "lagging.example missed: silent-days
stopped.example missed: silent-days"
	targets "silent-days = 0"
	ask kpi
	assert_status 78
	assert_stderr_has "not a whole number of days from 1 to 36500, nor none"
}
