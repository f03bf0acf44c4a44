# Reading while another user writes: who may not write beside the database reads its file as it lies there, without
# locks, and must notice that it was changed under the answer.

load helper

setup_file() {
	cd "$BATS_FILE_TMPDIR" || exit
	load helper
	report many | awk '
		/<record>/ { inside = 1 }
		inside { record = record $0 "\n" }
		!inside { print }
		/<\/record>/ {
			inside = 0
			for (i = 0; i < 12000; i++) {
				one = record
				sub("192.0.2.1", "198.51." int(i / 250) "." i % 250, one)
				printf "%s", one
			}
		}' >many.xml
	report more 5 >more.xml
	"$DMARCQ" import -q --db "$PWD/many.db" many.xml
}

# A folder that the reader may not write in.
shut() {
	mkdir folder
	db=$PWD/folder/test.db
	cp "$BATS_FILE_TMPDIR/many.db" "$db"
	chmod 555 folder
}

teardown() {
	chmod -f 755 folder || true
}

# Another user writes, and is done.
write_meanwhile() {
	chmod 755 folder
	"$DMARCQ" import -q --db "$db" "$BATS_FILE_TMPDIR/more.xml"
	"$DMARCQ" db rebuild -q --db "$db"
	chmod 555 folder
}

# read_slowly MEANWHILE ARGS...: reads the first line, does what is to be done meanwhile, and reads on.
read_slowly() {
	local meanwhile=$1 line
	lay_down
	shift
	mkfifo pipe
	(out=pipe && ordinary "$@" --db "$db" && exit "$status") &
	local pid=$!
	exec 7<pipe
	read -r line <&7
	$meanwhile
	{
		printf '%s\n' "$line"
		cat <&7
	} >"$out"
	exec 7<&-
	status=0
	wait $pid || status=$?
}

@test "an answer during which another user wrote: 75, ask again" {
	shut
	read_slowly write_meanwhile export
	assert_status 75
	assert_stderr "dmarcq: $db: another process wrote meanwhile: ask again"
	# What was written before that was noticed is no answer, but it is there.
	assert_equal "$(head -1 "$out" | cut -d, -f-3)" domain,org_name,report_id
	ordinary export --db "$db"
	assert_status 0
	assert_equal "$(wc -l <"$out")" 12002
	assert_stderr
}

@test "an answer during which another user wrote so little that no damage shows" {
	shut
	write_little() {
		chmod 755 folder
		sqlite3 "$db" "UPDATE setting SET value = value + 1 WHERE name = 'created'"
		chmod 555 folder
	}
	read_slowly write_little export
	assert_status 75
	assert_equal "$(wc -l <"$out")" 12001
	assert_stderr "dmarcq: $db: another process wrote meanwhile: ask again"
}

@test "an answer during which another user wrote so that it reads what makes no sense" {
	shut
	write_nonsense() {
		chmod 755 folder
		sqlite3 "$db" "UPDATE record SET profile = $profile WHERE id = (SELECT max(id) FROM record)"
		chmod 555 folder
	}
	local profile
	# An id that was never given, and one that none can be.
	for profile in 77 0; do
		read_slowly write_nonsense export
		assert_status 75
		assert_equal "$(head -1 "$out" | cut -d, -f-3)" domain,org_name,report_id
		assert_stderr "dmarcq: $db: another process wrote meanwhile: ask again"
		rm pipe
		# Without the other user it is damage.
		ordinary export --db "$db"
		assert_status 78
		assert_stderr "dmarcq: $db: profile $profile is missing: \`dmarcq db rebuild\` makes it again"
	done
}

@test "an answer beside which nobody wrote" {
	shut
	look() {
		"$DMARCQ" reports -n 1 --db "$db" >other 2>&1
	}
	read_slowly look export
	assert_status 0
	assert_equal "$(wc -l <"$out")" 12001
	assert_stderr
}

@test "an answer beside which another user only read, with a log of nothing" {
	shut
	look() {
		chmod 755 folder
		touch "$db-wal"
		chmod 555 folder
	}
	read_slowly look export
	assert_status 0
	assert_equal "$(wc -l <"$out")" 12001
	assert_stderr
}

# stopped PID: waits until it reads the database and stops it there. Fails when it was done before.
stopped() {
	until compgen -G "all.csv*" >stopped.names; do
		kill -0 "$1" 2>/dev/null || return 1
	done
	kill -STOP "$1" 2>/dev/null || return 1
	until grep -q '^State:.T' "/proc/$1/status"; do
		grep -q '^State:.Z' "/proc/$1/status" && return 1
	done
	return 0
}

@test "an export to files during which another user wrote leaves none" {
	shut
	lay_down
	local try pid
	for try in {1..20}; do
		rm -f all.csv*
		"${ordinarily[@]}" "$DMARCQ" export -o all.csv --db "$db" >"$out" 2>"$err" &
		pid=$!
		stopped $pid && break
		wait $pid
	done
	write_meanwhile
	kill -CONT $pid
	status=0
	wait $pid || status=$?
	assert_status 75
	assert_stdout
	assert_stderr "dmarcq: $db: another process wrote meanwhile: ask again"
	assert_equal "$(compgen -G 'all.csv*' || true)" ""
}
