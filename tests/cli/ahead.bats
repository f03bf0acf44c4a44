#!/usr/bin/env bats
# One report of the year 2099 among those of ten days: it counts, it is told, and no answer is made for 73 years.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	export HOME=$BATS_TEST_TMPDIR
	db=$BATS_TEST_TMPDIR/test.db
	local day
	for day in 0 1 2 3 4 5 6 7 8 9; do
		report "r$day" 3 | sed "s/1767225600/$((1767225600 + day * 86400))/; s/1767311999/$((1767311999 + day * 86400))/"
	done >days.xml
	report far 1234 | sed 's/1767225600/4070908800/; s/1767311999/4070995199/' >far.xml
	dmarcq import -q --db "$db" days.xml far.xml
	assert_status 0
}

@test "what is dated behind the last import is told below what counts it" {
	local note="1,234 messages of days that had not come at the last import, up to 2099-01-01, are counted" name
	for name in trend kpi reporters reports top-failures policy; do
		dmarcq "$name" --db "$db"
		assert_stdout_has "$note; --until 2026-01-10 leaves them out"
		dmarcq "$name" --db "$db" --until 2026-01-10
		assert_stdout_lacks "had not come"
		dmarcq "$name" --db "$db" --format json
		python3 -m json.tool <stdout >/dev/null || fail "no JSON"
		assert_stdout_lacks "had not come"
	done
	dmarcq status --db "$db"
	assert_equal "$(grep 'had not come' stdout)" "$note"
	dmarcq status --db "$db" --format json
	assert_json rows.0.messages 1264
	assert_json rows.0.last_day 2026-01-10
	assert_json rows.0.missing_days 0
}

@test "it makes no months of ten days" {
	dmarcq trend --db "$db" --format csv
	assert_equal "$(sed -n '2p; $p' stdout | cut -d, -f 1,2 | tr -d '\r')" "2026-01-01,3
2099-01-01,1234"
	assert_equal "$(grep -c '^2026-01-.*,3,3,' stdout)" 10
}

@test "where nothing is ahead there is no word of it" {
	rm "$db"
	dmarcq import -q --db "$db" days.xml
	for name in status trend kpi reporters reports; do
		dmarcq "$name" --db "$db"
		assert_stdout_lacks "had not come"
	done
}
