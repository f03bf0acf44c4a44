#!/usr/bin/env bats
# Where import takes things from, what it does with them afterwards, what it says, and how it ends.

load helper

@test "a file, by its bytes and not by its name" {
	report 1 5 | gzip >picture.png
	import picture.png
	assert_status 0
	assert_stderr
	numbers files=1 mails=0 reports=1 duplicates=0 conflicts=0 incomplete=0 repaired=0 records=1 messages=5 \
		rejected=0 skipped=0
	assert_equal "$(wc -l <"$out")" 1
	assert_equal "$(sql 'SELECT path FROM folder')|$(sql 'SELECT name FROM file')" "$PWD|picture.png"
}

@test "a folder with all below it, links and pipes left out" {
	mkdir -p in/b/deep outside
	report 1 >in/1.xml
	report 2 >in/b/2.xml
	report 3 >in/b/deep/3.xml
	report 4 >outside/4.xml
	ln -s ../outside in/link
	ln -s ../outside/4.xml in/link.xml
	mkfifo in/pipe
	import in
	assert_status 0
	assert_stderr
	numbers files=3 reports=3 messages=3
	assert_equal "$(sql 'SELECT report_id FROM report ORDER BY id')" $'1\n2\n3'
}

@test "a link on the command line is followed" {
	report 1 >1.xml
	ln -s 1.xml link
	import link
	assert_status 0
	numbers files=1 reports=1
	assert_equal "$(sql 'SELECT name FROM file')" 1.xml
}

@test "several sources, one of them twice" {
	report 1 >1.xml
	report 2 >2.xml
	cp 1.xml copy.xml
	import 1.xml 2.xml copy.xml
	assert_status 0
	assert_stderr
	numbers files=3 reports=2 duplicates=1 messages=2
}

@test "a name with an escape sequence can't reach the terminal" {
	printf 'no report' >$'\e[31mred'
	import $'\e[31mred'
	assert_status 65
	assert_stderr_has '\x1b[31mred'
	! grep -q $'\e' "$err"
	numbers rejected=1
}

@test "a Maildir: mails of new and cur, tmp left alone, new moves to cur with the flag Seen" {
	mkdir -p box/{cur,new,tmp} box/.Sub/{cur,new,tmp}
	mail 1 >box/new/1.host
	mail 2 >box/cur/2.host:2,R
	mail 3 >box/tmp/3.host
	mail 4 >box/.Sub/new/4.host:2,F
	printf 'not a mail' >box/dovecot.index
	import box
	assert_status 0
	assert_stderr
	numbers files=3 mails=3 reports=3
	assert_equal "$(find box -type f | sort)" "$(printf '%s\n' box/.Sub/cur/4.host:2,FS box/cur/1.host:2,S \
		box/cur/2.host:2,R box/dovecot.index box/tmp/3.host)"
	assert_equal "$(sql 'SELECT name FROM file ORDER BY name')" $'1.host\n2.host\n4.host'
	# The flags are no part of the identity.
	mv box/cur/1.host:2,S box/cur/1.host:2,RS
	import box
	assert_status 0
	numbers files=0 reports=0 duplicates=0
}

@test "a mail without a report is skipped, not rejected" {
	letter >letter.eml
	import letter.eml
	assert_status 0
	assert_stderr
	numbers mails=1 reports=0 rejected=0 skipped=1 other_mails=1 bounces=0
}

@test "mails without a report are counted by what they are; a lost report shows in status" {
	letter >1.eml
	letter | sed 's/^From:.*/From: MAILER-DAEMON@mx.example.com/' >2.eml
	letter | sed 's/^From:.*/&\nAuto-Submitted: auto-replied/' >3.eml
	printf '%s\n' "From: dmarc@reporter.example" "Subject: error" "" "Report-Domain: example.com" "Report-ID: <1>" \
		"Report-Size: 20971520" "Submitter: reporter.example" "Submitting-URI: mailto:d@example.com!10m" >4.eml
	dmarcq import --db "$db" ./*.eml
	assert_status 0
	assert_stderr
	assert_summary "0 reports, 0 records, 0 messages from 4 mails in T s; 4 skipped (1 lost report, 1 bounce, 1 out of office, 1 other mail)"
	dmarcq status --db "$db" --format json
	assert_status 0
	assert_json lost_reports.0.domain example.com
	assert_json lost_reports.0.reporter reporter.example
	assert_json lost_reports.0.reports 1
	assert_json lost_reports.0.largest 20971520
	assert_json last_import.lost_reports 1
	[ -e 1.eml ] && [ -e 4.eml ]
	dmarcq status --db "$db"
	grep -q 'Lost: too large to be sent' stdout || fail "no list"
	dmarcq import --db "$db" --delete ./*.eml
	[ -e 1.eml ] && [ -e 4.eml ]
}

@test "a second run skips what did not change, and reads what did" {
	mkdir in
	report 1 >in/1.xml
	report 2 >in/2.xml
	import in
	numbers reports=2
	report 3 >in/3.xml
	report 22 >in/2.xml
	import in
	assert_status 0
	assert_stderr
	numbers files=2 reports=2 duplicates=0
	import in
	assert_status 0
	numbers files=0 reports=0 duplicates=0
}

@test "--move-to moves, and overwrites nothing" {
	mkdir -p in/sub done
	report 1 >in/r.xml
	report 2 >in/sub/r.xml
	printf 'older' >done/r.xml
	import --move-to done in
	assert_status 0
	assert_stderr
	numbers reports=2
	assert_equal "$(find in done -type f | sort)" $'done/r.xml\ndone/r.xml.1\ndone/r.xml.2'
	assert_equal "$(cat done/r.xml)" older
	assert_equal "$(grep -ho '<report_id>.<' done/r.xml.[12] | sort)" $'<report_id>1<\n<report_id>2<'
}

@test "--move-to into the folder that is read does not read it again" {
	mkdir -p in/done
	report 1 >in/r.xml
	import --move-to in/done in
	assert_status 0
	import --move-to in/done in
	assert_status 0
	numbers files=0 reports=0 skipped=0
	[ -f in/done/r.xml ]
}

@test "messages that are no rejects: -v tells all" {
	local i
	mkdir in done
	for i in {1..22}; do
		report "$i" >"in/$i.xml"
	done
	chmod a-w in
	ordinary import --db "$db" --move-to done in
	assert_status 0
	assert_equal "$(wc -l <"$err")" 21
	assert_equal "$(tail -n 1 "$err")" "dmarcq: ... and 2 more: -v tells all"
	ordinary import -v --db "$db" --move-to done in
	chmod u+w in
	assert_equal "$(grep -c 'cannot move to done: Permission denied' "$err")" 22
}

@test "--delete deletes what was stored" {
	mkdir in
	report 1 >in/1.xml
	import --delete in
	assert_status 0
	numbers reports=1
	assert_equal "$(find in)" in
	dmarcq show 1 --original --db "$db"
	assert_status 0
	report 1 | cmp - "$out"
}

@test "a report that is cut before it says anything is rejected with its bytes" {
	mkdir in
	report 1 | tr -d '\n' | head -c 81 | gzip -n >in/1.xml.gz
	import in
	assert_status 65
	numbers reports=0 incomplete=0 rejected=1
	assert_stderr_has 'in/1.xml.gz: 1:82: the report is cut short before its policy domain and its first record'
	dmarcq rejects --bytes 1 --db "$db"
	assert_status 0
	cmp in/1.xml.gz "$out"
}

@test "standard input: a report, a mail" {
	report 1 2 | {
		import -
		assert_status 0
		assert_stderr
		numbers files=1 mails=0 reports=1 messages=2
	}
	mail 2 | {
		import -
		assert_status 0
		numbers mails=1 reports=1
	}
}

@test "standard input: what can't be read is kept and does not bounce" {
	printf 'neither mail nor report' >in
	import - <in
	assert_status 0
	numbers rejected=1
	dmarcq rejects --bytes 1 --db "$db"
	assert_status 0
	cmp in "$out"
}

@test "standard input: 75 when the database can't take it" {
	printf 'this is no database, whatever its name says' >bad.db
	report 1 >1.xml
	dmarcq import --db bad.db - <1.xml
	assert_status 75
	assert_stdout
	assert_stderr_has "dmarcq: bad.db: "
	dmarcq import --db 1.xml/x.db - <1.xml
	assert_status 75
	assert_stdout
	dmarcq import --db bad.db 1.xml
	assert_status 78
	assert_stdout
	assert_equal "$(wc -l <"$err")" 1
	assert_equal "$(cat bad.db)" 'this is no database, whatever its name says'
}

@test "exit codes: something rejected, nothing usable" {
	report 1 >good.xml
	printf 'no report' >bad
	import good.xml bad
	assert_status 1
	numbers reports=1 rejected=1
	assert_equal "$(wc -l <"$err")" 1
	assert_stderr_has bad
	db=other.db
	import bad
	assert_status 65
	numbers reports=0 rejected=1
}

@test "a word that is no source, but nearly a command or a mailbox" {
	export DMARCQ_CONFIG=dmarcq.conf
	printf '[mailbox office]\nurl = imaps://d@mail.example.com\n' >dmarcq.conf
	import report
	assert_status 65
	assert_stderr 'dmarcq: report: No such file or directory; did you mean `dmarcq reports`?'
	import status ofice ./report
	assert_status 65
	assert_stderr 'dmarcq: status: No such file or directory; did you mean `dmarcq status`?
dmarcq: ofice: No such file or directory; did you mean the mailbox office?
dmarcq: ./report: No such file or directory'
	report 1 >1.xml
	import 1.xml ofice
	assert_status 1
	assert_stderr 'dmarcq: ofice: No such file or directory; did you mean the mailbox office?'
}

@test "a source that is not there, or no file" {
	import missing
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: missing: No such file or directory, and no mailbox of that name in the configuration"
	import /dev/null missing
	assert_status 65
	assert_stdout
	assert_stderr "dmarcq: /dev/null: neither a file nor a folder; the source - reads from a pipe
dmarcq: missing: No such file or directory, and no mailbox of that name in the configuration"
	[ ! -e "$db" ] || fail "made a database for nothing"
	report 1 >1.xml
	import missing 1.xml nowhere
	assert_status 1
	numbers files=1 reports=1 rejected=2
	assert_stderr "dmarcq: missing: No such file or directory, and no mailbox of that name in the configuration
dmarcq: nowhere: No such file or directory, and no mailbox of that name in the configuration"
}

@test "twenty messages, then how many more; all with -v; none with -q" {
	local i
	mkdir in
	report 1 >in/good.xml
	for i in {1..25}; do
		printf 'no report %s' "$i" >in/bad-$i
	done
	import in
	assert_status 1
	numbers reports=1 rejected=25
	assert_equal "$(wc -l <"$err")" 21
	assert_equal "$(tail -n 1 "$err")" "dmarcq: ... and 5 more: dmarcq rejects"
	db=verbose.db
	import -v in
	assert_status 1
	assert_equal "$(wc -l <"$err")" 25
	db=quiet.db
	import -q in
	assert_status 1
	assert_stderr
	numbers rejected=25
}

@test "the last line: for people, as CSV, none with -q" {
	report 1 1234 >1.xml
	dmarcq import --db "$db" 1.xml
	assert_status 0
	assert_stderr
	grep -qxE '1 report, 1 record, 1,234 messages from 1 file in [0-9]+\.[0-9] s' "$out" || fail "another line"
	report 2 >2.xml
	dmarcq import --db "$db" --format csv 2.xml
	assert_equal "$(head -n 1 "$out")" \
		$'files,mails,reports,duplicates,conflicts,incomplete,repaired,records,messages,rejected,skipped,unchanged,failed_sources,bounces,automatic_replies,abuse_reports,lost_reports,other_mails,tls_reports,failures,feedback,seconds\r'
	sed -n 2p "$out" | grep -qE $'^1,0,1,0,0,0,0,1,1,0,0,0,0,0,0,0,0,0,0,0,0,[0-9]+\\.[0-9]{3}\r$' || fail "another row"
	report 3 >3.xml
	dmarcq import --db "$db" -q 3.xml
	assert_status 0
	assert_stdout
	assert_stderr
}

@test "a signal ends it behind the item that is being read, and the next run goes on" {
	mkdir in
	report 2 >in/2.xml
	mkfifo pipe
	"$DMARCQ" import --db "$db" --jobs 1 - in <pipe >"$out" 2>"$err" &
	local pid=$!
	exec 7>pipe
	# The database is made when signals are already waited for.
	until [ -s "$db" ]; do kill -0 $pid; done
	kill -TERM $pid
	report 1 >&7
	exec 7>&-
	status=0
	wait $pid || status=$?
	assert_status 75
	dmarcq status --db "$db" --format json
	assert_json last_import.finished null
	assert_json last_import.state "cut off, or still running"
	import in
	assert_status 0
	dmarcq status --db "$db" --format json
	assert_json last_import.state finished
	import in
	assert_status 0
	dmarcq status --db "$db" --format json
	assert_json last_import.files 0
	assert_json last_import.state "nothing new"
	dmarcq db check --db "$db"
	assert_status 0
	assert_equal "$(sql "SELECT count(*) FROM report WHERE report_id = '2'")" 1
}

@test "without originals" {
	report 1 >1.xml
	import --no-originals 1.xml
	assert_status 0
	numbers reports=1
	assert_equal "$(sql 'SELECT count(*) FROM original_chunk')" 0
	dmarcq db rebuild --db "$db"
	[ "$status" -ne 0 ] || fail "rebuilt from nothing"
	assert_equal "$(sql 'SELECT count(*) FROM report')" 1
}
