#!/usr/bin/env bats
# Which domains a question is about, and in which order it answers. The reports stand here: their numbers are easy.

load helper

# report DOMAIN FAILING PASSING NUMBER: an aggregate report.
report() {
	cat <<-XML
	<feedback><report_metadata><org_name>reporter.example</org_name><email>a@reporter.example</email><report_id>$4</report_id>
	<date_range><begin>1767225600</begin><end>1767311999</end></date_range></report_metadata>
	<policy_published><domain>$1</domain><p>none</p></policy_published>
	<record><row><source_ip>192.0.2.$4</source_ip><count>$2</count><policy_evaluated><disposition>none</disposition>
	<dkim>fail</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>$1</header_from></identifiers>
	<auth_results/></record>
	<record><row><source_ip>192.0.2.$4</source_ip><count>$3</count><policy_evaluated><disposition>none</disposition>
	<dkim>pass</dkim><spf>fail</spf></policy_evaluated></row><identifiers><header_from>$1</header_from></identifiers>
	<auth_results/></record></feedback>
	XML
}

setup_file() {
	: "${DMARCQ_TOP:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
	: "${DMARCQ:=$DMARCQ_TOP/build/test/dmarcq}"
	cd "$BATS_FILE_TMPDIR" || exit
	report example.com 10 90 1 >1.xml
	report news.example.com 40 10 2 >2.xml
	report shop.news.example.com 5 1 3 >3.xml
	report notexample.com 7 700 4 >4.xml
	report example.net 20 5 5 >5.xml
	"$DMARCQ" import --db all.db -q ./*.xml
}

# domains ARGS...: the domains of `dmarcq status ARGS`, in order, on one line.
domains() {
	dmarcq status --db "$BATS_FILE_TMPDIR/all.db" --format csv "$@"
	assert_status 0
	assert_stderr
	tail -n +2 "$out" | cut -d, -f1 | paste -sd' '
}

@test "several domains" {
	assert_equal "$(domains --domain example.net --domain EXAMPLE.com. --domain example.net)" 'example.com example.net'
}

@test "wildcards" {
	assert_equal "$(domains --domain '*.example.com')" 'news.example.com shop.news.example.com'
	assert_equal "$(domains --domain 'Example.???')" 'example.com example.net'
	assert_equal "$(domains --domain '*')" 'notexample.com example.com news.example.com example.net shop.news.example.com'
}

@test "the domains below" {
	assert_equal "$(domains --domain example.com --include-subdomains)" 'example.com news.example.com shop.news.example.com'
	assert_equal "$(domains --domain news.example.com --include-subdomains)" 'news.example.com shop.news.example.com'
	dmarcq status --db "$BATS_FILE_TMPDIR/all.db" --include-subdomains
	assert_status 64
	assert_stdout
	assert_stderr 'dmarcq: status: --include-subdomains: the subdomains of which --domain?'
}

@test "a domain that no report is about" {
	local known='there are some about example.com, example.net, news.example.com, notexample.com, shop.news.example.com'
	dmarcq status --db "$BATS_FILE_TMPDIR/all.db" --domain example.com --domain 'x*'
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: no reports about x*; $known"
	dmarcq export --db "$BATS_FILE_TMPDIR/all.db" --domain com --include-subdomains --domain xyz.test
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: no reports about xyz.test; $known"
	# Where they are too many to be listed, the one that was meant.
	for number in {10..40}; do
		report "domain$number.example" 1 1 "$number"
	done >many.xml
	dmarcq import --db many.db -q many.xml
	dmarcq status --db many.db --domain domian37.example
	assert_status 65
	assert_stdout
	assert_stderr 'dmarcq: no reports about domian37.example; did you mean domain37.example?'
}

@test "the rankings and the export keep to the domains" {
	dmarcq top-failures --db "$BATS_FILE_TMPDIR/all.db" --by domain --domain 'example.*' --format csv
	assert_status 0
	assert_stderr
	assert_equal "$(cut -d, -f1-4 "$out" | tail -n +2 | paste -sd' ')" 'example.net,20,66.6667,25 example.com,10,33.3333,100'
	dmarcq export --db "$BATS_FILE_TMPDIR/all.db" --domain example.com --include-subdomains
	assert_status 0
	assert_stderr
	assert_equal "$(cut -d, -f1 "$out" | tail -n +2 | sort | uniq -c | paste -sd' ' | tr -s ' ')" \
	    ' 2 example.com 2 news.example.com 2 shop.news.example.com'
}

@test "an order of one's own" {
	assert_equal "$(domains --sort domain)" 'example.com example.net news.example.com notexample.com shop.news.example.com'
	assert_equal "$(domains --sort -domain)" 'shop.news.example.com notexample.com news.example.com example.net example.com'
	assert_equal "$(domains --sort messages)" 'notexample.com example.com news.example.com example.net shop.news.example.com'
	assert_equal "$(domains --sort -messages)" 'shop.news.example.com example.net news.example.com example.com notexample.com'
	# 98.9 %, 90 %, 20 %, 20 %, 16.7 %; equal ones by name
	assert_equal "$(domains --sort pass_percent)" 'notexample.com example.com example.net news.example.com shop.news.example.com'
	# The number of rows is that of the order asked for.
	dmarcq top-failures --db "$BATS_FILE_TMPDIR/all.db" --by domain --sort messages -n 2 --format csv
	assert_status 0
	assert_stderr
	assert_equal "$(cut -d, -f1 "$out" | tail -n +2 | paste -sd' ')" 'notexample.com example.com'
}

@test "an order by what is no column" {
	dmarcq reports --db "$BATS_FILE_TMPDIR/all.db" --sort size
	assert_status 64
	assert_stdout
	assert_stderr 'dmarcq: reports: --sort: no such column: "size"; there are id, domain, reporter, report_id, begin, end, records, messages, incomplete, repaired, state, authenticity'
}

@test "reports of one kind" {
	cd "$BATS_FILE_TMPDIR" || return
	sed 's/<count>10</<count>11</' 1.xml >conflict.xml
	head -c 750 5.xml | sed 's/>5<\/report_id>/>9<\/report_id>/' >cut.xml
	dmarcq import --db kinds.db -q 1.xml conflict.xml cut.xml
	assert_status 0
	local kind
	for kind in all:1,1,9 counted:1,9 conflict:1 incomplete:9 repaired:9; do
		dmarcq reports --db kinds.db --only "${kind%:*}" --format csv
		assert_status 0
		assert_stderr
		assert_equal "${kind%:*}:$(tail -n +2 "$out" | cut -d, -f4 | paste -sd,)" "$kind"
	done
	dmarcq reports --db kinds.db --only cut
	assert_status 64
	assert_stdout
	assert_stderr 'dmarcq: reports: --only: not one of all|counted|conflict|pruned|incomplete|repaired|authenticated|unverified|forged: "cut"'
}

@test "a list has no order" {
	dmarcq why 192.0.2.1 --db "$BATS_FILE_TMPDIR/all.db" --sort dkim
	assert_status 64
	assert_stdout
	assert_stderr_has 'dmarcq: why: --sort: no such column: "dkim"; there are '
}

@test "a domain that is named twice counts once" {
	local question
	for question in status top-failures trend kpi policy reporters reports 'why 192.0.2.1'; do
		# shellcheck disable=SC2086
		dmarcq $question --db "$BATS_FILE_TMPDIR/all.db" --domain example.com --format csv
		cp "$out" once
		# shellcheck disable=SC2086
		dmarcq $question --db "$BATS_FILE_TMPDIR/all.db" --domain example.com --domain 'example.c*' --format csv
		diff once "$out" || fail "$question differs"
	done
}

@test "a window of no day" {
	dmarcq trend --db "$BATS_FILE_TMPDIR/all.db" --since 0d
	assert_status 64
	assert_stdout
	assert_stderr 'dmarcq: trend: --since: no day at all: "0d": 1d is the last one alone'
}
