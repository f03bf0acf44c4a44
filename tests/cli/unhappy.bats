#!/usr/bin/env bats
# What stands in the way of an import or a question: databases that can't be used, disks that are full, sources that
# can't be read. Each says what is wrong and where, ends with its exit code, and changes nothing. For a mail that is
# delivered to standard input the exit code is 75, so that the mail server keeps it.

load helper

teardown() {
	! mountpoint -q disk || umount disk
}

# no_import CODE TEXT: neither from a file nor from standard input. Runs as an ordinary user.
no_import() {
	report new 7 >new.xml
	ordinary import --db "$db" new.xml
	assert_status "$1"
	assert_stdout
	assert_stderr "dmarcq: $2"
	mail new >new.eml
	ordinary import --db "$db" - <new.eml
	assert_status 75
	assert_stdout
	assert_stderr "dmarcq: $2"
}

# no_command CODE TEXT: nor any other command.
no_command() {
	local command
	for command in status top-failures reports "show 1" "show 1 --original" rejects "rejects --bytes 1" export \
		"export -o file.csv" "rejects --retry" "db check" "db rebuild"; do
		# shellcheck disable=SC2086
		ordinary $command --db "$db"
		assert_status "$1"
		assert_stdout
		assert_stderr "dmarcq: $2"
	done
	[ ! -e file.csv ] || fail "export left a file"
}

@test "an empty file is not made a database but by an import" {
	: >"$db"
	for command in "db rebuild" "rejects --retry" "db vacuum" "db prune --keep 400d" status; do
		# shellcheck disable=SC2086
		dmarcq $command --db "$db"
		assert_status 78
		assert_stdout
		assert_stderr "dmarcq: $db: it holds nothing yet: \`dmarcq import\` fills it"
		[ ! -s "$db" ] || fail "$command: something was written"
	done
}

# A database with one report of one message.
one_report() {
	report one >one.xml
	dmarcq import -q --db "$db" one.xml
	assert_status 0
}

# unchanged: the database holds what it held, and can be written again.
unchanged() {
	import one.xml
	assert_status 0
	numbers files=0 reports=0 unchanged=1
	assert_equal "$(sql 'SELECT group_concat(report_id) FROM report')" one
}

@test "no database" {
	no_command 78 "$db: there is no database yet: \`dmarcq import\` makes it"
	[ ! -e "$db" ] || fail "a question made a database"
}

@test "a database that may not be written: imports say so, questions are answered" {
	one_report
	chmod 400 "$db"
	no_import 77 "$db: cannot write: Permission denied"
	ordinary db rebuild --db "$db"
	assert_status 77
	assert_stderr "dmarcq: $db: cannot write: Permission denied"
	ordinary export --db "$db"
	assert_status 0
	assert_equal "$(wc -l <"$out")" 2
	assert_stderr
	chmod 600 "$db"
	unchanged
}

@test "a database that may not be read" {
	one_report
	chmod 0 "$db"
	no_import 77 "$db: cannot read: Permission denied"
	no_command 77 "$db: cannot read: Permission denied"
	chmod 600 "$db"
	unchanged
}

@test "a database in a folder that may not be written" {
	mkdir folder
	db=$PWD/folder/test.db
	one_report
	chmod 555 folder
	no_import 77 "$PWD/folder: cannot write in this folder: Permission denied"
	ordinary export --db "$db"
	assert_status 0
	assert_equal "$(wc -l <"$out")" 2
	assert_stderr
	ordinary db check --db "$db"
	assert_status 0
	assert_stdout "no problems found"
	# A new one can't be made there.
	db=$PWD/folder/new.db
	no_import 77 "$PWD/folder: cannot write in this folder: Permission denied"
	db=$PWD/folder/below/new.db
	no_import 77 "$PWD/folder/below: cannot make the folder: Permission denied"
	chmod 755 folder
	db=$PWD/folder/test.db
	unchanged
}

@test "a read-only file system" {
	mkdir disk
	db=$PWD/disk/test.db
	mount -t tmpfs -o size=4m tmpfs disk || skip "mounting is not allowed here"
	one_report
	mount -o remount,ro disk
	no_import 77 "$db: cannot write: Read-only file system"
	dmarcq export --db "$db"
	assert_status 0
	assert_equal "$(wc -l <"$out")" 2
}

@test "a file or a device where the folder or the database should be" {
	mkdir "$db"
	no_import 78 "$db: this is not a file"
	no_command 78 "$db: this is not a file"
	db=/dev/null
	no_import 78 "/dev/null: this is not a file"
	no_command 78 "/dev/null: this is not a file"
	touch file
	db=$PWD/file/test.db
	no_import 78 "$PWD/file: cannot make the folder: Not a directory"
	no_command 78 "$PWD/file/test.db: Not a directory"
}

# refused TEXT: with code 78 by every command, and what lies there stays as it is, with nothing beside it.
refused() {
	cp "$db" before
	no_import 78 "$1"
	no_command 78 "$1"
	dmarcq db init --db "$db"
	assert_status 78
	assert_stdout
	assert_stderr "dmarcq: $1"
	cmp before "$db" || fail "it was changed"
	assert_equal "$(echo "$db"*)" "$db"
}

@test "a file that is no database" {
	printf 'this is no database, whatever its name says' >"$db"
	refused "$db: this is not a dmarcq database: nothing was changed; --db or \$DMARCQ_DB names another"
	report 1 5000 >"$db"
	refused "$db: this is not a dmarcq database: nothing was changed; --db or \$DMARCQ_DB names another"
}

@test "a database of another program" {
	sqlite3 "$db" 'CREATE TABLE message (id INTEGER)'
	refused "$db: this is not a dmarcq database: nothing was changed; --db or \$DMARCQ_DB names another"
	rm "$db"
	sqlite3 "$db" 'PRAGMA application_id = 42'
	refused "$db: this is not a dmarcq database: nothing was changed; --db or \$DMARCQ_DB names another"
}

@test "a database of a newer version" {
	one_report
	local version
	version=$(sql 'PRAGMA user_version')
	sqlite3 "$db" 'PRAGMA user_version = 99'
	rm -f "$db"-*
	refused "$db: made by a newer dmarcq (schema 99, this one knows up to $version): use that one"
}

@test "a damaged database: cut, or overwritten" {
	one_report
	rm -f "$db"-*
	cp "$db" whole.db
	head -c 60 whole.db >"$db"
	refused "$db: the database is damaged: put a backup in its place, or import the reports into a new one"
	head -c 5000 whole.db >"$db"
	refused "$db: the database is damaged: put a backup in its place, or import the reports into a new one"
	head -c 70000 whole.db >"$db"
	refused "$db: the database is damaged: put a backup in its place, or import the reports into a new one"
	# The head is that of a database, its first page is none.
	cp whole.db "$db"
	head -c 3996 /dev/zero | tr '\0' '\377' | dd of="$db" bs=1 seek=100 conv=notrunc status=none
	refused "$db: the database is damaged: put a backup in its place, or import the reports into a new one"
}

# spoil TABLE: overwrites the first page of a table.
spoil() {
	local page
	page=$(sql "SELECT rootpage FROM sqlite_schema WHERE name = '$1'")
	head -c 4096 /dev/zero | tr '\0' '\377' | dd of="$db" bs=4096 seek=$((page - 1)) conv=notrunc status=none
}

@test "a damaged table: what needs it says so, db check tells where" {
	one_report
	rm -f "$db"-*
	spoil record
	dmarcq show 1 --db "$db"
	assert_status 78
	assert_stderr "dmarcq: $db: the database is damaged: put a backup in its place, or import the reports into a new one"
	dmarcq export -o all.csv --db "$db"
	assert_status 78
	assert_stdout
	assert_stderr "dmarcq: $db: the database is damaged: put a backup in its place, or import the reports into a new one"
	[ ! -e all.csv ] || fail "half an export"
	dmarcq db check --db "$db"
	assert_status 1
	assert_stderr
	grep -qE '^Page [0-9]+: btreeInitPage\(\) returns error code 11$' "$out" || fail "does not tell the page"
	no_import 78 "$db: the database is damaged: put a backup in its place, or import the reports into a new one"
}

@test "a damaged row: a number where a text should be is that number" {
	report a >a.xml
	report b >b.xml
	import a.xml b.xml
	sqlite3 "$db" "PRAGMA writable_schema = 1" "UPDATE sqlite_schema SET sql = replace(sql, 'report_id TEXT', 'report_id ANY') WHERE name = 'report'"
	sqlite3 "$db" "UPDATE report SET report_id = 5 WHERE report_id = 'b'" "SELECT DISTINCT typeof(report_id) FROM report" >types
	grep -q integer types || fail "a text still"
	dmarcq export --db "$db"
	assert_status 0
	assert_equal "$(tail -n +2 "$out" | cut -d, -f3)" "$(printf '5\na')"
}

@test "a full disk: file-size limit" {
	mkdir in
	for i in {1..60}; do
		report "$i" >in/$i.xml
	done
	one_report
	(ulimit -f 60 && import in && assert_status 74 && assert_stdout && assert_stderr "dmarcq: $db: File too large")
	mail new >new.eml
	(ulimit -f 8 && dmarcq import --db "$db" - <new.eml && assert_status 75 && assert_stdout &&
		assert_stderr "dmarcq: $db: File too large")
	# What was committed stays, and the next run goes on.
	dmarcq db check --db "$db"
	assert_status 0
	import in
	assert_status 0
	numbers reports=60 messages=60
}

@test "a full disk: no space left" {
	mkdir disk in
	report big >big.xml
	for i in {1..3000}; do
		sed -n '/<record>/,/<\/record>/p' big.xml | sed "s/192.0.2.1/198.51.$((i / 250)).$((i % 250))/"
	done >records
	{ sed '/<record>/,$d' big.xml && cat records && echo '</feedback>'; } >big
	mount -t tmpfs -o size=500k tmpfs disk || skip "mounting is not allowed here"
	db=$PWD/disk/test.db
	one_report
	import big
	assert_status 74
	assert_stdout
	assert_stderr "dmarcq: $db: the disk is full"
	dmarcq import --db "$db" - <big
	assert_status 75
	assert_stdout
	assert_stderr "dmarcq: $db: the disk is full"
	assert_equal "$(sql 'SELECT group_concat(report_id) FROM report')" one
	mount -o remount,size=8m disk
	import big
	assert_status 0
	numbers reports=1 records=3000 messages=3000
	dmarcq db check --db "$db"
	assert_status 0
}

# Another program holds the database for writing until release is called.
hold() {
	coproc HOLDER { sqlite3 "$db"; }
	# shellcheck disable=SC2153
	printf "BEGIN IMMEDIATE; SELECT 'held';\n" >&"${HOLDER[1]}"
	local word
	read -r word <&"${HOLDER[0]}"
	assert_equal "$word" held
}

release() {
	local pid=$HOLDER_PID
	printf 'ROLLBACK;\n.quit\n' >&"${HOLDER[1]}"
	wait "$pid"
}

@test "a database that another program holds: 75 when the time to wait is over" {
	one_report
	hold
	report two >two.xml
	import --limit wait-seconds=0 two.xml
	assert_status 75
	assert_stdout
	assert_stderr "dmarcq: $db: another process is writing to it"
	import --limit wait-seconds=0 - <two.xml
	assert_status 75
	assert_stdout
	assert_stderr "dmarcq: $db: another process is writing to it"
	# Questions need not wait.
	dmarcq reports --limit wait-seconds=0 --db "$db" --format json
	assert_status 0
	assert_json rows.0.report_id one
	release
	import two.xml
	assert_status 0
	numbers reports=1
}

@test "two imports at once wait for each other" {
	mkdir a b
	local i round first second
	for i in {1..40}; do
		report a$i 2 >a/$i.xml
		report b$i 3 >b/$i.xml
	done
	cp a/1.xml b/also.xml
	for round in 1 2 3; do
		db=$PWD/round$round.db
		first=0 second=0
		"$DMARCQ" import --format json --db "$db" a >a.json 2>a.err &
		local pid=$!
		"$DMARCQ" import --format json --db "$db" b >b.json 2>b.err || second=$?
		wait $pid || first=$?
		assert_equal "$first $second $(cat a.err b.err)" "0 0 "
		assert_equal "$(out=a.json json reports) + $(out=b.json json reports) $(out=a.json json duplicates)$(
			out=b.json json duplicates)" "$(out=a.json json reports) + $((80 - $(out=a.json json reports))) $(
			[ "$(out=a.json json reports)" = 40 ] && echo 01 || echo 10)"
		assert_equal "$(sql 'SELECT count(*), sum(messages) FROM report')" "80|200"
		dmarcq db check --db "$db"
		assert_status 0
		assert_stdout "no problems found"
	done
}

@test "sources that may not be read: alone they are 77, among others they are told" {
	mkdir -p in/shut shut
	report 1 >in/1.xml
	report 2 >in/2.xml
	report 3 >3.xml
	chmod 0 in/1.xml in/shut shut 3.xml
	ordinary import --db "$db" 3.xml
	assert_status 77
	assert_stdout
	assert_stderr "dmarcq: 3.xml: Permission denied"
	ordinary import --db "$db" shut
	assert_status 77
	assert_stdout
	assert_stderr "dmarcq: $PWD/shut: cannot read folder: Permission denied"
	[ ! -e "$db" ] || fail "made a database for nothing"
	ordinary import --db "$db" 3.xml in shut
	chmod 755 in/shut shut
	assert_status 1
	assert_summary "1 report, 1 record, 1 message from 1 file in T s; 4 rejected"
	assert_stderr "dmarcq: 3.xml: Permission denied
dmarcq: $PWD/in/1.xml: cannot open: Permission denied
dmarcq: $PWD/in/shut: cannot read folder: Permission denied
dmarcq: $PWD/shut: cannot read folder: Permission denied"
	# They were never read, so the next run reads them.
	chmod 600 in/1.xml 3.xml
	import 3.xml in shut
	assert_status 0
	numbers files=2 reports=2 unchanged=1
}

# during SOURCE...: runs an import that waits for standard input first, runs gone meanwhile, and lets it go on.
during() {
	report stdin >stdin.xml
	mkfifo pipe
	"$DMARCQ" import --db "$db" --jobs 1 - "$@" <pipe >"$out" 2>"$err" &
	local pid=$!
	exec 7>pipe
	# Sources are open when the database is made.
	until [ -s "$db" ]; do kill -0 $pid; done
	gone
	cat stdin.xml >&7
	exec 7>&-
	status=0
	wait $pid || status=$?
}

@test "a folder that vanishes while the import runs" {
	mkdir in
	report 1 >in/1.xml
	report 2 >2.xml
	gone() {
		rm -r in
	}
	during in 2.xml
	assert_status 1
	assert_summary "2 reports, 2 records, 2 messages from 2 files in T s; 1 rejected"
	assert_stderr "dmarcq: $PWD/in: the folder vanished while it was read"
}

@test "a file and a folder below that vanish while the import runs" {
	mkdir -p in/below
	report 1 >in/1.xml
	report 2 >in/2.xml
	report 3 >in/below/3.xml
	report 4 >4.xml
	gone() {
		rm -r in/1.xml in/below 4.xml
	}
	during in 4.xml
	assert_status 1
	assert_summary "2 reports, 2 records, 2 messages from 2 files in T s; 3 rejected"
	assert_stderr "dmarcq: $PWD/in/1.xml: No such file or directory
dmarcq: $PWD/in/below: No such file or directory
dmarcq: $PWD/4.xml: No such file or directory"
}

@test "standard streams that are closed: nothing else takes their place" {
	report 1 >1.xml
	dmarcq import --db "$db" -q - <&-
	assert_status 75
	assert_stdout
	assert_stderr
	dmarcq import --db "$db" - <&-
	assert_status 75
	assert_summary "0 reports, 0 records, 0 messages from 0 files in T s; 1 rejected"
	assert_stderr "dmarcq: standard input: cannot read: Bad file descriptor"
	import 1.xml
	status=0
	"$DMARCQ" export --db "$db" >&- 2>"$err" || status=$?
	assert_status 74
	assert_stderr "dmarcq: standard output: cannot write: Bad file descriptor"
	status=0
	"$DMARCQ" import --db "$db" missing >"$out" 2>&- || status=$?
	assert_status 65
	assert_stdout
	dmarcq db check --db "$db"
	assert_status 0
}

@test "a temporary file that can't be made: a mail that is delivered comes again" {
	{ mail one && head -c 3000000 /dev/zero | tr '\0' ' '; } >large.eml
	export TMPDIR=$PWD/nowhere
	dmarcq import --db "$db" - <large.eml
	assert_status 75
	assert_summary "0 reports, 0 records, 0 messages from 0 files in T s; 1 rejected"
	assert_stderr "dmarcq: standard input: $PWD/nowhere: cannot make a temporary file: No such file or directory"
	mkdir nowhere
	dmarcq import --db "$db" - <large.eml
	assert_status 0
	assert_summary "1 report, 1 record, 1 message from 1 mail in T s"
	assert_stderr
}

@test "what is wrong with a sound container is what is in it" {
	mkdir in
	python3 - <<-'PYTHON'
	import gzip, io, zipfile, zlib
	def packed(*names, text='lunch at noon'):
	    to = io.BytesIO()
	    with zipfile.ZipFile(to, 'w') as archive:
	        for name in names:
	            archive.writestr(name, text)
	    return to.getvalue()
	for name, data in {'a.zip': packed('sample.txt'), 'b.zip': packed('one.txt', 'two.pdf', 'three'), 'c.zip': packed(),
	                   'd.zip': packed('sample.xml', text=''), 'e.gz': gzip.compress(b'lunch at noon'), 'f.gz': gzip.compress(b''),
	                   'g.gz': gzip.compress(packed('sample.txt')), 'h.zz': zlib.compress(b'lunch at noon'),
	                   'i.txt': b'lunch at noon', 'j.txt': b''}.items():
	    open('in/' + name, 'wb').write(data)
	PYTHON
	dmarcq import --db "$db" in
	assert_status 65
	assert_stderr "dmarcq: $PWD/in/a.zip: no report in this zip: sample.txt is neither XML, JSON, gzip, zlib, zip, mail nor mbox
dmarcq: $PWD/in/b.zip: no report in this zip: one.txt and 2 more are neither XML, JSON, gzip, zlib, zip, mail nor mbox
dmarcq: $PWD/in/c.zip: nothing is in this zip
dmarcq: $PWD/in/d.zip: no report in this zip: sample.xml is empty
dmarcq: $PWD/in/e.gz: no report in this gzip: what is in it is neither XML, JSON, gzip, zlib, zip, mail nor mbox
dmarcq: $PWD/in/f.gz: no report in this gzip: what is in it is empty
dmarcq: $PWD/in/g.gz: no report in this gzip: sample.txt is neither XML, JSON, gzip, zlib, zip, mail nor mbox
dmarcq: $PWD/in/h.zz: no report in this zlib: what is in it is neither XML, JSON, gzip, zlib, zip, mail nor mbox
dmarcq: $PWD/in/i.txt: no report in it, and neither XML, JSON, gzip, zlib, zip, mail nor mbox
dmarcq: $PWD/in/j.txt: it is empty"
	# In a mail the way to it stands before it.
	{ mail one | sed '/^$/,$d'; echo; python3 -c 'import base64; print(base64.encodebytes(open("in/a.zip", "rb").read()).decode())'; } | sed 's/x.gzip/x.zip/; s,application/gzip,application/zip,; s/r.xml.gz/r.zip/' >in.eml
	dmarcq import --db "$db" in.eml
	assert_stderr "dmarcq: $PWD/in.eml: part 1: r.zip: no report in this zip: sample.txt is neither XML, JSON, gzip, zlib, zip, mail nor mbox"
}
